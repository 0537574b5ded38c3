"""What staff decide of registrations: applications, changes that wait, accounts that two claim, whose a receipt is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from hub.access.audit import record
from hub.access.caller import Caller
from hub.access.meant import find_registered
from hub.entry.applying import REPLACED
from hub.entry.changing import ACCOUNT, end, flat, note, put, standing
from hub.entry.registration import take_account
from hub.errors import HubError, NotFound
from hub.model import (
    AccountClaim,
    AuditEntry,
    BasicInformation,
    Enterprise,
    ForexReceipt,
    Mandate,
    RegistrationChange,
    Trade,
)
from hub.model.states import ChangeState, ClaimState, EnterpriseState, TradeState
from hub.model.turns import take_turn
from hub.share.accounts import await_turn, holder, masked
from hub.share.advance import touch
from hub.share.allocations import ALLOCATING, undo_allocations
from hub.share.receipts import reopen_unclear

ANOTHER_CHOSEN = "another application for this USCC was approved"
OPEN = (EnterpriseState.APPLIED, EnterpriseState.SUSPENDED)
"""An application in one of these states waits for staff."""


class Decision(StrEnum):
    """Of staff on an enterprise, and the state that it is in from then on."""

    APPROVED = EnterpriseState.APPROVED
    REFUSED = EnterpriseState.REFUSED
    SUSPENDED = EnterpriseState.SUSPENDED


class Verdict(StrEnum):
    """Of staff on what was asked of them."""

    APPROVED = "approved"
    REFUSED = "refused"


DECIDABLE = {
    Verdict.APPROVED: (ClaimState.WAITING, ClaimState.FORMER),
    Verdict.REFUSED: (ClaimState.WAITING, ClaimState.FORMER, ClaimState.HELD),
}
"""Claims to accounts that staff can give the account to, or end."""


def decide_on(
    connection: Connection, caller: Caller, uscc: str, decision: Decision, reason: str, now: datetime,
    application: int | None = None,
) -> None:  # fmt: skip
    """Approves, refuses or suspends an enterprise or one of the applications for a USCC.

    Approving an application refuses the others for the USCC. APPLICATION_UNNAMED where several wait and none is named;
    REGISTERED_ALREADY where an enterprise of this USCC was approved before.
    """
    _must_decide(caller, reason)
    chosen = select(Enterprise.__table__).where(Enterprise.uscc == uscc).order_by(Enterprise.id)
    rows = connection.execute(chosen.with_for_update()).all()
    one = _meant(rows, uscc, application)
    _refuse_own(connection, caller, one.id)
    registers = decision is Decision.APPROVED and one.approved_at is None
    if registers:
        if any(row.approved_at for row in rows):
            raise HubError("REGISTERED_ALREADY", value=uscc)
        for other in rows:
            if other.id != one.id and other.state in OPEN:
                _set_state(connection, caller, other, EnterpriseState.REFUSED, ANOTHER_CHOSEN, now)
    _set_state(connection, caller, one, EnterpriseState(decision), reason, now)
    if registers:
        connection.execute(update(Enterprise).where(Enterprise.id == one.id).values(approved_at=now))
        take_account(connection, one.id, one.partners["bank"]["account"], now)


def decide_change(
    connection: Connection, caller: Caller, change_id: int, verdict: Verdict, reason: str, now: datetime
) -> None:
    """Approves or refuses a change to a registration; from then on papers that are not out yet use what was approved.

    CHANGE_DECIDED, CHANGE_OWN, CHANGE_STALE or ACCOUNT_CLAIMED where it cannot be.
    """
    _must_decide(caller, reason)
    chosen = select(RegistrationChange.__table__).where(RegistrationChange.id == change_id)
    change = connection.execute(chosen).one_or_none()
    if change is None:
        raise NotFound("change", change_id)
    standing(connection, change.enterprise_id)  # before the change, as whoever renews comes to them
    change = connection.execute(chosen.with_for_update()).one()
    if change.state != ChangeState.WAITING:
        raise HubError("CHANGE_DECIDED", id=change_id, state=change.state)
    if change.asked_by == caller.name:
        raise HubError("CHANGE_OWN", id=change_id, account=caller.name)
    _refuse_own(connection, caller, change.enterprise_id)
    carry_out(connection, caller, change, verdict, reason, now)


def carry_out(
    connection: Connection, caller: Caller, change: Row[Any], verdict: Verdict, reason: str, now: datetime
) -> None:
    """What a verdict on a waiting change means."""
    row = standing(connection, change.enterprise_id)
    if verdict is Verdict.APPROVED:
        _refuse_stale(change, row)
        refuse_claimed(connection, row.id, change.after.get(ACCOUNT))
        put(connection, row, change.after)
        if change.after.get(ACCOUNT):
            take_account(connection, row.id, change.after[ACCOUNT], now)
        under_way = Trade.enterprise_id == row.id, Trade.state.in_([TradeState.RUNNING, TradeState.ATTENTION])
        touch(connection, connection.scalars(select(Trade.id).where(*under_way)).all())
    end(connection, change.id, ChangeState(verdict), caller, reason, now)
    note(connection, caller, f"registration.{verdict}", row, change.before, change.after, now, reason)


def decide_claim(
    connection: Connection, caller: Caller, claim_id: int, verdict: Verdict, reason: str, now: datetime
) -> None:
    """Gives an account to whoever claims it, or ends a claim to it. What receipts there are stay their owners'."""
    _must_decide(caller, reason)
    account = connection.scalar(select(AccountClaim.account).where(AccountClaim.id == claim_id))
    await_turn(connection, account or "")
    claim = connection.execute(
        select(AccountClaim.__table__).where(AccountClaim.id == claim_id).with_for_update()
    ).one_or_none()
    if claim is None or claim.state not in DECIDABLE[verdict]:
        raise NotFound("claim", claim_id)
    _refuse_own(connection, caller, claim.enterprise_id)
    if verdict is Verdict.APPROVED:
        held = AccountClaim.account == claim.account, AccountClaim.state == ClaimState.HELD
        for other in connection.execute(select(AccountClaim.__table__).where(*held)).all():
            _end_claim(connection, caller, other, ClaimState.ENDED, reason, now)
    _end_claim(
        connection, caller, claim, ClaimState.HELD if verdict is Verdict.APPROVED else ClaimState.ENDED, reason, now
    )
    if verdict is Verdict.APPROVED:
        reopen_unclear(connection, claim.enterprise_id)


def correct_owner(
    connection: Connection, caller: Caller, receipt_id: int, uscc: str, reason: str, now: datetime
) -> None:
    """A receipt is another enterprise's than it was taken for: it is for no trade of the former any more."""
    _must_decide(caller, reason)
    take_turn(connection, ALLOCATING)
    receipt = connection.execute(
        select(ForexReceipt.__table__).where(ForexReceipt.id == receipt_id).with_for_update()
    ).one_or_none()
    if receipt is None:
        raise NotFound("money", receipt_id)
    owner = find_registered(connection, uscc)
    if owner == receipt.enterprise_id:
        raise HubError("NOTHING_CHANGED")
    _refuse_own(connection, caller, owner, receipt.enterprise_id)
    undo_allocations(connection, [receipt_id], now)
    told = {"enterprise_id": owner, "candidates": None, "attention": None}
    connection.execute(update(ForexReceipt).where(ForexReceipt.id == receipt_id).values(**told))
    number = BasicInformation.receipt_id == receipt_id
    connection.execute(update(BasicInformation).where(number).values(enterprise_id=owner))
    before = {"enterprise": connection.scalar(select(Enterprise.uscc).where(Enterprise.id == receipt.enterprise_id))}
    for concerned in {receipt.enterprise_id, owner} - {None}:
        record(
            connection,
            caller,
            "receipt.owner",
            receipt_id,
            now,
            reason=reason,
            before=before,
            after={"enterprise": uscc},
            enterprise_id=concerned,
        )


def refuse_claimed(connection: Connection, enterprise_id: int, account: str | None) -> None:
    """ACCOUNT_CLAIMED where another enterprise holds the account."""
    held_by = holder(connection, account) if account else None
    if account and held_by not in (None, enterprise_id):
        other = connection.execute(select(Enterprise.uscc, Enterprise.name_zh).where(Enterprise.id == held_by)).one()
        raise HubError("ACCOUNT_CLAIMED", account=masked(account), uscc=other.uscc, name=other.name_zh)


def _must_decide(caller: Caller, reason: str) -> None:
    caller.must("approve enterprises")
    if not reason.strip():
        raise HubError("REASON_MISSING")


def _refuse_own(connection: Connection, caller: Caller, *enterprises: int | None) -> None:
    """Whoever applied for an enterprise, or ever acted for it, has somebody else decide on what is its."""
    usccs = select(Enterprise.uscc).where(Enterprise.id.in_(enterprises))
    applied = select(AuditEntry.id).where(
        AuditEntry.action == "enterprise.apply", AuditEntry.subject.in_(usccs), AuditEntry.actor == caller.name
    )
    acted = select(Mandate.id).where(
        Mandate.enterprise_id.in_(enterprises), Mandate.account == caller.name, Mandate.accepted_at.is_not(None)
    )
    if any(connection.scalar(one.limit(1)) is not None for one in (applied, acted)):
        raise HubError("OWN_APPLICATION")


def _meant(rows: Sequence[Row[Any]], uscc: str, application: int | None) -> Row[Any]:
    """The application that is named; else what is registered; else the only application that waits."""
    if application is not None:
        named = [row for row in rows if row.id == application and row.reason != REPLACED]
        if not named:
            raise NotFound("application", application)
        return named[0]
    registered = [row for row in rows if row.approved_at]
    found = registered or [row for row in rows if row.state in OPEN]
    if not found:
        raise NotFound("application" if rows else "enterprise", uscc)
    if len(found) > 1:
        raise HubError("APPLICATION_UNNAMED", uscc=uscc, applications=", ".join(str(row.id) for row in found))
    return found[0]


def _set_state(
    connection: Connection, caller: Caller, row: Row[Any], state: EnterpriseState, reason: str, now: datetime
) -> None:
    became = {"state": state, "reason": reason.strip()}
    connection.execute(update(Enterprise).where(Enterprise.id == row.id).values(**became))
    record(
        connection, caller, f"enterprise.{state}", row.uscc, now, reason=reason,
        before={"state": row.state, "application": row.id}, after={"state": state}, enterprise_id=row.id,
    )  # fmt: skip


def _end_claim(
    connection: Connection, caller: Caller, claim: Row[Any], state: ClaimState, reason: str, now: datetime
) -> None:
    became = {"state": state, "decided_by": caller.name, "decided_at": now, "reason": reason.strip()}
    connection.execute(update(AccountClaim).where(AccountClaim.id == claim.id).values(**became))
    record(
        connection, caller, f"account.{state}", masked(claim.account), now, reason=reason,
        before={"claimState": claim.state, "claim": claim.id}, after={"claimState": state},
        enterprise_id=claim.enterprise_id,
    )  # fmt: skip


def _refuse_stale(change: Row[Any], row: Row[Any]) -> None:
    stands = flat(row._mapping)
    if moved := [path for path, value in change.before.items() if stands.get(path) != value]:
        raise HubError("CHANGE_STALE", id=change.id, fields=", ".join(sorted(moved)))
