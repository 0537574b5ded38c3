"""Which paper is due under which supervision mode, and which milestones it waits for. A table; no branches.

Sources: 海关总署公告 2018年第113号 and the 202205 message edition for 9610; the flow of papers in `docs/data-flow.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.sdk.states import MILESTONES, accepted
from hub.errors import PlanWrong
from hub.share.entries import pick

Only = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A paper of `kind` is due in trades of `mode` whose entry has the values of `only`, once `after` has happened."""

    mode: str
    kind: str
    after: tuple[str, ...] = ()
    only: Only = field(default_factory=dict)

    def fits(self, mode: str, entry: Mapping[str, Any]) -> bool:
        return self.mode == mode and all(pick(entry, path) == value for path, value in self.only.items())


AIR = {"transport.wish": "air"}
SUMMARY = {"statisticsFlag": "B"}  # 汇总申报: leads to a declaration with an entry id, so a refund is possible

ROWS: tuple[PlanRow, ...] = (
    PlanRow("9610", "customs.order"),
    PlanRow("9610", "customs.receipt"),
    PlanRow("9610", "customs.waybill"),
    PlanRow(
        "9610",
        "customs.inventory",
        (accepted("customs.order"), accepted("customs.receipt"), accepted("customs.waybill")),
    ),
    PlanRow("9610", "airport.waybill", ("released",), AIR),
    PlanRow("9610", "customs.waybill_list", ("released", accepted("airport.waybill")), AIR),
    PlanRow("9610", "customs.departure", ("departed", accepted("customs.waybill_list")), AIR),
    PlanRow("9610", "customs.summary", (accepted("customs.departure"),), SUMMARY),
    PlanRow("9610", "tax.refund", ("released", "departed", "entry_id"), SUMMARY),
    PlanRow("9610", "forex.declaration", ("receipt_matched",)),
)

BROUGHT_BY: Mapping[str, tuple[str, ...]] = {
    "released": ("customs.inventory", "customs.declaration"),
    "departed": ("airport.waybill", "rail.booking"),
    "arrived": ("airport.waybill", "rail.booking"),
    "stocked": ("airport.waybill", "rail.booking"),
    "entry_id": ("customs.summary", "customs.declaration"),
    "refunded": ("tax.refund",),
    "receipt_matched": (),  # the bank tells, no paper of ours brings it about
}
"""Which paper's progress brings a milestone about: whom a waiting paper waits for."""


class Plan:
    """All rows, the hub's and the connectors'. PlanWrong names every unknown milestone, unknown kind and cycle."""

    def __init__(self, rows: Iterable[PlanRow], authorities: Mapping[str, str]) -> None:
        self.authorities = authorities
        self.rows = tuple(row for row in rows if row.kind in authorities)
        problems = list(self._problems())
        if problems:
            raise PlanWrong(problems="; ".join(problems))

    def due(self, mode: str, entry: Mapping[str, Any]) -> list[PlanRow]:
        """The papers of a trade, in the order of the table."""
        return [row for row in self.rows if row.fits(mode, entry)]

    def modes(self) -> set[str]:
        return {row.mode for row in self.rows}

    def bringers(self, milestone: str) -> tuple[str, ...]:
        """Kinds of paper whose progress brings a milestone about."""
        if milestone.startswith("accepted:"):
            return (milestone.removeprefix("accepted:"),)
        return BROUGHT_BY[milestone]

    def _problems(self) -> Iterator[str]:
        for row in self.rows:
            for name in row.after:
                if name not in MILESTONES and not name.startswith("accepted:"):
                    yield f"{row.mode} {row.kind} waits for the unknown milestone {name!r}"
        for mode in self.modes():
            yield from self._circles(mode)

    def _circles(self, mode: str) -> Iterator[str]:
        waits = {row.kind: row.after for row in self.rows if row.mode == mode}

        def walk(kind: str, path: tuple[str, ...]) -> Iterator[str]:
            if kind in path:
                yield f"{mode}: {' → '.join((*path[path.index(kind) :], kind))} wait for each other"
                return
            for name in waits.get(kind, ()):
                if name in MILESTONES or name.startswith("accepted:"):
                    for bringer in self.bringers(name):
                        yield from walk(bringer, (*path, kind))

        for kind in waits:
            circle = next(walk(kind, ()), None)
            if circle:
                yield circle
                return
