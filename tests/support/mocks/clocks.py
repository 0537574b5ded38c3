"""A clock that stands still until a test moves it, for every stand-in."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mocks.pace import Pace

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in Zhengzhou
THURSDAY = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class HandPace(Pace):
    """A pace whose clock is set by hand, by one thread or by many: `HandPace(clock=[THURSDAY])` starts elsewhere."""

    clock: list[datetime] = field(default_factory=lambda: [MONDAY])
    turning: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        return self.clock[0]

    def wait(self, **spell: float) -> None:
        with self.turning:
            self.clock[0] += timedelta(**spell)
