"""An engine whose runs a test waits for."""

from __future__ import annotations

from concurrent import futures

from sync.local import LocalEngine


class Awaited(LocalEngine):
    """Closing one cancels what has not begun; a test that wants it done waits before."""

    def wait(self) -> None:
        """Until all that was taken on is done, and what was asked for by that."""
        while given := list(self._given.values()):
            futures.wait(given)
