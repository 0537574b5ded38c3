"""What was heard of papers: where each stands by it, and which milestones it brings about. Pure: no database."""

from __future__ import annotations

from datetime import datetime

from connectors.sdk.papers import Action
from connectors.sdk.states import HAVING_IT, State, accepted, fold
from hub.dossiers.dossier import DocumentFile, Dossier
from hub.model import DocumentEvent


def state_heard(document: DocumentFile) -> State:
    """Where a paper stands by what was heard of its current version."""
    ruling = (one for one in document.current_events if not refuses_withdrawal(one, document))
    state = fold(ruling, State.SENT if document.sent_at else document.state)
    return State.CANCELLED if state is State.DONE and is_taken_back(document) else state


def is_taken_back(document: DocumentFile) -> bool:
    """The authority is done with what we asked for, and says so of our very message.

    What it only says of the paper is no answer to that: it may have been faster, and has released what we take back.
    """
    withdraws = document.action is Action.WITHDRAW
    return withdraws and any(one.state is State.DONE and one.guid for one in document.current_events)


def refuses_withdrawal(event: DocumentEvent, document: DocumentFile) -> bool:
    """What is refused is that it is taken back: the authority still has the paper as it was, and a person looks."""
    return document.action is Action.WITHDRAW and event.state is State.REJECTED


def milestones_heard(dossier: Dossier) -> dict[str, datetime]:
    """What was reached by what was heard, each with the first time that it happened, whatever was heard first."""
    reached: dict[str, datetime] = {}

    def reach(name: str, at: datetime) -> None:
        reached[name] = min(at, reached.get(name, at))

    for document in dossier.all_documents:
        own = dossier.documents.get(document.key) is document
        if document.action is Action.WITHDRAW:
            continue
        for event in document.current_events:
            if event.milestone and (own or event.trade_id is not None):  # the whole reaches what is said of the whole
                reach(event.milestone, event.happened_at)
            if own and document.state in HAVING_IT and event.state in HAVING_IT:
                reach(accepted(document.kind), event.happened_at)
    for remittance in dossier.remittances:
        for name, at in remittance.reached.items():
            if at and remittance.undone_at is None:
                reach(name, at)
    return reached
