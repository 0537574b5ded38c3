"""Taking back what a receipt was said to be for; what follows from it follows, and what has gone out asks a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from hub.model import ForexAllocation, ForexReceipt, Milestone
from hub.model.states import ReceiptMatch
from hub.model.turns import take_turn
from hub.share.advance import touch
from hub.share.dossier import OF_RECEIPT

ALLOCATING = "receipts"
"""A turn of `hub.model.turns`: two who read the same debt would each cover it."""


def undo_allocations(connection: Connection, receipt_ids: Sequence[int], now: datetime) -> list[int]:
    """These receipts are for no trade any more, and open to be matched anew; the ids of the trades that had them.

    The trades owe again, and say so: their milestones of receipts fall (and are reached again from what is left),
    papers that have not gone out are dropped, those that have ask a person. Receipts of the same enterprises that were
    unclear are looked at again. What a bank took back, and what counts elsewhere, is not opened.
    """
    take_turn(connection, ALLOCATING)
    live = ForexAllocation.receipt_id.in_(receipt_ids), ForexAllocation.undone_at.is_(None)
    trades = sorted(set(connection.scalars(select(ForexAllocation.trade_id).where(*live))))
    connection.execute(update(ForexAllocation).where(*live).values(undone_at=now))
    connection.execute(delete(Milestone).where(Milestone.trade_id.in_(trades), Milestone.name.in_(OF_RECEIPT)))
    those = ForexReceipt.id.in_(receipt_ids)
    enterprises = select(ForexReceipt.enterprise_id).where(those, ForexReceipt.match == ReceiptMatch.MATCHED)
    neighbours = ForexReceipt.enterprise_id.in_(enterprises)
    connection.execute(
        update(ForexReceipt)
        .where(or_(those, neighbours), ForexReceipt.match == ReceiptMatch.UNCLEAR)
        .where(or_(those, ForexReceipt.attention.is_(None)))  # a person is asked about the others that have one
        .values(match=ReceiptMatch.OPEN)
    )
    connection.execute(
        update(ForexReceipt)
        .where(those, ForexReceipt.match == ReceiptMatch.MATCHED)
        .values(match=ReceiptMatch.OPEN, matched_at=None, candidates=None)
    )
    touch(connection, trades)
    return trades
