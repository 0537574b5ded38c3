"""How often a connector may talk: a token bucket that all its lines share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from connectors.sdk.errors import Retriable


class Bucket:
    """Refills with `per_second` requests a second and holds at most `burst` of them.

    A request whose turn comes soon waits for it; one whose turn is far off is handed back, so that nobody holds a
    worker for it. A clock that is set back costs nothing, one that is set forward fills the bucket at most.
    """

    def __init__(self, per_second: float, burst: int, now: Callable[[], datetime]) -> None:
        self.per_second, self.burst = per_second, burst
        self._now = now
        self._lock = threading.Lock()
        self._left, self._seen = float(burst), now()

    def turn(self, longest: float) -> float:
        """Takes a turn; the seconds to wait for it. Retriable, and nothing taken, where that is over `longest`."""
        with self._lock:
            now = self._now()
            passed = max(0.0, (now - self._seen).total_seconds())
            self._left, self._seen = min(self.burst, self._left + passed * self.per_second), now
            wait = max(0.0, (1 - self._left) / self.per_second)
            if wait > longest:
                raise Retriable(f"held back by our own limit of {self.per_second:g} requests a second", after=wait)
            self._left -= 1
            return wait
