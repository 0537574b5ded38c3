"""The clock: one scheduler is elected, a standby takes over, and staff's orders are obeyed."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from connectors.sdk.http import utc_now
from hub.app import build
from hub.model import AuditEntry, Command, Lease, SyncJob, SyncRun
from sync.engine import RUN
from sync.jobs import ADVANCE, HOUSEKEEPING, OWN_JOBS, jobs_to_try_again, write_jobs
from sync.lease import take
from sync.scheduler import Scheduler
from sync.work import BEFORE_TRYING_AGAIN, Work
from tests.support.databases import ON_SQLITE
from tests.support.sync.engines import Awaited
from tests.support.waiting import wait_until
from tests.support.world import World, settings_for


class Watching:
    """An engine that only notes what it was told, as the text that a queue would carry."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def submit(self, job: str, task: str = RUN, **given: str | int) -> bool:
        self.told.append(json.dumps({"job": job, "task": task, **given}))
        return True

    def close(self, seconds: float | None = None) -> list[str]:
        return []

    @property
    def jobs(self) -> list[str]:
        return [json.loads(one)["job"] for one in self.told]


def test_of_two_schedulers_one_works_and_the_other_takes_over(tmp_path: Any, database_url: str) -> None:
    hub = build(settings_for(tmp_path, database_url, {}, YUHUB_LEASE_SECONDS="1.2"), now=utc_now)
    with hub.database.write() as connection:
        write_jobs(connection, hub.connectors, 1)
        connection.execute(update(SyncJob).values(every=0.5))
        names = {*connection.scalars(select(SyncJob.name))}
    engines = [Watching(), Watching()]
    schedulers = [Scheduler(hub.services, engine) for engine in engines]
    try:
        for scheduler in schedulers:
            threading.Thread(target=scheduler.start).start()
        wait_until(lambda: any(len(engine.told) > 20 for engine in engines))
        working = 0 if engines[0].told else 1
        assert [scheduler.elected for scheduler in schedulers] == [working == 0, working == 1]
        assert engines[1 - working].told == []

        schedulers[working].stop()
        wait_until(lambda: {*engines[1 - working].jobs} == names)
        assert {*OWN_JOBS} < names
    finally:
        schedulers[1 - working].stop()
        hub.close()


def test_what_failed_or_died_is_tried_again_long_before_its_next_slot(world: World) -> None:
    """Tariffs are pulled every six hours; a trade that lacks one does not wait for so long."""
    world.street.doors["customs"].app = None
    assert world.run("customs.tariffs", "forex.parity") == {"customs.tariffs": "failed", "forex.parity": "ok"}
    with world.hub.database.write() as connection:
        take(connection, "tax.rates", "a process that dies", world.clock(), timedelta(seconds=10))
        take(connection, "rail.warehouses", "one that is paused then", world.clock(), timedelta(seconds=10))
        connection.execute(update(SyncJob).where(SyncJob.name == "rail.warehouses").values(paused_at=world.clock()))

    world.clock.forward(timedelta(minutes=4))
    assert again(world) == [], "they rest first"
    world.clock.forward(timedelta(minutes=2))
    assert again(world) == ["customs.tariffs", "tax.rates"]

    engine = Watching()
    assert Work(world.hub.services)(engine, HOUSEKEEPING) == "ok"
    assert engine.jobs == ["customs.tariffs", "tax.rates", ADVANCE]

    assert world.run("tax.rates") == {"tax.rates": "ok"}
    assert again(world) == ["customs.tariffs"]


def again(world: World) -> list[str]:
    with world.hub.database.read() as connection:
        return jobs_to_try_again(connection, world.clock(), BEFORE_TRYING_AGAIN)


@ON_SQLITE
def test_staff_orders_are_rows_that_are_obeyed_with_reason_and_audit(world: World) -> None:
    order = "mutation($job: String!, $why: String!) { %s(job: $job, reason: $why) { action } }"
    pause, resume, run = (order % name for name in ("pauseJob", "resumeJob", "runJob"))

    world.ask(pause, world.staff, job="tax.rates", why="the bureau asked us to")
    assert world.run("tax.rates") == {"tax.rates": "skipped"}
    assert standing(world, "tax.rates") == {"state": "paused", "pausedReason": "the bureau asked us to"}
    world.ask(resume, world.staff, job="tax.rates", why="they are done")
    assert standing(world, "tax.rates")["state"] == "no_data"

    world.ask(run, world.staff, job="tax.rates", why="look at once")
    from sync.commands import obey_commands

    engine = Awaited(world.hub.services)
    assert obey_commands(world.hub.services, engine) == 1
    engine.wait()
    engine.close()
    assert standing(world, "tax.rates")["state"] == "ok"
    with world.hub.database.read() as connection:
        commands = connection.execute(select(Command.__table__).order_by(Command.id)).all()
        audit = connection.execute(select(AuditEntry.__table__).order_by(AuditEntry.id)).all()
    assert [(one.action, one.outcome) for one in commands] == [
        ("pause", "done"),
        ("resume", "done"),
        ("run", "ran: ok"),
    ]
    assert [(one.actor, one.action, one.reason) for one in audit if one.action != "key.issue"] == [
        ("operator", "job.pause", "the bureau asked us to"),
        ("operator", "job.resume", "they are done"),
        ("operator", "job.run", "look at once"),
    ]


def standing(world: World, job: str) -> dict[str, Any]:
    jobs = world.ask("{ syncJobs { name state pausedReason } }", world.staff)["syncJobs"]
    return next({name: one[name] for name in ("state", "pausedReason")} for one in jobs if one["name"] == job)


def test_a_job_is_late_once_its_delay_is_over_the_promise(world: World) -> None:
    world.run("tax.rates")
    assert standing(world, "tax.rates")["state"] == "ok"
    world.clock.forward(timedelta(days=3))
    (found,) = [
        one
        for one in world.ask("{ syncJobs { name state delaySeconds promiseSeconds } }", world.staff)["syncJobs"]
        if one["name"] == "tax.rates"
    ]
    assert found["state"] == "late"
    assert found["delaySeconds"] == pytest.approx(3 * 86400, rel=0.01)
    assert found["promiseSeconds"] == 2 * 86400


def test_a_run_whose_process_died_is_closed_with_the_reason(world: World) -> None:
    from sync.lease import take
    from sync.run_ledger import close_abandoned, open_run

    with world.hub.database.write() as connection:
        lease = take(connection, "tax.rates", "dead", world.clock(), timedelta(seconds=5))
        assert lease
        open_run(connection, lease, "incremental", world.clock(), world.clock())
        assert close_abandoned(connection, world.clock()) == 0
    world.clock.forward(timedelta(minutes=1))
    with world.hub.database.write() as connection:
        assert close_abandoned(connection, world.clock()) == 1
        run = connection.execute(select(SyncRun.__table__).where(SyncRun.id == "dead")).one()
    assert (run.state, run.error_code) == ("failed", "ABANDONED")


class Turnstile:
    """A clock that lets elections through one by one; all others pass."""

    def __init__(self) -> None:
        self.entered, self.go_on = threading.Event(), threading.Event()
        self.breaks = False

    def __call__(self) -> datetime:
        if threading.current_thread().name == "elect":
            if self.breaks:
                raise SystemExit
            self.entered.set()
            assert self.go_on.wait(120)
        return utc_now()


def test_a_scheduler_that_is_stopped_in_the_middle_of_an_election_ends(tmp_path: Any, hub_url: str) -> None:
    turnstile = Turnstile()
    hub = build(settings_for(tmp_path, hub_url, {}), now=turnstile)
    scheduler = Scheduler(hub.services, Watching())
    scheduler.start()
    assert turnstile.entered.wait(120)
    stopper = threading.Thread(target=scheduler.stop, daemon=True)
    stopper.start()
    assert scheduler.stopping.wait(120)
    wait_until(lambda: not scheduler._clock.running, 120)
    turnstile.go_on.set()
    stopper.join(120)
    assert not stopper.is_alive()
    with hub.database.read() as connection:
        assert connection.scalar(select(Lease.until)) <= utc_now(), "another may be elected at once"
    hub.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # that thread is to end
def test_a_hub_whose_scheduler_does_not_work_is_not_ready_and_says_why(tmp_path: Any, small_url: str) -> None:
    turnstile, passed = Turnstile(), [0.0]
    hub = build(settings_for(tmp_path, small_url, {}, YUHUB_LEASE_SECONDS="1"), now=turnstile)
    scheduler = Scheduler(hub.services, Watching(), ticks=lambda: passed[0])
    hub.life.watch(scheduler.ails)

    def ready() -> tuple[int, str]:
        answer = hub.web().test_client().get("/health/ready", headers={"Accept-Language": "en"})
        return answer.status_code, answer.get_data(as_text=True)

    scheduler.start()
    assert turnstile.entered.wait(120)
    assert ready()[0] == 200
    passed[0] = 1.5
    status, said = ready()
    assert status == 503
    assert "lease has not been prolonged" in said

    turnstile.breaks = True
    turnstile.go_on.set()
    wait_until(lambda: "election thread has ended" in ready()[1], 120)
    scheduler.stop()
    hub.close()
