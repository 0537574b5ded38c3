"""A person says which receipts a reversal takes back, and that a paper was deleted whose receipt was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select, update

from connectors.sdk.states import State
from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import record
from hub.access.caller import Caller
from hub.access.meant import refusal, require
from hub.access.visibility import visible
from hub.errors import HubError, NotFound
from hub.model import Document, ForexAdvice, ForexReceipt, Trade
from hub.model.states import AdviceState
from hub.model.turns import take_turn
from hub.share.advance import advance
from hub.share.advices import carry_out, eligible
from hub.share.allocations import ALLOCATING
from hub.share.desk import Desk
from hub.share.occasions import RECEIPT_UNDONE

MOST_RECEIPTS = 100


def settle_by_person(
    connection: Connection, desk: Desk, caller: Caller, advice_id: int, receipt_ids: Sequence[int], reason: str
) -> None:
    """These receipts are what an unclear reversal takes back; none where it takes back nothing that the hub has.

    REVERSAL_DIFFERS where they are of another account or currency, were taken back, or do not add up to it. Staff, and
    whoever names none, give a reason.
    """
    caller.must("match receipts")
    if (caller.is_staff or not receipt_ids) and not reason.strip():
        raise HubError("REASON_MISSING")
    if len(receipt_ids) > MOST_RECEIPTS:
        raise HubError("QUERY_TOO_LARGE", measure="receipts at once", measured=len(receipt_ids), limit=MOST_RECEIPTS)
    take_turn(connection, ALLOCATING)
    now = desk.now()
    advice = connection.execute(
        select(ForexAdvice.__table__).where(ForexAdvice.id == advice_id, visible(ForexAdvice, caller)).with_for_update()
    ).one_or_none()
    if advice is None:
        raise refusal(connection, caller, Act.MONEY, ForexAdvice, advice_id, NotFound("advice", advice_id))
    must_act(connection, caller, advice.enterprise_id)
    if advice.state != AdviceState.UNCLEAR:
        raise HubError("ADVICE_SETTLED", state=advice.state)
    if receipt_ids:
        _refuse_others(connection, caller, advice, receipt_ids)
        trades = carry_out(connection, advice, receipt_ids, now)
        advance(connection, trades, desk)
    became = AdviceState.SETTLED if receipt_ids else AdviceState.NOTED
    connection.execute(update(ForexAdvice).where(ForexAdvice.id == advice_id).values(state=became))
    record(
        connection, caller, "advice.settle", advice_id, now, reason=reason, before={"receipts": list(receipt_ids)},
        enterprise_id=advice.enterprise_id,
    )  # fmt: skip


def drop_paper(connection: Connection, desk: Desk, caller: Caller, number: str, reason: str) -> None:
    """A paper that asks because its receipt was taken back was deleted at the authority, or does no harm there.

    PAPER_STANDS where it does not ask for that.
    """
    caller.must("match receipts")
    if not reason.strip():
        raise HubError("REASON_MISSING")
    document = connection.execute(
        select(Document.__table__, Trade.enterprise_id)
        .join(Trade, Trade.id == Document.trade_id)
        .where(Document.number == number, visible(Document, caller))
        .with_for_update(of=Document)
    ).one_or_none()
    missing = NotFound("paper", number)
    if document is None:
        raise missing
    require(connection, caller, Act.AMEND, document.enterprise_id, missing)
    must_act(connection, caller, document.enterprise_id)
    if (document.attention or {}).get("code") != RECEIPT_UNDONE:
        raise HubError("PAPER_STANDS", number=number)
    now = desk.now()
    connection.execute(
        update(Document)
        .where(Document.id == document.id)
        .values(state=State.CANCELLED, state_since=now, attention=None, attention_since=None, taken=False)
    )
    advance(connection, [document.trade_id], desk)
    record(
        connection, caller, "paper.drop", number, now, reason=reason, before={"state": document.state},
        enterprise_id=document.enterprise_id,
    )  # fmt: skip


def _refuse_others(connection: Connection, caller: Caller, advice: Any, receipt_ids: Sequence[int]) -> None:
    chosen = connection.execute(
        select(ForexReceipt.id, ForexReceipt.amount)
        .where(ForexReceipt.id.in_(receipt_ids), visible(ForexReceipt, caller), eligible(advice))
    ).all()  # fmt: skip
    total = sum((one.amount for one in chosen), Decimal(0))
    if len(chosen) != len(set(receipt_ids)) or total != advice.amount:
        raise HubError(
            "REVERSAL_DIFFERS", value=f"{total:f} {advice.currency}", amount=f"{advice.amount:f} {advice.currency}"
        )
