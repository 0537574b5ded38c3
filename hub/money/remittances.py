"""Remittances in the database: matching the open ones, and what a person decides about the unclear ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, or_, select, true, update

from hub.dossiers.dossier import Dossier
from hub.dossiers.rows import rows_of
from hub.model import BankAdvice, ExchangeRate, Remittance, RemittanceAllocation, Trade
from hub.model.row_states import AdviceState, RemittanceMatch
from hub.model.turns import take_turn
from hub.model.upsert import insert_into
from hub.money.accounts import Owner, Owners, owners
from hub.money.advices import set_doubles_aside, settle_advices
from hub.money.allocations import ALLOCATING
from hub.money.basic_information import anything_to_weigh, pair
from hub.money.match import Allocation, Credit, Owed, PaymentDue, match, payment_due, sent_of
from hub.progress.advance import touch

MOST_OWED = 2_000
HUB = "hub"


def anything_open(connection: Connection) -> bool:
    """Whether a remittance, an advice or the bank's basic information was not looked at yet."""
    remittances = select(Remittance.id).where(Remittance.match == RemittanceMatch.OPEN).limit(1)
    advices = select(BankAdvice.id).where(BankAdvice.state == AdviceState.OPEN).limit(1)
    unseen = any(connection.scalar(chosen) is not None for chosen in (remittances, advices))
    return unseen or anything_to_weigh(connection)


def match_remittances(connection: Connection, now: datetime) -> int:
    """Settles advices, matches open remittances and the basic information; returns how many found their trades."""
    take_turn(connection, ALLOCATING)
    held_by = owners(connection)
    _give_to_owners(connection, held_by)
    set_doubles_aside(connection)
    settle_advices(connection, held_by, now)
    matched = _match_open(connection, held_by, now)
    pair(connection, held_by, now)
    return matched


def _match_open(connection: Connection, held_by: Owners, now: datetime) -> int:
    is_open = Remittance.match == RemittanceMatch.OPEN
    remittances = connection.execute(select(Remittance.__table__).where(is_open).order_by(Remittance.id)).all()
    if not remittances:
        return 0
    rates = rows_of(connection, ExchangeRate, true(), ExchangeRate.published_at)
    first, matched = _first_converted(connection), 0
    for remittance in remittances:
        parities = parities_at(rates, first.get(remittance.id))
        owner = held_by.of(remittance)
        found = match(_money(remittance), owed(connection, owner.id), parities) if owner else None
        if owner and found and found.allocations:
            allocate(connection, owner, remittance, found.allocations, HUB, now)
            matched += 1
            continue
        candidates = [one._asdict() | {"score": str(one.score)} for one in found.candidates] if found else []
        waits = remittance.currency not in parities  # the parity may come yet: it is tried again
        connection.execute(
            update(Remittance)
            .where(Remittance.id == remittance.id)
            .values(
                match=RemittanceMatch.OPEN if waits else RemittanceMatch.UNCLEAR,
                candidates=candidates,
                enterprise_id=owner.id if owner else remittance.enterprise_id,
            )
        )
    return matched


def owed(connection: Connection, enterprise_id: int, numbers: Sequence[str] = ()) -> list[Owed]:
    """The trades of an enterprise that money is still expected for, the newest first; with `numbers` these alone."""
    covered = func.coalesce(
        select(func.sum(RemittanceAllocation.covers))
        .where(RemittanceAllocation.trade_id == Trade.id, RemittanceAllocation.undone_at.is_(None))
        .scalar_subquery(),
        0,
    )
    rows = connection.execute(
        select(Trade.id, Trade.number, Trade.order_number, Trade.buyer_name, Trade.currency, Trade.total)
        .where(Trade.enterprise_id == enterprise_id, Trade.state != "cancelled", Trade.total > covered)
        .where(*([Trade.number.in_(numbers)] if numbers else []))
        .order_by(Trade.entered_at.desc())
        .limit(MOST_OWED)
    ).all()
    paid = _covered(connection, [row.id for row in rows])
    return [
        Owed(
            row.id, row.number, row.order_number, row.buyer_name, row.currency, row.total - paid.get(row.id, Decimal(0))
        )
        for row in rows
    ]


def allocate(
    connection: Connection,
    owner: Owner,
    remittance: Row[Any],
    allocations: Sequence[Allocation],
    by: str,
    now: datetime,
) -> None:
    """Writes down for which trades a remittance is, and moves those trades on. What was undone is made again.

    What was converted and is so again keeps the moment, and with it the parity.
    """
    statement = insert_into(connection, RemittanceAllocation)
    changing = ("amount", "covers", "how", "score", "allocated_by", "undone_at")
    converted = and_(RemittanceAllocation.how == "currency", statement.excluded.how == "currency")
    at = case((converted, RemittanceAllocation.allocated_at), else_=statement.excluded.allocated_at)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["remittance_id", "trade_id"],
            set_={name: statement.excluded[name] for name in changing} | {"allocated_at": at},
        ),
        [
            {
                "remittance_id": remittance.id,
                "trade_id": one.owed.trade_id,
                "amount": one.amount,
                "covers": one.covers,
                "how": one.how,
                "score": one.score,
                "allocated_by": by,
                "allocated_at": now,
                "undone_at": None,
            }
            for one in allocations
        ],
    )
    connection.execute(
        update(Remittance)
        .where(Remittance.id == remittance.id)
        .values(
            match=RemittanceMatch.MATCHED,
            matched_at=now,
            enterprise_id=owner.id,
            candidates=None,
            attention=None,
        )
    )
    touch(connection, [one.owed.trade_id for one in allocations])


def reopen_unclear(connection: Connection, enterprise_id: int) -> None:
    """A trade is new or was amended: what came in before it, and was unclear, may be clear now.

    So may be what came in before the account was registered.
    """
    held_by = owners(connection)
    nobodys = select(Remittance.account).where(Remittance.enterprise_id.is_(None)).distinct()
    accounts = [one for one in connection.scalars(nobodys) if one in held_by and held_by[one].id == enterprise_id]
    ownerless = and_(Remittance.enterprise_id.is_(None), Remittance.account.in_(accounts))
    connection.execute(
        update(Remittance)
        .where(or_(Remittance.enterprise_id == enterprise_id, ownerless), Remittance.match == RemittanceMatch.UNCLEAR)
        .where(Remittance.attention.is_(None))  # those a person is asked about, because a person matched them
        .values(match=RemittanceMatch.OPEN)
    )


def payment_due_of(connection: Connection, dossier: Dossier, total: Decimal, now: datetime) -> PaymentDue | None:
    """What is still to come in for a trade; None before it departs."""
    departed_at = dossier.milestones.get("departed")
    if departed_at is None or dossier.trade_id is None:
        return None
    return payment_due(
        departed_at, total, _covered(connection, [dossier.trade_id]).get(dossier.trade_id, Decimal(0)), now
    )


def _give_to_owners(connection: Connection, held_by: Owners) -> None:
    """Open remittances are their owner's, also those that will never be matched."""
    ownerless = Remittance.match == RemittanceMatch.OPEN, Remittance.enterprise_id.is_(None)
    for account in connection.scalars(select(Remittance.account).where(*ownerless).distinct()).all():
        if account in held_by:
            those = *ownerless, Remittance.account == account
            connection.execute(update(Remittance).where(*those).values(enterprise_id=held_by[account].id))


def parities_at(rates: Sequence[ExchangeRate], moment: datetime | None) -> Mapping[str, Decimal]:
    """Yuan for one unit, by the newest parity of each currency; by the newest of a moment, where there was one then.

    `rates` are in the order in which they were published.
    """
    known = [row for row in rates if moment is None or row.published_at <= moment]
    return {"CNY": Decimal(1)} | {row.currency: row.rate / row.unit for row in [*rates, *known]}


def _first_converted(connection: Connection) -> Mapping[int, datetime]:
    """When open remittances were converted, that once were: matched anew, they are worth what they were then."""
    first = func.min(RemittanceAllocation.allocated_at).label("first")
    converted = (
        select(RemittanceAllocation.remittance_id, first)
        .join(Remittance, Remittance.id == RemittanceAllocation.remittance_id)
        .where(Remittance.match == RemittanceMatch.OPEN, RemittanceAllocation.how == "currency")
        .group_by(RemittanceAllocation.remittance_id)
    )
    return {row.remittance_id: row.first for row in connection.execute(converted)}


def _covered(connection: Connection, trade_ids: Sequence[int]) -> dict[int, Decimal]:
    rows = connection.execute(
        select(RemittanceAllocation.trade_id, RemittanceAllocation.covers).where(
            RemittanceAllocation.trade_id.in_(trade_ids), RemittanceAllocation.undone_at.is_(None)
        )
    )
    covered: dict[int, Decimal] = {}
    for row in rows:
        covered[row.trade_id] = covered.get(row.trade_id, Decimal(0)) + row.covers
    return covered


def _money(remittance: Row[Any]) -> Credit:
    remittance_information = f"{remittance.remittance_information} {remittance.end_to_end_id or ''}"
    return Credit(sent_of(remittance), remittance.currency, remittance.payer, remittance_information)
