"""Leaving an authority alone that fails again and again, and noticing when it is back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from connectors.sdk.errors import LeftAlone
from connectors.sdk.health import Finding
from connectors.sdk.instants import BEIJING

UNTIL_THE_PROBE_IS_BACK = 2.0
ALL_BY_ITSELF = ("届时自动试探一次，恢复后自动继续", "One request tries again then; once it is answered all go on")


class Breaker:
    """One connector's view of one host; two connectors at the same host never close the door on each other.

    Closed, everybody passes. After `failures` in a row it opens for a `pause`; then one request passes as a probe: if
    it is answered all pass again, if not the next pause begins. A failure is no answer at all or a status of 5xx; a
    refusal is an answer.
    """

    def __init__(self, host: str, failures: int, pause: timedelta, now: Callable[[], datetime]) -> None:
        self.host, self.failures, self.pause = host, failures, pause
        self._now = now
        self._lock = threading.Lock()
        self._row, self._since, self._why = 0, now(), ""
        self._until: datetime | None = None
        self._probing = False

    def let_pass(self) -> None:
        """LeftAlone while the authority is given a rest; nothing has been sent then."""
        with self._lock:
            if self._until is None:
                return
            now = self._now()
            left = self._until - now
            if timedelta() < left <= self.pause:  # more than a pause: the clock was set back
                after = UNTIL_THE_PROBE_IS_BACK if self._probing else left.total_seconds()
                raise LeftAlone(f"{self.host}: {self._words(self._until)[1]}; nothing was sent", after=after)
            self._probing, self._until = True, now + self.pause  # a probe that never comes back bars nobody for ever

    def heard(self, failure: str | None) -> None:
        """What became of a request that had passed: how it failed, or None."""
        with self._lock:
            if failure is None:
                self._row, self._until, self._probing = 0, None, False
                return
            now = self._now()
            self._since = self._since if self._row else now
            self._row, self._why = self._row + 1, failure
            self._probing = False
            if self._row >= self.failures:
                self._until = now + self.pause

    def health(self) -> Finding | None:
        """Since when and until when nothing is sent there; None while everybody passes."""
        with self._lock:
            if self._until is None:
                return None
            zh, en = self._words(self._until)
        return Finding(self.host, False, zh, en, *ALL_BY_ITSELF)

    def _words(self, until: datetime) -> tuple[str, str]:
        first, last = (f"{one.astimezone(BEIJING):%H:%M:%S}" for one in (self._since, until))
        zh = f"自 {first} 起连续失败 {self._row} 次（{self._why}），暂停至 {last}"
        return zh, f"paused after {self._row} failures in a row ({self._why}), since {first} until {last} Beijing time"
