"""A scheduler for tests of orders: it looks at them when the test says so."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from hub.model import SyncJob, SyncRun
from sync.commands import obey_commands
from tests.support.sync.engines import Awaited
from tests.support.world import World

JOB = "tax.rates"
GIVE = """mutation($why: String!) { runJob(job: "%s", reason: $why) { state due outcome by at } }"""
REPLAY = 'mutation($why: String!) { replayJob(job: "%s", reason: $why) { state outcome } }'
REPLAY_ALL = (REPLAY % JOB).replace("reason: $why", "reason: $why, everything: true")
STATUS = """{ syncJobs { name restsUntil ordered { action by reason state due } } scheduler { elected noneSince } }"""
ORDERS = "query($job: String) { syncOrders(job: $job) { job action by reason state due outcome carriedOutAt } }"


class Obeying:
    """A scheduler that is elected, and looks at the orders when the test says so."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.engine = Awaited(world.hub.services)

    def __call__(self) -> int:
        """How many orders were carried out, when all that they started has ended."""
        done = obey_commands(self.world.hub.services, self.engine)
        self.engine.wait()
        self.engine.close()
        self.engine = Awaited(self.world.hub.services)
        return done

    def job(self, **columns: Any) -> None:
        with self.world.hub.database.write() as connection:
            connection.execute(update(SyncJob).where(SyncJob.name == JOB).values(**columns))

    def order(self, query: str = GIVE % JOB, why: str = "look at once") -> Any:
        return next(iter(self.world.ask(query, self.world.staff, why=why).values()))

    def refusal(self, query: str, language: str = "en") -> dict[str, str]:
        (error,) = self.world.post(query, self.world.staff, language, why="x").json()["errors"]
        return {"code": error["extensions"]["code"], "way": error["extensions"]["wayOut"], "said": error["message"]}

    def standing(self) -> Any:
        jobs = self.world.ask(STATUS, self.world.staff)["syncJobs"]
        return next(one for one in jobs if one["name"] == JOB)

    def orders(self) -> list[tuple[str, str, str | None]]:
        given = self.world.ask(ORDERS, self.world.staff, job=JOB)["syncOrders"]
        return [(one["action"], one["state"], one["outcome"]) for one in given]

    def runs(self) -> list[str]:
        with self.world.hub.database.read() as connection:
            return list(connection.scalars(select(SyncRun.state).where(SyncRun.job == JOB)))
