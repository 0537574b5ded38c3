"""All callers' lines: how many there may be, and who gives way to whom."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Protocol

from hub.errors import HubError
from hub.gate.bridge import HttpAnswer
from hub.gate.front import Patience

MOST_LINES = 8192
MOST_UNSENT = 256 * 2**20
"""Bytes of answers that callers have not taken yet; those with the most are hung up on where it is more."""
FILES_OF_OURS = 256
"""What the process opens beside its callers' lines."""
PER_ADDRESS = 256
LOOK_EVERY = 0.5
Refusal = Callable[[HubError], HttpAnswer]


class CallerLine(Protocol):
    """What is seen of one line from here."""

    address: str

    @property
    def unsent(self) -> int: ...

    @property
    def waits(self) -> bool: ...

    def look(self, patience: Patience) -> None: ...

    def abort(self) -> None: ...


class HttpConnections:
    """All lines of a server. Those that wait give way to newcomers, the oldest first: of the same address, where that
    has many, and of all where there are too many altogether.
    """

    def __init__(self, refusal: Refusal, patience: Patience, per_address: int) -> None:
        self.refusal, self.patience, self.per_address = refusal, patience, per_address
        self.most = min(MOST_LINES, _open_files() - FILES_OF_OURS)
        self._lines: dict[CallerLine, None] = {}
        self._by_address: dict[str, dict[CallerLine, None]] = {}

    def add(self, line: CallerLine) -> bool:
        """False where it is one too many, because all the others are being answered."""
        neighbours = self._by_address.get(line.address, {})
        if len(neighbours) >= self.per_address:
            self._make_room(neighbours)
        if len(self._lines) >= self.most and not self._make_room(self._lines):
            return False
        self._lines[line] = None
        self._by_address.setdefault(line.address, {})[line] = None
        return True

    def remove(self, line: CallerLine) -> None:
        self._lines.pop(line, None)
        neighbours = self._by_address.get(line.address, {})
        neighbours.pop(line, None)
        if not neighbours:
            self._by_address.pop(line.address, None)

    async def look_after(self) -> None:
        """Ends lines that take too long, or too much, until it is cancelled."""
        while True:
            await asyncio.sleep(min(LOOK_EVERY, self.patience.seconds / 4))
            for line in [*self._lines]:
                line.look(self.patience)
            unsent = sum(line.unsent for line in self._lines)
            for line in sorted(self._lines, key=lambda line: -line.unsent) if unsent > MOST_UNSENT else ():
                if unsent > MOST_UNSENT:
                    unsent -= line.unsent
                    line.abort()

    def hang_up(self) -> None:
        for line in [*self._lines]:
            line.abort()

    def _make_room(self, lines: Iterable[CallerLine]) -> bool:
        waiting = next((line for line in lines if line.waits), None)
        if waiting is None:
            return False
        waiting.abort()
        self.remove(waiting)
        return True


def _open_files() -> int:
    """How many files the process may have open, once it has asked for all that it may ask for."""
    if sys.platform == "win32":
        return MOST_LINES + FILES_OF_OURS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_LINES + FILES_OF_OURS
    if soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
