"""Telling others, as authorities that push do: a POST to whoever asked for it, tried a few times and then let go."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests

LOG = logging.getLogger("mocks.push")
ATTEMPTS = 3
TIMES = (2.0, 5.0)  # seconds: to connect, to be answered
EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Where to, and what proves there who we are."""

    endpoint: str
    token: str

    def tell(self, body: bytes, content_type: str) -> bool:
        """True where it was taken. A receiver that is away asks us later by itself."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
        for _ in range(ATTEMPTS):
            try:
                answer = requests.post(self.endpoint, data=body, headers=headers, timeout=TIMES)
            except requests.RequestException as error:
                LOG.info("%s: %s", self.endpoint, type(error).__name__)
                continue
            if answer.status_code < 500:
                return answer.ok
        return False


@contextmanager
def repeating(call: Callable[[], object], seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Calls again and again in a thread, until the block ends."""
    ended = threading.Event()

    def repeat() -> None:
        while not ended.wait(seconds):
            call()

    thread = threading.Thread(target=repeat, name="push", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=sum(TIMES) * ATTEMPTS)
