"""What papers are made with: the plan, and the kinds, derivations and submissions of all connectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from connectors.sdk.instants import day_of
from connectors.sdk.kinds import PaperKind
from connectors.sdk.states import Codes, Rank, Ruling, accepted
from connectors.sdk.submission import Submission
from hub.dossiers.anchors import Anchor, anchor_dates
from hub.dossiers.consolidation_kinds import EACH, ConsolidationKind, consolidation_kinds
from hub.dossiers.dossier import Dossier
from hub.errors import awaited
from hub.model.row_states import ConsolidationState
from hub.notices.receivers import Receivers
from hub.papers.derivation import Derivation
from hub.papers.plan import Days, Plan, PlanRow
from hub.secrets import Keyring, new_key

ACCEPTED = accepted("")
LEFT_OUT = Ruling(
    None, Rank.REMARK, "其连接器未加载", "Its connector is left out",
    way_out_zh="恢复该连接器后再看", way_out_en="Bring its connector back, then look again",
)  # fmt: skip


TRADE = "trade"


@dataclass(frozen=True, slots=True)
class Desk:
    """Handed in by the composition root. `codes`, `names` and `served` are by source: `airport`, `airport@luoyang`.

    `kinds` and `derivations` are of all installed connectors, those that are left out among them. `submissions`, by
    kind of paper, say what holds for all sources that take it, `served` how one of them is talked to. `editions` are,
    by source, the authority and the edition of its tables that its connector was written by.
    """

    plan: Plan
    kinds: Mapping[str, PaperKind]
    derivations: Mapping[str, Derivation]
    submissions: Mapping[str, Submission]
    codes: Mapping[str, Codes]
    names: Mapping[str, Mapping[str, str]]
    now: Callable[[], datetime]
    new_guid: Callable[[], UUID]
    served: Mapping[str, Mapping[str, Submission]] = field(default_factory=dict)
    editions: Mapping[str, str] = field(default_factory=dict)
    receivers: Receivers = field(default_factory=Receivers)
    keyring: Keyring = field(default_factory=lambda: Keyring([new_key()], "memory"))

    def kind_name(self, kind: str, language: str) -> str:
        """What a kind of paper is called; its code where the connector that names it is not installed."""
        return self.kinds[kind].name(language) if kind in self.kinds else kind

    def anchors(self, dossier: Dossier) -> Mapping[Anchor, date]:
        """The days of a trade by which laws count, as far as they have come."""
        return anchor_dates(dossier, self.plan.declaring)

    def milestone_name(self, name: str, language: str) -> str:
        """What has to happen before a paper is due: in the hub's words, or in those of the kind whose own it is."""
        for kind in self.kinds.values():
            if name in kind.milestones:
                return kind.milestones[name].said(language)
        kind_taken = name.removeprefix(ACCEPTED)
        if kind_taken == name:
            return awaited(name, language)
        told = self.kind_name(kind_taken, language)
        return f"{told}已受理" if language == "zh" else f"{told}: accepted"

    def days(self, dossier: Dossier) -> Days:
        """The days that decide which rows count for a trade."""
        return Days(day_of(self.now()), self.anchors(dossier))

    def asked(self, dossier: Dossier) -> list[PlanRow]:
        """The papers that the plan asks for, in its order, whoever of trade and consolidation has them."""
        return self.plan.due(dossier.mode, dossier.entry, self.days(dossier))

    def due(self, dossier: Dossier) -> list[PlanRow]:
        """The papers of a trade itself, or of a consolidation once it is closed, in the order of the plan."""
        if dossier.held is None:
            return [row for row in self.asked(dossier) if not dossier.takes_over(self.of(row.kind))]
        if dossier.held.state is ConsolidationState.OPEN:
            return []
        return [row for row in self.asked(dossier) if self.of(row.kind) == dossier.held.of]

    def needed(self, dossier: Dossier, of: str) -> list[str]:
        """What a trade itself has to have reached before it may be in the papers of a consolidation, by its plan."""
        theirs = self.kinds_for(of)
        brought = {name for kind in theirs for name in (accepted(kind), *self.kinds[kind].brings)}
        rows = (row for row in self.asked(dossier) if row.kind in theirs)
        return list(dict.fromkeys(name for row in rows for name in row.after if name not in brought))

    def gathers(self, dossier: Dossier, kind: str) -> ConsolidationKind | None:
        """The consolidation in which an exporter gathers its trades for a paper of this kind, as it registered it."""
        if dossier.held is not None:
            return None
        for one in consolidation_kinds().values():
            period = dossier.enterprise["partners"].get(one.gathered_by) if one.gathered_by else None
            if one.of == self.of(kind) and period not in (None, EACH):
                return one
        return None

    def of(self, kind: str) -> str:
        """What there may be one paper of a kind for: a trade, or what several trades are consolidated in."""
        return self.kinds[kind].of if kind in self.kinds else TRADE

    def kinds_for(self, of: str) -> set[str]:
        """The kinds of paper that a consolidation takes over from its trades."""
        return {kind for kind, one in self.kinds.items() if one.of == of}

    def is_final(self, kind: str) -> bool:
        """Whether a trade can no longer be taken back once a paper of this kind is done."""
        return kind in self.kinds and self.kinds[kind].final

    def role(self, kind: str) -> str:
        """What the plans know a kind by; empty where it has no role, or nobody declares it."""
        return self.kinds[kind].role if kind in self.kinds else ""

    def authority_name(self, authority: str, language: str) -> str:
        """What an authority is called; its code where its connector is left out."""
        return self.names[authority][language] if authority in self.names else authority

    def rule(self, authority: str, kind: str, code: str) -> Ruling:
        """What an authority's code about a kind of paper means."""
        return self.codes[authority].rule(kind, code) if authority in self.codes else LEFT_OUT

    def guid(self) -> str:
        """A new guid in the customs' form: 36 characters, upper case."""
        return str(self.new_guid()).upper()
