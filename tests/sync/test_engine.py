"""The engine is a protocol: names travel, whoever has them does the work; the hub's own jobs are jobs like others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select, update

from hub.model import SyncJob, SyncRun, TouchedSubject
from hub.progress.advance import touch
from sync.commands import obey_commands
from sync.jobs import ADVANCE, NOTICES, OBEY, OWN_JOBS, PUSHES
from sync.work import run_own
from tests.support.notices.opening import open_office
from tests.support.notices.telling import Receiver
from tests.support.processes import environment_of
from tests.support.sync.engines import Awaited, Elsewhere
from tests.support.sync.entering import enter_trade
from tests.support.sync.obeying import GIVE, Obeying
from tests.support.world import World

JOBS = """{ syncJobs {
  name connector state everySeconds delaySeconds promiseSeconds lastSuccessAt errorCode error failures
} }"""


def own(world: World, job: str) -> Any:
    return next(one for one in world.ask(JOBS, world.staff)["syncJobs"] if one["name"] == job)


def runs(world: World, job: str) -> list[str]:
    with world.hub.database.read() as connection:
        return list(connection.scalars(select(SyncRun.state).where(SyncRun.job == job)))


def anything_touched(world: World) -> bool:
    with world.hub.database.read() as connection:
        return connection.scalar(select(TouchedSubject.id).limit(1)) is not None


@contextmanager
def awaited(world: World) -> Iterator[Awaited]:
    engine = Awaited(world.hub.services)
    yield engine
    engine.wait()
    engine.close()


def test_a_second_process_does_by_name_what_the_first_one_only_tells(obeying: Obeying) -> None:
    world = obeying.world
    trade = enter_trade(world)
    engine = Elsewhere(environment_of(world.settings))
    sending = f'{{"job": "customs.send", "slot": "{world.clock().isoformat()}"}}'
    for _ in range(2):  # a queue may bring a thing twice
        engine.send(sending)
    assert engine.became == ["ok", "skipped"]
    assert len(world.taken("customs", "CEB303")) == 1

    with world.hub.database.write() as connection:
        touch(connection, [trade])
    for line in {*engine.asked}:
        engine.send(line)
    assert (engine.became[2:], anything_touched(world)) == (["ok"], False), "it asked for hub.advance, and nothing else"

    obeying.order()
    assert obey_commands(world.hub.services, engine) == 1
    assert obeying.orders() == [("run", "carried_out", "ran: ok")]
    assert engine.close(60) == []


def test_a_connector_that_is_stuck_holds_up_nobodys_trades(small_world: World) -> None:
    world, arrived, go_on = small_world, Event(), Event()
    trade, tax = enter_trade(world), world.street.doors["tax"].app
    assert tax

    def stuck(environ: Any, start_response: Any) -> Any:
        arrived.set()
        assert go_on.wait(60)
        return tax(environ, start_response)

    world.street.doors["tax"].app = stuck
    with awaited(world) as engine:
        assert engine.submit("tax.results")
        assert not engine.submit("tax.results"), "it waits or runs already"
        assert arrived.wait(60)
        with world.hub.database.write() as connection:
            touch(connection, [trade])
        engine.submit("forex.parity")
        engine.wait("forex.parity")  # which asks for what follows when it ends
        engine.wait(ADVANCE)
        assert (anything_touched(world), runs(world, "tax.results")) == (False, ["running"])
        go_on.set()
    assert runs(world, "tax.results") == ["ok"]


def test_trades_that_take_long_to_advance_hold_up_no_run(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world, begun, go_on = small_world, Event(), Event()
    trade = enter_trade(world)
    with world.hub.database.write() as connection:
        touch(connection, [trade])

    def takes_long(*_: Any) -> None:
        begun.set()
        assert go_on.wait(60)

    monkeypatch.setattr("sync.work.advance_touched", takes_long)
    known = len(runs(world, "forex.parity"))
    with awaited(world) as engine:
        engine.submit(ADVANCE)
        assert begun.wait(60)
        for number in range(2):
            world.clock.forward(OWN_JOBS[ADVANCE].every)
            engine.submit("forex.parity", slot=world.clock().isoformat())
            engine.wait("forex.parity")
            assert runs(world, "forex.parity")[known:] == ["ok"] * (number + 1)
        go_on.set()


def test_the_hubs_own_jobs_are_in_the_list_with_promise_and_delay(small_world: World) -> None:
    world = small_world
    assert {own(world, job)["state"] for job in OWN_JOBS} == {"no_data"}
    for job in OWN_JOBS:
        assert world.do(job) == "ok"
    listed = own(world, ADVANCE)
    assert (listed["connector"], listed["state"], round(listed["delaySeconds"])) == ("hub", "ok", 0)
    assert (listed["everySeconds"], listed["promiseSeconds"]) == (5, 60)
    world.clock.forward(2 * OWN_JOBS[ADVANCE].promise)
    assert own(world, ADVANCE)["state"] == "late"
    world.do(ADVANCE)
    assert own(world, ADVANCE)["state"] == "ok"


def test_what_ails_one_of_the_hubs_own_jobs_is_said_until_it_goes_well_again(small_world: World) -> None:
    world, parts = small_world, small_world.hub.services

    def breaks() -> None:
        raise ZeroDivisionError("of all things")

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            run_own(parts, PUSHES, breaks)
    listed = own(world, PUSHES)
    assert (listed["state"], listed["failures"]) == ("failed", 2)
    assert (listed["errorCode"], listed["error"]) == ("BUG", "ZeroDivisionError: of all things")
    assert run_own(parts, PUSHES, lambda: None) == "ok"
    assert (own(world, PUSHES)["state"], own(world, PUSHES)["error"]) == ("ok", None)


def test_staff_pause_and_order_the_hubs_own_jobs_like_others(obeying: Obeying) -> None:
    world = obeying.world
    trade = enter_trade(world)
    with world.hub.database.write() as connection:
        touch(connection, [trade])
    for query in ((GIVE % ADVANCE).replace("runJob", "pauseJob"), (GIVE % ADVANCE).replace("runJob", "resumeJob")):
        obeying.order(query)
        assert world.do(ADVANCE) == ("skipped" if "pause" in query else "ok")
        assert anything_touched(world) == ("pause" in query)
    obeying.order(GIVE % OBEY)
    assert obeying() == 1
    with world.hub.database.write() as connection:
        connection.execute(update(SyncJob).where(SyncJob.name == OBEY).values(paused_at=world.clock()))
    assert world.do(OBEY) == "skipped"


def test_an_engine_that_closes_names_what_it_leaves(small_world: World, tmp_path: Path, httpserver: HTTPServer) -> None:
    """Whoever hears a notice may take longer than a process has that is about to end."""
    office, arrived, go_on = open_office(small_world, tmp_path), Event(), Event()
    receiver = Receiver(httpserver, before=lambda: [arrived.set(), go_on.wait(60)])
    office.queue(office.add(receiver.url)["id"], 2)
    engine = Awaited(office.world.hub.services)
    engine.submit(NOTICES)
    assert arrived.wait(60)
    assert engine.close(0) == ["hub.notices host localhost"]
    assert not engine.submit(NOTICES)
    go_on.set()
    engine.wait()
    assert [one.state for one in office.deliveries] == ["delivered", "waiting"], "none is begun any more"
