"""Which paper is due under which supervision mode, and which milestones it waits for. A table; no branches.

Sources: 海关总署公告2018年第113号 and the 202205 message edition for 9610, 公告2021年第47号 for 9710 and 9810,
国家税务总局公告2025年第3号 for the refund of 9810. The flow of papers is drawn in `docs/data-flow.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from connectors.sdk.kinds import PaperKind
from connectors.sdk.states import MILESTONES, accepted
from hub.dossiers.typed_paths import pick
from hub.errors import PlanWrong

Only = Mapping[str, str]
Routes = Mapping[str, Mapping[str, str | None]]
"""Kind → place of departure (empty: every other) → the source that its papers go to, None where that is left out; of
kinds that one connector sends to several sources.
"""
FROM = "transport.from"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A paper of `kind` is due in trades of `mode` whose entry has the values of `only`, once `after` has happened.

    `each`: one paper for each of these (`remittances` of money) instead of one for the trade.
    """

    mode: str
    kind: str
    after: tuple[str, ...] = ()
    only: Only = field(default_factory=dict)
    each: str = ""

    def fits(self, mode: str, entry: Mapping[str, Any]) -> bool:
        return self.mode == mode and all(pick(entry, path) == value for path, value in self.only.items())


AIR = {"transport.wish": "air"}
RAIL = {"transport.wish": "rail"}
SUMMARY = {"statisticsFlag": "B"}  # 汇总申报: leads to a declaration with an entry id, so a refund is possible
ORDERED = accepted("customs.order")

RETAIL = (
    PlanRow("9610", "customs.order"),
    PlanRow("9610", "customs.receipt"),
    PlanRow("9610", "customs.waybill"),
    PlanRow("9610", "customs.inventory", (ORDERED, accepted("customs.receipt"), accepted("customs.waybill"))),
    PlanRow("9610", "airport.waybill", ("released",), AIR),
    PlanRow("9610", "rail.booking", ("released",), RAIL),
    PlanRow("9610", "customs.waybill_list", ("released", accepted("airport.waybill")), AIR),
    PlanRow("9610", "customs.waybill_list", ("released", accepted("rail.booking")), RAIL),
    PlanRow("9610", "customs.departure", ("departed", accepted("customs.waybill_list"))),
    PlanRow("9610", "customs.summary", (accepted("customs.departure"),), SUMMARY),
    PlanRow("9610", "tax.refund", ("released", "departed", "entry_id"), SUMMARY),
    PlanRow("9610", "forex.declaration", ("remittance_matched", "report_number"), each="remittances"),
)
DIRECT = (  # B2B 直接出口: the order first, then the declaration that names it
    PlanRow("9710", "customs.order"),
    PlanRow("9710", "customs.declaration", (ORDERED,)),
    PlanRow("9710", "airport.waybill", ("released",), AIR),
    PlanRow("9710", "rail.booking", ("released",), RAIL),
    PlanRow("9710", "tax.refund", ("released", "departed", "entry_id")),
    PlanRow("9710", "forex.declaration", ("remittance_matched", "report_number"), each="remittances"),
)
OVERSEAS_WAREHOUSE = (  # the 订仓单 takes the order's place; the refund may be filed on departure
    PlanRow("9810", "customs.order"),
    PlanRow("9810", "customs.declaration", (ORDERED,)),
    PlanRow("9810", "airport.waybill", ("released",), AIR),
    PlanRow("9810", "rail.booking", ("released",), RAIL),
    PlanRow("9810", "tax.refund", ("released", "departed", "entry_id")),
)
GENERAL = (
    PlanRow("0110", "customs.declaration"),
    PlanRow("0110", "airport.waybill", ("released",), AIR),
    PlanRow("0110", "rail.booking", ("released",), RAIL),
    PlanRow("0110", "tax.refund", ("released", "departed", "entry_id")),
    PlanRow("0110", "forex.declaration", ("remittance_matched", "report_number"), each="remittances"),
)
ROWS: tuple[PlanRow, ...] = (*RETAIL, *DIRECT, *OVERSEAS_WAREHOUSE, *GENERAL)

ENDS: Mapping[str, tuple[str, ...]] = {"9810": ("stocked",)}
"""What has to have happened, beside all papers being done, before a trade of a mode is finished."""


class Plan:
    """All rows, the hub's and the connectors'. PlanWrong names every unknown milestone, unknown kind and cycle."""

    def __init__(
        self,
        rows: Iterable[PlanRow],
        kinds: Mapping[str, PaperKind],
        authorities: Mapping[str, str],
        routes: Routes | None = None,
    ) -> None:
        self.kinds = kinds
        self.authorities = authorities
        self.routes = routes or {}
        self.rows = tuple(rows)
        problems = list(self._problems())
        if problems:
            raise PlanWrong(problems="; ".join(problems))

    def due(self, mode: str, entry: Mapping[str, Any]) -> list[PlanRow]:
        """The papers of a trade, in the order of the table."""
        return [row for row in self.rows if row.fits(mode, entry)]

    def unserved(self, mode: str, entry: Mapping[str, Any]) -> list[str]:
        """Papers of a trade that no installed connector sends: such a trade could never end."""
        return [row.kind for row in self.due(mode, entry) if self.source_of(row.kind, entry) is None]

    def source_of(self, kind: str, entry: Mapping[str, Any]) -> str | None:
        """The source that a paper of a trade goes to; None where there is none, or it is left out."""
        if kind not in self.routes:
            return self.authorities.get(kind)
        route = self.routes[kind]
        return route.get(pick(entry, FROM) or "", route.get(""))

    def modes(self) -> set[str]:
        return {row.mode for row in self.rows}

    def bringers(self, milestone: str) -> tuple[str, ...]:
        """Kinds of paper whose progress brings a milestone about."""
        if milestone.startswith("accepted:"):
            return (milestone.removeprefix("accepted:"),)
        return tuple(kind for kind, one in self.kinds.items() if milestone in one.brings)

    def _problems(self) -> Iterator[str]:
        known = {*MILESTONES, *(name for one in self.kinds.values() for name in one.milestones)}
        for row in self.rows:
            for name in row.after:
                if name not in known and name.removeprefix("accepted:") not in self.kinds:
                    near = get_close_matches(name, [*known, *map(accepted, self.kinds)], n=3)
                    yield f"{row.mode} {row.kind} waits for the unknown milestone {name!r}" + (
                        f"; near to it: {', '.join(near)}" if near else ""
                    )
        for mode in sorted(self.modes()):
            yield from self._circles(mode)

    def _circles(self, mode: str) -> Iterator[str]:
        waits: dict[str, tuple[str, ...]] = {}
        for row in self.rows:
            if row.mode == mode:
                waits[row.kind] = (*waits.get(row.kind, ()), *row.after)

        def walk(kind: str, path: tuple[str, ...]) -> Iterator[str]:
            if kind in path:
                yield f"{mode}: {' → '.join((*path[path.index(kind) :], kind))} wait for each other"
                return
            for name in waits.get(kind, ()):
                for bringer in self.bringers(name):
                    yield from walk(bringer, (*path, kind))

        for kind in waits:
            circle = next(walk(kind, ()), None)
            if circle:
                yield circle
                return
