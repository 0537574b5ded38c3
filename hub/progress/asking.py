"""Why a person is asked about a paper: what the authority said, what it would refuse, what was told otherwise since."""

from __future__ import annotations

import re

from connectors.sdk.papers import Action, Problem
from connectors.sdk.states import UNKNOWN, State
from hub.dossiers.dossier import DocumentFile, Dossier
from hub.dossiers.rows import Attention
from hub.model import DocumentEvent
from hub.papers.derivation import Derived, derive
from hub.papers.desk import Desk
from hub.papers.drafting import rule_of
from hub.papers.occasions import has_gone_out, remittance_undone
from hub.progress.responses import refuses_withdrawal

TYPED = re.compile(r"(?:^|\()entry:([^)]+)")
"""A value's source where somebody typed it, `computed:legal_quantity (entry:goods[].netWeight)` among others."""
OF_BANK = "bank:"
"""Sources of what a paper repeats after the bank."""


def attention_of(document: DocumentFile, state: State, dossier: Dossier, desk: Desk) -> Attention | None:
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
    if not said or document.kind not in desk.derivations:
        return []
    derived = derive(desk.derivations[document.kind], dossier, document.part)
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


def refused(document: DocumentFile, derived: Derived, problem: Problem, desk: Desk) -> Attention:
    """The authority would refuse what it became: said before it goes, with the place where it was typed."""
    document.evidence = derived.evidence
    path = path_of(document, problem.field)
    return {"code": "AUTHORITY_RULE", "path": path, **rule_of(document, problem, desk)}
