"""Webhooks of an enterprise: where it wants to be told of what, trying that out, and having a notice sent again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from hub.access.acting import must_act
from hub.access.audit import record
from hub.access.caller import Caller
from hub.access.visibility import visible
from hub.errors import EnterpriseUnnamed, NotFound, NoticeWaiting, WebhookEvents, WebhookLimit
from hub.model import Database, Enterprise, Webhook, WebhookDelivery
from hub.model.sealing import place_of
from hub.model.states import NoticeState
from hub.share.desk import Desk
from hub.share.notices import EVENTS, queue_test, remove_webhook

MOST_WEBHOOKS = 10
PREFIX = "yhs_"


@dataclass(frozen=True, slots=True)
class Added:
    """A new webhook; its secret is shown this once."""

    id: int
    secret: str = field(repr=False)


def add(
    database: Database, desk: Desk, caller: Caller, url: str, events: Sequence[str], uscc: str | None = None
) -> Added:
    """Adds a webhook. WebhookUrl, WebhookHost or WebhookEvents say what is wrong with it."""
    caller.must("be told")
    unknown = [event for event in events if event not in EVENTS]
    if unknown or not events:
        raise WebhookEvents(value=", ".join(unknown) or "-", known=", ".join(EVENTS))
    desk.receivers.find(url)
    secret, now = PREFIX + secrets.token_urlsafe(32), desk.now()
    with database.write() as connection:
        enterprise_id = _enterprise(connection, caller, uscc)
        must_act(connection, caller, enterprise_id)
        kept = select(func.count(Webhook.id)).where(
            Webhook.enterprise_id == enterprise_id, Webhook.removed_at.is_(None)
        )
        if (connection.scalar(kept) or 0) >= MOST_WEBHOOKS:
            raise WebhookLimit(limit=MOST_WEBHOOKS)
        webhook_id = connection.execute(
            insert(Webhook)
            .values(
                enterprise_id=enterprise_id,
                url=url,
                secret="",
                events=[event for event in EVENTS if event in events],
                created_at=now,
            )
            .returning(Webhook.id)
        ).scalar_one()
        sealed = desk.keyring.seal(secret, place_of(Webhook, "secret", webhook_id))
        connection.execute(update(Webhook).where(Webhook.id == webhook_id).values(secret=sealed))
        record(connection, caller, "webhook.add", webhook_id, now, enterprise_id=enterprise_id)
    return Added(webhook_id, secret)


def remove(database: Database, desk: Desk, caller: Caller, webhook_id: int) -> None:
    """Removes a webhook; what still waited for it is given up."""
    caller.must("be told")
    with database.write() as connection:
        webhook = _webhook(connection, caller, webhook_id)
        remove_webhook(connection, webhook_id, desk.now())
        record(connection, caller, "webhook.remove", webhook_id, desk.now(), enterprise_id=webhook.enterprise_id)


def try_out(database: Database, desk: Desk, caller: Caller, webhook_id: int) -> int:
    """Queues a `test` notice; the id of its delivery."""
    caller.must("be told")
    with database.write() as connection:
        must_act(connection, caller, _webhook(connection, caller, webhook_id).enterprise_id)
        return queue_test(connection, webhook_id, desk.now())


def replay(database: Database, desk: Desk, caller: Caller, delivery_id: int) -> None:
    """Has a notice sent again from its first attempt on. One that is still being tried is left alone: NoticeWaiting."""
    caller.must("be told")
    with database.write() as connection:
        delivery = connection.execute(
            select(WebhookDelivery.webhook_id, WebhookDelivery.state)
            .where(WebhookDelivery.id == delivery_id, visible(WebhookDelivery, caller))
            .with_for_update()
        ).one_or_none()
        if delivery is None:
            raise NotFound("notice", delivery_id)
        must_act(connection, caller, _webhook(connection, caller, delivery.webhook_id).enterprise_id)
        if delivery.state == NoticeState.WAITING:
            raise NoticeWaiting(id=delivery_id)
        connection.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.id == delivery_id)
            .values(state=NoticeState.WAITING, attempts=0, next_try_at=desk.now(), delivered_at=None, error=None)
        )


def _webhook(connection: Connection, caller: Caller, webhook_id: int) -> Row[Any]:
    """A webhook of the caller's that is not removed."""
    row = connection.execute(
        select(Webhook.__table__).where(
            Webhook.id == webhook_id, Webhook.removed_at.is_(None), visible(Webhook, caller)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("webhook", webhook_id)
    return row


def _enterprise(connection: Connection, caller: Caller, uscc: str | None) -> int:
    """The enterprise that is meant, locked; a caller that acts for one need not name it."""
    if uscc is None and len(caller.enterprises) != 1:
        raise EnterpriseUnnamed
    mine = select(Enterprise.id).where(Enterprise.id.in_(caller.enterprises))
    chosen = mine if uscc is None else mine.where(Enterprise.uscc == uscc)
    enterprise_id = connection.scalar(chosen.with_for_update())
    if enterprise_id is None:
        raise NotFound("enterprise", uscc)
    return enterprise_id
