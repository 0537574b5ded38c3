"""An exporter, its webhooks, and a receiver on the network that answers as a test tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from sqlalchemy import insert, select
from werkzeug import Request, Response

from hub.model import Webhook, WebhookDelivery
from sync.notify import Notifier
from sync.post import Limits, Post
from tests.support.world import World

ADD = """
mutation($url: String!, $events: [String!]!, $uscc: String) {
  addWebhook(url: $url, events: $events, enterprise: $uscc) { id secret }
}"""
PATIENT, QUICK = Limits(connect=5, read=10, total=20), Limits(connect=5, read=0.4, total=1)


@dataclass
class Receiver:
    """Takes notices at one path. `answers` are statuses to give in turn, then `status` for ever."""

    server: HTTPServer
    path: str = "/hook"
    status: int = 204
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    before: Callable[[], object] = lambda: None
    taken: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self.server.expect_request(self.path).respond_with_handler(self._answer)

    def _answer(self, asked: Request) -> Response:
        asked.get_data(cache=True)
        with self._lock:
            self.taken.append(asked)
            status = self.answers.pop(0) if self.answers else self.status
        self.before()
        return Response("thank you", status, self.headers)

    @property
    def url(self) -> str:
        return self.server.url_for(self.path)

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.taken]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(one.data) for one in self.taken]


class Office:
    """An exporter's side of it. `notifier` is the hub's; its dice always show one half."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = world.exporter()
        self.notifier = self.another()

    def another(self, **parts: Any) -> Notifier:
        parts = {"post": Post(PATIENT), "chance": lambda: 0.5, **parts}
        return Notifier(self.world.hub.parts, **parts)

    def add(self, url: str, *events: str) -> dict[str, str]:
        """A webhook by GraphQL: its id and its secret."""
        added: dict[str, str] = self.world.ask(ADD, self.key, url=url, events=events or ["paper.rejected"])[
            "addWebhook"
        ]
        return added

    def queue(self, webhook: str, count: int = 1) -> None:
        """Notices as something that became true would have queued them."""
        now = self.world.clock()
        rows = [
            {
                "webhook_id": int(webhook), "event": "trade.finished", "state": "waiting", "attempts": 0,
                "payload": {"trade": {"number": f"YH{number}", "orderNumber": "甲-1"}},
                "created_at": now, "next_try_at": now,
            }
            for number in range(count)
        ]  # fmt: skip
        with self.world.hub.database.write() as connection:
            connection.execute(insert(WebhookDelivery), rows)

    def deliver(self) -> None:
        """Everything that is due now is tried."""
        while begun := self.notifier.deliver():
            wait(begun)
            for future in begun:
                future.result()

    def after(self, **time: float) -> None:
        self.world.clock.forward(timedelta(**time))
        self.deliver()

    @property
    def deliveries(self) -> list[Any]:
        with self.world.hub.database.read() as connection:
            return list(connection.execute(select(WebhookDelivery.__table__).order_by(WebhookDelivery.id)))

    @property
    def kept(self) -> list[Any]:
        with self.world.hub.database.read() as connection:
            return list(connection.execute(select(Webhook.__table__).order_by(Webhook.id)))
