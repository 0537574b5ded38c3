"""Where the records of a stand-in's answer stand, so that whoever plays tricks with pages finds them."""

from __future__ import annotations

from dataclasses import dataclass


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
