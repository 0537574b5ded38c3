"""Money in, tied to the trade it pays: exact or not at all; what is unclear waits for a person."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from connectors.sdk.moments import BEIJING
from hub.model import Enterprise, ForexReceipt, Trade
from hub.share.advance import touch
from hub.share.series import allot


class Owner(NamedTuple):
    """The enterprise that a bank account belongs to."""

    id: int
    uscc: str
    bank_code: str


def match_receipts(connection: Connection, now: datetime) -> int:
    """Matches open receipts; returns how many. A receipt fits a trade of the account's owner when the remittance names
    its order or its number and the amount that was sent equals what the buyer owes.
    """
    receipts = connection.execute(select(ForexReceipt.__table__).where(ForexReceipt.match == "open")).all()
    owners = _owners(connection) if receipts else {}
    matched = 0
    for receipt in receipts:
        columns: dict[str, Any] = {"match": "unclear"}
        owner = owners.get(receipt.account)
        trade = _named_trade(connection, owner, receipt) if owner else None
        if owner and trade and (trade.currency, trade.total) == (receipt.currency, _sent(receipt)):
            columns = {
                "match": "matched",
                "matched_at": now,
                "trade_id": trade.id,
                "enterprise_id": owner.id,
                "report_number": _report_number(connection, owner, receipt),
            }
            touch(connection, [trade.id])
            matched += 1
        connection.execute(update(ForexReceipt).where(ForexReceipt.id == receipt.id).values(**columns))
    return matched


def _sent(receipt: Any) -> Decimal:
    """What the payer sent, before the banks took their fees."""
    return Decimal(receipt.instructed_amount or receipt.amount + (receipt.charges or 0))


def _owners(connection: Connection) -> dict[str, Owner]:
    owners = {}
    for row in connection.execute(select(Enterprise.id, Enterprise.uscc, Enterprise.partners)):
        bank = row.partners.get("bank") or {}
        if bank.get("account"):
            owners[bank["account"]] = Owner(row.id, row.uscc, bank["code"])
    return owners


def _named_trade(connection: Connection, owner: Owner, receipt: Any) -> Any | None:
    """The one trade whose order number or number stands in the remittance; None where there is none or several."""
    words = {word.strip(",.;:/()[]") for word in f"{receipt.remittance} {receipt.end_to_end_id or ''}".split()}
    named = connection.execute(
        select(Trade.id, Trade.currency, Trade.total)
        .where(Trade.enterprise_id == owner.id)
        .where(Trade.order_number.in_(words) | Trade.number.in_(words))
    ).all()
    return named[0] if len(named) == 1 else None


def _report_number(connection: Connection, owner: Owner, receipt: Any) -> str:
    """RPTNO, 22 characters: region (6) + bank (4) + order (2) + yymmdd + N and a serial of the day."""
    prefix = f"{owner.uscc[2:8]}{owner.bank_code}01{receipt.booked_at.astimezone(BEIJING):%y%m%d}"
    return f"{prefix}N{allot(connection, f'rptno/{prefix}', 1):03d}"
