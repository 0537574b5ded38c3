"""Rows of a JSON page, where a row may be anything at all."""

from __future__ import annotations

from typing import Any

from connectors.sdk import BadData, Page
from connectors.sdk.codecs import read_json


def rows_of(page: Page, name: str) -> list[Any]:
    """The list of this name in a page. BadData where the page is no object with such a list."""
    body = read_json(page.body)
    rows = body.get(name) if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise BadData(f"the page has no list {name!r}", field=name)
    return rows


def object_of(value: Any, what: str) -> dict[str, Any]:
    """An object, such as a row. BadData, which names `what`, where it is anything else."""
    if not isinstance(value, dict):
        raise BadData(f"{what} is {type(value).__name__} where an object was agreed", field=what)
    return value
