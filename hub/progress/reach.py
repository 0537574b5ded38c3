"""Which trades something may follow for from rows that an authority told, noun by noun."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from hub.model import (
    BasicInformation,
    Document,
    ExchangeRate,
    GoodsLine,
    PaperVersion,
    Remittance,
    RemittanceAllocation,
    Trade,
)

Rows = Sequence[Mapping[str, Any]]
CHUNK = 500
US_DOLLAR = "USD"  # values are declared in it, whatever a trade is in


def trades_reached(connection: Connection, noun: str, rows: Rows) -> set[int]:
    """Ids of the trades: those that the rows are about, and those whose papers or money are worked out with them."""
    return REACH[noun](connection, rows) if noun in REACH else {row["trade_id"] for row in rows if row.get("trade_id")}


def sharing_remittances(connection: Connection, trade_ids: Collection[int]) -> set[int]:
    """Trades that a remittance pays which also pays one of these: its declaration follows from all of them."""
    ids, found = sorted(trade_ids), set[int]()
    other = aliased(RemittanceAllocation)
    shared = select(other.trade_id).join(
        RemittanceAllocation, RemittanceAllocation.remittance_id == other.remittance_id
    )
    live = shared.where(RemittanceAllocation.undone_at.is_(None), other.undone_at.is_(None))
    for start in range(0, len(ids), CHUNK):
        found.update(connection.scalars(live.where(RemittanceAllocation.trade_id.in_(ids[start : start + CHUNK]))))
    return found


def _by_goods(connection: Connection, rows: Rows) -> set[int]:
    codes, found = sorted({row["hs_code"] for row in rows}), set[int]()
    for start in range(0, len(codes), CHUNK):
        traded = select(GoodsLine.trade_id).where(GoodsLine.hs_code.in_(codes[start : start + CHUNK]))
        found.update(connection.scalars(traded.distinct()))
    return found


def _by_money(connection: Connection, rows: Rows) -> set[int]:
    keys, found = sorted({row["source_id"] for row in rows}), set[int]()
    allocated = select(RemittanceAllocation.trade_id).join(
        Remittance, Remittance.id == RemittanceAllocation.remittance_id
    )
    for start in range(0, len(keys), CHUNK):
        these = Remittance.source == rows[0]["source"], Remittance.source_id.in_(keys[start : start + CHUNK])
        found.update(connection.scalars(allocated.where(*these)))
    return found


def _by_number(connection: Connection, rows: Rows) -> set[int]:
    """Trades that the remittances pay which the bank's numbers are of, or may be of by their reference."""
    found = set[int]()
    paid = select(RemittanceAllocation.trade_id).join(Remittance, Remittance.id == RemittanceAllocation.remittance_id)
    tied = paid.join(BasicInformation, BasicInformation.remittance_id == Remittance.id)
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        of_number = BasicInformation.source_id.in_([row["source_id"] for row in some])
        of_reference = Remittance.bank_reference.in_([row["bank_reference"] for row in some])
        found.update(connection.scalars(tied.where(BasicInformation.source == rows[0]["source"], of_number)))
        found.update(connection.scalars(paid.where(of_reference)))
    return found


def _by_advice(connection: Connection, rows: Rows) -> set[int]:
    """Trades that had the money which it took back."""
    had = (
        select(RemittanceAllocation.trade_id)
        .join(Remittance, Remittance.id == RemittanceAllocation.remittance_id)
        .where(Remittance.reversed_by.in_([row["id"] for row in rows if "id" in row]))
    )
    return set(connection.scalars(had))


def _by_parity(connection: Connection, rows: Rows) -> set[int]:
    """Trades with a paper that was derived, or money that was converted, while this was the newest parity known."""
    found = set[int]()
    for currency, published in {(row["currency"], row["published_at"]) for row in rows}:
        later = ExchangeRate.currency == currency, ExchangeRate.published_at > published
        until = connection.scalar(select(func.min(ExchangeRate.fetched_at)).where(*later))
        derived = (
            select(Document.subject_id)
            .join(PaperVersion, PaperVersion.document_id == Document.id)
            .join(Trade, Trade.id == Document.subject_id)
            .where(PaperVersion.version == Document.version, PaperVersion.derived_at >= published)
            .where(*([] if currency == US_DOLLAR else [Trade.currency == currency]))
            .where(*([PaperVersion.derived_at <= until] if until else []))
        )
        converted = select(RemittanceAllocation.trade_id).where(
            RemittanceAllocation.how == "currency",
            RemittanceAllocation.allocated_at >= published,
            RemittanceAllocation.undone_at.is_(None),
        )
        found.update(connection.scalars(derived.distinct()), connection.scalars(converted))
    return found


REACH: Mapping[str, Callable[[Connection, Rows], set[int]]] = {
    "tariff": _by_goods,
    "refund_rate": _by_goods,
    "exchange_rate": _by_parity,
    "remittance": _by_money,
    "bank_advice": _by_advice,
    "basic_information": _by_number,
    "schedule": lambda connection, rows: set(),
    "warehouse": lambda connection, rows: set(),
}
"""Nouns whose rows are about no paper of ours by themselves; schedules and warehouses are shown, nothing is derived."""
