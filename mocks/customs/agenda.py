"""What the office has to do at which time. Nothing runs by itself: somebody comes in, and what is due gets done."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Action = Callable[[datetime], None]


class Agenda:
    """Actions in the order of their time; an action hears the time it was due, not the time it is done."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, Action]] = []
        self._arrival = count()

    def add(self, due: datetime, action: Action) -> None:
        heapq.heappush(self._entries, (due, next(self._arrival), action))

    def catch_up(self, now: datetime) -> None:
        """Does everything that is due, and what becomes due by doing it."""
        while self._entries and self._entries[0][0] <= now:
            due, _, action = heapq.heappop(self._entries)
            action(due)
