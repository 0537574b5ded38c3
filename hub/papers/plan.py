"""Which paper is due under which supervision mode, and which milestones it waits for. Rows only; no branches.

The rows stand in `hub/plan/*.toml` (`hub.papers.plan_sheets`), more of them in the manifests of connectors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from connectors.sdk.kinds import PaperKind
from hub.dossiers.anchors import Anchor
from hub.dossiers.typed_paths import pick
from hub.errors import PlanWrong
from hub.papers.places import PLACES
from hub.papers.plan_checks import plan_problems

Only = Mapping[str, str]
Routes = Mapping[str, Mapping[str, str | None]]
"""Kind → place of departure (empty: every other) → the source that its papers go to, None where that is left out; of
kinds that one connector sends to several sources.
"""
FROM, LEG_MODE = "transport.from", "transport.wish"
DECLARATION = "declaration"
"""Role of the papers by which goods are declared for export."""


class Days(NamedTuple):
    """The days of a trade's anchors that have happened; of one that has not, today's law is the forecast."""

    today: date
    of: Mapping[Anchor, date]

    def on(self, anchor: Anchor | None) -> date:
        return self.of.get(anchor, self.today) if anchor else self.today


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A paper of `kind` is due in trades of `mode` whose entry has the values of `only`, once `after` has happened.

    `each`: one paper for each of these (`remittances` of money) instead of one for the trade. It counts from `since` to
    `until`, both included, by the day of `anchor`; `source` is the law, or practice.
    """

    mode: str
    kind: str
    after: tuple[str, ...] = ()
    only: Only = field(default_factory=dict)
    each: str = ""
    since: date | None = None
    until: date | None = None
    anchor: Anchor | None = None
    source: str = ""

    def is_of(self, mode: str, entry: Mapping[str, Any]) -> bool:
        """Whether it is about such a trade, whatever the day."""
        return self.mode == mode and all(pick(entry, path) == value for path, value in self.only.items())

    def counts(self, days: Days) -> bool:
        """Whether it is law on the day of its anchor."""
        day = days.on(self.anchor)
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Plan:
    """All rows, the hub's and the connectors'. PlanWrong names everything that is wrong with them.

    `carried` are the modes whose plans ask for transport; `ends`: mode → what has to have happened, beside all papers
    being done, before a trade is finished.
    """

    def __init__(
        self,
        rows: Iterable[PlanRow],
        kinds: Mapping[str, PaperKind],
        authorities: Mapping[str, str],
        routes: Routes | None = None,
        *,
        carried: Collection[str] = (),
        ends: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.kinds = kinds
        self.authorities = authorities
        self.routes = routes or {}
        self.rows = tuple(rows)
        self.carried = carried
        self.ends = ends or {}
        self.declaring = frozenset(kind for kind, one in kinds.items() if one.role == DECLARATION)
        if problems := list(plan_problems(self)):
            raise PlanWrong(problems="; ".join(problems))

    def due(self, mode: str, entry: Mapping[str, Any], days: Days) -> list[PlanRow]:
        """The papers of a trade, in the order of the table."""
        return [row for row in self.rows if row.is_of(mode, entry) and row.counts(days)]

    def lapsed(self, mode: str, entry: Mapping[str, Any], days: Days) -> set[str]:
        """Kinds that a trade like this would have on another day."""
        of_it = {row.kind for row in self.rows if row.is_of(mode, entry)}
        return of_it - {row.kind for row in self.due(mode, entry, days)}

    def unserved(self, mode: str, entry: Mapping[str, Any], days: Days) -> list[str]:
        """Papers of a trade that no installed connector sends: such a trade could never end."""
        due = self.due(mode, entry, days)
        without = [row.kind for row in due if self.source_of(row.kind, entry) is None]
        place = PLACES.get(str(pick(entry, FROM)))
        leaves = mode in self.carried and place is not None and place.customs_office is not None
        if not leaves or any(LEG_MODE in row.only for row in due):
            return without  # a place that nothing leaves from is refused as such
        return [*without, f"{LEG_MODE} {pick(entry, LEG_MODE)}"]

    def source_of(self, kind: str, entry: Mapping[str, Any]) -> str | None:
        """The source that a paper of a trade goes to; None where there is none, or it is left out."""
        if kind not in self.routes:
            return self.authorities.get(kind)
        route = self.routes[kind]
        return route.get(pick(entry, FROM) or "", route.get(""))

    def modes(self) -> set[str]:
        return {row.mode for row in self.rows}

    def bringers(self, milestone: str) -> Iterator[str]:
        """Kinds of paper whose progress brings a milestone about."""
        if milestone.startswith("accepted:"):
            yield milestone.removeprefix("accepted:")
            return
        yield from (kind for kind, one in self.kinds.items() if milestone in one.brings)
