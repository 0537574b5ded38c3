"""Webhooks: where an enterprise wants to be told of what, and what became of each notice."""

from __future__ import annotations

from typing import Any

import graphene
from sqlalchemy import select

from hub.access.acts import Act
from hub.access.meant import require_somewhere
from hub.entry import webhooks
from hub.errors import NotFound
from hub.model import Webhook, WebhookDelivery
from hub.model.row_states import NoticeState
from hub.notices.queue import EVENTS, body_of
from hub_graphql.context import Context, at_most
from hub_graphql.enterprises import ENTERPRISE
from hub_graphql.maps import MappedColumn, ToOne, TypeMap, Worked, afresh, newest
from hub_graphql.scalars import DateTime
from hub_graphql.states import NOTICE_STATE
from hub_graphql.trade_types import many

MOST_DELIVERIES = 100


def _last_delivery(row: Any, context: Context) -> Any:
    found = newest(context, WebhookDelivery, "id", 1, webhook_id=row.id)
    return found[0] if found else None


WEBHOOK: TypeMap = TypeMap(
    "Webhook",
    Webhook,
    "An address that is told of events. Its secret was shown when it was added, and never again.",
    {
        "id": MappedColumn(graphene.ID, "Its number"),
        "url": MappedColumn(graphene.String, "Where notices go"),
        "events": MappedColumn(many(graphene.String), "What it is told of"),
        "created_at": MappedColumn(DateTime, "When it was added"),
        "enterprise": ToOne(lambda: ENTERPRISE, "Whose trades it is told of", key="enterprise_id"),
        "last_delivery": Worked(lambda: DELIVERY.graphene_type, "The newest notice", _last_delivery, required=False),
    },
)

DELIVERY: TypeMap = TypeMap(
    "WebhookDelivery",
    WebhookDelivery,
    "One notice to one address.",
    {
        "id": MappedColumn(graphene.ID, "Its number, which the header webhook-id repeats"),
        "webhook": ToOne(lambda: WEBHOOK, "Where it goes", key="webhook_id"),
        "event": MappedColumn(graphene.String, "What it tells of"),
        "payload": Worked(
            graphene.String,
            "What it says, as JSON",
            lambda row, context: body_of(row.event, row.created_at, row.payload),
        ),
        "state": MappedColumn(NOTICE_STATE, "Where it stands"),
        "attempts": MappedColumn(graphene.Int, "Attempts so far"),
        "created_at": MappedColumn(DateTime, "When it became true"),
        "next_try_at": Worked(
            DateTime,
            "When it is tried next, while it waits",
            lambda row, context: row.next_try_at if row.state == NoticeState.WAITING else None,
            required=False,
        ),
        "delivered_at": MappedColumn(DateTime, "When the receiver took it", required=False),
        "error": MappedColumn(graphene.String, "Why the last attempt failed", required=False),
    },
)


class AddedWebhook(graphene.ObjectType):
    """A new webhook. Keep the secret: it is not shown again."""

    id = graphene.ID(required=True)
    secret = graphene.String(
        required=True, description="Key of the signatures, by Standard Webhooks: see docs/webhooks.md"
    )


class WebhookQuery:
    """Mixed into the query root."""

    webhooks = graphene.List(
        graphene.NonNull(lambda: WEBHOOK.graphene_type), required=True, description="Your webhooks, oldest first"
    )
    webhook_deliveries = graphene.List(
        graphene.NonNull(lambda: DELIVERY.graphene_type),
        required=True,
        state=NOTICE_STATE(),
        first=graphene.Int(default_value=20),
        description="Notices to your webhooks, newest first",
    )

    @staticmethod
    def resolve_webhooks(root: Any, info: Any) -> Any:
        context: Context = info.context
        context.caller.must("be told")
        require_somewhere(context.connection, context.caller, Act.WEBHOOKS)
        chosen = select(Webhook.__table__).where(webhooks.standing(context.caller, context.now))
        return context.connection.execute(chosen.order_by(Webhook.id)).all()

    @staticmethod
    def resolve_webhook_deliveries(root: Any, info: Any, first: int, state: NoticeState | None = None) -> Any:
        context: Context = info.context
        context.caller.must("be told")
        require_somewhere(context.connection, context.caller, Act.WEBHOOKS)
        return newest(context, WebhookDelivery, "id", at_most(MOST_DELIVERIES, first), state=state)


class WebhookMutation:
    """Mixed into the mutation root."""

    add_webhook = graphene.Field(
        AddedWebhook,
        required=True,
        url=graphene.String(required=True, description="https://… on the public internet"),
        events=graphene.List(
            graphene.NonNull(graphene.String), required=True, description=f"At least one of: {', '.join(EVENTS)}"
        ),
        enterprise=graphene.String(description="USCC, where the caller acts for several enterprises"),
        description="Be told of events at an address",
    )
    remove_webhook = graphene.ID(
        required=True, id=graphene.ID(required=True), description="Be told no more; what waits is given up"
    )
    test_webhook = graphene.Field(
        lambda: DELIVERY.graphene_type,
        required=True,
        id=graphene.ID(required=True),
        description="Send a `test` notice to a webhook",
    )
    replay_webhook_delivery = graphene.Field(
        lambda: DELIVERY.graphene_type,
        required=True,
        id=graphene.ID(required=True),
        description="Send a notice again that was delivered or given up",
    )

    @staticmethod
    def resolve_add_webhook(
        root: Any, info: Any, url: str, events: list[str], enterprise: str | None = None
    ) -> webhooks.Added:
        context: Context = info.context
        return webhooks.add(context.database, context.desk, context.caller, url, events, enterprise)

    @staticmethod
    def resolve_remove_webhook(root: Any, info: Any, id: str) -> str:  # noqa: A002
        context: Context = info.context
        webhooks.remove(context.database, context.desk, context.caller, _number(id, "webhook"))
        return id

    @staticmethod
    def resolve_test_webhook(root: Any, info: Any, id: str) -> Any:  # noqa: A002
        context: Context = info.context
        tried = webhooks.try_out(context.database, context.desk, context.caller, _number(id, "webhook"))
        return afresh(context, WebhookDelivery, "id", tried)

    @staticmethod
    def resolve_replay_webhook_delivery(root: Any, info: Any, id: str) -> Any:  # noqa: A002
        context: Context = info.context
        delivery_id = _number(id, "notice")
        webhooks.replay(context.database, context.desk, context.caller, delivery_id)
        return afresh(context, WebhookDelivery, "id", delivery_id)


def _number(typed: str, what: str) -> int:
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 18):
        raise NotFound(what, typed)
    return int(typed)
