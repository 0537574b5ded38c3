"""Orders on the command line: kept with their time, refused with the way out, and readable afterwards."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, update

from hub.model import Lease, SyncJob
from tests.support.cli.shells import Typed
from tests.support.databases import ON_SQLITE
from tests.support.world import World

JOB = "tax.rates"


@ON_SQLITE
def test_an_order_tells_when_it_runs_and_the_list_what_became_of_it(yuhub: Typed, world: World) -> None:
    hub = {"YUHUB_HUB": world.address, "YUHUB_KEY": world.staff}
    assert "No scheduler was ever elected" in yuhub("sync", "orders", **hub)
    with world.hub.database.write() as connection:
        until = world.clock() + timedelta(hours=1)
        connection.execute(insert(Lease).values(name="scheduler", holder="it", token=1, until=until))
        connection.execute(update(SyncJob).where(SyncJob.name == JOB).values(not_before=until))
    assert "Nobody has ordered anything yet" in yuhub("sync", "orders", **hub)
    told = yuhub("sync", "run", JOB, "--reason", "see [/x] \x1b", **hub)
    kept = "kept: its authority asked for a rest, or could not be reached; runs at 01-09 10:00:00 Beijing time"
    assert told.strip() == f"{JOB}: {kept}"
    status = yuhub("sync", "status", **hub)
    assert f"run {JOB} (operator, 01-09 09:00:00: see [/x] \\x1b)  {kept}" in status
    assert "rests until" in status.splitlines()[0]
    listed = yuhub("sync", "orders", JOB, **hub).splitlines()
    assert listed[0].split() == ["ordered", "job", "order", "by", "reason", "outcome"]
    assert r"see [/x] \x1b" in listed[1]
    assert listed[1].endswith(kept)
    assert "JOB_ORDERED" in yuhub("sync", "run", JOB, "--reason", "x", expect=1, **hub)
    assert yuhub("sync", "status", **hub).count(f"run {JOB}") == 1
    assert "已暂停" in yuhub("sync", "pause", JOB, "--reason", "they asked", **hub, YUHUB_LANGUAGE="zh")
    assert "JOB_PAUSED_ALREADY" in yuhub("sync", "pause", JOB, "--reason", "x", expect=1, **hub)
    assert "JOB_PAUSED" in yuhub("sync", "run", JOB, "--reason", "x", expect=1, **hub)
    world.clock.forward(timedelta(days=1))
    assert "No scheduler is elected since 01-09 10:00:00 Beijing time: orders are kept" in yuhub(
        "sync", "status", **hub
    )
