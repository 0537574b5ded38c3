"""One bad paper of a batch asks for a person; the others of its message go their way."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update

from hub.model import DocumentEvent, PaperVersion, SyncJob, SyncRun, TouchedSubject
from hub.progress.advance import touch
from sync.jobs import ADVANCE
from sync.runs import run_job
from tests.support.databases import ON_SQLITE
from tests.support.sync.orders import BAD, Orders, Spoils
from tests.support.world import World

CANCEL = 'mutation($n: String!) { cancelTrade(number: $n, reason: "the buyer withdrew") { state } }'


@pytest.fixture
def orders(world: World) -> Orders:
    return Orders(world)


def runs_add_up(world: World) -> bool:
    with world.hub.database.read() as connection:
        runs = connection.execute(select(SyncRun.__table__)).all()
    return all(run.received == run.merged + run.unchanged + run.superseded + run.quarantined for run in runs)


@ON_SQLITE
def test_a_paper_that_cannot_be_written_waits_for_a_person_and_the_others_go(impatient_world: World) -> None:
    world, orders = impatient_world, Orders(impatient_world)
    orders.enters("XC-1", BAD, "XC-3")
    with world.hub.database.write() as connection:  # as a mapping that was changed since would leave it
        version = PaperVersion.document_id == orders.paper(BAD).id
        content = connection.scalar(select(PaperVersion.content).where(version))
        assert content
        content["head"]["currency"] = "XXQ"
        connection.execute(update(PaperVersion).where(version).values(content=content))

    assert world.run("customs.send") == {"customs.send": "failed"}
    assert orders.states() == {"XC-1": "sent", BAD: "ready", "XC-3": "sent"}
    assert {entry.kind for entry in world.taken("customs")} == {"message", "CEB303", "CEB403", "CEB505"}
    assert (len(world.taken("customs", "CEB303")), len(world.taken("customs", "CEB505"))) == (2, 3)
    with world.hub.database.read() as connection:
        error = connection.scalar(select(SyncJob.error).where(SyncJob.name == "customs.send"))
    assert orders.paper(BAD).number in str(error)
    assert "currency" in str(error)

    world.until(lambda: orders.paper(BAD).attention is not None, by=timedelta(minutes=30))
    assert orders.paper(BAD).attention["code"] == "DELIVERY_GIVEN_UP"
    assert orders.states("customs.inventory")["XC-1"] not in ("planned", "ready")
    assert world.run("customs.send") == {"customs.send": "ok"}, "what waits for a person fails no run"


@ON_SQLITE
def test_a_message_that_is_refused_as_a_whole_is_sent_apart_and_only_the_one_to_blame_stays(orders: Orders) -> None:
    """CEB900 says of a whole message that it breaks the schema: nothing of it was looked at."""
    orders.enters("XC-1", BAD, "XC-3")
    world = orders.world
    Spoils(world)
    world.until(lambda: orders.states() == {"XC-1": "done", BAD: "rejected", "XC-3": "done"}, by=timedelta(minutes=1))

    refused = world.taken("customs", "message", "refused")
    assert [entry.body.count("<ceb:Order>") for entry in refused] == [3, 1], "the three together, then the bad one"
    assert len(world.taken("customs", "CEB303")) == 2
    assert world.taken("customs", "CEB303", "duplicate") == []
    first, second = orders.attempts("XC-1")
    assert (first.outcome, first.error_code, second.outcome) == ("failed", "MESSAGE_REFUSED", "delivered")
    assert "orderType" in first.error

    asked = "query($n: String!) { trade(number: $n) { state documents { kind attention { code message wayOut } } } }"
    trade = world.ask(asked, orders.key, n=orders.numbers[BAD])["trade"]
    (attention,) = [one["attention"] for one in trade["documents"] if one["attention"]]
    assert (trade["state"], attention["code"]) == ("attention", "AUTHORITY_REJECTED")
    assert "orderType" in attention["message"]
    assert attention["wayOut"]
    assert runs_add_up(world)

    world.turn(timedelta(days=1))
    world.turn(timedelta(days=1))
    assert len(world.taken("customs", "message", "refused")) == 2, "it is not tried again by itself"
    world.run("customs.responses")
    assert orders.states()["XC-1"] == "done"


def test_merging_a_refusal_touches_the_trades_and_their_advancing_sends_them_apart(orders: Orders) -> None:
    orders.enters("XC-1", BAD)
    world = orders.world
    Spoils(world)
    world.run("customs.send")

    def refusals() -> list[str | None]:
        return [orders.attempts(order)[0].error_code for order in ("XC-1", BAD)]

    touched: list[int] = []
    while not touched:
        world.clock.forward(timedelta(minutes=1))
        assert run_job(world.hub.services, "customs.responses", world.clock()) == "ok"
        with world.hub.database.read() as connection:
            touched = list(connection.scalars(select(TouchedSubject.subject_id).distinct()))
    assert (len(touched), refusals(), orders.states()) == (2, [None, None], {"XC-1": "sent", BAD: "sent"})
    for _ in range(2):  # told again, it sends nothing again
        world.do(ADVANCE)
        assert (refusals(), orders.states()) == (["MESSAGE_REFUSED"] * 2, {"XC-1": "ready", BAD: "ready"})
        with world.hub.database.write() as connection:
            touch(connection, touched)
    world.run("customs.send")
    assert [len(orders.attempts(order)) for order in ("XC-1", BAD)] == [2, 2]


@ON_SQLITE
def test_a_refusal_that_is_heard_again_changes_nothing(orders: Orders) -> None:
    orders.enters("XC-1", BAD)
    world = orders.world
    Spoils(world)
    world.until(lambda: orders.states() == {"XC-1": "done", BAD: "rejected"}, by=timedelta(minutes=1))
    with world.hub.database.write() as connection:
        connection.execute(update(SyncJob).where(SyncJob.name == "customs.responses").values(cursor=""))
        before = connection.execute(select(DocumentEvent.id)).all()
    world.run("customs.responses", "customs.send")
    assert orders.states() == {"XC-1": "done", BAD: "rejected"}
    with world.hub.database.read() as connection:
        assert connection.execute(select(DocumentEvent.id)).all() == before
    assert runs_add_up(world)


@ON_SQLITE
def test_taking_back_and_handing_in_never_share_a_message(orders: Orders) -> None:
    """An inventory is declared by CEB603 and taken back by CEB605; both were ready at the same moment."""
    world = orders.world
    orders.enters("XC-1")
    world.until(lambda: orders.paper("XC-1", "customs.inventory").state == "accepted", by=timedelta(minutes=1))
    orders.enters("XC-2")
    world.run("customs.send")
    for _ in range(60):
        if orders.paper("XC-2", "customs.inventory").state == "ready":
            break
        world.clock.forward(timedelta(minutes=1))
        world.run("customs.responses")
    world.ask(CANCEL, orders.key, n=orders.numbers["XC-1"])
    assert orders.states("customs.inventory") == {"XC-1": "ready", "XC-2": "ready"}

    world.run("customs.send")
    assert [len(world.taken("customs", kind)) for kind in ("CEB603", "CEB605")] == [2, 1]
    world.until(lambda: orders.paper("XC-1", "customs.inventory").state == "cancelled", by=timedelta(minutes=1))
    assert orders.paper("XC-2", "customs.inventory").state != "rejected"


@ON_SQLITE
def test_a_waybill_that_the_airport_refuses_holds_up_no_other(orders: Orders) -> None:
    """Where each paper travels alone, a refusal is an answer like any other."""
    world = orders.world
    orders.enters("XC-1", "XC-2")
    door, app = world.street.doors["airport"], world.apps["airport"]

    def refuses_first(environ: Any, start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == "/logistics-objects/":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            if orders.numbers["XC-1"].encode() in body:
                waybill = json.loads(body)
                waybill.pop("@type", None)
                body = json.dumps(waybill).encode()
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return app(environ, start_response)

    door.app = refuses_first
    kind = "airport.waybill"
    world.until(lambda: orders.states(kind)["XC-2"] in ("accepted", "done"))
    assert orders.states(kind)["XC-1"] == "rejected"
    assert orders.paper("XC-1", kind).attention["code"] == "AUTHORITY_REJECTED"
