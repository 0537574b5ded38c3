"""Registering and renewing; what staff decide of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import graphene
from sqlalchemy import select

from hub.access.acts import Act
from hub.access.meant import enterprise_meant, registered_id, require
from hub.access.trying import has_applied, may_apply
from hub.access.visibility import visible
from hub.entry.applying import apply_for
from hub.entry.changing import renew, withdraw_change
from hub.entry.registration import REGISTRATION, read_registration
from hub.errors import EntryRefused, NotFound
from hub.model import AccountClaim, Enterprise, RegistrationChange
from hub.model.row_states import ChangeState, EnterpriseState
from hub.money.accounts import waiting_claims
from hub.operate.registrations import (
    ChangeDecision,
    EnterpriseDecision,
    correct_owner,
    decide_change,
    decide_claim,
    decide_on,
)
from hub_graphql.changes import AccountClaimType, RegistrationChangeType, change_type
from hub_graphql.context import Context, at_most
from hub_graphql.entering import EntryError, error_of, plain_input
from hub_graphql.inputs import input_type
from hub_graphql.states import CHANGE_STATE, DECISION, VERDICT

RegistrationInput = input_type(REGISTRATION, "RegistrationInput")
MOST = 500
RENEWED, WAITING, STAFF = "renewed", "waiting", "staff"
REASON = graphene.String(required=True, description="Goes to the audit log")


class Registered(graphene.ObjectType):
    """What became of a registration."""

    uscc = graphene.String()
    state = graphene.String(
        description="applied: staff decide on it; renewed: it counts from now on; waiting: some fields wait for staff"
    )
    application = graphene.Int(description="The application's id, for staff to name it by")
    account = graphene.String(description="The account that applied")
    key = graphene.String(description="The API key of a new account, shown once")
    taken = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Fields that were changed at once"
    )
    waits = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Fields that stay as they are until approved"
    )
    awaits = graphene.String(description="Who decides on them: staff")
    change = graphene.Int(description="The id of the change that waits")
    errors = graphene.List(graphene.NonNull(EntryError), required=True)


class RegisteringQuery:
    """Mixed into the query root."""

    registration_changes = graphene.List(
        graphene.NonNull(RegistrationChangeType),
        required=True,
        state=CHANGE_STATE(),
        first=graphene.Int(default_value=50),
        description="Changes to registrations, old beside new, the newest first: staff all, an enterprise its own",
    )
    account_claims = graphene.List(
        graphene.NonNull(AccountClaimType),
        required=True,
        first=graphene.Int(default_value=50),
        description="Staff: bank accounts that an enterprise claims and another holds, oldest first",
    )

    @staticmethod
    def resolve_registration_changes(root: Any, info: Any, first: int, state: ChangeState | None = None) -> Any:
        context: Context = info.context
        context.caller.must("see registrations")
        chosen = (
            select(RegistrationChange.__table__, Enterprise.uscc, Enterprise.name_zh)
            .join(Enterprise, Enterprise.id == RegistrationChange.enterprise_id)
            .where(visible(RegistrationChange, context.caller))
            .order_by(RegistrationChange.id.desc())
            .limit(at_most(MOST, first))
        )
        if state:
            chosen = chosen.where(RegistrationChange.state == state)
        return [change_type(row, row, context) for row in context.connection.execute(chosen)]

    @staticmethod
    def resolve_account_claims(root: Any, info: Any, first: int) -> Any:
        context: Context = info.context
        context.caller.must("see registrations")
        seen = visible(AccountClaim, context.caller)
        return waiting_claims(context.connection, seen, limit=at_most(MOST, first))


def _verdict(decide: Callable[..., None], about: str) -> graphene.Field:
    def resolve(root: Any, info: Any, id: int, decision: str, reason: str) -> bool:  # noqa: A002
        context: Context = info.context
        with context.database.write() as connection:
            decide(connection, context.caller, id, ChangeDecision(decision), reason, context.now)
        return True

    return graphene.Field(
        graphene.Boolean,
        required=True,
        id=graphene.Int(required=True),
        decision=VERDICT(required=True),
        reason=REASON,
        description=about,
        resolver=resolve,
    )


class RegisteringMutation:
    """Mixed into the mutation root."""

    register_enterprise = graphene.Field(
        Registered,
        required=True,
        input=graphene.Argument(RegistrationInput, required=True),
        description="Apply for an enterprise, which staff approve before it may act; or renew one's own registration. "
        "The answer to whoever applies is the same whether somebody is registered or not",
    )
    decide_enterprise = graphene.Boolean(
        required=True,
        uscc=graphene.String(required=True),
        decision=DECISION(required=True),
        reason=REASON,
        application=graphene.Int(description="Which application, where several wait for this USCC"),
        description="Staff: approve, refuse or suspend an enterprise; approving an application refuses its rivals",
    )
    decide_registration_change = _verdict(
        decide_change, "Staff: approve or refuse a change to a registration; who asked for it cannot"
    )
    withdraw_registration_change = graphene.Boolean(
        required=True,
        enterprise=graphene.String(description="USCC, where the caller acts for several"),
        description="Take back the change that waits for staff",
    )
    decide_account_claim = _verdict(
        decide_claim,
        "Staff: give a bank account to who claims it, or end the claim; remittances so far keep their owner",
    )
    correct_remittance_owner = graphene.Boolean(
        required=True,
        remittance=graphene.Int(required=True),
        enterprise=graphene.String(required=True, description="USCC of whose money it is"),
        reason=REASON,
        description="Staff: a remittance is another enterprise's; it is matched anew among that one's trades",
    )

    @staticmethod
    def resolve_register_enterprise(root: Any, info: Any, input: Any) -> Registered:  # noqa: A002
        context: Context = info.context
        typed = plain_input(input)
        may_apply(context.connection, context.caller, typed)
        try:
            with context.database.write() as connection:
                values = read_registration(connection, typed)
                known = registered_id(connection, values["uscc"])
                if known is None or known not in context.caller.mandates:
                    has_applied(context.caller)
                    applied = apply_for(connection, context.caller, values, context.now)
                    return Registered(
                        uscc=values["uscc"],
                        state=EnterpriseState.APPLIED,
                        application=applied.id,
                        account=applied.account,
                        key=applied.key,
                        taken=[],
                        waits=[],
                        awaits=STAFF,
                        errors=[],
                    )
                require(connection, context.caller, Act.OWN, known, NotFound("enterprise", values["uscc"]))
                renewal = renew(connection, known, values, context.caller, context.now)
        except EntryRefused as refused:
            return Registered(taken=[], waits=[], errors=[error_of(problem, context) for problem in refused.problems])
        return Registered(
            uscc=values["uscc"],
            state=WAITING if renewal.waits else RENEWED,
            account=context.caller.name,
            taken=renewal.taken,
            waits=renewal.waits,
            awaits=STAFF if renewal.waits else None,
            change=renewal.change_id,
            errors=[],
        )

    @staticmethod
    def resolve_decide_enterprise(
        root: Any, info: Any, uscc: str, decision: str, reason: str, application: int | None = None
    ) -> bool:
        context: Context = info.context
        with context.database.write() as connection:
            decide_on(connection, context.caller, uscc, EnterpriseDecision(decision), reason, context.now, application)
        return True

    @staticmethod
    def resolve_withdraw_registration_change(root: Any, info: Any, enterprise: str | None = None) -> bool:
        context: Context = info.context
        with context.database.write() as connection:
            mine = enterprise_meant(connection, context.caller, Act.OWN, enterprise).id
            withdraw_change(connection, context.caller, mine, context.now)
        return True

    @staticmethod
    def resolve_correct_remittance_owner(root: Any, info: Any, remittance: int, enterprise: str, reason: str) -> bool:
        context: Context = info.context
        with context.database.write() as connection:
            correct_owner(connection, context.caller, remittance, enterprise, reason, context.now)
        return True
