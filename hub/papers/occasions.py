"""Papers of which there is one for each occasion (`PlanRow.each`): which are wanted, when an occasion is undone too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.sdk.states import MAY_HAVE_IT, State
from hub.dossiers.dossier import DocumentFile, Dossier
from hub.dossiers.rows import Attention, RemittanceRow
from hub.papers.desk import Desk
from hub.papers.plan import PlanRow

REMITTANCE_UNDONE = "REMITTANCE_UNDONE"


def parts_of(dossier: Dossier, row: PlanRow) -> set[int]:
    """The parts of a paper that are wanted: one for each occasion that stands, else one for the next to come.

    An occasion that is undone keeps its place, so each other part keeps its own occasion.
    """
    if not row.each:
        return {0}
    occasions = _occasions(dossier, row)
    standing = {part for part, one in enumerate(occasions) if one.undone_at is None}
    return standing or {len(occasions)}


def those_of_remittances(dossier: Dossier, desk: Desk) -> Iterator[tuple[DocumentFile, bool]]:
    """The papers that there are of such rows, and whether each is wanted."""
    for row in desk.due(dossier):
        if row.each:
            wanted = parts_of(dossier, row)
            for document in dossier.documents.values():
                if document.kind == row.kind:
                    yield document, document.part in wanted


def mark_undone(dossier: Dossier, desk: Desk) -> None:
    """Notes on each paper the occasion that it was for, where that was undone."""
    for row in desk.due(dossier):
        occasions = _occasions(dossier, row) if row.each else ()
        for document in dossier.documents.values():
            if document.kind == row.kind and document.part < len(occasions):
                one = occasions[document.part]
                document.undone = one if one.undone_at is not None else None


def has_gone_out(document: DocumentFile, state: State) -> bool:
    """The authority has the paper, or may have it."""
    return document.taken or document.in_flight or state in MAY_HAVE_IT


def remittance_undone(remittance: RemittanceRow) -> Attention:
    """Why a person is asked: what has gone out for this remittance is for nothing now."""
    return {
        "code": REMITTANCE_UNDONE,
        "amount": f"{remittance.paid.amount:f}",
        "currency": remittance.paid.currency,
        "reference": remittance.bank.report_number if remittance.bank else remittance.paid.bank_reference,
    }


def begin_anew(document: DocumentFile, *, taken: bool = False) -> None:
    """A paper is planned again, in its next version where it had one; `taken`: its authority has an earlier one."""
    document.version += document.has_paper
    document.state, document.attention, document.sent_at = State.PLANNED, None, None
    document.has_paper, document.taken = False, taken


def _occasions(dossier: Dossier, row: PlanRow) -> Sequence[RemittanceRow]:
    occasions: Sequence[RemittanceRow] = getattr(dossier, row.each)
    return occasions
