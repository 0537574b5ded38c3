"""Where a page says what paging needs to know: the id of its last record, a token, an address, how many there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from connectors.sdk.codecs import read_json
from connectors.sdk.errors import BadData
from connectors.sdk.http import Page
from connectors.sdk.inside.http_line import origin

LINK = re.compile(r'\s*,?\s*<([^<>]*)>((?:[^",<]|"(?:[^"\\]|\\.)*")*)')
PARAMETER = re.compile(r';\s*([\w!#$&+.^`|~-]+)\*?\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?')


def in_body(*names: str) -> Callable[[Page], str | None]:
    """What stands at this place of a JSON page, such as `in_body("paging", "next")`; None where it is absent or empty.

    BadData where something else than a text or a whole number stands there: it is no token.
    """

    def told(page: Page) -> str | None:
        value = read_json(page.body)
        for name in names:
            if not isinstance(value, dict):
                raise BadData(f"{'.'.join(names)}: an object with {name!r} was agreed")
            value = value.get(name)
            if value is None:
                return None
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise BadData(f"{'.'.join(names)}: a text or a whole number was agreed")
        return str(value) or None

    return told


def in_header(name: str) -> Callable[[Page], str | None]:
    """What a header of the answer says; None where it is absent or empty."""
    return lambda page: _header(page, name) or None


def last_of(rows: str, name: str) -> Callable[[Page], str | None]:
    """The member `name` of the last row of a JSON page's list `rows`; None where the list is empty.

    A row that lacks it is one bad member: the last one that has it counts. BadData where none has.
    """

    def told(page: Page) -> str | None:
        found = [_named(row, name) for row in _rows(page, (rows,))]
        if found and not any(found):
            raise BadData(f"none of the {len(found)} {rows} has {name}")
        return next((one for one in reversed(found) if one), None)

    return told


def all_of(rows: str, name: str) -> Callable[[Page], list[str | None]]:
    """The member `name` of each row of a JSON page's list `rows`, in its order; None for a row that lacks it."""
    return lambda page: [_named(row, name) for row in _rows(page, (rows,))]


def count_of(*names: str) -> Callable[[Page], int]:
    """How many rows stand in the list at this place of a JSON page; without names the page itself is the list."""
    return lambda page: len(_rows(page, names))


def next_link(page: Page) -> str | None:
    """The address that `Link` names with `rel="next"` (RFC 8288), None where it names none.

    It may be relative to the page, stand among others and have several relations; one with an `anchor` is about another
    page. Within this host it comes without the host. BadData where the header cannot be read.
    """
    header = _header(page, "Link").strip()
    end = 0
    while end < len(header):
        link = LINK.match(header, end)
        if link is None:
            raise BadData(f"the Link header cannot be read: {header[:200]}")
        end = link.end()
        told = {name.lower(): quoted or plain for name, quoted, plain in reversed(PARAMETER.findall(link[2]))}
        if "next" in told.get("rel", "").lower().split() and "anchor" not in told:
            return _within_host(page, urljoin(page.url, link[1].strip()))
    return None


def key_of(*parts: object) -> str | None:
    """A natural key of several values; None, which the schema refuses, where one is missing."""
    return None if any(part in (None, "") for part in parts) else "/".join(map(str, parts))


def _within_host(page: Page, address: str) -> str:
    if origin(address) != origin(page.url):
        return address
    split = urlsplit(address)
    return urlunsplit(("", "", split.path or "/", split.query, ""))


def _header(page: Page, name: str) -> str:
    """A header's value, whatever the case of its name."""
    return next((value for key, value in page.headers.items() if key.lower() == name.lower()), "")


def _named(row: Any, name: str) -> str | None:
    value = row.get(name) if isinstance(row, Mapping) else None
    told = isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip()
    return str(value) if told else None


def _rows(page: Page, names: tuple[str, ...]) -> list[Any]:
    value = read_json(page.body)
    for name in names:
        value = value[name]
    if not isinstance(value, list):
        raise BadData(f"{'.'.join(names) or 'the page'} is no list")
    return value
