"""Wrong keys: some are mistakes, many are guesses, and those who guess are made to wait longer and longer.

Only wrong keys are: whoever has the right one comes in at once, whatever strangers behind the same address do.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

MISTAKES = 10
"""Wrong keys from an address, or with one beginning, that are answered at once."""
FIRST_WAIT, LONGEST_WAIT = 2, 900
"""Seconds; each wait is twice the one before."""
FORGOTTEN = 3_600
"""Seconds without a wrong key after which nothing is held against anybody."""
MOST_KEPT = 50_000


class Held(NamedTuple):
    """What is held against an address, or against one beginning of keys."""

    times: int = 0
    last: float = 0
    until: float = 0


class Guesses:
    """Counts wrong keys, by whatever names they are counted under."""

    def __init__(self, now: Callable[[], datetime], most_kept: int = MOST_KEPT) -> None:
        self.most_kept = most_kept
        self._now = now
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Held] = OrderedDict()

    def wrong(self, *names: str) -> float:
        """Counts a wrong key. The seconds that have to pass before the next is looked at, where this one came early."""
        with self._lock:
            now = self._now().timestamp()
            held = {name: self._known(name, now) for name in names}
            wait = max((one.until - now for one in held.values()), default=0.0)
            if wait > 0:
                return wait
            for name, one in held.items():
                self._held[name] = _one_more(one, now)
                self._held.move_to_end(name)
            self._forget(now)
            return 0

    def _forget(self, now: float) -> None:
        while self._held:
            oldest = next(iter(self._held))
            if len(self._held) <= self.most_kept and now - self._held[oldest].last < FORGOTTEN:
                return
            del self._held[oldest]

    def _known(self, name: str, now: float) -> Held:
        held = self._held.get(name, Held())
        return held if abs(now - held.last) < FORGOTTEN else Held()


def _one_more(held: Held, now: float) -> Held:
    times = held.times + 1
    over = times - MISTAKES
    return Held(times, now, now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(over, 30)) if over >= 0 else 0)
