"""A mapping that is wrong for a while: what a stream reads goes through a mistake until the test mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select

from connectors.sdk.http import Page
from connectors.sdk.records import Draft
from hub.model import SyncRun
from sync.replay import replay
from sync.work import follow_up
from tests.support.world import World

Mistake = Callable[[type[Any], dict[str, Any]], list[Draft]]
"""What a record becomes by the mistake: others, or nothing."""


class Mapping:
    """One stream of a world, such as `forex.credits`."""

    def __init__(self, world: World, job: str) -> None:
        self.world, self.job = world, job
        code, _, name = job.partition(".")
        self.stream: Any = world.hub.connectors[code].streams[name]
        self.right = self.stream.read

    def is_wrong(self, mistake: Mistake) -> None:
        def read(page: Page) -> Iterator[Draft]:
            for schema, values in self.right(page):
                yield from mistake(schema, values)

        self.stream.read = read

    def is_mended(self) -> None:
        self.stream.read = self.right

    def replay(self, *, everything: bool = True) -> Any:
        """Reads the kept pages again; the counters of that run, which add up."""
        replay(self.world.hub.services, self.job, self.world.clock(), quarantined_only=not everything)
        follow_up(self.world.hub.services)
        return self.last_run()

    def last_run(self) -> Any:
        with self.world.hub.database.read() as connection:
            runs = select(SyncRun.__table__).where(SyncRun.job == self.job).order_by(SyncRun.started_at.desc())
            run = connection.execute(runs.limit(1)).one()
        assert run.received == run.merged + run.unchanged + run.superseded + run.quarantined
        return run
