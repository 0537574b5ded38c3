"""The one walk from page to page; the ways in which sources page (`paging`) are tables of what to ask and what follows.

Nothing of what was answered is lost: a page is handed on before anything is said against it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from connectors.sdk.codecs import read_json, read_xml
from connectors.sdk.errors import BadData
from connectors.sdk.http import Http, Page
from connectors.sdk.members import reason_of


class Next(NamedTuple):
    """What follows a page.

    `at` is the position after it: the stream goes on from there, in this run where there is `more`, else in the next
    one. `problem` is what keeps the source from being read further; it is raised once the page is handed on.
    """

    at: str
    more: bool = True
    problem: str = ""


Where = Callable[[str], tuple[str, Mapping[str, str | int]]]
"""A position (empty: the beginning) → the path, or whole address, and the parameters that ask for the page there."""
Step = Callable[[Page, str], Next]
"""A page, and the position that it was asked for by → what follows it."""


def follow_pages(
    http: Http, where: Where, start: str, step: Step, *, whole: bool = False, beyond: Collection[int] = ()
) -> Iterator[Page]:
    """Pages from a position on; each carries the position after it as its cursor.

    With `whole` everything is asked for anew in each run: positions are no cursors, and each page is a part of its own.
    `beyond` are statuses that say, from the second page on, that there is no such page. A last page on which nothing
    stands is not handed on; one of which `step` cannot tell what follows is, with the cursor where it was and the
    reason in `stopped`, and ends the walk, whatever was raised. BadData where a page leads back, and where `step` names
    a problem.
    """
    at, seen, number = start, {start}, 1
    while True:
        path, parameters = where(at)
        page = http.get(path, params=parameters, answers=beyond if number > 1 else ())
        if page.status // 100 != 2:
            return
        page = replace(page, part=f"page {number}") if whole else replace(page, cursor=at)
        try:
            after = step(page, at)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, the page is kept and read
            yield replace(page, stopped=f"{path}: what follows this page cannot be told: {reason_of(error)}")
            return
        stays = after.at == at
        bare = is_bare(page, at if stays else "")
        problem, more = after.problem, after.more and not (stays and (bare or _has_no_rows(page)))
        if more and after.at in seen:
            back = "names itself as the next" if stays else f"leads back to {after.at!r}"
            problem = problem or f"the page after {at!r} {back}; the source repeats itself"
        if more or not bare:
            yield page if whole or problem else replace(page, cursor=after.at)
        if problem:
            raise BadData(f"{path}: {problem}")
        if not more:
            return
        at, number = after.at, number + 1
        seen.add(at)


def is_bare(page: Page, at: str = "") -> bool:
    """Whether nothing stands on a page: JSON that has an empty list and no value at all, XML that is an empty root.

    The position `at`, where the page says it again, is no value.
    """
    body = page.body.strip()
    try:
        if body.startswith(b"<"):
            root = read_xml(body)
            return len(root) == 0 and not (root.text or "").strip()
        value = read_json(body)
    except BadData:
        return False
    leaves = [leaf for leaf in _leaves(value) if leaf]
    return _are_empty(value) and all(not isinstance(leaf, dict | list) and str(leaf) == at for leaf in leaves)


def _has_no_rows(page: Page) -> bool:
    """Whether all lists of a page are empty, whatever stands beside them: a source may say its position again."""
    try:
        return _are_empty(read_json(page.body))
    except BadData:
        return False


def _are_empty(value: Any) -> bool:
    """Whether there are lists in a value, and nothing in any of them."""
    lists = [*_lists(value)]
    return bool(lists) and not any(lists)


def _lists(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _lists(inner)


def _leaves(value: Any) -> Iterator[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not inner:
        yield value
    for one in inner:
        yield from _leaves(one)
