"""From a dossier to what follows from it: milestones reached, states, papers that became ready. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from connectors.sdk.papers import Action, Paper
from connectors.sdk.states import OVER, Doing, State, accepted, may
from hub.dossiers.consolidation_kinds import consolidation_kinds
from hub.dossiers.dossier import Consolidated, DocumentFile, Dossier, file_key
from hub.dossiers.rows import Attention
from hub.model.numbering import document_number
from hub.model.row_states import ConsolidationState, TradeState
from hub.papers.computations.refund import REFUND_BATCH
from hub.papers.derivation import Derived, derive
from hub.papers.desk import Desk
from hub.papers.drafting import draft
from hub.papers.occasions import (
    begin_anew,
    has_gone_out,
    mark_undone,
    parts_of,
    those_of_remittances,
)
from hub.papers.plan import PlanRow
from hub.progress.asking import attention_of, refused
from hub.progress.recall import can_change, is_stopped, says_otherwise
from hub.progress.responses import milestones_heard, state_heard
from hub.rules.entry_rules import RULES
from hub.rules.judging import first_block, judged_before_sending


class NewPaper(NamedTuple):
    """A version of a paper that became ready, with what it was derived to."""

    paper: Paper
    derived: Derived


@dataclass(slots=True)
class TradeDecision:
    """What is to be written down for one subject; empty where nothing new follows. Documents go by `DocumentFile.key`.

    `added` are documents that are new, `changed` those to write, `moved` those among them whose state is another now.
    `stopped`: customs holds the goods. `unreached` are milestones that are reached no more, `whole` is the state of a
    consolidation, `verdicts` are what the rules said before papers became ready.
    """

    dossier: Dossier
    milestones: dict[str, datetime] = field(default_factory=dict)
    added: dict[str, DocumentFile] = field(default_factory=dict)
    changed: dict[str, DocumentFile] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    papers: dict[str, NewPaper] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    unreached: set[str] = field(default_factory=set)
    verdicts: Sequence[Mapping[str, Any]] = ()
    stopped: bool = False
    state: TradeState = TradeState.RUNNING
    whole: ConsolidationState | None = None

    def turn(self, document: DocumentFile) -> None:
        """A document has come into another state."""
        self.changed[document.key] = document
        self.moved.add(document.key)

    @property
    def tells(self) -> bool:
        """Whether something may follow for those that this subject has to do with."""
        held = self.dossier.held
        return bool(self.moved or self.milestones or self.stopped or (held and self.whole not in (None, held.state)))


def decide(dossier: Dossier, desk: Desk) -> TradeDecision:
    """Everything that follows from what is known. Deciding twice gives the same as deciding once."""
    decision = TradeDecision(dossier)
    mark_undone(dossier, desk)
    for document in dossier.documents.values():
        _hear(document, decision, desk)
    _reach(dossier, decision)
    if dossier.held is None and is_stopped(dossier, desk):
        dossier.milestones.pop("released", None)  # for as long as customs holds the goods, nobody loads them
        decision.stopped = True
    _lapse(decision, desk)
    _restate(decision, desk)
    for document, wanted in those_of_remittances(dossier, desk):
        _follow_remittance(document, decision, wanted=wanted)
    if dossier.cancelling:
        _unwind(decision, desk)
    else:
        for row, document in _due(decision, desk):
            if may(document.state, Doing.DERIVE) and _is_served(document, dossier, desk):
                _prepare(row, document, decision, desk)
    decision.state = TradeState.RUNNING if decision.withdrawn else _state_of_trade(dossier, desk)
    decision.whole = _state_of_whole(dossier, dossier.held) if dossier.held and not decision.withdrawn else None
    return decision


def _due(decision: TradeDecision, desk: Desk) -> Iterator[tuple[PlanRow, DocumentFile]]:
    """Every paper of the plan with its document; a further one of a kind is opened when its occasion has come."""
    dossier = decision.dossier
    for row in desk.due(dossier):
        wanted = parts_of(dossier, row)
        for part in range(max(wanted) + 1):
            key = file_key(row.kind, part)
            if key not in dossier.documents:
                source = desk.plan.source_of(row.kind, dossier.entry)
                if source is None or part not in wanted:
                    continue  # its connector is left out, or its remittance was taken back before it was opened
                number = document_number(dossier.number, (one.number for one in dossier.documents.values()))
                dossier.documents[key] = decision.added[key] = DocumentFile(row.kind, number, part, source)
            yield row, dossier.documents[key]


def _is_served(document: DocumentFile, dossier: Dossier, desk: Desk) -> bool:
    """Whether somebody takes the paper: who has had it or is left out now, else whoever serves the trade as it is."""
    stays = document.taken or document.authority not in ("", *desk.served)
    source = document.authority if stays else desk.plan.source_of(document.kind, dossier.entry)
    document.authority = source or document.authority
    return source in desk.served


def _hear(document: DocumentFile, decision: TradeDecision, desk: Desk) -> None:
    """Folds what was heard of the current version into a state, and says whether a person is needed."""
    if document.state is State.CANCELLED or not document.has_paper:
        return
    heard, state = document.current_events, state_heard(document)
    attention = attention_of(document, state, decision.dossier, desk)
    if heard and document.sent_at is None:  # the process died before it could note the delivery
        document.sent_at = min(event.happened_at for event in heard)
        decision.changed[document.key] = document
    if state is not document.state:
        decision.moved.add(document.key)
    if (state, attention) != (document.state, document.attention):
        document.state, document.attention = state, attention
        decision.changed[document.key] = document


def _reach(dossier: Dossier, decision: TradeDecision) -> None:
    """Milestones that what was heard brings about, the known ones only where they happened earlier than that."""
    known = dossier.milestones
    decision.milestones = {
        name: at for name, at in milestones_heard(dossier).items() if name not in known or at < known[name]
    }
    dossier.milestones.update(decision.milestones)


def _lapse(decision: TradeDecision, desk: Desk) -> None:
    """A paper that is no longer due is dropped before it has gone out: by the law of the trade's day, or because a
    consolidation has it now. One that is due again is planned anew.
    """
    dossier = decision.dossier
    if dossier.cancelling:
        return
    due = {row.kind for row in desk.due(dossier) if not row.each}
    lapsed = desk.plan.lapsed(dossier.mode, dossier.entry, desk.days(dossier))
    lapsed |= {kind for one in dossier.aboard for kind in desk.kinds_for(one.of)}
    for document in dossier.documents.values():
        if has_gone_out(document, document.state) or document.sent_at is not None:
            continue
        if document.kind in lapsed - due and may(document.state, Doing.DROP):
            _drop(document, decision)
        elif document.kind in due and may(document.state, Doing.PLAN_ANEW):
            begin_anew(document)
            decision.turn(document)


def _restate(decision: TradeDecision, desk: Desk) -> None:
    """Papers of a consolidation that would say something else now, since a trade left or was amended, go out anew."""
    dossier = decision.dossier
    if dossier.held is None or dossier.cancelling:
        return
    for document in dossier.documents.values():
        if not document.has_paper or document.is_moving or not can_change(document, dossier, desk):
            continue
        if not says_otherwise(document, dossier, desk):
            continue
        begin_anew(document, taken=document.is_held)
        decision.unreached.add(accepted(document.kind))
        dossier.milestones.pop(accepted(document.kind), None)
        decision.turn(document)


def _drop(document: DocumentFile, decision: TradeDecision) -> None:
    document.state, document.attention = State.CANCELLED, None
    decision.turn(document)


def _follow_remittance(document: DocumentFile, decision: TradeDecision, *, wanted: bool) -> None:
    """A paper whose remittance was taken back is dropped before it has gone out; one that is wanted is planned anew."""
    if wanted and may(document.state, Doing.PLAN_ANEW) and not decision.dossier.cancelling:
        begin_anew(document)
        decision.turn(document)
    elif not wanted and may(document.state, Doing.DROP) and not has_gone_out(document, document.state):
        _drop(document, decision)


def _prepare(row: PlanRow, document: DocumentFile, decision: TradeDecision, desk: Desk) -> None:
    """Derives a paper whose milestones are all reached; what it lacks asks for a person."""
    if decision.dossier.awaited(row.after, row.each, document.part):
        _ask(document, None, decision)  # it is others' turn, whatever it lacked before
        return
    if desk.gathers(decision.dossier, row.kind):
        _ask(document, None, decision)  # it is gathered with others (`hub.progress.gathering`)
        return
    derived = derive(desk.derivations[row.kind], decision.dossier, document.part)
    if derived.missing:
        lacks = {missing.what for missing in derived.missing}
        fields = sorted(lacks - {REFUND_BATCH} or lacks)  # the hub numbers a filing that lacks nothing else
        _ask(document, {"code": "FIELDS_MISSING", "fields": fields}, decision)
        return
    if decision.dossier.held is None:  # of a consolidation each trade is judged by itself
        decision.verdicts = decision.verdicts or judged_before_sending(RULES, decision.dossier, desk)
    paper = draft(document, derived, desk)
    problems = desk.served[document.authority][row.kind].check(paper)
    if problems:
        _ask(document, refused(document, derived, problems[0], desk), decision)
        return
    if blocked := first_block(decision.verdicts):
        _ask(document, blocked, decision)
        return
    document.state, document.attention = State.READY, None
    decision.turn(document)
    decision.papers[document.key] = NewPaper(paper, derived)


def _ask(document: DocumentFile, attention: Attention | None, decision: TradeDecision) -> None:
    if attention != document.attention:
        document.attention = attention
        decision.changed[document.key] = document


def _unwind(decision: TradeDecision, desk: Desk) -> None:
    """Cancelling, in the reverse order of the plan: what an authority has is withdrawn, one paper after the other."""
    for _, document in reversed(list(_due(decision, desk))):
        if document.state is State.CANCELLED:
            continue
        if document.action is Action.WITHDRAW or document.is_moving:
            return  # it is being withdrawn, or an answer is awaited; what came before it waits
        has_it = document.taken or may(document.state, Doing.WITHDRAW)  # taken: a version before this one
        if has_it and document.authority not in desk.served:
            return  # who could withdraw it is left out
        if has_it and desk.kinds[document.kind].withdraws:
            decision.withdrawn.add(document.key)
            return
        if may(document.state, Doing.DROP):
            _drop(document, decision)


def _state_of_trade(dossier: Dossier, desk: Desk) -> TradeState:
    documents = dossier.all_documents
    if any(document.attention for document in documents):
        return TradeState.ATTENTION
    if any(document.state not in OVER for document in documents):
        return TradeState.RUNNING
    if dossier.cancelling:
        return TradeState.CANCELLED
    before_papers = {ConsolidationState.OPEN, ConsolidationState.CLOSED}
    if any(one.state in before_papers for one in dossier.aboard):
        return TradeState.RUNNING
    ends = desk.plan.ends.get(dossier.mode, ())
    return TradeState.FINISHED if dossier.milestones.keys() >= {*ends} else TradeState.RUNNING


def _has_moved(dossier: Dossier, held: Consolidated) -> bool:
    """Goods have moved once they have left; what is only told together, once the authority has all of it."""
    if consolidation_kinds()[held.kind].transport:
        return "departed" in dossier.milestones
    return bool(dossier.documents) and all(one.is_held for one in dossier.documents.values())


def _state_of_whole(dossier: Dossier, held: Consolidated) -> ConsolidationState:
    """How far a consolidation is: moved once its goods have left, done once nothing is expected of its papers."""
    is_over = bool(dossier.documents) and all(one.state in OVER for one in dossier.documents.values())
    if held.state is ConsolidationState.CLOSED and dossier.cancelling and (is_over or not dossier.documents):
        return ConsolidationState.CANCELLED
    if held.state is ConsolidationState.CLOSED and _has_moved(dossier, held):
        return ConsolidationState.MOVED
    if held.state is ConsolidationState.MOVED and is_over:
        return ConsolidationState.DONE
    return held.state
