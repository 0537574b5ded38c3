"""Changes to a registration that wait for staff, old beside new, and accounts that two enterprises claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from sqlalchemy import Row, func, select

from hub.access.acts import Act
from hub.access.caller import MAY
from hub.entry.changing import ACCOUNT, change_shown, flat, waiting_change, written
from hub.model import AccountClaim, Enterprise
from hub.model.row_states import ClaimState, EnterpriseState
from hub.money.accounts import holder, masked
from hub_graphql.context import Context
from hub_graphql.maps import FieldMap, MappedColumn, Worked
from hub_graphql.scalars import DateTime
from hub_graphql.states import CHANGE_STATE, CLAIM_STATE

DECIDING = MAY["approve enterprises"]


class FieldChange(graphene.ObjectType):
    """A field of a registration, old beside new."""

    path = graphene.String(required=True, description="Such as bank.account")
    before = graphene.String(description="As it stood when the change was asked for")
    after = graphene.String(description="As it is to be")


class RegistrationChangeType(graphene.ObjectType):
    """Fields of a registration that wait, or waited, for staff. Until they are approved what stood before counts."""

    class Meta:
        name = "RegistrationChange"

    id = graphene.Int(required=True)
    enterprise = graphene.String(required=True, description="USCC")
    name_zh = graphene.String(required=True, description="The enterprise's name as it is registered")
    asked_by = graphene.String(required=True, description="The account that asked; it cannot decide")
    asked_at = DateTime(required=True)
    fields = graphene.List(graphene.NonNull(FieldChange), required=True)
    state = CHANGE_STATE(required=True)
    conflict = graphene.String(description="Staff: who else holds the bank account")
    decided_by = graphene.String()
    decided_at = DateTime()
    reason = graphene.String(description="What staff gave")

    @staticmethod
    def resolve_conflict(change: RegistrationChangeType, info: Any) -> str | None:
        return _conflict(info.context, change.conflict) if change.conflict is not None else None


class RegisteredValue(graphene.ObjectType):
    """A value of a registration."""

    class Meta:
        name = "RegisteredValue"

    path = graphene.String(required=True, description="Such as bank.account")
    value = graphene.String(required=True)


class AccountClaimType(graphene.ObjectType):
    """A bank account that an enterprise says is its own, and who has it."""

    class Meta:
        name = "AccountClaim"

    id = graphene.Int(required=True)
    account = graphene.String(required=True, description="The account, masked except to those who decide")
    enterprise = graphene.String(required=True, description="USCC of who claims it")
    name_zh = graphene.String(required=True, description="Who claims it")
    state = CLAIM_STATE(required=True)
    claimed_at = DateTime(required=True)
    holder = graphene.String(description="USCC of who holds it")
    holder_name_zh = graphene.String(description="Who holds it")

    @staticmethod
    def resolve_account(row: Any, info: Any) -> str:
        return str(row.account) if info.context.caller.role in DECIDING else masked(row.account)


def change_type(row: Row[Any], enterprise: Any, context: Context) -> RegistrationChangeType:
    """A change as the caller may see it: accounts are masked but to the owner and to staff who decide."""
    caller = context.caller
    seen = caller.role in DECIDING or caller.may(Act.OWN, row.enterprise_id)
    before, after = (sides if seen else change_shown(sides) for sides in (row.before, row.after))
    return RegistrationChangeType(
        id=row.id,
        enterprise=enterprise.uscc,
        name_zh=enterprise.name_zh,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        fields=[FieldChange(path=path, before=before.get(path), after=after.get(path)) for path in sorted(after)],
        state=row.state,
        conflict=row if caller.is_office else None,  # looked up where it is asked for
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )


def waiting_of(row: Any, context: Context) -> RegistrationChangeType | None:
    """What waits of an enterprise, for itself and for staff."""
    if not (context.caller.is_office or context.caller.may(Act.OWN, row.id)):
        return None
    change = waiting_change(context.connection, row.id)
    return change_type(change, row, context) if change else None


def reason_of(row: Any, context: Context) -> str | None:
    return row.reason if context.caller.is_office or context.caller.may(Act.OWN, row.id) else None


def rivals_of(row: Any, context: Context) -> int | None:
    """How many others there are of the same USCC, for staff alone: an applicant must not learn of any."""
    if not context.caller.is_office:
        return None
    ended = Enterprise.approved_at.is_(None) & (Enterprise.state == EnterpriseState.REFUSED)
    others = Enterprise.uscc == row.uscc, Enterprise.id != row.id, ~ended
    return context.connection.scalar(select(func.count(Enterprise.id)).where(*others))


def account_of(row: Any, context: Context) -> str | None:
    """The account of a registration: whole for the owner and for staff who decide, masked for other staff."""
    account = (row.partners.get("bank") or {}).get("account", "")
    if context.caller.may(Act.OWN, row.id) or context.caller.role in DECIDING:
        return str(account)
    return masked(account) if context.caller.is_office else None


def registration_of(row: Any, context: Context) -> list[RegisteredValue] | None:
    """All that it registered, as `account_of` for the account; nobody approves what they cannot read."""
    mine = context.caller.may(Act.OWN, row.id)
    if not (context.caller.is_office or mine):
        return None
    values = flat(row._mapping)
    if not (mine or context.caller.role in DECIDING):
        values = change_shown(values)
    return [RegisteredValue(path=path, value=value) for path, value in written(values)]


def account_waits(row: Any, context: Context) -> bool | None:
    """Whether somebody else holds the account that it registered; for itself and for staff."""
    if not (context.caller.is_office or context.caller.may(Act.OWN, row.id)):
        return None
    waiting = AccountClaim.enterprise_id == row.id, AccountClaim.state == ClaimState.WAITING
    return context.connection.scalar(select(AccountClaim.id).where(*waiting).limit(1)) is not None


def _conflict(context: Context, row: Row[Any]) -> str | None:
    account = row.after.get(ACCOUNT)
    held_by = holder(context.connection, account) if account else None
    if held_by in (None, row.enterprise_id):
        return None
    chosen = select(Enterprise.uscc, Enterprise.name_zh).where(Enterprise.id == held_by)
    return "{1} ({0})".format(*context.connection.execute(chosen).one())


OF_ENTERPRISE: Mapping[str, FieldMap] = {
    "application": MappedColumn(graphene.Int, "By which staff name it, where several applied for one USCC", name="id"),
    "reason": Worked(graphene.String, "What staff gave for its state; for itself and staff", reason_of, required=False),
    "rivals": Worked(
        graphene.Int, "For staff: others of this USCC that wait or are registered", rivals_of, required=False
    ),
    "account": Worked(graphene.String, "Its bank account; masked but to its owner", account_of, required=False),
    "registration": Worked(
        graphene.List(graphene.NonNull(RegisteredValue)),
        "All that it registered, for itself and staff; `belt` beside it",
        registration_of,
        required=False,
    ),
    "account_waits": Worked(
        graphene.Boolean,
        "Whether somebody else holds it; for itself and staff",
        account_waits,
        required=False,
    ),
    "waiting_change": Worked(RegistrationChangeType, "What of it waits for staff", waiting_of, required=False),
}
"""Fields of an enterprise that are about how it is registered."""
