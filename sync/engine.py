"""What an engine is: it is told names of jobs, and has them done somewhere, by threads or by another process.

Only text and whole numbers go in, so that a queue can carry them. What is to be done is known to `sync.work` alone.
"""

from __future__ import annotations

from typing import Protocol

RUN, PUSHED, ORDER, HOST = "run", "pushed", "order", "host"
"""What is to be done with a job: its run, what was pushed for it, an order of staff, the notices to one host."""


class Engine(Protocol):
    """Has jobs done. The same thing may be told twice, by two processes, too: it is done once."""

    def submit(self, job: str, task: str = RUN, **given: str | int) -> bool:
        """Takes a job on, such as `customs.responses`, and returns; False where that is not wanted now.

        `given`: `slot` (ISO 8601) of a run, `command` (its id) of an order, `host` of notices.
        """
        ...

    def close(self, seconds: float | None = None) -> list[str]:
        """Takes nothing more and waits for what runs, so many seconds or for as long as it takes; what is left."""
        ...
