"""Notices: what enterprises are told through their webhooks, queued in the transaction in which it became true.

Delivered like papers: claim (transaction) → talk (none) → record (transaction). A claim moves the next try past the
time that any attempt can take, so nobody else begins meanwhile; one that was never recorded is tried again then.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from connectors.sdk.inside.retry import Retry
from hub.access.mandates import may_be_told
from hub.errors import SecretUnreadable
from hub.model import Webhook, WebhookDelivery
from hub.model.row_states import NoticeState
from hub.model.sealing import seal_place
from hub.model.types import write_instant
from hub.secrets import Keyring

EVENTS = ("paper.rejected", "trade.attention", "trade.finished", "trade.cancelled", "consolidation.left")
"""What an enterprise can be told of."""
TEST = "test"
PREFIX = "whsec_"
"""What a secret begins with; the rest is its key in base64."""
RETRY = Retry(attempts=12, base=10, longest_wait=6 * 3600)
LEASE = timedelta(minutes=2)
REMOVED = "the webhook was removed"
MANDATE_ENDED = "the account that added the webhook may not be told any more"


@dataclass(frozen=True, slots=True)
class Notice:
    """A delivery that this worker has claimed. `attempt` counts from 1, this one included."""

    id: int
    webhook_id: int
    url: str
    attempt: int
    body: bytes
    secret: str = field(repr=False)

    def headers(self, now: datetime) -> dict[str, str]:
        """Standard Webhooks 1.0.0: who has the secret sees who sent it, and when."""
        at = str(int(now.timestamp()))
        signed = hmac.digest(_key(self.secret), f"{self.id}.{at}.".encode() + self.body, "sha256")
        return {
            "Content-Type": "application/json; charset=utf-8",
            "webhook-id": str(self.id),
            "webhook-timestamp": at,
            "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
        }


def new_secret(key: bytes) -> str:
    """A secret as receivers are shown it. The key has 24 to 64 bytes."""
    return PREFIX + base64.b64encode(key).decode()


def _key(secret: str) -> bytes:
    """Secrets of before Standard Webhooks are keys as they stand."""
    return base64.b64decode(secret.removeprefix(PREFIX)) if secret.startswith(PREFIX) else secret.encode()


def body_of(event: str, happened_at: datetime, data: dict[str, Any]) -> str:
    """What a receiver is sent, as JSON."""
    said = {"type": event, "timestamp": write_instant(happened_at), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


Told = tuple[int, str, dict[str, Any]]
"""An enterprise by its id, an event, and what is said of it."""


def queue_notices(connection: Connection, told: Sequence[Told], now: datetime) -> None:
    """A delivery for each address that wants to hear of it."""
    if not told:
        return
    concerned = Webhook.enterprise_id.in_({enterprise_id for enterprise_id, _, _ in told})
    rows = connection.execute(
        select(Webhook.id, Webhook.events, Webhook.enterprise_id).where(
            concerned, Webhook.removed_at.is_(None), may_be_told(now)
        )
    ).all()
    deliveries = [
        _delivery(row.id, event, data, now)
        for enterprise_id, event, data in told
        for row in rows
        if row.enterprise_id == enterprise_id and event in row.events
    ]
    if deliveries:
        connection.execute(insert(WebhookDelivery), deliveries)


def queue_test(connection: Connection, webhook_id: int, now: datetime) -> int:
    """A notice that says nothing, to try an address out. One that still waits is not joined by another."""
    waiting = connection.scalar(
        select(WebhookDelivery.id).where(
            WebhookDelivery.webhook_id == webhook_id,
            WebhookDelivery.event == TEST,
            WebhookDelivery.state == NoticeState.WAITING,
        )
    )
    if waiting is not None:
        return waiting
    delivery = _delivery(webhook_id, TEST, {}, now)
    return connection.execute(insert(WebhookDelivery).values(delivery).returning(WebhookDelivery.id)).scalar_one()


def due_webhooks(connection: Connection, now: datetime) -> list[tuple[int, str]]:
    """Webhooks with something that is due, and their addresses; whose notices have waited longest first."""
    oldest = func.min(WebhookDelivery.next_try_at)
    chosen = _due(select(Webhook.id, Webhook.url), now).group_by(Webhook.id, Webhook.url).order_by(oldest, Webhook.id)
    return [(row.id, row.url) for row in connection.execute(chosen)]


def claim(connection: Connection, webhook_ids: Sequence[int], now: datetime, keyring: Keyring) -> Notice | None:
    """The next notice that is due for one of these webhooks; from now on it is this worker's for the lease.

    One that cannot be signed waits as if it was not taken, and says why.
    """
    columns = WebhookDelivery.__table__.c
    told = (columns.id, columns.event, columns.created_at, columns.payload, columns.attempts)
    asked = (*told, Webhook.id, Webhook.url, Webhook.secret)
    chosen = _due(select(*asked, may_be_told(now).label("allowed")), now)
    chosen = chosen.where(Webhook.id.in_(webhook_ids)).order_by(columns.next_try_at, columns.id).limit(1)
    while row := connection.execute(chosen.with_for_update(of=WebhookDelivery, skip_locked=True)).one_or_none():
        id_, event, created_at, data, attempts, webhook_id, url, secret, allowed = row
        if not allowed:
            remove_webhook(connection, webhook_id, now, MANDATE_ENDED)
            continue
        if attempts >= RETRY.attempts:  # whoever made the last attempt died over it
            _write(connection, id_, state=NoticeState.GIVEN_UP, error="the last attempt was not recorded")
            continue
        try:
            secret = keyring.open(secret, seal_place(webhook_id))
        except SecretUnreadable as error:
            said = f"{error.words()}; {error.way_out()}"
            _write(connection, id_, attempts=attempts + 1)
            not_delivered(connection, Notice(id_, webhook_id, url, attempts + 1, b"", ""), now, said, chance=1)
            continue
        _write(connection, id_, attempts=attempts + 1, next_try_at=now + LEASE)
        return Notice(id_, webhook_id, url, attempts + 1, body_of(event, created_at, data).encode(), secret)
    return None


def delivered(connection: Connection, notice: Notice, now: datetime) -> None:
    _write(connection, notice.id, notice.attempt, state=NoticeState.DELIVERED, delivered_at=now, error=None)


def not_delivered(
    connection: Connection, notice: Notice, now: datetime, error: str, chance: float, after: float | None = None
) -> None:
    """The next try waits longer each time, and never less than the receiver asked for; the last one gives up."""
    if notice.attempt >= RETRY.attempts:
        _write(connection, notice.id, notice.attempt, state=NoticeState.GIVEN_UP, error=error)
        return
    wait = timedelta(seconds=max(RETRY.wait(notice.attempt, chance), after or 0))
    _write(connection, notice.id, notice.attempt, next_try_at=now + wait, error=error)


def remove_webhook(connection: Connection, webhook_id: int, now: datetime, why: str = REMOVED) -> None:
    """Nothing goes there any more; what still waited is given up."""
    connection.execute(
        update(Webhook).where(Webhook.id == webhook_id, Webhook.removed_at.is_(None)).values(removed_at=now)
    )
    connection.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state == NoticeState.WAITING)
        .values(state=NoticeState.GIVEN_UP, error=why)
    )


def _due(chosen: Any, now: datetime) -> Any:
    return (
        chosen.select_from(WebhookDelivery)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(
            WebhookDelivery.state == NoticeState.WAITING,
            WebhookDelivery.next_try_at <= now,
            Webhook.removed_at.is_(None),
        )
    )


def _write(connection: Connection, delivery_id: int, attempt: int | None = None, **columns: Any) -> None:
    """Writes what became of a delivery; with `attempt`, only while that attempt is still the last one."""
    changed = update(WebhookDelivery).where(
        WebhookDelivery.id == delivery_id, WebhookDelivery.state == NoticeState.WAITING
    )
    if attempt is not None:
        changed = changed.where(WebhookDelivery.attempts == attempt)
    connection.execute(changed.values(**columns))


def _delivery(webhook_id: int, event: str, data: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "webhook_id": webhook_id,
        "event": event,
        "payload": data,
        "state": NoticeState.WAITING,
        "attempts": 0,
        "created_at": now,
        "next_try_at": now,
    }
