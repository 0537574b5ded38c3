"""Delivering notices: what is due goes out, a few hosts at a time and to each host one after the other.

claim (transaction) → talk (none) → record (transaction). A receiver that is slow, down or hostile costs one of a few
threads for a few seconds; it delays no other receiver, and no trade ever waits for any.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

from hub.errors import HubError
from hub.share import notices
from hub.share.notices import Notice
from hub.share.receivers import Receivers, read_url
from sync.parts import Parts
from sync.post import Answer, Post

LOG = logging.getLogger("yuhub.notices")
THREADS = 4
SLICE = 10.0
"""Seconds after which a host that still has notices due gives its thread to another."""
GONE = 410


class Notifier:
    """Keeps a few threads of its own. `deliver` begins what is due and returns; hosts that are busy are left alone."""

    def __init__(
        self,
        parts: Parts,
        *,
        receivers: Receivers | None = None,
        post: Post | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.parts = parts
        self.receivers = receivers or parts.desk.receivers
        self.post = post or Post()
        self.chance = chance
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="notices")
        self._lock = threading.Lock()
        self._open = True
        self._busy: set[str] = set()
        self._turns = count(1)
        self._served: dict[str, int] = {}

    def deliver(self) -> list[Future[None]]:
        """Begins to serve hosts with something due, as many as there are threads; the longest unserved first."""
        begun: list[Future[None]] = []
        hosts = self._due()
        with self._lock:
            self._served = {host: self._served.get(host, 0) for host in hosts}
            for host in sorted(hosts, key=self._served.__getitem__):
                if self._open and host not in self._busy and len(self._busy) < THREADS:
                    self._busy.add(host)
                    self._served[host] = next(self._turns)
                    begun.append(self._pool.submit(self._serve, host, hosts[host]))
        return begun

    def close(self) -> None:
        """Takes nothing more and waits for what is under way: seconds, whoever is at the other end."""
        with self._lock:
            self._open = False
        self._pool.shutdown(wait=True)

    def _due(self) -> dict[str, list[int]]:
        """The webhooks of each host that has something due."""
        hosts: dict[str, list[int]] = {}
        with self.parts.database.read() as connection:
            for webhook_id, url in notices.due_webhooks(connection, self.parts.now()):
                hosts.setdefault(read_url(url).host, []).append(webhook_id)
        return hosts

    def _serve(self, host: str, webhook_ids: Sequence[int]) -> None:
        """Sends what is due at one host, until one fails: what follows would most likely fail as well."""
        ends = time.monotonic() + SLICE
        try:
            while self._open and time.monotonic() < ends:
                with self.parts.database.write() as connection:
                    notice = notices.claim(connection, webhook_ids, self.parts.now(), self.parts.desk.keyring)
                if notice is None or not self._send(notice):
                    return
        except Exception:
            LOG.exception("notices to %s broke", host)
            raise
        finally:
            with self._lock:
                self._busy.discard(host)

    def _send(self, notice: Notice) -> bool:
        """True where the receiver has taken it."""
        try:
            place = self.receivers.find(notice.url)
            answer = self.post(place, notice.body, notice.headers(self.parts.now()))
        except HubError as error:  # the host has moved to where nobody may be sent
            answer = Answer(None, error.words())
        with self.parts.database.write() as connection:
            now = self.parts.now()
            if not answer.error:
                notices.delivered(connection, notice, now)
            elif answer.status == GONE:
                notices.remove_webhook(connection, notice.webhook_id, now, "HTTP 410: the receiver wants no more")
            else:
                notices.not_delivered(connection, notice, now, answer.error, self.chance(), answer.after)
        if answer.error:
            LOG.info("notice %s, attempt %s: %s", notice.id, notice.attempt, answer.error)
        return not answer.error
