"""How a process of the hub is: whether it is about to end, and what ails the parts that run in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

from hub.errors import HubError

SHORTEST = 0.3
"""Seconds that whoever is told to end has at least."""


class Life:
    """Told once that the end has come; asked at every door."""

    def __init__(self) -> None:
        self.ended_at: float | None = None
        self.told = False
        """Whether a signal ended it: the process ends with it, then."""
        self.left: list[str] = []
        """What did not end with the process, and was left alone."""
        self._ails: list[Callable[[], str | None]] = []
        self._told: SimpleQueue[None] = SimpleQueue()

    def end(self) -> None:
        """From now on nothing is taken on. Safe in a signal handler: it takes no lock."""
        if self.ended_at is None:
            self.ended_at = time.monotonic()
        self._told.put(None)  # whatever a signal interrupts may have its hands on it

    def wait(self) -> None:
        """Until the end has come."""
        while not self.ending:
            with suppress(Empty):
                self._told.get(timeout=1)

    @property
    def ending(self) -> bool:
        return self.ended_at is not None

    def seconds_until(self, moment: float) -> float:
        """How long it is until so many seconds after the end has come; never nothing at all."""
        return max((self.ended_at or time.monotonic()) + moment - time.monotonic(), SHORTEST)

    def watch(self, ails: Callable[[], str | None]) -> None:
        """`ails` says what is wrong with a part of the process, one of `hub.errors.terms.CAUSES`, or None."""
        self._ails.append(ails)

    def must_take_on(self) -> None:
        """HUB_ENDING where whatever is taken on now might be left undone."""
        if self.ending:
            raise HubError("HUB_ENDING")

    def must_be_ready(self) -> None:
        """HUB_ENDING, or SCHEDULER_STOPPED where trades would be taken that nobody works on."""
        self.must_take_on()
        for ails in self._ails:
            if cause := ails():
                raise HubError("SCHEDULER_STOPPED", cause=cause)
