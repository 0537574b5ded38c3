"""From a dossier to what follows from it: milestones reached, states, papers that became ready. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from connectors.sdk.papers import Action, Paper, Problem
from connectors.sdk.states import OVER, UNKNOWN, Doing, State, may
from hub.dossiers.dossier import DocumentFile, Dossier, file_key
from hub.dossiers.rows import Attention
from hub.model import DocumentEvent
from hub.model.numbering import document_number
from hub.model.row_states import TradeState
from hub.papers.computations.refund import REFUND_BATCH
from hub.papers.derivation import Derived, derive
from hub.papers.desk import Desk
from hub.papers.drafting import draft, rule_of
from hub.papers.occasions import (
    begin_anew,
    has_gone_out,
    mark_undone,
    parts_of,
    remittance_undone,
    those_of_remittances,
)
from hub.papers.plan import ENDS, PlanRow
from hub.progress.responses import milestones_heard, refuses_withdrawal, state_heard
from hub.rules.entry_rules import RULES
from hub.rules.judging import first_block, judged_before_sending

TYPED = re.compile(r"(?:^|\()entry:([^)]+)")
"""A value's source where somebody typed it, `computed:legal_quantity (entry:goods[].netWeight)` among others."""
OF_BANK = "bank:"
"""Sources of what a paper repeats after the bank."""


class NewPaper(NamedTuple):
    """A version of a paper that became ready, with what it was derived to."""

    paper: Paper
    derived: Derived


@dataclass(slots=True)
class TradeDecision:
    """What is to be written down for one trade; empty where nothing new follows. Documents go by `DocumentFile.key`.

    `added` are documents that are new, `changed` those to write, `moved` those among them whose state is another now.
    `verdicts` are what the rules said before papers became ready.
    """

    dossier: Dossier
    milestones: dict[str, datetime] = field(default_factory=dict)
    added: dict[str, DocumentFile] = field(default_factory=dict)
    changed: dict[str, DocumentFile] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    papers: dict[str, NewPaper] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    verdicts: Sequence[Mapping[str, Any]] = ()
    state: TradeState = TradeState.RUNNING


def decide(dossier: Dossier, desk: Desk) -> TradeDecision:
    """Everything that follows from what is known. Deciding twice gives the same as deciding once."""
    decision = TradeDecision(dossier)
    mark_undone(dossier, desk)
    for document in dossier.documents.values():
        _hear(document, decision, desk)
    _reach(dossier, decision)
    for document, wanted in those_of_remittances(dossier, desk):
        _follow_remittance(document, decision, wanted=wanted)
    if dossier.cancelling:
        _unwind(decision, desk)
    else:
        for row, document in _due(decision, desk):
            if may(document.state, Doing.DERIVE) and _is_served(document, dossier, desk):
                _prepare(row, document, decision, desk)
    decision.state = TradeState.RUNNING if decision.withdrawn else _state_of_trade(dossier)
    return decision


def _due(decision: TradeDecision, desk: Desk) -> Iterator[tuple[PlanRow, DocumentFile]]:
    """Every paper of the plan with its document; a further one of a kind is opened when its occasion has come."""
    dossier = decision.dossier
    for ordinal, row in enumerate(desk.plan.due(dossier.mode, dossier.entry), start=1):
        wanted = parts_of(dossier, row)
        for part in range(max(wanted) + 1):
            key = file_key(row.kind, part)
            if key not in dossier.documents:
                source = desk.plan.source_of(row.kind, dossier.entry)
                if source is None or part not in wanted:
                    continue  # its connector is left out, or its remittance was taken back before it was opened
                number = document_number(dossier.number, ordinal, part)
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
    attention = _attention(document, state, decision.dossier, desk)
    if heard and document.sent_at is None:  # the process died before it could note the delivery
        document.sent_at = min(event.happened_at for event in heard)
        decision.changed[document.key] = document
    if state is not document.state:
        decision.moved.add(document.key)
    if (state, attention) != (document.state, document.attention):
        document.state, document.attention = state, attention
        decision.changed[document.key] = document


def _attention(document: DocumentFile, state: State, dossier: Dossier, desk: Desk) -> Attention | None:
    heard = document.current_events
    if document.undone is not None:
        return remittance_undone(document.undone) if has_gone_out(document, state) else None
    if document.action is Action.WITHDRAW and state is State.DONE:
        return {"code": "CANCELLED_TOO_LATE"}
    if state is State.REJECTED:
        event = max((one for one in heard if one.state is State.REJECTED), key=lambda one: (one.rank, one.happened_at))
        talk = desk.submissions.get(document.kind)
        where = talk.field_named(event.words) if talk else None
        return {**_told("AUTHORITY_REJECTED", event, desk), "field": where, "path": path_of(document, where)}
    if document.corrected:
        return {"code": "PAPER_CORRECTED", "number": document.number, "changes": document.otherwise}
    asking = (one for one in heard if one.attention or refuses_withdrawal(one, document))
    unclear = [event for event in asking if not _overtaken(event, document)]
    if unclear:
        return _told("AUTHORITY_ASKS", unclear[-1], desk)
    changed = _told_otherwise(document, dossier, desk)
    if changed:
        return {"code": "BANK_CHANGED", "fields": changed}
    given_up = document.attention and document.attention["code"] == "DELIVERY_GIVEN_UP"
    return document.attention if given_up and state is State.READY else None


def _told_otherwise(document: DocumentFile, dossier: Dossier, desk: Desk) -> list[str]:
    """What a paper repeats after the bank, and the bank has changed or taken back since."""
    said = {one["name"]: one["value"] for one in document.evidence if one["source"].startswith(OF_BANK)}
    if not said or document.kind not in desk.schemas:
        return []
    derived = derive(desk.derivations[document.kind], desk.schemas[document.kind], dossier, document.part)
    now = {one["name"]: one["value"] for one in derived.evidence if one["source"].startswith(OF_BANK)}
    return sorted(f"{OF_BANK}{name}" for name in said | now if said.get(name) != now.get(name))


def _told(code: str, event: DocumentEvent, desk: Desk) -> Attention:
    """What the authority said, in its words or else in those of its code table, and what that table says to do."""
    ruling = desk.rule(event.source, event.about_kind, event.code)
    if ruling is UNKNOWN:
        return {"code": "AUTHORITY_UNCLEAR", "authorityCode": event.code, "words": event.words}
    return {
        "code": code,
        "authorityCode": event.code,
        "words": event.words or ruling.zh,
        "words_en": event.words or ruling.en,
        "said": f"{ruling.zh}：{event.words}" if event.words else ruling.zh,
        "said_en": f"{ruling.en}: {event.words}" if event.words else ruling.en,
        "remedy": ruling.way_out_zh,
        "remedy_en": ruling.way_out_en,
    }


def _overtaken(event: DocumentEvent, document: DocumentFile) -> bool:
    """Something that moves the paper on was said after it; where it is being taken back, that is its end alone."""
    later = [one for one in document.current_events if one.rank > event.rank and one.happened_at > event.happened_at]
    if document.action is Action.WITHDRAW:
        return any(one.state is State.CANCELLED for one in later)
    return any(one.state for one in later)


def path_of(document: DocumentFile, where: str | None) -> str | None:
    """Where the value of a paper's field was typed, `goods[2].hsCode`; None where nobody typed it."""
    for evidence in document.evidence:
        typed = TYPED.search(evidence["source"])
        if evidence["name"] == where and typed:
            index = where.partition("[")[2].partition("]")[0] if where else ""
            return typed[1].replace("[]", f"[{index}]")
    return None


def _reach(dossier: Dossier, decision: TradeDecision) -> None:
    """Milestones that what was heard brings about, the known ones only where they happened earlier than that."""
    known = dossier.milestones
    decision.milestones = {
        name: at for name, at in milestones_heard(dossier).items() if name not in known or at < known[name]
    }
    dossier.milestones.update(decision.milestones)


def _follow_remittance(document: DocumentFile, decision: TradeDecision, *, wanted: bool) -> None:
    """A paper whose remittance was taken back is dropped before it has gone out; one that is wanted is planned anew."""
    if wanted and may(document.state, Doing.PLAN_ANEW) and not decision.dossier.cancelling:
        begin_anew(document)
    elif not wanted and may(document.state, Doing.DROP) and not has_gone_out(document, document.state):
        document.state, document.attention = State.CANCELLED, None
    else:
        return
    decision.changed[document.key] = document
    decision.moved.add(document.key)


def _prepare(row: PlanRow, document: DocumentFile, decision: TradeDecision, desk: Desk) -> None:
    """Derives a paper whose milestones are all reached; what it lacks asks for a person."""
    if decision.dossier.awaited(row.after, row.each, document.part):
        _ask(document, None, decision)  # it is others' turn, whatever it lacked before
        return
    derived = derive(desk.derivations[row.kind], desk.schemas[row.kind], decision.dossier, document.part)
    if derived.missing:
        lacks = {missing.what for missing in derived.missing}
        fields = sorted(lacks - {REFUND_BATCH} or lacks)  # the hub numbers a filing that lacks nothing else
        _ask(document, {"code": "FIELDS_MISSING", "fields": fields}, decision)
        return
    decision.verdicts = decision.verdicts or judged_before_sending(RULES, decision.dossier, desk)
    paper = draft(document, derived, desk)
    refused = desk.served[document.authority][row.kind].check(paper)
    if refused:
        _ask(document, _refused(document, derived, refused[0], desk), decision)
        return
    if blocked := first_block(decision.verdicts):
        _ask(document, blocked, decision)
        return
    document.state, document.attention = State.READY, None
    decision.changed[document.key] = document
    decision.moved.add(document.key)
    decision.papers[document.key] = NewPaper(paper, derived)


def _ask(document: DocumentFile, attention: Attention | None, decision: TradeDecision) -> None:
    if attention != document.attention:
        document.attention = attention
        decision.changed[document.key] = document


def _refused(document: DocumentFile, derived: Derived, problem: Problem, desk: Desk) -> Attention:
    """The authority would refuse what it became: said before it goes, with the place where it was typed."""
    document.evidence = derived.evidence
    path = path_of(document, problem.field)
    return {"code": "AUTHORITY_RULE", "path": path, **rule_of(document, problem, desk)}


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
        if has_it and desk.submissions[document.kind].withdraws:
            decision.withdrawn.add(document.key)
            return
        if may(document.state, Doing.DROP):
            document.state, document.attention = State.CANCELLED, None
            decision.changed[document.key] = document
            decision.moved.add(document.key)


def _state_of_trade(dossier: Dossier) -> TradeState:
    documents = dossier.documents.values()
    if any(document.attention for document in documents):
        return TradeState.ATTENTION
    if any(document.state not in OVER for document in documents):
        return TradeState.RUNNING
    if dossier.cancelling:
        return TradeState.CANCELLED
    return TradeState.FINISHED if dossier.milestones.keys() >= {*ENDS.get(dossier.mode, ())} else TradeState.RUNNING
