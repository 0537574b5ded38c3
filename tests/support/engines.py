"""An engine that has everything done at once, in the thread that asks: nothing to wait for, and one order only."""

from __future__ import annotations

from typing import Any

from sync.engine import RUN
from sync.services import Services
from sync.work import Work


class AtOnce:
    """An `Engine` that is never behind."""

    def __init__(self, parts: Services) -> None:
        self.work = Work(parts)

    def submit(self, job: str, task: str = RUN, **given: Any) -> bool:
        self.do(job, task, **given)
        return True

    def do(self, job: str, task: str = RUN, **given: Any) -> str | None:
        """What became of a run."""
        return self.work(self, job, task, **given)

    def close(self, seconds: float | None = None) -> list[str]:
        return []
