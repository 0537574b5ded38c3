"""How a connector holds itself back: one rate for all its lines, and a breaker for each host."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.sdk.health import Finding
from connectors.sdk.inside.breaker import Breaker
from connectors.sdk.inside.bucket import Bucket


@dataclass(frozen=True, slots=True)
class RateLimits:
    """`[limits]` of a manifest: requests a second and in one burst; after how many failures in a row to pause."""

    per_second: float = 20
    burst: int = 40
    failures: int = 10
    pause: timedelta = timedelta(seconds=30)


class Restraint:
    """Held by the connector, not by a line: what one run has learnt about an authority holds for the next."""

    def __init__(self, limits: RateLimits, now: Callable[[], datetime]) -> None:
        self.limits = limits
        self.bucket = Bucket(limits.per_second, limits.burst, now)
        self._now = now
        self._lock = threading.Lock()
        self._breakers: dict[str, Breaker] = {}

    def breaker(self, host: str) -> Breaker:
        with self._lock:
            if host not in self._breakers:
                self._breakers[host] = Breaker(host, self.limits.failures, self.limits.pause, self._now)
            return self._breakers[host]

    def health(self) -> list[Finding]:
        """One finding for each host that is left alone now."""
        with self._lock:
            breakers = list(self._breakers.values())
        return [finding for one in breakers if (finding := one.health())]
