"""Opening consolidations (集拼), who joins and leaves them, closing them; and asking for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import graphene
from sqlalchemy import Connection

from hub.consolidations import aboard, course
from hub.entry.consolidation_entry import CONSOLIDATION_ENTRY, open_consolidation
from hub.errors import HubError, NotFound
from hub.model import Consolidation
from hub.model.row_states import ConsolidationState
from hub_graphql.context import Context, at_most
from hub_graphql.entering import plain_input
from hub_graphql.inputs import input_type
from hub_graphql.maps import afresh, fetch, newest
from hub_graphql.states import CONSOLIDATION_STATE
from hub_graphql.trade_types import CONSOLIDATION

MOST, MOST_AT_ONCE = 100, 1_000
ConsolidationInput = input_type(CONSOLIDATION_ENTRY, "ConsolidationInput")
NUMBER = graphene.String(required=True, description="The hub's number of the consolidation")
TRADES = graphene.List(graphene.NonNull(graphene.String), required=True, description="Numbers: all of them, or none")


def _field(about: str, **arguments: Any) -> graphene.Field:
    return graphene.Field(lambda: CONSOLIDATION.graphene_type, description=about, **arguments)


class ConsolidationQuery:
    """Mixed into the query root."""

    consolidation = _field("One that the caller holds, or that a trade which it sees is in", number=NUMBER)
    consolidations = graphene.List(
        graphene.NonNull(lambda: CONSOLIDATION.graphene_type),
        required=True,
        state=CONSOLIDATION_STATE(),
        first=graphene.Int(default_value=20),
        description=f"Those that the caller holds or has trades in, newest first, {MOST} at most",
    )

    @staticmethod
    def resolve_consolidation(root: Any, info: Any, number: str) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        rows = fetch(context, Consolidation, "number", number, order=("id",))
        if not rows:
            raise NotFound("consolidation", number)
        return rows[0]

    @staticmethod
    def resolve_consolidations(root: Any, info: Any, first: int, state: ConsolidationState | None = None) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        return newest(context, Consolidation, "begun_at", at_most(MOST, first), state=state)


def _do(context: Context, work: Callable[[Connection], object], number: str) -> Any:
    """Carries an order out; the consolidation as it is then. Empty for who sees none of it any more."""
    with context.database.write() as connection:
        work(connection)
    context.renew()
    rows = fetch(context, Consolidation, "number", number, order=("id",))
    return rows[0] if rows else None


def _bounded(trades: list[str]) -> list[str]:
    if len(trades) > MOST_AT_ONCE:
        raise HubError("QUERY_TOO_LARGE", measure="trades at once", measured=len(trades), limit=MOST_AT_ONCE)
    return trades


class ConsolidationMutation:
    """Mixed into the mutation root."""

    open_consolidation = _field(
        "打开集拼：同一出发班次每个持有者一个 · Open one that trades may join; a holder has one for each departure",
        input=graphene.Argument(ConsolidationInput, required=True),
    )
    join_consolidation = _field(
        "交易加入打开的集拼 · Trades join an open one, by a leg of their way",
        number=NUMBER,
        trades=TRADES,
        leg=graphene.Int(default_value=1),
    )
    leave_consolidation = _field(
        "交易离开未起运的集拼 · Trades leave one that has not moved; their exporters do so, or the holder",
        number=NUMBER,
        trades=TRADES,
        reason=graphene.String(required=True, description="Stays with the line, and in the audit log"),
    )
    close_consolidation = _field("封闭集拼，此后发出单证 · Close it: its papers are written then", number=NUMBER)
    reopen_consolidation = _field("重新打开未起运的集拼 · Open it again, before it moves", number=NUMBER)

    @staticmethod
    def resolve_open_consolidation(root: Any, info: Any, input: Any) -> Any:  # noqa: A002
        context: Context = info.context
        with context.database.write() as connection:
            number = open_consolidation(connection, context.desk, context.caller, plain_input(input))
        return afresh(context, Consolidation, "number", number)

    @staticmethod
    def resolve_join_consolidation(root: Any, info: Any, number: str, trades: list[str], leg: int) -> Any:
        context, named = info.context, _bounded(trades)
        return _do(context, lambda one: aboard.join(one, context.caller, number, named, context.desk, leg), number)

    @staticmethod
    def resolve_leave_consolidation(root: Any, info: Any, number: str, trades: list[str], reason: str) -> Any:
        context, named = info.context, _bounded(trades)
        return _do(context, lambda one: aboard.leave(one, context.caller, number, named, reason, context.desk), number)

    @staticmethod
    def resolve_close_consolidation(root: Any, info: Any, number: str) -> Any:
        context: Context = info.context
        return _do(context, lambda one: course.close(one, context.caller, [number], context.desk.now()), number)

    @staticmethod
    def resolve_reopen_consolidation(root: Any, info: Any, number: str) -> Any:
        context: Context = info.context
        return _do(context, lambda one: course.reopen(one, context.caller, [number], context.desk.now()), number)
