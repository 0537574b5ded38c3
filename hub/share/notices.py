"""Notices: what enterprises are told through their webhooks, queued in the transaction in which it became true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from connectors.sdk.states import State
from hub.model import Trade, Webhook, WebhookDelivery
from hub.share.decide import Decision

EVENTS = ("paper.rejected", "trade.attention", "trade.finished", "trade.cancelled")
"""What an enterprise can be told of."""


def queue_notices(connection: Connection, decisions: Sequence[Decision], now: datetime) -> None:
    """A delivery for each address that wants to hear of it."""
    told = [(decision.dossier.trade_id, notice) for decision in decisions for notice in _notices(decision)]
    if not told:
        return
    rows = connection.execute(
        select(Webhook.id, Webhook.events, Trade.id.label("trade_id"))
        .join(Trade, Trade.enterprise_id == Webhook.enterprise_id)
        .where(Trade.id.in_({trade_id for trade_id, _ in told}), Webhook.removed_at.is_(None))
    ).all()
    deliveries = [
        {
            "webhook_id": row.id,
            "event": notice["event"],
            "payload": notice | {"at": now.isoformat()},
            "state": "waiting",
            "attempts": 0,
            "created_at": now,
            "next_try_at": now,
        }
        for trade_id, notice in told
        for row in rows
        if row.trade_id == trade_id and notice["event"] in row.events
    ]
    if deliveries:
        connection.execute(insert(WebhookDelivery), deliveries)


def _notices(decision: Decision) -> Iterator[dict[str, Any]]:
    dossier = decision.dossier
    trade = {"number": dossier.number, "orderNumber": dossier.entry["orderNumber"]}
    for key in sorted(decision.moved):
        document = dossier.documents[key]
        if document.state is State.REJECTED:
            paper = {"kind": document.kind, "number": document.number, "version": document.version}
            yield {
                "event": "paper.rejected",
                "trade": trade,
                "paper": paper,
                "attention": dict(document.attention or {}),
            }
    if decision.state != dossier.state and f"trade.{decision.state}" in EVENTS:
        yield {"event": f"trade.{decision.state}", "trade": trade}
