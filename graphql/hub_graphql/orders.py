"""Orders of staff: what was ordered, what holds it up, until when, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import graphene

from hub.operate import orders
from hub.operate.outcomes import outcome_in_words
from hub.operate.waiting_orders import Clock, WaitingOrder, beijing_clock, orders_given, orders_kept
from hub_graphql.context import Context, at_most
from hub_graphql.scalars import DateTime
from hub_graphql.states import ORDER_STATE


class SyncOrder(graphene.ObjectType):
    """An order to a job. It is kept until it can be carried out, and then says what became of it."""

    job = graphene.String(required=True)
    action = graphene.String(required=True, description="run, replay, pause or resume")
    by = graphene.String(required=True, description="Who gave it")
    at = DateTime(required=True, description="When it was given")
    reason = graphene.String(required=True)
    state = ORDER_STATE(required=True, description="Whether it was carried out, or what holds it up")
    due = DateTime(description="When it is carried out, where that is known: the end of a rest")
    carried_out_at = DateTime()
    outcome = graphene.String(description="What became of it, in the caller's language; nothing while it waits")


class SchedulerType(graphene.ObjectType):
    """The process that runs jobs and carries orders out."""

    class Meta:
        name = "Scheduler"

    elected = graphene.Boolean(required=True, description="Whether some process is it; if none is, orders are kept")
    none_since = DateTime(description="Since when none is; nothing where one is, or where there never was one")


def order_type(order: WaitingOrder, language: str) -> SyncOrder:
    row = order.row
    return SyncOrder(
        job=row.job,
        action=row.action,
        by=row.ordered_by,
        at=row.ordered_at,
        reason=row.reason,
        state=order.state.value,
        due=order.due,
        carried_out_at=row.obeyed_at,
        outcome=outcome_in_words(row.outcome, row.job, language) if row.obeyed_at else None,
    )


def kept_of(context: Context, job: str) -> list[SyncOrder]:
    """The orders to a job that wait."""
    return [order_type(one, context.language) for one in orders_kept(context.connection, context.now, job).get(job, [])]


class OrderQuery:
    """Mixed into the query root."""

    sync_orders = graphene.List(
        graphene.NonNull(SyncOrder),
        required=True,
        job=graphene.String(),
        first=graphene.Int(default_value=24),
        description="Orders of staff, newest first",
    )
    scheduler = graphene.Field(SchedulerType, required=True, description="Whether anybody carries orders out")

    @staticmethod
    def resolve_sync_orders(root: Any, info: Any, first: int, job: str | None = None) -> list[SyncOrder]:
        context: Context = info.context
        given = orders_given(context.connection, context.caller, context.now, job, at_most(500, first))
        return [order_type(order, context.language) for order in given]

    @staticmethod
    def resolve_scheduler(root: Any, info: Any) -> Clock:
        context: Context = info.context
        context.caller.must("see jobs")
        return beijing_clock(context.connection, context.now)


def _ordering(action: str, about: str, **more: Any) -> graphene.Field:
    def resolve(root: Any, info: Any, job: str, reason: str, **parameters: Any) -> SyncOrder:
        context: Context = info.context
        with context.database.write() as connection:
            ORDERS[action](connection, context.caller, context.desk.names, job, reason, context.now, **parameters)
        context.renew()
        (given,) = orders_given(context.connection, context.caller, context.now, job, 1)
        return order_type(given, context.language)

    return graphene.Field(
        SyncOrder,
        job=graphene.String(required=True),
        reason=graphene.String(required=True, description="Goes to the audit log"),
        description=about,
        resolver=resolve,
        required=True,
        **more,
    )


ORDERS: dict[str, Callable[..., None]] = {
    "run": orders.run_now,
    "pause": orders.pause,
    "resume": orders.resume,
    "replay": orders.replay,
}


class OrderMutation:
    """Mixed into the mutation root."""

    run_job = _ordering("run", "Run a job as soon as nothing holds it up: its authority's rest, or a run under way")
    pause_job = _ordering("pause", "Stop a job from starting until it is resumed")
    resume_job = _ordering("resume", "Let a paused job start again")
    replay_job = _ordering(
        "replay",
        "Read kept messages of a stream again, nothing is fetched; of a sender, papers given up are tried anew",
        everything=graphene.Boolean(default_value=False, description="All messages, not only quarantined ones"),
    )
