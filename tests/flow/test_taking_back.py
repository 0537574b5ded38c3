"""Amending and cancelling where something of an earlier attempt or version is still about."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub.model import Document, Trade
from hub.share.advance import lock
from tests.flow.test_amending import CANCEL, Exporter
from tests.support.world import World
from tests.sync.test_send import SavesThenCuts, states

MINUTE = timedelta(minutes=1)


@pytest.fixture
def exporter(small_world: World) -> Exporter:
    return Exporter(small_world)


def the(world: World, kind: str) -> Any:
    with world.hub.database.read() as connection:
        return connection.execute(select(Document.__table__).where(Document.kind == kind)).one()


def test_a_cut_line_long_ago_does_not_keep_a_trade_from_being_taken_back(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    SavesThenCuts(world, "customs", "/dxp/messages")
    assert world.run("customs.send") == {"customs.send": "failed"}
    world.until(lambda: the(world, "customs.inventory").state in ("accepted", "held"), by=MINUTE)
    world.ask(CANCEL, exporter.key, n=number)
    world.until(lambda: exporter.sees(number)["state"] == "cancelled", by=MINUTE)
    assert states(world)["customs.order"] == "cancelled"
    assert "appType>3<" in world.taken("customs", "CEB303")[-1].body


def test_a_cut_line_does_not_keep_a_returned_paper_from_being_mended(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wrong-classification")
    world.run("customs.send")
    while exporter.paper(number, "customs.inventory")["state"] == "planned":
        world.clock.forward(MINUTE)
        world.run("customs.receipts")
    SavesThenCuts(world, "customs", "/dxp/messages")
    assert world.run("customs.send") == {"customs.send": "failed"}
    world.until(lambda: exporter.sees(number)["state"] == "attention")
    asked = exporter.paper(number, "customs.inventory")["attention"]
    assert asked["code"] == "AUTHORITY_REJECTED"
    assert "errors" not in exporter.amends(number, **{asked["path"]: "6704200000"})


def test_what_customs_has_in_an_earlier_version_is_withdrawn_too(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wrong-classification")
    world.until(lambda: exporter.sees(number)["state"] == "attention")
    changes = {
        "goods[1].hsCode": "6704200000", "goods[1].quantity": "90", "goods[1].grossWeight": "9",
        "goods[1].netWeight": "8", "freight": "121.00", "buyer.name": "Someone Else",
    }  # fmt: skip
    assert exporter.amends(number, **changes)["data"]["amendTrade"]["errors"] == []
    world.ask(CANCEL, exporter.key, n=number)  # before the changes went out
    world.until(lambda: exporter.sees(number)["state"] == "cancelled", by=MINUTE)
    for kind in ("CEB303", "CEB403", "CEB505"):
        assert "appType>3<" in world.taken("customs", kind)[-1].body, f"customs still has {kind}"


def test_a_sender_claims_no_paper_of_a_trade_that_is_being_changed(world: World) -> None:
    exporter = Exporter(world)
    exporter.enters("xuchang-wigs-to-chicago")
    if world.hub.database.is_sqlite:  # which has one writer at a time anyway
        return
    sender = threading.Thread(target=world.run, args=("customs.send",))
    with world.hub.database.write() as connection:
        lock(connection, connection.scalars(select(Trade.id)).all())
        sender.start()
        sender.join(30)
        assert not sender.is_alive()
    assert world.taken("customs") == []
    world.run("customs.send")
    assert len(world.taken("customs", "CEB303")) == 1
