"""The dossier (案卷): all that is known about a trade or a consolidation. Its papers are derived from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from connectors.sdk.papers import Action
from connectors.sdk.states import HAVING_IT, STAGES, State
from hub.dossiers import rows
from hub.model import DocumentEvent, ExchangeRate, Leg, RefundRate, Tariff
from hub.model.row_states import ConsolidationState, TradeState

Found = Mapping[str, Any]
OF_REMITTANCE = ("remittance_matched", "report_number")
"""Milestones of each remittance by itself: what is written for one remittance does not wait for the others."""


class DossierLine(NamedTuple):
    """The line of a paper that is being written: its place in its trade's list, and what it is a line of.

    `group` is that list's name, `number` the how-manieth line of the paper this is, from 1.
    """

    place: int
    values: Found
    part: int = 0
    group: str = ""
    number: int = 1


@dataclass(slots=True)
class DocumentFile:
    """One document with what was heard of its current version and the evidence of its current paper.

    `authority` is the source that it goes to, `undone` the remittance that it was for, where that is this trade's no
    more.
    """

    kind: str
    number: str
    part: int = 0
    authority: str = ""
    subject_id: int | None = None
    id: int | None = None
    version: int = 1
    state: State = State.PLANNED
    attention: rows.Attention | None = None
    reference: str | None = None
    state_since: datetime | None = None
    attention_since: datetime | None = None
    corrected: rows.Corrected | None = None
    sent_at: datetime | None = None
    taken: bool = False
    action: Action = Action.NEW
    has_paper: bool = False
    in_flight: bool = False
    undone: rows.RemittanceRow | None = None
    derived_at: datetime | None = None
    evidence: Sequence[rows.Evidence] = ()
    events: list[DocumentEvent] = field(default_factory=list)

    @property
    def key(self) -> str:
        """How a dossier files it: the kind, and from the second paper of a kind on its part."""
        return file_key(self.kind, self.part)

    @property
    def otherwise(self) -> list[str]:
        """What went out, and what it would be now, field by field: `amount 500 → 1000`."""
        sides = sorted((self.corrected or {}).items())
        return [f"{name} {sent or '—'} → {now or '—'}" for name, (sent, now) in sides]

    @property
    def is_moving(self) -> bool:
        """It may be with the authority, and its answer is awaited before anything else is done."""
        return self.in_flight or STAGES[self.state].has_it is None

    @property
    def is_held(self) -> bool:
        """The authority has taken it, in this version or an earlier one."""
        return self.taken or self.state in HAVING_IT

    @property
    def current_events(self) -> list[DocumentEvent]:
        return [event for event in self.events if event.version in (None, self.version)]


def known_from(events: Iterable[DocumentEvent]) -> dict[str, str]:
    """The identifiers under which an authority has a paper, by what it said; the latest word counts."""
    known: dict[str, str] = {}
    for event in events:
        known |= {event.about_kind: event.about_value, **event.references}
    return known


def file_key(kind: str, part: int) -> str:
    return f"{kind}#{part}" if part else kind


class Consolidated(NamedTuple):
    """A consolidation as its dossier has it: which kind, how far, and what papers of a trade it takes over (`of`)."""

    id: int
    kind: str
    of: str
    state: ConsolidationState


@dataclass(slots=True)
class Dossier:
    """What the papers of a trade, or of a consolidation, are derived from.

    `remittances` are in the order in which they were matched; one that was taken back keeps its place. `shares` say by
    the id of a remittance which trades it is for, this one among them. Of a consolidation `held` says which, and
    `lines` are the dossiers of the trades in it. Of a trade `aboard` are the consolidations that it is in, and
    `elsewhere` their documents, with what was said of this trade or of the whole.
    """

    number: str
    mode: str
    entry: Found
    enterprise: Found
    entered_at: datetime
    trade_id: int | None = None
    version: int = 1
    state: TradeState = TradeState.RUNNING
    typed: int = 0
    typed_again: int = 0
    cancelling: bool = False
    cancel_reason: str = ""
    refund_batch: str | None = None
    line_ids: list[int] = field(default_factory=list)
    documents: dict[str, DocumentFile] = field(default_factory=dict)
    milestones: dict[str, datetime] = field(default_factory=dict)
    legs: list[Leg] = field(default_factory=list)
    remittances: list[rows.RemittanceRow] = field(default_factory=list)
    shares: dict[int, list[rows.AllocatedShare]] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=lambda: Shelf())
    held: Consolidated | None = None
    lines: list[Dossier] = field(default_factory=list)
    aboard: list[Consolidated] = field(default_factory=list)
    elsewhere: list[DocumentFile] = field(default_factory=list)

    @property
    def subject_id(self) -> int | None:
        """What its papers belong to."""
        return self.held.id if self.held else self.trade_id

    @property
    def all_documents(self) -> list[DocumentFile]:
        """Its own, and those of the consolidations that it is in."""
        return [*self.documents.values(), *self.elsewhere]

    def takes_over(self, of: str) -> bool:
        """Whether a consolidation that it is in has the papers of this kind of subject, and not the trade itself."""
        return any(one.of == of for one in self.aboard)

    def answer(self, kind: str, name: str) -> DocumentEvent | None:
        """The newest response to a paper that gives a value of this name."""
        papers = (one for one in self.all_documents if one.kind == kind)
        heard = (event for one in papers for event in reversed(one.current_events))
        return next((event for event in heard if event.answers.get(name) not in (None, "")), None)

    def awaited(self, after: Iterable[str], each: str, part: int) -> list[str]:
        """Which of these milestones are not reached; of a paper for each remittance, by its own remittance."""
        return [name for name in after if not self._reached(name, each, part)]

    def _reached(self, name: str, each: str, part: int) -> bool:
        if each != "remittances" or name not in OF_REMITTANCE:
            return name in self.milestones or (bool(self.lines) and all(name in one.milestones for one in self.lines))
        remittance = self.remittance(part)
        return remittance is not None and remittance.undone_at is None and remittance.reached[name] is not None

    def remittance(self, part: int) -> rows.RemittanceRow | None:
        """The remittance that the `part`-th paper of those for each remittance is for."""
        return self.remittances[part] if part < len(self.remittances) else None

    def departed(self) -> DocumentEvent | None:
        """What told us of the departure, once it is known; of a batch of filings, of its first trade's."""
        events = (event for document in self.all_documents for event in document.current_events)
        found = next((event for event in events if event.milestone == "departed"), None)
        return found or (self.lines[0].departed() if self.lines else None)


@dataclass(slots=True)
class Shelf:
    """What is known beside the trades: tariffs and refund rates by HS code, parity by currency.

    Of refund rates all are kept, in the order of their validity: the day of export counts.
    """

    tariffs: dict[str, Tariff] = field(default_factory=dict)
    refund_rates: dict[str, list[RefundRate]] = field(default_factory=dict)
    parities: dict[str, ExchangeRate] = field(default_factory=dict)

    def refund_rate(self, hs_code: str, day: date) -> RefundRate | None:
        rows = [row for row in self.refund_rates.get(hs_code, ()) if row.valid_from <= day]
        return next((row for row in reversed(rows) if row.valid_to is None or day <= row.valid_to), None)
