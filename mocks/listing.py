"""Lists that are told page by page, and where their records stand for whoever plays tricks with pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Listing:
    """One path that answers with records.

    `rows` is the JSON member that lists them, or the XML element that repeats; `inside` is the XML element that holds a
    message of its own in base64, where there is one. `times` and `field` are names within a record: its points in time,
    and a field that no reader can do without. `limit` is the query parameter for the length of a page, `page` the one
    for its number; without `page` the caller names the last record that it has.
    """

    path: str
    rows: str
    times: tuple[str, ...]
    field: str
    inside: str = ""
    limit: str = "limit"
    page: str = ""


def page_of(name: str, rows: Sequence[dict[str, Any]], after: int, limit: int) -> dict[str, Any]:
    """Rows past `after`, each with its sequence; `next` is the one to go on from while more are listed, else null."""
    page = rows[after : after + limit]
    more = len(rows) > after + len(page)
    return {name: page, "next": page[-1]["sequence"] if page and more else None}
