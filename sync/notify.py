"""Delivering notices: what is due goes out, to a few hosts at a time and to each host one after the other.

claim (transaction) → talk (none) → record (transaction). A receiver that is slow, down or hostile costs one of a few
threads for a few seconds; it delays no other receiver, and no trade ever waits for any.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable

from hub.errors import HubError
from hub.notices import queue
from hub.notices.queue import Notice
from hub.notices.receivers import Receivers, read_url
from sync.services import Services
from sync.webhook_post import Post, PostAnswer

LOG = logging.getLogger("yuhub.notices")
SLICE = 10.0
"""Seconds after which a host that still has notices due gives its thread to another."""
GONE = 410


class Notifier:
    """Says which hosts have something due, and serves one."""

    def __init__(
        self,
        services: Services,
        *,
        receivers: Receivers | None = None,
        post: Post | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.services = services
        self.receivers = receivers or services.desk.receivers
        self.post = post or Post()
        self.chance = chance

    def due(self) -> dict[str, list[int]]:
        """Hosts with something due, whose notices have waited longest first, each with its webhooks."""
        hosts: dict[str, list[int]] = {}
        with self.services.database.read() as connection:
            for webhook_id, url in queue.due_webhooks(connection, self.services.now()):
                hosts.setdefault(read_url(url).host, []).append(webhook_id)
        return hosts

    def serve(self, host: str, ending: Callable[[], bool] = lambda: False) -> None:
        """Sends what is due at one host, until one fails: what follows would most likely fail as well.

        Or until its slice of time is over; `ending`, asked before each notice, says that nothing more is to be begun.
        """
        ends, webhook_ids = time.monotonic() + SLICE, self.due().get(host, [])
        while time.monotonic() < ends and not ending():
            with self.services.database.write() as connection:
                notice = queue.claim(connection, webhook_ids, self.services.now(), self.services.desk.keyring)
            if notice is None or not self._send(notice):
                return

    def _send(self, notice: Notice) -> bool:
        """True where the receiver has taken it."""
        try:
            place = self.receivers.find(notice.url)
            answer = self.post(place, notice.body, notice.headers(self.services.now()))
        except HubError as error:  # the host has moved to where nobody may be sent
            answer = PostAnswer(None, error.words())
        with self.services.database.write() as connection:
            now = self.services.now()
            if not answer.error:
                queue.delivered(connection, notice, now)
            elif answer.status == GONE:
                queue.remove_webhook(connection, notice.webhook_id, now, "HTTP 410: the receiver wants no more")
            else:
                queue.not_delivered(connection, notice, now, answer.error, self.chance(), answer.after)
        if answer.error:
            LOG.info("notice %s, attempt %s: %s", notice.id, notice.attempt, answer.error)
        return not answer.error
