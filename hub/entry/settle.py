"""A person settles what is otherwise in a paper that is out, because what it was derived from had been read wrongly."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from connectors.sdk.moments import day_of
from connectors.sdk.states import State
from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import record
from hub.access.caller import Caller
from hub.access.meant import require
from hub.access.visibility import visible
from hub.entry.amend import can_change, named, renames
from hub.errors import HubError, NotFound
from hub.model import Database, Document, Trade
from hub.share.advance import advance, lock
from hub.share.archive import open_dossiers
from hub.share.desk import Desk
from hub.share.dossier import DocumentFile, Dossier
from hub.share.record import reopen
from hub.share.sheet import derive


def settle(database: Database, desk: Desk, caller: Caller, number: str, again: bool, reason: str) -> str:
    """Declares the paper of this number `again`, as it would be now, or leaves what went out; the trade's number.

    NOTHING_CORRECTED where nobody asked. IN_FLIGHT, PAST_RECALL or PAPER_BASELESS where it cannot be declared again.
    """
    caller.must("settle papers")
    if not reason.strip():
        raise HubError("REASON_MISSING")
    with database.write() as connection:
        paper = _paper(connection, caller, number)
        must_act(connection, caller, paper.enterprise_id)
        lock(connection, [paper.trade_id])
        now = desk.now()
        (dossier,) = open_dossiers(connection, [paper.trade_id], day_of(now))
        document = next(one for one in dossier.documents.values() if one.id == paper.id)
        if not document.corrected:
            raise HubError("NOTHING_CORRECTED", number=number)
        if again:
            _refuse_again(connection, document, dossier, desk)
            reopen(connection, paper.trade_id, [document], now)
        else:
            connection.execute(update(Document).where(Document.id == paper.id).values(corrected=None))
        record(
            connection, caller, "paper.again" if again else "paper.leave", number, now, reason=reason,
            before={"corrected": document.corrected}, enterprise_id=paper.enterprise_id,
        )  # fmt: skip
        advance(connection, [paper.trade_id], desk)
    return str(paper.trade)


def _paper(connection: Connection, caller: Caller, number: str) -> Any:
    chosen = (
        select(Document.id, Document.trade_id, Trade.number.label("trade"), Trade.enterprise_id)
        .join(Trade, Trade.id == Document.trade_id)
        .where(Document.number == number, visible(Document, caller))
    )
    row = connection.execute(chosen).one_or_none()
    missing = NotFound("paper", number)
    if row is None:
        raise missing
    require(connection, caller, Act.AMEND, row.enterprise_id, missing)
    return row


def _refuse_again(connection: Connection, document: DocumentFile, dossier: Dossier, desk: Desk) -> None:
    if document.state is State.SENT or document.in_flight:
        raise HubError("IN_FLIGHT", **named([document.kind], desk))
    if not can_change(document, dossier) or renames(connection, document, dossier, desk):
        raise HubError("PAST_RECALL", **named([document.kind], desk))
    lacks = derive(desk.sheets[document.kind], desk.schemas[document.kind], dossier, document.part).missing
    if lacks:
        raise HubError("PAPER_BASELESS", **named([document.kind], desk), fields=sorted({one.what for one in lacks}))
