"""What cannot be in a plan: unknown names, papers that wait for each other, or for what never comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import combinations, product
from typing import TYPE_CHECKING

from connectors.sdk.states import MILESTONES, accepted

if TYPE_CHECKING:
    from hub.papers.plan import Plan, PlanRow

CLOSED = ("transport.wish", "transport.from")
"""What an entry may only say where somebody carries it, and customs has an office: anything else is refused there."""
ANY_OTHER = ""
"""Stands for every value that no row names."""


def plan_problems(plan: Plan) -> Iterator[str]:
    """Everything that is wrong with a plan, in words."""
    unknown = list(_unknown(plan))
    yield from unknown
    for mode in sorted(plan.modes()):
        rows = [row for row in plan.rows if row.mode == mode]
        yield from _twice(rows)
        circle = next(_circles(plan, rows), None)
        if circle:
            yield f"{mode}: {circle} wait for each other"
        elif not unknown:
            yield from _never(plan, rows)


def _unknown(plan: Plan) -> Iterator[str]:
    milestones = {*MILESTONES, *(name for one in plan.kinds.values() for name in one.milestones)}
    kinds = {*plan.kinds, *(row.kind for row in plan.rows)}
    known = [*milestones, *map(accepted, kinds)]
    for mode, names in plan.ends.items():
        for name in names:
            if name not in known:
                yield f"{mode} ends with the unknown milestone {name!r}{_near(name, known)}"
    for row in plan.rows:
        for name in row.after:
            if name not in known:
                yield f"{row.mode} {row.kind} waits for the unknown milestone {name!r}{_near(name, known)}"


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=3)
    return f", near to it: {', '.join(near)}" if near else ""


def _twice(rows: Sequence[PlanRow]) -> Iterator[str]:
    """Two rows of one paper that count in the same trade on the same day."""
    for one, other in combinations(rows, 2):
        if one.kind == other.kind and _agree(one, other) and _overlap(one, other):
            yield f"{one.mode} {one.kind} stands twice; tell the rows apart by only, or by since and until"


def _agree(one: PlanRow, other: PlanRow) -> bool:
    return all(other.only.get(path, value) == value for path, value in one.only.items())


def _overlap(one: PlanRow, other: PlanRow) -> bool:
    apart = (one.until and other.since and one.until < other.since) or (
        other.until and one.since and other.until < one.since
    )
    return not apart


def _circles(plan: Plan, rows: Sequence[PlanRow]) -> Iterator[str]:
    waits: dict[str, tuple[str, ...]] = {}
    for row in rows:
        waits[row.kind] = (*waits.get(row.kind, ()), *row.after)

    def walk(kind: str, path: tuple[str, ...]) -> Iterator[str]:
        if kind in path:
            yield " → ".join((*path[path.index(kind) :], kind))
            return
        for name in waits.get(kind, ()):
            for bringer in plan.bringers(name):
                yield from walk(bringer, (*path, kind))

    for kind in waits:
        yield from walk(kind, ())


def _never(plan: Plan, rows: Sequence[PlanRow]) -> Iterator[str]:
    """Rows that would wait for ever: for what no paper of such a trade brings about."""
    for row in rows:
        for name in row.after:
            bringers = set(plan.bringers(name))
            if not bringers:
                continue  # the bank tells it, or whoever brings it is not installed
            able = [one for one in rows if one.kind in bringers]
            where = next((_said(case) for case in _cases(row, able, rows) if not _any_of(able, case)), None)
            if where is not None:
                yield f"{row.mode} {row.kind} waits for {name}, which no paper of {row.mode}{where} brings about"


def _cases(row: PlanRow, able: Sequence[PlanRow], rows: Sequence[PlanRow]) -> Iterator[dict[str, str]]:
    """Every kind of trade that a row is about, by the fields on which it hangs whether another row is due."""
    free = sorted({path for one in able for path in one.only} - {*row.only})
    values = [sorted({one.only[path] for one in rows if path in one.only}) for path in free]
    others = [[] if path in CLOSED else [ANY_OTHER] for path in free]
    for case in product(*(some + more for some, more in zip(values, others, strict=True))):
        yield {**row.only, **dict(zip(free, case, strict=True))}


def _any_of(able: Sequence[PlanRow], case: dict[str, str]) -> bool:
    return any(all(case.get(path, ANY_OTHER) == value for path, value in one.only.items()) for one in able)


def _said(case: dict[str, str]) -> str:
    told = [f"{path} is {value}" if value else f"{path} is another" for path, value in case.items()]
    return f" where {' and '.join(told)}" if told else ""
