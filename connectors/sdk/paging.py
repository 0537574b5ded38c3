"""Ways in which sources page. A page whose paging cannot be read is still handed on: kept first, then refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from connectors.sdk.errors import BadData
from connectors.sdk.http import Http, Page

UNREADABLE = (BadData, KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What reading a page of another shape than agreed raises."""
MOST_WALKS = 3


def by_cursor(
    http: Http,
    path: str,
    cursor: str,
    last: Callable[[Page], str | None],
    parameters: Callable[[str], Mapping[str, str | int]],
) -> Iterator[Page]:
    """Pages after a cursor until one is empty. `last` is the cursor after a page, None for an empty one."""
    seen = {cursor}
    while True:
        page = http.get(path, params=parameters(cursor))
        try:
            after = last(page)
        except UNREADABLE:
            yield replace(page, cursor=cursor)
            return
        if after is None:
            return
        if after in seen:
            raise BadData(f"{path}: the page after {cursor!r} leads back to {after!r}; the source repeats itself")
        seen.add(after)
        cursor = after
        yield replace(page, cursor=cursor)


def by_number(
    http: Http, path: str, pages: Callable[[Page], int], parameters: Callable[[int], Mapping[str, str | int]]
) -> Iterator[Page]:
    """Pages 1 … n, where each page says how many there are.

    Who edits a record meanwhile moves others onto pages that were read already: the pages are walked again, and what
    changed is handed on, until a walk finds them as the one before did. BadData where even their number never settles.
    """
    before: list[bytes] = []
    for _ in range(MOST_WALKS):
        bodies: list[bytes] = []
        number, end, grows = 1, 1, False
        while number <= end:
            page = replace(http.get(path, params=parameters(number)), part=f"page {number}")
            try:
                said = pages(page)
            except UNREADABLE:
                yield page
                return
            if before[number - 1 : number] != [page.body]:
                yield page
            end, grows = (said, False) if number == 1 else (end, grows or said != end)
            bodies.append(page.body)
            number += 1
        if not grows and (end == 1 or bodies == before):
            return
        before = bodies
    if grows:
        raise BadData(f"{path}: the number of pages changes with every page; the source does not end")


def by_object(http: Http, addresses: list[str], headers: Mapping[str, str]) -> Iterator[Page]:
    """One page for each object that is asked about; an object that is not there (404) has none."""
    for address in addresses:
        page = http.get(address, headers=headers, answers=(404,))
        if page.status != 404:
            yield replace(page, part=address)


def key_of(*parts: object) -> str | None:
    """A natural key of several values; None, which the schema refuses, where one is missing."""
    return None if any(part in (None, "") for part in parts) else "/".join(map(str, parts))
