"""Ways in which sources page. A page whose paging cannot be read is still handed on: kept first, then refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from connectors.sdk.errors import BadData
from connectors.sdk.http import Http, Page

UNREADABLE = (BadData, KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What reading a page of another shape than agreed raises."""


def by_cursor(
    http: Http,
    path: str,
    cursor: str,
    last: Callable[[Page], str | None],
    parameters: Callable[[str], Mapping[str, str | int]],
) -> Iterator[Page]:
    """Pages after a cursor until one is empty. `last` is the cursor after a page, None for an empty one."""
    while True:
        page = http.get(path, params=parameters(cursor))
        try:
            after = last(page)
        except UNREADABLE:
            yield replace(page, cursor=cursor)
            return
        if after is None:
            return
        if after == cursor:
            raise BadData(f"{path}: the page after {cursor!r} ends with the same cursor; the source repeats itself")
        cursor = after
        yield replace(page, cursor=cursor)


def by_number(
    http: Http, path: str, pages: Callable[[Page], int], parameters: Callable[[int], Mapping[str, str | int]]
) -> Iterator[Page]:
    """Pages 1 … n, where each page says how many there are."""
    number, last = 1, 1
    while number <= last:
        page = replace(http.get(path, params=parameters(number)), part=f"page {number}")
        try:
            last = pages(page)
        except UNREADABLE:
            last = number
        yield page
        number += 1


def by_object(http: Http, addresses: list[str], headers: Mapping[str, str]) -> Iterator[Page]:
    """One page for each object that is asked about; an object that is not there (404) has none."""
    for address in addresses:
        page = http.get(address, headers=headers, answers=(404,))
        if page.status != 404:
            yield replace(page, part=address)


def key_of(*parts: object) -> str | None:
    """A natural key of several values; None, which the schema refuses, where one is missing."""
    return None if any(part in (None, "") for part in parts) else "/".join(map(str, parts))
