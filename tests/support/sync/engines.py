"""An engine whose runs a test waits for."""

from __future__ import annotations

from concurrent import futures
from typing import Any

from sync.local import LocalEngine
from sync.parts import Parts


class Awaited(LocalEngine):
    """Closing one cancels what has not begun; a test that wants it done waits before."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.given: list[futures.Future[object]] = []

    def enqueue_order(self, *given: Any) -> futures.Future[object] | None:
        future = super().enqueue_order(*given)
        self.given += [future] if future else []
        return future

    def wait(self) -> None:
        futures.wait(self.given)
