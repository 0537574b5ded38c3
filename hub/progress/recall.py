"""What can still be taken back or changed of papers that an authority has. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.sdk.states import MAY_HAVE_IT, NEED_A_WAY_OUT, Doing, State, may
from hub.dossiers.dossier import DocumentFile, Dossier
from hub.dossiers.rows import Evidence
from hub.papers.derivation import derive
from hub.papers.desk import Desk


def can_change(document: DocumentFile, dossier: Dossier, desk: Desk) -> bool:
    """Whether a new version of a paper may go out: its authority has none, or takes a change of it."""
    if may(document.state, Doing.AMEND):
        return True
    blockers = desk.kinds[document.kind].recall_until if document.kind in desk.kinds else None
    if document.state is State.DONE and desk.is_final(document.kind):
        return False
    if blockers is None or not may(document.state, Doing.CHANGE):
        return False
    taken = {one.kind for one in dossier.all_documents if one.state in MAY_HAVE_IT}
    return taken.isdisjoint(blockers)


def says_otherwise(document: DocumentFile, dossier: Dossier, desk: Desk) -> bool:
    """Whether a paper that is written would say something else now."""
    derived = derive(desk.derivations[document.kind], dossier, document.part)
    return _values(document.evidence) != _values(derived.evidence)


def _values(evidence: Iterable[Evidence]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in evidence}


def is_stopped(dossier: Dossier, desk: Desk) -> bool:
    """Whether customs holds the goods of a trade, by its last word on their declaration: also after a release."""
    for document in dossier.documents.values():
        telling = [event for event in document.current_events if event.state]
        if document.kind in desk.plan.declaring and telling:
            return max(telling, key=lambda event: (event.happened_at, event.rank)).state in NEED_A_WAY_OUT
    return False
