"""The roots: what can be asked and ordered."""

from __future__ import annotations

from functools import cache
from typing import Any

import graphene

from hub.errors import HubError, NotFound
from hub.model import Trade
from hub.model.row_states import TradeState
from hub_graphql.advices import AdviceMutation, AdviceQuery
from hub_graphql.consolidating import ConsolidationMutation, ConsolidationQuery
from hub_graphql.context import Context, at_most
from hub_graphql.entering import EnteringMutation
from hub_graphql.judgements import JudgementQuery
from hub_graphql.logs import AuditQuery
from hub_graphql.mandates import MandateMutation, MandateQuery
from hub_graphql.maps import fetch, newest
from hub_graphql.money import MoneyMutation, MoneyQuery
from hub_graphql.orders import OrderMutation, OrderQuery
from hub_graphql.people import PeopleMutation, PeopleQuery
from hub_graphql.registering import RegisteringMutation, RegisteringQuery
from hub_graphql.staff import StaffQuery
from hub_graphql.states import TRADE_STATE
from hub_graphql.trade_types import TRADE
from hub_graphql.transport import TransportQuery
from hub_graphql.verified import VerifiedQuery
from hub_graphql.webhooks import WebhookMutation, WebhookQuery
from hub_graphql.why import WhyQuery

MOST_TRADES = 100


class Query(
    AdviceQuery,
    AuditQuery,
    ConsolidationQuery,
    JudgementQuery,
    MandateQuery,
    MoneyQuery,
    OrderQuery,
    PeopleQuery,
    RegisteringQuery,
    StaffQuery,
    TransportQuery,
    VerifiedQuery,
    WebhookQuery,
    WhyQuery,
    graphene.ObjectType,
):
    """What can be asked."""

    trade = graphene.Field(
        lambda: TRADE.graphene_type,
        number=graphene.String(),
        order_number=graphene.String(),
        description="One trade, by the hub's number or by the enterprise's own",
    )
    trades = graphene.List(
        graphene.NonNull(lambda: TRADE.graphene_type),
        required=True,
        state=TRADE_STATE(),
        first=graphene.Int(default_value=20),
        description=f"Trades, newest first, {MOST_TRADES} at most",
    )

    @staticmethod
    def resolve_trade(root: Any, info: Any, number: str | None = None, order_number: str | None = None) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        column, value = ("number", number) if number else ("order_number", order_number)
        if not value:
            raise HubError("TRADE_UNNAMED")
        rows = fetch(context, Trade, column, value, order=("entered_at", "id"), limit=2)
        if len(rows) > 1:  # the hub's own number is unique
            raise HubError("TRADE_AMBIGUOUS", order=value)
        if not rows:
            raise NotFound("trade", value)
        return rows[0]

    @staticmethod
    def resolve_trades(root: Any, info: Any, first: int, state: TradeState | None = None) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        return newest(context, Trade, "entered_at", at_most(MOST_TRADES, first), state=state)


class Mutation(
    AdviceMutation,
    ConsolidationMutation,
    EnteringMutation,
    MandateMutation,
    MoneyMutation,
    OrderMutation,
    PeopleMutation,
    RegisteringMutation,
    WebhookMutation,
    graphene.ObjectType,
):
    """What can be ordered."""


@cache
def build_schema() -> graphene.Schema:
    """The one schema; nothing changes it."""
    return graphene.Schema(query=Query, mutation=Mutation)
