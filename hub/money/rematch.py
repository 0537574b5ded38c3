"""Remittances that are told otherwise than before: what they were matched to follows, and persons are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, or_, select, update

from hub.model import BankAdvice, BasicInformation, Remittance, RemittanceAllocation, Trade
from hub.model.row_states import AdviceState, RemittanceMatch, TradeState
from hub.money.allocations import undo_allocations
from hub.money.match import sent_of
from hub.money.remittances import HUB

CHUNK = 500
TAKEN_BACK = ""
"""The digest of a row that its message, read again, does not tell of any more, but that others refer to."""
MATCHED_BY = (
    "account", "amount", "currency", "instructed_amount", "charges", "charges_currency", "remittance_information",
    "end_to_end_id", "entry_key",
)  # fmt: skip
"""What decides for which trades a remittance is."""
CANDIDATES_BY = (*MATCHED_BY, "payer")
"""What decides for which trades one may be that is not matched."""
NUMBERED_BY = ("account", "amount", "currency", "bank_reference")
"""What decides which number of the bank a remittance has, whoever matched it."""
SETTLED_BY = ("account", "amount", "currency", "status", "direction", "reversal", "bank_reference", "identifiers")
"""What decides which remittances an advice takes back."""


def told_before(connection: Connection, source: str, noun: str, keys: Sequence[str]) -> list[Row[Any]]:
    """Rows about money that are known, as they stand before others take their place; none of any other noun."""
    if noun not in CORRECT:
        return []
    table = Remittance if noun == Remittance.__tablename__ else BankAdvice
    chosen = select(table.__table__).where(table.source == source)
    return [row for some in _chunks(keys) for row in connection.execute(chosen.where(table.source_id.in_(some)))]


def correct_remittances(connection: Connection, noun: str, before: Sequence[Row[Any]], now: datetime) -> None:
    """These rows were told otherwise than before: what the hub made of them is undone, and looked at again."""
    for some in _chunks(before):
        CORRECT[noun](connection, some, now)


def take_back(connection: Connection, noun: str, ids: Sequence[int], now: datetime) -> None:
    """The bank's message, read again, does not tell of these any more."""
    for some in _chunks(ids):
        TAKE_BACK[noun](connection, some, now)


def _correct_remittances(connection: Connection, before: Sequence[Row[Any]], now: datetime) -> None:
    """What the hub matched them to is undone. What a person decided stays; where it does not fit, that one is asked."""
    told = {row.id: row for row in _remittances(connection, [row.id for row in before])}
    changed = [row for row in before if row.digest == TAKEN_BACK or _is_otherwise(row, told[row.id], _decisive(row))]
    _weigh_again(connection, [row.id for row in before if _is_otherwise(row, told[row.id], NUMBERED_BY)])
    fixed = _open_again(connection, [row.id for row in changed], now)
    for row in changed:
        if row.id in fixed:
            _ask_whether_it_fits(connection, row, told[row.id], fixed[row.id])


def _take_back_remittances(connection: Connection, remittance_ids: Sequence[int], now: datetime) -> None:
    """They are void, and for no trade; one that was for no trade and nobody's at all is forgotten."""
    fixed = _open_again(connection, remittance_ids, now)
    these = Remittance.id.in_(remittance_ids)
    void = {"match": RemittanceMatch.VOID, "candidates": None, "digest": TAKEN_BACK}
    connection.execute(update(Remittance).where(these).values(**void))
    for row in _remittances(connection, list(fixed)):
        _ask(connection, row, {"code": "REMITTANCE_VOID", "was": _money(sent_of(row), row.currency)}, fixed[row.id])
    numbered = update(BasicInformation).where(BasicInformation.remittance_id.in_(remittance_ids))
    connection.execute(
        numbered.values(remittance_id=None, match=RemittanceMatch.OPEN, matched_at=None, matched_by=None)
    )
    kept = select(RemittanceAllocation.remittance_id).where(RemittanceAllocation.remittance_id.in_(remittance_ids))
    ownerless = Remittance.enterprise_id.is_(None)  # told of again, it is whose it was
    connection.execute(delete(Remittance).where(these, ownerless, Remittance.id.not_in(kept)))


def _correct_advices(connection: Connection, before: Sequence[Row[Any]], now: datetime) -> None:
    """What they took back is money again, until they are settled anew."""
    ids = [row.id for row in before]
    told = {row.id: row for row in connection.execute(select(BankAdvice.__table__).where(BankAdvice.id.in_(ids)))}
    _bring_back(connection, [row.id for row in before if _is_otherwise(row, told[row.id], SETTLED_BY)])


def _take_back_advices(connection: Connection, advice_ids: Sequence[int], now: datetime) -> None:
    _bring_back(connection, advice_ids)
    connection.execute(delete(BankAdvice).where(BankAdvice.id.in_(advice_ids)))


def _bring_back(connection: Connection, advice_ids: Sequence[int]) -> None:
    money = {"match": RemittanceMatch.OPEN, "reversed_at": None, "reversed_by": None}
    connection.execute(update(Remittance).where(Remittance.reversed_by.in_(advice_ids)).values(**money))
    connection.execute(update(BankAdvice).where(BankAdvice.id.in_(advice_ids)).values(state=AdviceState.OPEN))


def _open_again(connection: Connection, remittance_ids: Sequence[int], now: datetime) -> dict[int, list[Row[Any]]]:
    """Remittances are matched anew, but for those that a person matched, or whose trade is cancelled and stays so.

    These are returned, with their allocations. What took a remittance back, what it was the double of, and the number
    that the bank gave it, are looked at again as well.
    """
    fixed: dict[int, list[Row[Any]]] = {}
    live = RemittanceAllocation.remittance_id.in_(remittance_ids), RemittanceAllocation.undone_at.is_(None)
    for row in connection.execute(
        select(RemittanceAllocation.__table__, Trade.state)
        .join(Trade, Trade.id == RemittanceAllocation.trade_id)
        .where(*live)
    ):
        if row.allocated_by != HUB or row.state == TradeState.CANCELLED:
            fixed.setdefault(row.remittance_id, []).append(row)
    free = [remittance_id for remittance_id in remittance_ids if remittance_id not in fixed]
    reversals = select(Remittance.reversed_by).where(Remittance.id.in_(free))
    _bring_back(connection, [one for one in connection.scalars(reversals) if one is not None])
    undo_allocations(connection, free, now)
    _weigh_again(connection, remittance_ids)
    entries = select(Remittance.entry_key).where(Remittance.id.in_(remittance_ids))
    doubles = and_(Remittance.match == RemittanceMatch.DOUBLE, Remittance.entry_key.in_(entries))
    voids = and_(Remittance.match == RemittanceMatch.VOID, Remittance.id.in_(free))
    connection.execute(update(Remittance).where(or_(doubles, voids)).values(match=RemittanceMatch.OPEN))
    return fixed


def leave_unmatched(connection: Connection, remittance: Row[Any]) -> None:
    """A person says that a remittance, asked about anew, is for no trade; one that is void stays that."""
    match = RemittanceMatch.VOID if remittance.digest == TAKEN_BACK else RemittanceMatch.UNCLEAR
    these = update(Remittance).where(Remittance.id == remittance.id)
    connection.execute(these.values(match=match, matched_at=None, attention=None))


def reconsider_converted(connection: Connection, parities: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Parities were told otherwise: what was converted by them since, or is unclear, is matched anew."""
    for currency, since in {(one["currency"], one["published_at"]) for one in parities}:
        converted = (
            select(RemittanceAllocation.remittance_id)
            .join(Remittance, Remittance.id == RemittanceAllocation.remittance_id)
            .join(Trade, Trade.id == RemittanceAllocation.trade_id)
            .where(RemittanceAllocation.undone_at.is_(None), RemittanceAllocation.how == "currency")
            .where(RemittanceAllocation.allocated_at >= since)
            .where(or_(Remittance.currency == currency, Trade.currency == currency))
        )
        unclear = select(Remittance.id).where(
            Remittance.match == RemittanceMatch.UNCLEAR,
            Remittance.attention.is_(None),
        )
        for some in _chunks([*connection.scalars(converted), *connection.scalars(unclear)]):
            _open_again(connection, some, now)


def _weigh_again(connection: Connection, remittance_ids: Sequence[int]) -> None:
    """Whether the numbers that the bank gave these remittances are theirs is looked at again."""
    these = BasicInformation.remittance_id.in_(remittance_ids)
    connection.execute(update(BasicInformation).where(these).values(weighed=None))


def _decisive(remittance: Row[Any]) -> Sequence[str]:
    return MATCHED_BY if remittance.match == RemittanceMatch.MATCHED else CANDIDATES_BY


def _is_otherwise(before: Row[Any], told: Row[Any], names: Sequence[str]) -> bool:
    return any(getattr(before, name) != getattr(told, name) for name in names)


def _remittances(connection: Connection, remittance_ids: Sequence[int]) -> Sequence[Row[Any]]:
    return connection.execute(select(Remittance.__table__).where(Remittance.id.in_(remittance_ids))).all()


def _ask_whether_it_fits(connection: Connection, was: Row[Any], told: Row[Any], shares: Sequence[Row[Any]]) -> None:
    """What a person decided of another amount stands where it adds up all the same, or was decided of this one."""
    decided_in = (was.attention or {}).get("currency", was.currency)
    unchanged = (sent_of(was), was.currency, was.account) == (sent_of(told), told.currency, told.account)
    if (_total(shares), decided_in) == (sent_of(told), told.currency) or (unchanged and was.digest == TAKEN_BACK):
        stands = {"match": RemittanceMatch.MATCHED, "attention": None}
        connection.execute(update(Remittance).where(Remittance.id == told.id).values(**stands))
    elif not unchanged:
        words = {"was": _money(sent_of(was), decided_in), "now": _money(sent_of(told), told.currency)}
        _ask(connection, told, {"code": "REMITTANCE_CORRECTED", "currency": decided_in, **words}, shares)


def _ask(connection: Connection, remittance: Row[Any], why: Mapping[str, Any], shares: Sequence[Row[Any]]) -> None:
    asked = dict(why) | {"allocated": _money(_total(shares), why.get("currency", remittance.currency))}
    asks = {"match": RemittanceMatch.UNCLEAR, "attention": asked}
    connection.execute(update(Remittance).where(Remittance.id == remittance.id).values(**asks))


def _total(shares: Sequence[Row[Any]]) -> Decimal:
    return sum((share.amount for share in shares), Decimal(0))


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount.normalize():f} {currency}"


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


CORRECT: Mapping[str, Callable[[Connection, Sequence[Row[Any]], datetime], None]] = {
    Remittance.__tablename__: _correct_remittances,
    BankAdvice.__tablename__: _correct_advices,
}
TAKE_BACK: Mapping[str, Callable[[Connection, Sequence[int], datetime], None]] = {
    Remittance.__tablename__: _take_back_remittances,
    BankAdvice.__tablename__: _take_back_advices,
}
