"""A person settles what is otherwise in a paper that is out, because what it was derived from had been read wrongly."""

from __future__ import annotations

from sqlalchemy import Connection, Row, select, update

from connectors.sdk.instants import day_of
from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import write_audit
from hub.access.caller import Caller
from hub.access.meant import require
from hub.access.visibility import visible
from hub.dossiers.dossier import DocumentFile, Dossier
from hub.dossiers.loading import open_dossiers
from hub.entry.amend import places_named, renames
from hub.errors import HubError, NotFound
from hub.model import Database, Document, Trade
from hub.papers.derivation import derive
from hub.papers.desk import Desk
from hub.progress.advance import advance, lock
from hub.progress.persist import reopen
from hub.progress.recall import can_change


def settle(database: Database, desk: Desk, caller: Caller, number: str, again: bool, reason: str) -> str:
    """Declares the paper of this number `again`, as it would be now, or leaves what went out; the trade's number.

    NOTHING_CORRECTED where nobody asked. IN_FLIGHT, PAST_RECALL or PAPER_BASELESS where it cannot be declared again.
    """
    caller.must("settle papers")
    if not reason.strip():
        raise HubError("REASON_MISSING")
    with database.write() as connection:
        id_, trade_id, trade, enterprise_id = _paper(connection, caller, number)
        must_act(connection, caller, enterprise_id)
        lock(connection, [trade_id])
        now = desk.now()
        (dossier,) = open_dossiers(connection, [trade_id], day_of(now))
        document = next(one for one in dossier.documents.values() if one.id == id_)
        if not document.corrected:
            raise HubError("NOTHING_CORRECTED", number=number)
        if again:
            _refuse_again(connection, document, dossier, desk)
            reopen(connection, [document], now)
        else:
            connection.execute(update(Document).where(Document.id == id_).values(corrected=None))
        write_audit(
            connection, caller, "paper.again" if again else "paper.leave", number, now, reason=reason,
            before={"corrected": document.corrected}, enterprise_id=enterprise_id,
        )  # fmt: skip
        advance(connection, [trade_id], desk)
    return trade


def _paper(connection: Connection, caller: Caller, number: str) -> Row[int, int, str, int]:
    """Its id, the trade's id and number, and whose it is."""
    chosen = (
        select(Document.id, Document.subject_id, Trade.number, Trade.enterprise_id)
        .join(Trade, Trade.id == Document.subject_id)
        .where(Document.number == number, visible(Document, caller))
    )
    row = connection.execute(chosen).one_or_none()
    missing = NotFound("paper", number)
    if row is None:
        raise missing
    require(connection, caller, Act.AMEND, row[3], missing)
    return row


def _refuse_again(connection: Connection, document: DocumentFile, dossier: Dossier, desk: Desk) -> None:
    if document.is_moving:
        raise HubError("IN_FLIGHT", **places_named([document.kind], desk))
    if not can_change(document, dossier, desk) or renames(connection, document, dossier, desk):
        raise HubError("PAST_RECALL", **places_named([document.kind], desk))
    lacks = derive(desk.derivations[document.kind], dossier, document.part).missing
    if lacks:
        raise HubError(
            "PAPER_BASELESS", **places_named([document.kind], desk), fields=sorted({one.what for one in lacks})
        )
