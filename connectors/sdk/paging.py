"""Ways in which sources page, each a few lines over `follow_pages`; a page is handed on whatever its paging says.

| the source says | way |
|---|---|
| the id of the last record, or a token for the next page, in the body or in a header | `by_cursor` |
| the address of the next page in a `Link` header (RFC 8288) | `by_link` |
| how many records to leave out | `by_offset` |
| the number of the page | `by_number` |
| the time from which on, or after which, records changed | `by_watermark` |
| one object at each address | `by_object` |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from connectors.sdk.errors import BadData, ConnectorError, LeftAlone, NeedsCredentials, Retriable
from connectors.sdk.http import Http, Page
from connectors.sdk.inside.following import Next, Step, Where, follow_pages
from connectors.sdk.inside.page_fields import all_of, count_of, in_body, in_header, key_of, last_of, next_link

UNREADABLE = (BadData, KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What reading a page of another shape than agreed raises, mostly. The ways below go by whatever is raised."""
MOST_WALKS = 3
BEYOND_THE_LAST = (404,)
ABOUT_ALL = (401, 407, 429)
"""Statuses that say nothing of the object that was asked about, and would be answered about every other one, too."""

Parameters = Callable[[str], Mapping[str, str | int]]


def by_cursor(
    http: Http,
    path: str,
    cursor: str,
    last: Callable[[Page], str | None],
    parameters: Parameters,
    *,
    whole: bool = False,
) -> Iterator[Page]:
    """Pages after a cursor: the id of the last record that we have, or the token that the source gave for what follows.

    `last` is the cursor after a page (`last_of`, `in_body`, `in_header`); None or empty where the page names none: it
    is the last one then, and the next run asks for it again. With `whole`, tokens hold for one run only.
    """

    def step(page: Page, at: str) -> Next:
        after = last(page)
        return Next(at, more=False) if after is None or after == "" else Next(str(after))

    return follow_pages(http, lambda at: (path, parameters(at)), cursor, step, whole=whole)


def by_link(
    http: Http, path: str, cursor: str, parameters: Mapping[str, str | int] | None = None, *, whole: bool = False
) -> Iterator[Page]:
    """Pages from an address to the one that `Link: <…>; rel="next"` names; `parameters` are for the first.

    The cursor is the last address, within this host. BadData where a link leads to another host.
    """

    def step(page: Page, at: str) -> Next:
        following = next_link(page)
        return Next(at, more=False) if following is None else Next(following)

    return follow_pages(http, lambda at: (at, {}) if at else (path, parameters or {}), cursor, step, whole=whole)


def by_offset(
    http: Http,
    path: str,
    cursor: str,
    rows: Callable[[Page], int],
    parameters: Callable[[int], Mapping[str, str | int]],
    *,
    total: Callable[[Page], int] | None = None,
) -> Iterator[Page]:
    """Pages of a list that only grows, from an offset on until a page has no `rows`, or the `total` is reached.

    What a page holds is counted, not what it was asked to hold. BadData where the total is less than what was read.
    """
    before: list[bytes] = []

    def step(page: Page, at: str) -> Next:
        found, reached = rows(page), int(at or 0)
        there = total(page) if total else None
        if there is not None and there < reached:
            return Next(
                at, problem=f"there are {there} records, and {reached} were read; an offset is of no use where some go"
            )
        after = reached + found
        problem = _said_again(page, before) if found else ""
        return Next(str(after) if after else at, bool(found) and (there is None or after < there), problem)

    return follow_pages(http, lambda at: (path, parameters(int(at or 0))), cursor, step)


def by_number(
    http: Http,
    path: str,
    pages: Callable[[Page], int] | None,
    parameters: Callable[[int], Mapping[str, str | int]],
    *,
    rows: Callable[[Page], int] | None = None,
) -> Iterator[Page]:
    """Pages 1 … n, where each says how many `pages` there are; or else, where none says so, until one has no `rows`.

    Who edits a record meanwhile moves others onto pages that were read already: the pages are walked again, and what
    changed is handed on, until a walk finds them as the one before did. BadData where even their number never settles.
    """
    before: list[bytes] = []
    for _ in range(MOST_WALKS):
        said: list[int] = []
        step, beyond = _end_of(pages, rows, said)
        bodies: list[bytes] = []
        for page in follow_pages(http, lambda at: (path, parameters(int(at))), "1", step, whole=True, beyond=beyond):
            if before[len(bodies) : len(bodies) + 1] != [page.body]:
                yield page
            bodies.append(page.body)
            if page.stopped:
                return
        grows = len(set(said)) > 1
        if not grows and (len(bodies) <= 1 or bodies == before):
            return
        before = bodies
    if grows:
        raise BadData(f"{path}: the number of pages changes with every page; the source does not end")


def _end_of(
    pages: Callable[[Page], int] | None, rows: Callable[[Page], int] | None, said: list[int]
) -> tuple[Step, Sequence[int]]:
    if pages:
        return _until_the_last(pages, said), ()
    if rows:
        return _until_empty(rows), BEYOND_THE_LAST
    raise ValueError("by_number: neither `pages` nor `rows` says where the source ends")


def _until_the_last(pages: Callable[[Page], int], said: list[int]) -> Step:
    """Up to the last page as the first one has it; `said` is what each one says."""

    def step(page: Page, at: str) -> Next:
        said.append(pages(page))
        return Next(str(int(at) + 1), int(at) < said[0])

    return step


def _until_empty(rows: Callable[[Page], int]) -> Step:
    before: list[bytes] = []

    def step(page: Page, at: str) -> Next:
        found = rows(page) > 0
        return Next(str(int(at) + 1), found, _said_again(page, before) if found else "")

    return step


def by_watermark(
    http: Http,
    path: str,
    cursor: str,
    marks: Callable[[Page], Sequence[str | None]],
    parameters: Parameters,
    *,
    limit: int,
    inclusive: bool,
) -> Iterator[Page]:
    """Pages of records in the order in which they changed, from a time on (`inclusive`, >=) or after it (>).

    `marks` are the times of a page's records, in its order (`all_of`; None for one that has none), as exact as the
    source compares them; `limit` is how many records it really puts on a page. Those of one time may stand on both
    sides of a page's end, and more of them may come: the newest time of a page is always asked for again, so some
    records come twice and none is left out. BadData, once the page is handed on, where it is full of one time, and
    where the source does not heed the time.
    """
    state = _Marks(limit, inclusive)

    def step(page: Page, at: str) -> Next:
        return state.after(marks(page), at)

    return follow_pages(http, lambda at: (path, parameters(at)), cursor, step)


class _Marks:
    """What the watermarks of one page after the other say."""

    def __init__(self, limit: int, inclusive: bool) -> None:
        self.inclusive = inclusive
        self.most = limit
        self.before, self.newest, self.times = 0, "", 0
        """How many records the page before had, the newest time on it, and how many of them are of that."""

    def after(self, told: Sequence[str | None], at: str) -> Next:
        marks = [mark for mark in told if mark]
        if not marks:
            if told:
                raise BadData(f"none of the {len(told)} records of the page has a time")
            return Next(at, more=False)
        newest = marks[-1]
        if at in marks and not (self.inclusive and marks[0] == at):
            return Next(at, problem=f"records of {marks[0]!r} come after {at!r}; does the source compare less exactly?")
        known = newest if self.inclusive else next((mark for mark in reversed(marks) if mark != newest), at)
        if self.before and (newest != self.newest or marks.count(newest) > self.times):
            self.most = min(self.most, self.before)  # that page had no room for these: so many is what a page holds
        self.before, self.newest, self.times = len(told), newest, marks.count(newest)
        full = known == at and len(told) >= self.most
        return Next(known, known != at, _full(len(told), newest) if full else "")


def _full(number: int, mark: str) -> str:
    return (
        f"all {number} records of the page are of {mark}, and no page holds more: what else is of that time cannot be "
        "asked for; ask for longer pages, or by another way than the time"
    )


def by_object(http: Http, addresses: Sequence[str], headers: Mapping[str, str]) -> Iterator[Page]:
    """One page for each object that is asked about; an object that is not there (404) has none.

    An error about one object does not keep the others from being asked about: the first one is raised when all were.
    What holds for all of them (credentials, too many requests, an authority that asks to wait or is left alone) is
    raised at once.
    """
    failed: Exception | None = None
    for address in addresses:
        try:
            page = http.get(address, headers=headers, answers=(404,))
        except LeftAlone as error:
            raise failed or error from None
        except Exception as error:
            if _is_about_all(error):
                raise
            failed = failed or _about(address, error)
            continue
        if page.status != 404:
            yield replace(page, part=address)
    if failed:
        raise failed


def _is_about_all(error: Exception) -> bool:
    if not isinstance(error, ConnectorError):
        return False
    if isinstance(error, NeedsCredentials) and error.status != 403:
        return True
    return error.status in ABOUT_ALL or (isinstance(error, Retriable) and error.after is not None)


def _about(address: str, error: Exception) -> Exception:
    """The error, naming the object that it is about."""
    if isinstance(error, ConnectorError):
        error.text = f"{error.text}, about {address}"
        error.args = (error.text,)
    return error


def _said_again(page: Page, before: list[bytes]) -> str:
    """What is wrong with a page that is the one before, byte for byte."""
    again = before == [page.body]
    before[:] = [page.body]
    return "the same page comes again; the source repeats itself" if again else ""


__all__ = [
    "UNREADABLE",
    "Next",
    "Step",
    "Where",
    "all_of",
    "by_cursor",
    "by_link",
    "by_number",
    "by_object",
    "by_offset",
    "by_watermark",
    "count_of",
    "follow_pages",
    "in_body",
    "in_header",
    "key_of",
    "last_of",
    "next_link",
]
