"""A person says for which trades an unclear receipt of money is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields
from sqlalchemy import Connection, Row, select

from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import record
from hub.access.caller import Caller
from hub.access.meant import refusal
from hub.access.visibility import visible
from hub.entry.read import problems_of
from hub.entry.schema import Strict
from hub.entry.values import Number, Words
from hub.errors import EntryProblem, EntryRefused, HubError, NotFound
from hub.model import Enterprise, ForexReceipt, Trade
from hub.model.states import ReceiptMatch
from hub.model.turns import take_turn
from hub.share.accounts import Owner
from hub.share.advices import GONE
from hub.share.allocations import ALLOCATING, undo_allocations
from hub.share.match import Allocation, Owed, sent_of
from hub.share.receipts import allocate, owed
from hub.share.rematch import TAKEN_BACK, leave_unmatched

MOST_SHARES = 100


class Share(Strict):
    """So much of the receipt is for this trade; `covers`, in its currency, may be left out if it is the same."""

    trade = Words(17, required=True)
    amount = Number(decimals=3, above=True, required=True)
    covers = Number(decimals=3, above=True, load_default=None, allow_none=True)


class Shares(Strict):
    shares = fields.List(fields.Nested(Share), required=True)


SHARE, SHARES = Share(), Shares()


@dataclass(frozen=True, slots=True)
class _Case:
    """The receipt, whose it is, and what is owed to that enterprise."""

    receipt: Row[Any]
    owner: Owner
    owed: Mapping[str, Owed]


def match_by_person(
    connection: Connection, caller: Caller, receipt_id: int, typed: Sequence[Any], reason: str, now: datetime
) -> None:
    """Ties a receipt to trades, whatever matching thought of it. What is left over of it is for no trade.

    One that a person had matched, and was asked about since, is decided anew: it may then be for no trade at all.

    EntryRefused lists what is wrong with the shares; staff give a reason.
    """
    caller.must("match receipts")
    if caller.is_staff and not reason.strip():
        raise HubError("REASON_MISSING")
    try:
        shares: list[dict[str, Any]] = SHARES.load({"shares": list(typed)})["shares"]
    except ValidationError as error:
        raise EntryRefused(problems_of(error, SHARES)) from None
    take_turn(connection, ALLOCATING)
    case = _case(connection, caller, receipt_id, shares, now)
    problems = list(_problems(case, shares))
    if problems:
        raise EntryRefused(problems)
    if shares:
        allocations = [_allocation(case.owed[share["trade"]], share) for share in shares]
        allocate(connection, case.owner, case.receipt, allocations, caller.name, now)
    else:
        leave_unmatched(connection, case.receipt)
    record(
        connection, caller, "receipt.match", receipt_id, now, reason=reason, before={"match": case.receipt.match},
        enterprise_id=case.owner.id,
    )  # fmt: skip


def _case(
    connection: Connection, caller: Caller, receipt_id: int, shares: Sequence[Mapping[str, Any]], now: datetime
) -> _Case:
    receipt = connection.execute(
        select(ForexReceipt.__table__)
        .where(ForexReceipt.id == receipt_id, visible(ForexReceipt, caller))
        .with_for_update()
    ).one_or_none()
    if receipt is None:
        raise refusal(connection, caller, Act.MONEY, ForexReceipt, receipt_id, NotFound("money", receipt_id))
    must_act(connection, caller, receipt.enterprise_id)
    if receipt.match == ReceiptMatch.MATCHED:
        raise HubError("RECEIPT_MATCHED", at=receipt.matched_at.isoformat(timespec="minutes"))
    if receipt.match in GONE:
        raise HubError("RECEIPT_GONE", match=receipt.match)
    if receipt.attention:
        undo_allocations(connection, [receipt_id], now)
    enterprise_id = receipt.enterprise_id
    if enterprise_id is None and shares:  # paid to an account that no registration names: the trade says whose it is
        enterprise_id = connection.scalar(select(Trade.enterprise_id).where(Trade.number == shares[0]["trade"]))
    row = connection.execute(
        select(Enterprise.id, Enterprise.uscc, Enterprise.partners).where(Enterprise.id == enterprise_id)
    ).one_or_none()
    if row is None:
        raise NotFound("enterprise")
    owner = Owner(row.id, row.uscc, row.partners["bank"]["code"])
    numbers = [share["trade"] for share in shares[:MOST_SHARES]]
    return _Case(receipt, owner, {one.number: one for one in owed(connection, owner.id, numbers)})


def _problems(case: _Case, shares: Sequence[Mapping[str, Any]]) -> Iterator[EntryProblem]:
    least = 0 if case.receipt.attention else 1
    if not least <= len(shares) <= MOST_SHARES:
        count = {"cause": "count", "least": least, "most": MOST_SHARES, "count": len(shares)}
        yield EntryProblem("shares", "BAD_VALUE", count)
        return
    for place, share in enumerate(shares):
        number = share["trade"]
        if number in [earlier["trade"] for earlier in shares[:place]]:
            yield EntryProblem(f"shares[{place}].trade", "DUPLICATE", {"value": number})
        elif number not in case.owed:
            yield EntryProblem(f"shares[{place}].trade", "ANOTHERS_TRADE", {"number": number})
        else:
            yield from _too_much(case, place, share, case.owed[number])
    total = sum((Decimal(share["amount"]) for share in shares), Decimal(0))
    most = Decimal(0) if case.receipt.digest == TAKEN_BACK else sent_of(case.receipt)
    if total > most:
        yield EntryProblem("shares", "RECEIPT_EXCEEDED", {"value": f"{total:f}", "most": f"{most:f}"})


def _too_much(case: _Case, place: int, share: Mapping[str, Any], one: Owed) -> Iterator[EntryProblem]:
    paid = case.receipt.currency
    if share["covers"] is None and paid != one.currency:
        yield EntryProblem(f"shares[{place}].covers", "COVERS_MISSING", {"paid": paid, "owed": one.currency})
        return
    covers = _covers(share)
    if covers > one.outstanding:
        amounts = {"value": f"{covers:f}", "most": f"{one.outstanding:f}", "number": one.number}
        yield EntryProblem(f"shares[{place}].covers", "OWED_EXCEEDED", amounts)


def _covers(share: Mapping[str, Any]) -> Decimal:
    return Decimal(share["amount"] if share["covers"] is None else share["covers"])


def _allocation(one: Owed, share: Mapping[str, Any]) -> Allocation:
    return Allocation(one, Decimal(share["amount"]), _covers(share), "person", Decimal(1))
