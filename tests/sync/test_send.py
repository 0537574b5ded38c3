"""Sending: a time-out is not a failure, nothing goes out twice, and what cannot go out asks for a person."""

from __future__ import annotations

from asyncio import CancelledError
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub.model import DeliveryAttempt, Document, SyncJob
from sync import lease
from sync.lease import LeaseLostError
from tests.support.databases import ON_SQLITE
from tests.support.sync.senders import ENTER, SavesThenCuts, states
from tests.support.world import World, demo_file


def attempts(world: World, kind: str) -> list[Any]:
    with world.hub.database.read() as connection:
        return list(
            connection.execute(
                select(DeliveryAttempt.__table__)
                .join(Document, Document.id == DeliveryAttempt.document_id)
                .where(Document.kind == kind)
                .order_by(DeliveryAttempt.id)
            )
        )


@pytest.fixture
def exporter(world: World) -> str:
    key = world.exporter()
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    entered = world.ask(ENTER, key, input=demo_file("trades", "xuchang-wigs-to-chicago"))["enterTrade"]
    assert entered["errors"] == []
    return key


@pytest.mark.usefixtures("exporter")
def test_customs_saved_and_said_nothing_so_the_same_guid_goes_again_and_the_duplicate_counts(world: World) -> None:
    SavesThenCuts(world, "customs", "/dxp/messages")
    assert world.run("customs.send") == {"customs.send": "failed"}
    world.clock.forward(timedelta(minutes=1))
    assert world.run("customs.send") == {"customs.send": "ok"}
    world.until(lambda: states(world)["customs.order"] == "done", by=timedelta(minutes=1))

    first, second = attempts(world, "customs.order")
    assert (first.outcome, second.outcome) == ("unknown", "delivered")
    assert first.guid == second.guid
    assert len(world.taken("customs", "CEB303")) == 1
    assert len(world.taken("customs", "CEB303", "duplicate")) == 1


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), CancelledError()], ids=repr)
@pytest.mark.parametrize("step", ["encode", "send"])
@pytest.mark.usefixtures("exporter")
@ON_SQLITE
def test_a_sender_that_ends_more_than_itself_ends_its_run_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def ends(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(world.hub.connectors["customs"].submissions["customs.order"], step, ends)
    assert world.run("customs.send") == {"customs.send": "failed"}
    with world.hub.database.read() as connection:
        job = connection.execute(select(SyncJob.__table__).where(SyncJob.name == "customs.send")).one()
    assert (job.failures, job.lease_run, job.error_code) == (1, None, "BUG")
    assert type(error).__name__ in job.error
    told = [(one.outcome, type(error).__name__ in one.error) for one in attempts(world, "customs.order")]
    assert told == [("failed" if step == "encode" else "unknown", True)], "what was sent may have left"


@pytest.mark.usefixtures("exporter")
@ON_SQLITE
def test_what_was_heard_meanwhile_makes_a_second_attempt_needless(world: World) -> None:
    SavesThenCuts(world, "customs", "/dxp/messages")
    assert world.run("customs.send") == {"customs.send": "failed"}
    world.clock.forward(timedelta(minutes=2))
    world.run("customs.responses", "customs.send")
    assert states(world)["customs.order"] == "done"
    assert len(attempts(world, "customs.order")) == 1
    assert world.taken("customs", "CEB303", "duplicate") == []


@pytest.mark.usefixtures("exporter")
@ON_SQLITE
def test_the_airport_saved_and_said_nothing_so_it_is_asked_before_anything_goes_again(world: World) -> None:
    SavesThenCuts(world, "airport", "/logistics-objects/")
    world.until(lambda: attempts(world, "airport.waybill") != [])
    assert [attempt.outcome for attempt in attempts(world, "airport.waybill")] == ["unknown"]

    world.clock.forward(timedelta(minutes=1))
    assert world.run("airport.send") == {"airport.send": "ok"}
    assert states(world)["airport.waybill"] == "sent"
    assert len(world.taken("airport", "waybill")) == 1
    assert world.taken("airport", "waybill", "duplicate") == []


@pytest.mark.usefixtures("exporter")
def test_nothing_is_tried_again_before_its_time(world: World) -> None:
    world.street.doors["customs"].app = None
    assert world.run("customs.send") == {"customs.send": "failed"}
    assert [attempt.outcome for attempt in attempts(world, "customs.order")] == ["failed"]
    assert world.run("customs.send") == {"customs.send": "failed"}  # the other kinds of paper had not been tried
    assert len(attempts(world, "customs.order")) == 1


@pytest.mark.usefixtures("exporter")
@ON_SQLITE
def test_after_the_last_attempt_a_person_is_asked_and_nothing_hammers_on(world: World) -> None:
    world.street.doors["customs"].app = None
    for _ in range(2 * world.settings["delivery_attempts"]):
        world.clock.forward(timedelta(hours=1))
        world.run("customs.send")
    tried = attempts(world, "customs.order")
    assert len(tried) == world.settings["delivery_attempts"]
    document = world.document("customs.order")
    assert document.attention["code"] == "DELIVERY_GIVEN_UP"
    assert document.state == "ready"


@pytest.mark.usefixtures("exporter")
def test_a_run_that_lost_its_lease_writes_nothing(world: World) -> None:
    length = timedelta(seconds=10)
    with world.hub.database.write() as connection:
        first = lease.take(connection, "customs.send", "run-1", world.clock(), length)
        assert first
        assert lease.take(connection, "customs.send", "run-2", world.clock(), length) is None
    assert world.run("customs.send") == {"customs.send": "skipped"}

    world.clock.forward(timedelta(minutes=5))  # its process died, or hangs
    with world.hub.database.write() as connection:
        second = lease.take(connection, "customs.send", "run-3", world.clock(), length)
        assert second
        with pytest.raises(LeaseLostError):
            lease.hold(connection, first, world.clock(), length, cursor="stale")
        lease.hold(connection, second, world.clock(), length, cursor="fresh")
        lease.give_back(connection, first, failures=9)
    with world.hub.database.read() as connection:
        from hub.model import SyncJob

        job = connection.execute(select(SyncJob.__table__).where(SyncJob.name == "customs.send")).one()
    assert (job.cursor, job.failures, job.lease_run) == ("fresh", 0, "run-3")
