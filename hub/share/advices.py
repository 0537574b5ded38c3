"""What follows from what banks say of money that is not money in; and money that they told of in two ways."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from hub.model import ForexAdvice, ForexReceipt
from hub.model.states import AdviceState, ReceiptMatch
from hub.share.accounts import Owners
from hub.share.allocations import undo_allocations
from hub.share.reversals import is_booked, taken_back

WAITING = (AdviceState.OPEN, AdviceState.AWAITED, AdviceState.UNCLEAR)
BEFOREHAND = ("PDNG", "FUTR")
GONE = (ReceiptMatch.REVERSED, ReceiptMatch.DOUBLE, ReceiptMatch.VOID)


def settle_advices(connection: Connection, held_by: Owners, now: datetime) -> None:
    """Looks again at what is not settled: pending money that came in, reversals whose receipt is known.

    A reversal that fits no receipt, or several, is unclear: a person says which.
    """
    waiting = select(ForexAdvice.__table__).where(ForexAdvice.state.in_(WAITING)).order_by(ForexAdvice.id)
    for advice in connection.execute(waiting).all():
        state = _settle(connection, advice, now)
        owner = held_by.of(advice)
        connection.execute(
            update(ForexAdvice)
            .where(ForexAdvice.id == advice.id)
            .values(state=state, enterprise_id=owner.id if owner else advice.enterprise_id)
        )


def takes_back(advice: Row[Any]) -> bool:
    """Whether it is booked and takes back a credit, or the taking back of one."""
    return bool(advice.status == "BOOK" and advice.reversal)


def _settle(connection: Connection, advice: Row[Any], now: datetime) -> AdviceState:
    if takes_back(advice):
        found = taken_back(advice, _candidates(connection, advice))
        if found:
            carry_out(connection, advice, [one.id for one in found], now)
        # what takes back a debit of our own brings nothing that we had not
        return (
            AdviceState.SETTLED if found else (AdviceState.UNCLEAR if advice.direction == "DBIT" else AdviceState.NOTED)
        )
    if advice.status in BEFOREHAND and advice.direction == "CRDT" and not advice.reversal:
        booked = any(is_booked(advice, one) for one in _since(connection, advice))
        return AdviceState.SETTLED if booked else AdviceState.AWAITED
    return AdviceState.NOTED


def carry_out(connection: Connection, advice: Row[Any], receipt_ids: Sequence[int], now: datetime) -> list[int]:
    """These receipts were taken back, and are for no trade any more; or that was, and they are open again.

    The ids of the trades that owe again.
    """
    trades: list[int] = []
    if advice.direction == "DBIT":
        trades = undo_allocations(connection, receipt_ids, now)
        became = {"match": ReceiptMatch.REVERSED, "reversed_at": advice.booked_at or now, "reversed_by": advice.id}
    else:
        became = {"match": ReceiptMatch.OPEN, "reversed_at": None, "reversed_by": None}
    connection.execute(update(ForexReceipt).where(ForexReceipt.id.in_(receipt_ids)).values(**became))
    return trades


def eligible(advice: Row[Any]) -> ColumnElement[bool]:
    """Receipts that may be what it takes back: of its account, and not gone already; or gone, where it brings back."""
    of_account = (
        ForexReceipt.source == advice.source,
        ForexReceipt.account == advice.account,
        ForexReceipt.currency == advice.currency,
    )
    if advice.direction == "DBIT":
        return and_(*of_account, ForexReceipt.match.not_in(GONE))
    return and_(*of_account, ForexReceipt.match == ReceiptMatch.REVERSED)


def set_doubles_aside(connection: Connection) -> None:
    """An entry that was told once as a whole and once by its transactions counts once.

    The transactions say more and are kept, unless the whole was matched before they were known.
    """
    fresh = select(ForexReceipt.entry_key).where(ForexReceipt.match == ReceiptMatch.OPEN)
    told = select(
        ForexReceipt.id, ForexReceipt.source, ForexReceipt.source_id, ForexReceipt.entry_key, ForexReceipt.match
    ).where(ForexReceipt.entry_key.in_(fresh), ForexReceipt.match.not_in(GONE))
    entries: dict[tuple[str, str], list[Any]] = {}
    for row in connection.execute(told):
        entries.setdefault((row.source, row.entry_key), []).append(row)
    doubles: list[int] = []
    for (_, key), rows in entries.items():
        whole, parts = ([one for one in rows if (one.source_id == key) is said] for said in (True, False))
        if whole and parts:
            kept = whole[0].match == ReceiptMatch.MATCHED
            doubles += [one.id for one in (parts if kept else whole) if one.match != ReceiptMatch.MATCHED]
    connection.execute(
        update(ForexReceipt).where(ForexReceipt.id.in_(doubles)).values(match=ReceiptMatch.DOUBLE, candidates=None)
    )


def _since(connection: Connection, advice: Row[Any]) -> Sequence[Row[Any]]:
    """Receipts of the account that the bank has told of since it told of the money beforehand."""
    later = ForexReceipt.account == advice.account, ForexReceipt.as_of >= advice.as_of
    return connection.execute(select(ForexReceipt.__table__).where(*later, ForexReceipt.source == advice.source)).all()


def _candidates(connection: Connection, advice: Row[Any]) -> Sequence[Row[Any]]:
    """Those eligible that have the amount, or stand in an entry that adds up to it."""
    may_be = eligible(advice)
    entries = (
        select(ForexReceipt.entry_key)
        .where(may_be)
        .group_by(ForexReceipt.entry_key)
        .having(func.sum(ForexReceipt.amount) == advice.amount)
    )
    fits = or_(ForexReceipt.amount == advice.amount, ForexReceipt.entry_key.in_(entries))
    return connection.execute(select(ForexReceipt.__table__).where(may_be, fits)).all()
