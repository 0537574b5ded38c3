"""What follows from what banks say of money that is not money in; and money that they told of in two ways."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from hub.model import BankAdvice, Remittance
from hub.model.row_states import AdviceState, RemittanceMatch
from hub.money.accounts import Owners
from hub.money.allocations import undo_allocations
from hub.money.reversals import credits_taken_back, is_booked

WAITING = (AdviceState.OPEN, AdviceState.AWAITED, AdviceState.UNCLEAR)
BEFOREHAND = ("PDNG", "FUTR")
GONE = (RemittanceMatch.REVERSED, RemittanceMatch.DOUBLE, RemittanceMatch.VOID)


def settle_advices(connection: Connection, held_by: Owners, now: datetime) -> None:
    """Looks again at what is not settled: pending money that came in, reversals whose remittance is known.

    A reversal that fits no remittance, or several, is unclear: a person says which.
    """
    waiting = select(BankAdvice.__table__).where(BankAdvice.state.in_(WAITING)).order_by(BankAdvice.id)
    for advice in connection.execute(waiting).all():
        state = _settle(connection, advice, now)
        owner = held_by.of(advice)
        connection.execute(
            update(BankAdvice)
            .where(BankAdvice.id == advice.id)
            .values(state=state, enterprise_id=owner.id if owner else advice.enterprise_id)
        )


def takes_back(advice: Row[Any]) -> bool:
    """Whether it is booked and takes back a credit, or the taking back of one."""
    return bool(advice.status == "BOOK" and advice.reversal)


def _settle(connection: Connection, advice: Row[Any], now: datetime) -> AdviceState:
    if takes_back(advice):
        found = credits_taken_back(advice, _candidates(connection, advice))
        if found:
            carry_out_advice(connection, advice, [one.id for one in found], now)
        # what takes back a debit of our own brings nothing that we had not
        return (
            AdviceState.SETTLED if found else (AdviceState.UNCLEAR if advice.direction == "DBIT" else AdviceState.NOTED)
        )
    if advice.status in BEFOREHAND and advice.direction == "CRDT" and not advice.reversal:
        booked = any(is_booked(advice, one) for one in _since(connection, advice))
        return AdviceState.SETTLED if booked else AdviceState.AWAITED
    return AdviceState.NOTED


def carry_out_advice(
    connection: Connection, advice: Row[Any], remittance_ids: Sequence[int], now: datetime
) -> list[int]:
    """These remittances were taken back, and are for no trade any more; or that was, and they are open again.

    The ids of the trades that owe again.
    """
    trades: list[int] = []
    if advice.direction == "DBIT":
        trades = undo_allocations(connection, remittance_ids, now)
        became = {"match": RemittanceMatch.REVERSED, "reversed_at": advice.booked_at or now, "reversed_by": advice.id}
    else:
        became = {"match": RemittanceMatch.OPEN, "reversed_at": None, "reversed_by": None}
    connection.execute(update(Remittance).where(Remittance.id.in_(remittance_ids)).values(**became))
    return trades


def eligible(advice: Row[Any]) -> ColumnElement[bool]:
    """Remittances that may be what it takes back: of its account, and not gone; or gone, where it brings back."""
    of_account = (
        Remittance.source == advice.source,
        Remittance.account == advice.account,
        Remittance.currency == advice.currency,
    )
    if advice.direction == "DBIT":
        return and_(*of_account, Remittance.match.not_in(GONE))
    return and_(*of_account, Remittance.match == RemittanceMatch.REVERSED)


def set_doubles_aside(connection: Connection) -> None:
    """An entry that was told once as a whole and once by its transactions counts once.

    The transactions say more and are kept, unless the whole was matched before they were known.
    """
    fresh = select(Remittance.entry_key).where(Remittance.match == RemittanceMatch.OPEN)
    told = select(Remittance.id, Remittance.source, Remittance.source_id, Remittance.entry_key, Remittance.match).where(
        Remittance.entry_key.in_(fresh), Remittance.match.not_in(GONE)
    )
    entries: dict[tuple[str, str], list[Any]] = {}
    for row in connection.execute(told):
        entries.setdefault((row.source, row.entry_key), []).append(row)
    doubles: list[int] = []
    for (_, key), rows in entries.items():
        whole, parts = ([one for one in rows if (one.source_id == key) is said] for said in (True, False))
        if whole and parts:
            kept = whole[0].match == RemittanceMatch.MATCHED
            doubles += [one.id for one in (parts if kept else whole) if one.match != RemittanceMatch.MATCHED]
    connection.execute(
        update(Remittance).where(Remittance.id.in_(doubles)).values(match=RemittanceMatch.DOUBLE, candidates=None)
    )


def _since(connection: Connection, advice: Row[Any]) -> Sequence[Row[Any]]:
    """Remittances of the account that the bank has told of since it told of the money beforehand."""
    later = Remittance.account == advice.account, Remittance.as_of >= advice.as_of
    return connection.execute(select(Remittance.__table__).where(*later, Remittance.source == advice.source)).all()


def _candidates(connection: Connection, advice: Row[Any]) -> Sequence[Row[Any]]:
    """Those eligible that have the amount, or stand in an entry that adds up to it."""
    may_be = eligible(advice)
    entries = (
        select(Remittance.entry_key)
        .where(may_be)
        .group_by(Remittance.entry_key)
        .having(func.sum(Remittance.amount) == advice.amount)
    )
    fits = or_(Remittance.amount == advice.amount, Remittance.entry_key.in_(entries))
    return connection.execute(select(Remittance.__table__).where(may_be, fits)).all()
