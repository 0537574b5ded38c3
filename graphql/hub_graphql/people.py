"""Belts, consents and who looked; brokers."""

from __future__ import annotations

from typing import Any

import graphene
from sqlalchemy import select

from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.consent import accesses, consent_given, grant, withdraw
from hub.access.meant import enterprise_meant, require_somewhere
from hub.access.visibility import visible
from hub.errors import HubError, NotFound
from hub.model import Belt, Enterprise
from hub.model.row_states import EnterpriseState
from hub_graphql.context import Context, at_most
from hub_graphql.descriptions import read_term
from hub_graphql.enterprises import BELT, ENTERPRISE
from hub_graphql.scalars import DateTime
from hub_graphql.states import ENTERPRISE_STATE
from hub_graphql.trade_types import TRADE

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


class ShownType(graphene.ObjectType):
    """So many things of a kind were shown."""

    class Meta:
        name = "Shown"

    kind = graphene.String(required=True, description="Type of the model, such as Trade or StockLevel")
    count = graphene.Int(required=True)


class Access(graphene.ObjectType):
    """Somebody saw something of the enterprise by its consent."""

    at = DateTime(required=True)
    enterprise = graphene.String(required=True, description="USCC")
    account = graphene.String(required=True, description="Who looked")
    purpose = graphene.String(required=True, description="Of the consent")
    operation = graphene.String(required=True, description="What was asked")
    trades = graphene.Int(required=True, description="How many trades were shown, or shown something of")
    numbers = graphene.List(graphene.NonNull(graphene.String), required=True, description="Which trades")
    shown = graphene.List(graphene.NonNull(ShownType), required=True, description="What was shown")

    @staticmethod
    def resolve_shown(row: Any, info: Any) -> list[ShownType]:
        return [ShownType(kind=kind, count=count) for kind, count in sorted(row.shown.items())]


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
        description="Who saw what of the enterprise by consent",
    )

    @staticmethod
    def resolve_belts(root: Any, info: Any) -> Any:
        return info.context.connection.execute(select(Belt.__table__).order_by(Belt.code)).all()

    @staticmethod
    def resolve_enterprises(root: Any, info: Any, state: EnterpriseState | None = None) -> Any:
        context: Context = info.context
        chosen = select(Enterprise.__table__).where(visible(Enterprise, context.caller))
        if state:
            chosen = chosen.where(Enterprise.state == state)
        return context.connection.execute(chosen.order_by(Enterprise.id).limit(MOST)).all()

    @staticmethod
    def resolve_belt_trades(root: Any, info: Any, belt: str, first: int) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        table = TRADE.table.__table__
        if context.connection.scalar(select(Belt.id).where(Belt.code == belt)) is None:
            raise NotFound("belt", belt)
        members = select(Enterprise.id).join(Belt, Belt.id == Enterprise.belt_id).where(Belt.code == belt)
        chosen = (
            select(table)
            .where(visible(TRADE.table, context.caller), table.c.enterprise_id.in_(members))
            .order_by(table.c.entered_at.desc(), table.c.id.desc())
            .limit(at_most(100, first))
        )
        return context.connection.execute(chosen).all()

    @staticmethod
    def resolve_consents(root: Any, info: Any) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        return consent_given(context.connection, context.caller)

    @staticmethod
    def resolve_access_log(root: Any, info: Any, first: int) -> Any:
        context: Context = info.context
        context.caller.must("enter")
        require_somewhere(context.connection, context.caller, Act.OWN)
        return accesses(context.connection, context.caller, at_most(MOST, first))


class PeopleMutation:
    """Mixed into the mutation root."""

    grant_consent = graphene.Int(
        required=True,
        account=graphene.String(required=True, description="Whom to let see the trades"),
        purpose=graphene.String(required=True, description="For what; `accessLog` repeats it"),
        ends_at=DateTime(),
        enterprise=graphene.String(description="USCC, where the caller acts for several"),
        description="所有者：准许产业带平台查看交易；返回授权编号。账号是否存在，回答都一样 · "
        "The owner's: let a belt platform see the enterprise's trades; the consent's id. The answer is the same "
        "whether there is such an account or not",
    )
    withdraw_consent = graphene.Boolean(
        required=True, id=graphene.Int(required=True), description="The owner's: end it at once"
    )

    @staticmethod
    def resolve_grant_consent(
        root: Any, info: Any, account: str, purpose: str, ends_at: Any = None, enterprise: str | None = None
    ) -> int:
        context: Context = info.context
        context.caller.must("enter")
        if not purpose.strip():
            raise HubError("PURPOSE_MISSING")
        term = read_term(context, account=account, purpose=purpose, endsAt=ends_at)
        with context.database.write() as connection:
            mine = enterprise_meant(connection, context.caller, Act.OWN, enterprise).id
            must_act(connection, context.caller, mine)
            return grant(
                connection, context.caller, mine, term["account"], term["purpose"], term["endsAt"], context.now
            )

    @staticmethod
    def resolve_withdraw_consent(root: Any, info: Any, id: int) -> bool:  # noqa: A002
        context: Context = info.context
        context.caller.must("enter")
        with context.database.write() as connection:
            withdraw(connection, context.caller, id, context.now)
        return True
