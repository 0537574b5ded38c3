"""Webhooks of an enterprise: where it wants to be told of what, trying that out, and having a notice sent again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import record
from hub.access.caller import Caller
from hub.access.mandates import may_be_told
from hub.access.meant import enterprise_meant
from hub.access.visibility import visible
from hub.errors import HubError, NotFound
from hub.model import Database, Webhook, WebhookDelivery
from hub.model.sealing import place_of
from hub.model.states import NoticeState
from hub.share.desk import Desk
from hub.share.notices import EVENTS, new_secret, queue_test, remove_webhook

MOST_WEBHOOKS = 10
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Added:
    """A new webhook; its secret is shown this once."""

    id: int
    secret: str = field(repr=False)


def add(
    database: Database, desk: Desk, caller: Caller, url: str, events: Sequence[str], uscc: str | None = None
) -> Added:
    """Adds a webhook. WEBHOOK_URL, WEBHOOK_HOST or WEBHOOK_EVENTS say what is wrong with it."""
    caller.must("be told")
    unknown = [event for event in events if event not in EVENTS]
    if not events:
        raise HubError("WEBHOOK_EVENTS_MISSING", known=", ".join(EVENTS))
    if unknown:
        raise HubError("WEBHOOK_EVENTS", value=", ".join(unknown), known=", ".join(EVENTS))
    with database.read() as connection:  # who may not learns nothing about hosts
        enterprise_meant(connection, caller, Act.WEBHOOKS, uscc)
    desk.receivers.find(url)
    secret, now = new_secret(secrets.token_bytes(KEY_BYTES)), desk.now()
    with database.write() as connection:
        enterprise_id = enterprise_meant(connection, caller, Act.WEBHOOKS, uscc, lock=True).id
        must_act(connection, caller, enterprise_id)
        kept = select(func.count(Webhook.id)).where(
            Webhook.enterprise_id == enterprise_id, Webhook.removed_at.is_(None), may_be_told(now)
        )
        if (connection.scalar(kept) or 0) >= MOST_WEBHOOKS:
            raise HubError("WEBHOOK_LIMIT", limit=MOST_WEBHOOKS)
        webhook_id = connection.execute(
            insert(Webhook)
            .values(
                enterprise_id=enterprise_id,
                account=caller.name,
                url=url,
                secret="",
                events=[event for event in EVENTS if event in events],
                created_at=now,
            )
            .returning(Webhook.id)
        ).scalar_one()
        sealed = desk.keyring.seal(secret, place_of(webhook_id))
        connection.execute(update(Webhook).where(Webhook.id == webhook_id).values(secret=sealed))
        record(connection, caller, "webhook.add", webhook_id, now, enterprise_id=enterprise_id)
    return Added(webhook_id, secret)


def remove(database: Database, desk: Desk, caller: Caller, webhook_id: int) -> None:
    """Removes a webhook; what still waited for it is given up."""
    caller.must("be told")
    with database.write() as connection:
        webhook = _webhook(connection, caller, webhook_id, desk.now())
        remove_webhook(connection, webhook_id, desk.now())
        record(connection, caller, "webhook.remove", webhook_id, desk.now(), enterprise_id=webhook.enterprise_id)


def try_out(database: Database, desk: Desk, caller: Caller, webhook_id: int) -> int:
    """Queues a `test` notice; the id of its delivery."""
    caller.must("be told")
    with database.write() as connection:
        webhook = _webhook(connection, caller, webhook_id, desk.now())
        must_act(connection, caller, webhook.enterprise_id)
        record(connection, caller, "webhook.test", webhook_id, desk.now(), enterprise_id=webhook.enterprise_id)
        return queue_test(connection, webhook_id, desk.now())


def replay(database: Database, desk: Desk, caller: Caller, delivery_id: int) -> None:
    """Has a notice sent again from its first attempt on. NOTICE_WAITING while it is still being tried by itself."""
    caller.must("be told")
    with database.write() as connection:
        delivery = connection.execute(
            select(WebhookDelivery.webhook_id, WebhookDelivery.state)
            .where(WebhookDelivery.id == delivery_id, visible(WebhookDelivery, caller))
            .with_for_update()
        ).one_or_none()
        if delivery is None:
            raise NotFound("notice", delivery_id)
        webhook = _webhook(connection, caller, delivery.webhook_id, desk.now())
        must_act(connection, caller, webhook.enterprise_id)
        if delivery.state == NoticeState.WAITING:
            raise HubError("NOTICE_WAITING", id=delivery_id)
        connection.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.id == delivery_id)
            .values(state=NoticeState.WAITING, attempts=0, next_try_at=desk.now(), delivered_at=None, error=None)
        )
        record(
            connection, caller, "webhook.replay", delivery_id, desk.now(), before={"state": delivery.state},
            enterprise_id=webhook.enterprise_id,
        )  # fmt: skip


def standing(caller: Caller, now: datetime) -> ColumnElement[bool]:
    """Webhooks that the caller sees and that are neither removed nor over with somebody's mandate."""
    return and_(visible(Webhook, caller), Webhook.removed_at.is_(None), may_be_told(now))


def _webhook(connection: Connection, caller: Caller, webhook_id: int, now: datetime) -> Row[Any]:
    row = connection.execute(
        select(Webhook.__table__).where(Webhook.id == webhook_id, standing(caller, now))
    ).one_or_none()
    if row is None:
        raise NotFound("webhook", webhook_id)
    return row
