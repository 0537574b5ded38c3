"""Belts, consents and who looked; brokers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import graphene
from marshmallow import Schema, ValidationError
from sqlalchemy import select

from connectors.sdk.moments import Moment
from hub.access.acting import must_act
from hub.access.consent import accesses, given, grant, withdraw
from hub.access.trying import may_name_accounts
from hub.access.visibility import visible
from hub.entry.read import problems_of
from hub.errors import EnterpriseUnnamed, EntryRefused, NotFound
from hub.model import Belt, Enterprise
from hub.model.states import EnterpriseState
from hub.operate.enterprises import appoint, dismiss
from hub_graphql.asking import Asking, at_most
from hub_graphql.scalars import DateTime
from hub_graphql.states import ENTERPRISE_STATE
from hub_graphql.types import BELT, ENTERPRISE, TRADE

TERM = Schema.from_dict({"endsAt": Moment(allow_none=True)})()
MOST = 500


class ConsentType(graphene.ObjectType):
    """An enterprise lets an account see its trades."""

    class Meta:
        name = "Consent"

    id = graphene.Int(required=True)
    enterprise = graphene.String(required=True, description="USCC of who consents")
    account = graphene.String(required=True, description="Who may look")
    purpose = graphene.String(required=True)
    granted_at = DateTime(required=True)
    ends_at = DateTime()
    withdrawn_at = DateTime()


class Access(graphene.ObjectType):
    """Somebody saw trades of the enterprise by its consent."""

    at = DateTime(required=True)
    enterprise = graphene.String(required=True, description="USCC")
    account = graphene.String(required=True, description="Who looked")
    purpose = graphene.String(required=True, description="Of the consent")
    operation = graphene.String(required=True, description="What was asked")
    trades = graphene.Int(required=True, description="How many trades were shown")


class PeopleQuery:
    """Mixed into the query root."""

    belts = graphene.List(graphene.NonNull(lambda: BELT.graphene_type), required=True, description="All belts")
    enterprises = graphene.List(
        graphene.NonNull(lambda: ENTERPRISE.graphene_type),
        required=True,
        state=ENTERPRISE_STATE(),
        description="Enterprises that the caller may see; staff ask for `applied` ones",
    )
    belt_trades = graphene.List(
        graphene.NonNull(lambda: TRADE.graphene_type),
        required=True,
        belt=graphene.String(required=True),
        first=graphene.Int(default_value=20),
        description="Trades of a belt's members, as far as the caller may see them, newest first",
    )
    consents = graphene.List(graphene.NonNull(ConsentType), required=True, description="Given or received")
    access_log = graphene.List(
        graphene.NonNull(Access),
        required=True,
        first=graphene.Int(default_value=50),
        description="Who saw the enterprise's trades by consent",
    )

    @staticmethod
    def resolve_belts(root: Any, info: Any) -> Any:
        return info.context.connection.execute(select(Belt.__table__).order_by(Belt.code)).all()

    @staticmethod
    def resolve_enterprises(root: Any, info: Any, state: EnterpriseState | None = None) -> Any:
        asking: Asking = info.context
        chosen = select(Enterprise.__table__).where(visible(Enterprise, asking.caller))
        if state:
            chosen = chosen.where(Enterprise.state == state)
        return asking.connection.execute(chosen.order_by(Enterprise.id).limit(MOST)).all()

    @staticmethod
    def resolve_belt_trades(root: Any, info: Any, belt: str, first: int) -> Any:
        asking: Asking = info.context
        asking.caller.must("see trades")
        table = TRADE.table.__table__
        if asking.connection.scalar(select(Belt.id).where(Belt.code == belt)) is None:
            raise NotFound("belt", belt)
        members = select(Enterprise.id).join(Belt, Belt.id == Enterprise.belt_id).where(Belt.code == belt)
        chosen = (
            select(table)
            .where(visible(TRADE.table, asking.caller), table.c.enterprise_id.in_(members))
            .order_by(table.c.entered_at.desc(), table.c.id.desc())
            .limit(at_most(100, first))
        )
        return asking.show(asking.connection.execute(chosen).all())

    @staticmethod
    def resolve_consents(root: Any, info: Any) -> Any:
        asking: Asking = info.context
        asking.caller.must("see trades")
        return [
            ConsentType(
                id=row.id,
                enterprise=row.uscc,
                account=row.account,
                purpose=row.purpose,
                granted_at=row.granted_at,
                ends_at=row.ends_at,
                withdrawn_at=row.withdrawn_at,
            )
            for row in given(asking.connection, asking.caller)
        ]

    @staticmethod
    def resolve_access_log(root: Any, info: Any, first: int) -> Any:
        asking: Asking = info.context
        asking.caller.must("enter")
        return [
            Access(
                at=row.at,
                enterprise=row.uscc,
                account=row.account,
                purpose=row.purpose,
                operation=row.operation,
                trades=row.trades,
            )
            for row in accesses(asking.connection, asking.caller, at_most(MOST, first))
        ]


def own_enterprise(asking: Asking, uscc: str | None) -> int:
    """The enterprise that is meant: the one that is named, or the only one that the caller acts for."""
    asking.caller.must("enter")
    if not uscc and len(asking.caller.enterprises) > 1:
        raise EnterpriseUnnamed
    wanted = Enterprise.uscc == uscc if uscc else Enterprise.id.in_(asking.caller.enterprises[:1])
    mine = Enterprise.id.in_(asking.caller.enterprises)
    found = asking.connection.scalars(select(Enterprise.id).where(wanted, mine)).all()
    if len(found) != 1:
        raise NotFound("enterprise", uscc or "")
    return int(found[0])


def naming_enterprise(asking: Asking, uscc: str | None) -> int:
    """The same for what names somebody else's account."""
    owner = own_enterprise(asking, uscc)
    may_name_accounts(asking.connection, asking.caller, owner)
    return owner


class PeopleMutation:
    """Mixed into the mutation root."""

    grant_consent = graphene.Int(
        required=True,
        account=graphene.String(required=True, description="Whom to let see the trades"),
        purpose=graphene.String(required=True),
        ends_at=DateTime(),
        enterprise=graphene.String(description="USCC, where the caller acts for several"),
        description="Let a belt platform see the enterprise's trades; the consent's id",
    )
    withdraw_consent = graphene.Boolean(required=True, id=graphene.Int(required=True), description="End it at once")
    appoint_broker = graphene.Boolean(
        required=True,
        account=graphene.String(required=True),
        enterprise=graphene.String(description="USCC, where the caller acts for several"),
        description="Let a customs broker's account act for the enterprise",
    )
    dismiss_broker = graphene.Boolean(
        required=True,
        account=graphene.String(required=True),
        enterprise=graphene.String(description="USCC, where the caller acts for several"),
        description="End a broker's mandate at once",
    )

    @staticmethod
    def resolve_grant_consent(
        root: Any, info: Any, account: str, purpose: str, ends_at: Any = None, enterprise: str | None = None
    ) -> int:
        asking: Asking = info.context
        owner = naming_enterprise(asking, enterprise)
        try:
            ends: datetime | None = TERM.load({"endsAt": ends_at})["endsAt"]
        except ValidationError as error:
            raise EntryRefused(problems_of(error, TERM)) from None
        with asking.database.write() as connection:
            must_act(connection, asking.caller, owner)
            return grant(connection, asking.caller, owner, account, purpose, ends, asking.now)

    @staticmethod
    def resolve_withdraw_consent(root: Any, info: Any, id: int) -> bool:  # noqa: A002
        asking: Asking = info.context
        with asking.database.write() as connection:
            withdraw(connection, asking.caller, id, asking.now)
        return True

    @staticmethod
    def resolve_appoint_broker(root: Any, info: Any, account: str, enterprise: str | None = None) -> bool:
        asking: Asking = info.context
        owner = naming_enterprise(asking, enterprise)
        with asking.database.write() as connection:
            must_act(connection, asking.caller, owner)
            appoint(connection, asking.caller, owner, account)
        return True

    @staticmethod
    def resolve_dismiss_broker(root: Any, info: Any, account: str, enterprise: str | None = None) -> bool:
        asking: Asking = info.context
        owner = own_enterprise(asking, enterprise)
        with asking.database.write() as connection:
            dismiss(connection, asking.caller, owner, account)
        return True
