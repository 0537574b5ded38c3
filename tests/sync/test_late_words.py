"""A late word about an earlier version of a paper never rules the one of now, whoever makes the guid of an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select, update

from hub.model import DeliveryAttempt, Document, DocumentEvent
from mocks.customs.app import create_app
from mocks.customs.responses import EVERY_ANSWER, GUIDS_OF_THE_PORT
from sync.versions import CLOCKS_APART, NONE_OF_OURS
from tests.support.databases import ON_SQLITE
from tests.support.flow.exporter import CANCEL, Exporter
from tests.support.sync.port import FOREIGN, INVENTORY, ORDER, Port
from tests.support.world import ClockPace, World, demo_file

TYPED = demo_file("trades", "xuchang-wigs-to-chicago")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def port(world: World) -> Port:
    """On both kinds of database."""
    return Port(world)


@pytest.fixture
def small_port(small_world: World) -> Port:
    return Port(small_world)


def amended(port: Port) -> tuple[datetime, datetime]:
    """An order that was refused in its first version, and is out in its second; when each went."""
    port.enters()
    first = port.sends()
    port.world.clock.forward(MINUTE)
    port.hears(port.says("100", first + MINUTE / 2, words="商品金额[1]"))
    assert port.order()["state"] == "rejected"
    port.amends()
    port.world.clock.forward(HOUR)
    second = port.sends()
    assert (port.order()["version"], port.order()["state"]) == (2, "sent")
    port.world.clock.forward(HOUR)
    return first, second


@ON_SQLITE
def test_a_late_refusal_with_a_guid_of_the_ports_own_is_of_the_version_that_was_out(port: Port) -> None:
    first, second = amended(port)
    port.hears(port.says("-301008", first + 2 * MINUTE))
    assert (port.version_of("-301008"), port.order()["state"]) == (1, "sent")
    port.hears(port.says("120", second - SECOND))
    assert (port.version_of("120"), port.order()["state"]) == (1, "sent"), "nor does a late success count for it"
    port.hears(port.says("399", second + SECOND))
    assert (port.version_of("399"), port.order()["state"]) == (2, "done")


def test_the_guid_decides_where_it_is_ours_whatever_the_time(port: Port) -> None:
    first, second = amended(port)
    old, new = port.guids()
    port.hears(port.says("-301008", second + HOUR, guid=old))
    assert (port.version_of("-301008"), port.order()["state"]) == (1, "sent")
    port.hears(port.says("-301009", first + SECOND, guid=new.lower()))
    assert (port.version_of("-301009"), port.order()["state"]) == (2, "rejected")


def test_a_guid_of_ours_in_the_words_decides_before_the_time(small_port: Port) -> None:
    first, second = amended(small_port)
    old, new = small_port.guids()
    small_port.hears(small_port.says("-301008", second + SECOND, words=f"新增申报失败[{old}]"))
    assert (small_port.version_of("-301008"), small_port.order()["state"]) == (1, "sent")
    small_port.hears(small_port.says("3", first + SECOND, words=f"变更申报成功[{next(FOREIGN)}][{new}]"))
    assert small_port.version_of("3") == 2
    (other,) = small_port.guids("customs.waybill")
    small_port.hears(small_port.says("-301009", first + SECOND, guid=other, words=f"[{other}]"))
    assert small_port.version_of("-301009") == 1, "a guid of ours that is another paper's says nothing of this one"


def test_words_about_two_versions_may_come_in_any_order(small_port: Port) -> None:
    first, second = amended(small_port)
    told = [
        small_port.says("-301008", first + SECOND),
        small_port.says("2", second + SECOND, words="变更申报成功"),
        small_port.says("100", first + 3 * SECOND, words="商品金额[2]"),
        small_port.says("120", second + MINUTE),
    ]
    document = small_port.world.document(ORDER)
    for order in permutations(told):
        for one in order:
            small_port.hears(one)
        assert small_port.order()["state"] == "done"
        with small_port.world.hub.database.write() as connection:  # as if none of it had been heard
            connection.execute(
                DocumentEvent.__table__.delete().where(DocumentEvent.code.in_([one["returnStatus"] for one in told]))  # type: ignore[attr-defined]
            )
            connection.execute(update(Document).where(Document.id == document.id).values(state="sent", attention=None))


@ON_SQLITE
def test_a_word_from_before_the_paper_existed_rules_nothing(port: Port) -> None:
    """Somebody declared an order of this number last year, and our mailbox still tells of it."""
    began = port.world.clock()
    last_year = began - timedelta(days=300)
    port.enters()
    port.hears(port.says("100", began), port.says("120", last_year))
    assert port.order()["state"] == "ready"
    assert (port.version_of("100"), port.version_of("120")) == (NONE_OF_OURS, NONE_OF_OURS)
    port.sends()
    port.world.clock.forward(MINUTE)
    port.hears(port.says("-301008", last_year + MINUTE))
    assert (port.version_of("-301008"), port.order()["state"]) == (NONE_OF_OURS, "sent")
    port.hears(port.says("3", port.world.clock()))
    assert port.version_of("3") == 1


def test_a_clock_that_is_a_little_behind_ours_loses_no_answer_to_a_first_version(small_port: Port) -> None:
    small_port.enters()
    sent = small_port.sends()
    small_port.world.clock.forward(MINUTE)
    small_port.hears(small_port.says("2", sent - CLOCKS_APART + SECOND))
    assert small_port.version_of("2") == 1
    small_port.hears(small_port.says("3", sent - CLOCKS_APART - SECOND))
    assert small_port.version_of("3") == NONE_OF_OURS


def test_a_version_that_never_left_answers_for_nothing(small_port: Port) -> None:
    small_port.enters()
    first = small_port.sends()
    small_port.world.clock.forward(MINUTE)
    small_port.hears(small_port.says("100", first + SECOND, words="商品金额[1]"))
    small_port.amends()
    small_port.world.clock.forward(HOUR)
    small_port.hears(small_port.says("-301008", small_port.world.clock()))
    assert (small_port.version_of("-301008"), small_port.order()["state"]) == (1, "ready")


def test_what_is_heard_again_keeps_its_version(small_port: Port) -> None:
    first, _ = amended(small_port)
    late = small_port.says("-301008", first + SECOND)
    small_port.hears(late)
    with small_port.world.hub.database.write() as connection:  # what is kept of the sending is gone
        connection.execute(update(DeliveryAttempt).values(outcome="failed"))
        connection.execute(update(DocumentEvent).where(DocumentEvent.code == "-301008").values(digest="another"))
    small_port.hears(late)
    assert small_port.version_of("-301008") == 1


@ON_SQLITE
def test_a_late_900_is_of_the_version_that_its_message_carried(port: Port) -> None:
    """It names the message and has no guid of ours."""
    _, second = amended(port)
    with port.world.hub.database.read() as connection:
        messages = connection.execute(
            select(DeliveryAttempt.version, DeliveryAttempt.message_id)
            .join(Document, Document.id == DeliveryAttempt.document_id)
            .where(Document.kind == ORDER)
        )
        carried = {version: str(message) for version, message in messages}
    for version, state in ((1, "sent"), (2, "rejected")):
        told = port.says("-2", second + SECOND, oriCopMsgId=carried[version], oriMessageType="CEB303Message")
        port.hears(told, message="CEB900Message", name="MessageReturn")
        assert (port.version_of("900"), port.order()["state"]) == (version, state)


# Ports that make the guid of every answer themselves


def with_own_guids(world: World, kinds: frozenset[str]) -> None:
    app = create_app(ClockPace(clock=world.clock), own_guids=kinds)
    world.apps["customs"] = world.street.doors["customs"].app = app


@pytest.mark.parametrize("kinds", [GUIDS_OF_THE_PORT, EVERY_ANSWER], ids=["as the schemas say", "every answer"])
def test_a_trade_with_an_amended_paper_goes_its_way(small_world: World, kinds: frozenset[str]) -> None:
    with_own_guids(small_world, kinds)
    exporter = Exporter(small_world)
    number = exporter.enters("xuchang-wrong-classification")
    small_world.until(lambda: exporter.sees(number)["state"] == "attention")
    changes = {"goods[1].hsCode": "6704200000", "goods[1].quantity": "90"}
    assert exporter.amends(number, **changes)["data"]["amendTrade"]["errors"] == []
    small_world.until(lambda: exporter.paper(number, INVENTORY)["state"] == "done")
    assert exporter.paper(number, ORDER)["version"] == 2
    assert exporter.sees(number)["state"] == "running"


def taken_back(world: World) -> tuple[Exporter, str]:
    """A trade whose inventory customs has, and which its exporter cancels; each answer has a guid of the port's own."""
    with_own_guids(world, EVERY_ANSWER)
    exporter = Exporter(world)
    number = exporter.enters("xuchang-wigs-to-chicago")
    world.until(lambda: exporter.paper(number, INVENTORY)["state"] in ("accepted", "held"), by=MINUTE)
    world.ask(CANCEL, exporter.key, n=number)
    return exporter, number


def test_a_trade_is_taken_back_paper_by_paper(small_world: World) -> None:
    exporter, number = taken_back(small_world)
    small_world.until(lambda: exporter.sees(number)["state"] == "cancelled", by=MINUTE)
    assert {document["state"] for document in exporter.sees(number)["documents"]} == {"cancelled"}


def test_what_customs_closed_meanwhile_is_not_called_taken_back(small_world: World) -> None:
    """It closes the inventory with a guid of its own: that is no answer to the cancellation."""
    exporter, number = taken_back(small_world)
    small_world.clock.forward(timedelta(hours=6))  # closed before the cancellation goes out
    small_world.run("customs.send")
    small_world.until(lambda: exporter.sees(number)["state"] == "attention", by=MINUTE)
    inventory = exporter.paper(number, INVENTORY)
    assert (inventory["state"], inventory["attention"]["code"]) == ("sent", "AUTHORITY_ASKS")
