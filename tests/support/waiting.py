"""Waiting for what happens in other threads."""

from __future__ import annotations

import threading
from collections.abc import Callable

PAUSE = 0.02
"""Seconds between two looks."""


def wait_until(come: Callable[[], object], seconds: float = 30) -> None:
    """Returns once it has come. AssertionError where so many looks as fit into these seconds have not found it."""
    pause = threading.Event()
    for _ in range(round(seconds / PAUSE)):
        if come():
            return
        pause.wait(PAUSE)
    raise AssertionError("it did not come")
