"""A person says which remittances a reversal takes back, and that the paper of one taken back was deleted."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select, update

from connectors.sdk.states import State
from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import write_audit
from hub.access.caller import Caller
from hub.access.meant import refusal, require
from hub.access.visibility import visible
from hub.errors import HubError, NotFound
from hub.model import BankAdvice, Document, Remittance, Trade
from hub.model.row_states import AdviceState
from hub.model.turns import take_turn
from hub.money.advices import carry_out_advice, eligible
from hub.money.allocations import ALLOCATING
from hub.papers.desk import Desk
from hub.papers.occasions import REMITTANCE_UNDONE
from hub.progress.advance import advance

MOST_REMITTANCES = 100


def settle_by_person(
    connection: Connection, desk: Desk, caller: Caller, advice_id: int, remittance_ids: Sequence[int], reason: str
) -> None:
    """These remittances are what an unclear reversal takes back; none where it takes back nothing that the hub has.

    REVERSAL_DIFFERS where they are of another account or currency, were taken back, or do not add up to it. Staff, and
    whoever names none, give a reason.
    """
    caller.must("match remittances")
    if (caller.is_staff or not remittance_ids) and not reason.strip():
        raise HubError("REASON_MISSING")
    if len(remittance_ids) > MOST_REMITTANCES:
        raise HubError(
            "QUERY_TOO_LARGE", measure="remittances at once", measured=len(remittance_ids), limit=MOST_REMITTANCES
        )
    take_turn(connection, ALLOCATING)
    now = desk.now()
    advice = connection.execute(
        select(BankAdvice.__table__).where(BankAdvice.id == advice_id, visible(BankAdvice, caller)).with_for_update()
    ).one_or_none()
    if advice is None:
        raise refusal(connection, caller, Act.MONEY, BankAdvice, advice_id, NotFound("advice", advice_id))
    must_act(connection, caller, advice.enterprise_id)
    if advice.state != AdviceState.UNCLEAR:
        raise HubError("ADVICE_SETTLED", state=advice.state)
    if remittance_ids:
        _refuse_others(connection, caller, advice, remittance_ids)
        trades = carry_out_advice(connection, advice, remittance_ids, now)
        advance(connection, trades, desk)
    became = AdviceState.SETTLED if remittance_ids else AdviceState.NOTED
    connection.execute(update(BankAdvice).where(BankAdvice.id == advice_id).values(state=became))
    write_audit(
        connection,
        caller,
        "advice.settle",
        advice_id,
        now,
        reason=reason,
        before={"remittances": list(remittance_ids)},
        enterprise_id=advice.enterprise_id,
    )


def drop_paper(connection: Connection, desk: Desk, caller: Caller, number: str, reason: str) -> None:
    """A paper that asks because its remittance was taken back was deleted at the authority, or does no harm there.

    PAPER_STANDS where it does not ask for that.
    """
    caller.must("match remittances")
    if not reason.strip():
        raise HubError("REASON_MISSING")
    document = connection.execute(
        select(Document.__table__, Trade.enterprise_id)
        .join(Trade, Trade.id == Document.subject_id)
        .where(Document.number == number, visible(Document, caller))
        .with_for_update(of=Document)
    ).one_or_none()
    missing = NotFound("paper", number)
    if document is None:
        raise missing
    require(connection, caller, Act.AMEND, document.enterprise_id, missing)
    must_act(connection, caller, document.enterprise_id)
    if (document.attention or {}).get("code") != REMITTANCE_UNDONE:
        raise HubError("PAPER_STANDS", number=number)
    now = desk.now()
    connection.execute(
        update(Document)
        .where(Document.id == document.id)
        .values(state=State.CANCELLED, state_since=now, attention=None, attention_since=None, taken=False)
    )
    advance(connection, [document.subject_id], desk)
    write_audit(
        connection, caller, "paper.drop", number, now, reason=reason, before={"state": document.state},
        enterprise_id=document.enterprise_id,
    )  # fmt: skip


def _refuse_others(connection: Connection, caller: Caller, advice: Any, remittance_ids: Sequence[int]) -> None:
    chosen = connection.execute(
        select(Remittance.id, Remittance.amount)
        .where(Remittance.id.in_(remittance_ids), visible(Remittance, caller), eligible(advice))
    ).all()  # fmt: skip
    total = sum((one.amount for one in chosen), Decimal(0))
    if len(chosen) != len(set(remittance_ids)) or total != advice.amount:
        raise HubError(
            "REVERSAL_DIFFERS", value=f"{total:f} {advice.currency}", amount=f"{advice.amount:f} {advice.currency}"
        )
