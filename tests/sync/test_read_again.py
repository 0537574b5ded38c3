"""Kept messages that are read again, and what does not fit."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from connectors.sdk.http import Page
from hub.access.caller import Caller, Role
from hub.model import Command, DocumentEvent, Tariff
from hub.operate import orders as ordering
from sync.obey import obey_commands
from sync.raw import keep
from sync.replay import replay
from tests.flow.test_amending import Exporter
from tests.support.world import World, demo_file
from tests.sync.engines import Awaited
from tests.sync.test_pull import misbehave, ok
from tests.sync.test_send import ENTER

MINUTE = timedelta(minutes=1)
OPERATOR = Caller("op", Role.OPERATOR)
on_postgres = pytest.mark.parametrize("hub_url", ["postgresql"], indirect=True)


@pytest.fixture
def exporter(world: World) -> Exporter:
    return Exporter(world, "zhengzhou-trousers")


def test_a_replay_that_fails_is_answered_and_holds_up_no_other_order(world: World) -> None:
    misbehave(world, "tax", "/rates", lambda _: ok(b'{"pages": 1, "rows": {"drifted": true}}'))
    assert world.run("tax.rates") == {"tax.rates": "failed"}
    known = world.hub.desk.names
    with world.hub.database.write() as connection:
        ordering.replay(connection, OPERATOR, known, "tax.rates", "the mapping is mended", world.clock(), False)
        ordering.run_now(connection, OPERATOR, known, "customs.tariffs", "now, please", world.clock())
    engine = Awaited(world.hub.parts)
    try:
        obey_commands(world.hub.parts, engine)
        engine.wait()
    finally:
        engine.close()
        with world.hub.database.read() as connection:
            noted = select(Command.action, Command.obeyed_at.is_not(None)).order_by(Command.id)
            outcomes = connection.execute(noted).all()
        assert outcomes == [("replay", True), ("run", True)]


def test_a_refusal_that_is_read_again_is_still_of_the_version_that_it_refused(exporter: Exporter) -> None:
    world, kind = exporter.world, "customs.declaration"
    number = exporter.enters("zhengzhou-trousers-to-almaty")
    world.until(lambda: world.document(kind).state == "sent", by=MINUTE)
    code = next(code for (of, code), one in world.hub.connectors["customs"].codes.table.items()
                if of == kind and one.state == "rejected")  # fmt: skip
    result = {"sequence": 1, "copNo": world.document(kind).number, "status": code, "words": "毛重[1]",
              "at": world.clock().isoformat()}  # fmt: skip
    body = json.dumps({"results": [result]}).encode()
    with world.hub.database.write() as connection:
        page = Page(body, "application/json", "http://x", 200, world.clock())
        keep(connection, "customs.declarations", page, None, world.clock())
    world.run("customs.declarations")
    assert world.document(kind).state == "rejected"
    weight = float(demo_file("trades", "zhengzhou-trousers-to-almaty")["goods"][0]["grossWeight"]) + 1
    assert "errors" not in exporter.amends(number, **{"goods[0].grossWeight": str(weight)})
    world.run("customs.send")
    assert (world.document(kind).version, world.document(kind).state) == (2, "sent")

    stream = world.hub.connectors["customs"].streams["declarations"]  # staff mend how words are read ...
    read = stream.read
    stream.read = lambda page: (  # type: ignore[method-assign]
        (schema, row | {"words": row["words"].strip() + " "}) for schema, row in read(page)
    )
    replay(world.hub.parts, "customs.declarations", world.clock(), quarantined_only=False)  # ... and replay
    with world.hub.database.read() as connection:
        refused = select(DocumentEvent.version).where(DocumentEvent.code == code)
        assert connection.scalars(refused).all() == [1]
    assert world.document(kind).state == "sent"


def test_the_tariff_of_today_is_that_of_the_day_in_beijing(world: World) -> None:
    key = world.exporter()
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    with world.hub.database.write() as connection:  # a new edition, in force from 10 January
        connection.execute(update(Tariff).values(valid_from=date(2026, 1, 10), valid_to=None))
    world.clock.forward(datetime(2026, 1, 9, 18, 0, tzinfo=UTC) - world.clock())  # 02:00 on the 10th in Beijing
    entered = world.ask(ENTER, key, input=demo_file("trades", "xuchang-wigs-to-chicago"))["enterTrade"]
    assert entered["errors"] == []


@on_postgres
def test_an_identifier_that_is_too_long_is_set_aside(exporter: Exporter) -> None:
    world, kind = exporter.world, "customs.declaration"
    exporter.enters("zhengzhou-trousers-to-almaty")
    world.until(lambda: world.document(kind).state == "sent", by=MINUTE)
    result = {"sequence": 1, "copNo": world.document(kind).number, "status": "received", "words": "",
              "at": world.clock().isoformat(), "entryId": "9" * 201}  # fmt: skip
    with world.hub.database.write() as connection:
        page = Page(json.dumps({"results": [result]}).encode(), "application/json", "http://x", 200, world.clock())
        keep(connection, "customs.declarations", page, None, world.clock())
    assert world.run("customs.declarations") == {"customs.declarations": "ok"}
