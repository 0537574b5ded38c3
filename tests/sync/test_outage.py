"""When an authority is away for long: what is tried, what is given up, and how it goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.access.caller import Caller, Role
from hub.operate import orders as ordering
from sync.commands import obey_commands
from tests.support.flow.exporter import Exporter
from tests.support.sync.engines import Awaited
from tests.support.sync.orders import BAD, Orders, Spoils
from tests.support.world import World

MINUTE = timedelta(minutes=1)
OPERATOR = Caller("op", Role.OPERATOR)


@pytest.fixture
def exporter(small_world: World) -> Exporter:
    return Exporter(small_world)


def test_what_was_given_up_goes_out_when_staff_replay_the_sender(exporter: Exporter) -> None:
    """Staff follow the way out of DELIVERY_GIVEN_UP ("When the other side is back, staff replay it") to the letter."""
    world = exporter.world
    exporter.enters("xuchang-wigs-to-chicago")
    app, world.street.doors["customs"].app = world.street.doors["customs"].app, None
    for _ in range(world.settings["delivery_attempts"] + 1):
        world.clock.forward(timedelta(hours=1))
        world.run("customs.send")
    world.street.doors["customs"].app = app
    known = world.hub.desk.names
    with world.hub.database.write() as connection:
        ordering.replay(connection, OPERATOR, known, "customs.send", "customs is back", world.clock(), True)
        ordering.run_now(connection, OPERATOR, known, "customs.send", "customs is back", world.clock())
    engine = Awaited(world.hub.services)
    obey_commands(world.hub.services, engine)
    engine.wait()
    engine.close()
    for _ in range(12):
        world.turn(timedelta(hours=1))
    assert len(world.taken("customs", "CEB303")) == 1


def test_a_paper_that_was_given_up_shows_on_its_trade(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    world.street.doors["customs"].app = None
    for _ in range(world.settings["delivery_attempts"] + 1):
        world.clock.forward(timedelta(hours=1))
        world.run("customs.send")
    assert exporter.paper(number, "customs.order")["attention"]["code"] == "DELIVERY_GIVEN_UP"
    assert exporter.sees(number)["state"] == "attention"  # what lists filter by, and what queues `trade.attention`


def test_a_paper_whose_turn_did_not_come_has_made_no_attempt(small_world: World) -> None:
    world = small_world
    orders = Orders(world)
    orders.enters("XC-1", BAD, "XC-3")
    Spoils(world)  # customs refuses the message of three: each goes alone from now on
    world.run("customs.send")
    while orders.attempts("XC-3")[-1].error_code != "MESSAGE_REFUSED":
        world.clock.forward(MINUTE)
        world.run("customs.responses")
    world.street.doors["customs"].app = None
    world.clock.forward(MINUTE)
    assert world.run("customs.send") == {"customs.send": "failed"}  # at the first of the three
    assert len(orders.attempts("XC-1")) == 2
    assert [len(orders.attempts(order)) for order in (BAD, "XC-3")] == [1, 1]


def test_after_an_outage_of_a_few_hours_everything_goes_out_by_itself(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    app, world.street.doors["customs"].app = world.street.doors["customs"].app, None
    for _ in range(6 * 60):
        world.clock.forward(MINUTE)
        world.run("customs.send")
    world.street.doors["customs"].app = app
    for _ in range(3):  # a paper is tried twice in an hour, and the breaker lets one call through
        world.clock.forward(timedelta(minutes=30))
        world.run("customs.send")
    assert exporter.paper(number, "customs.order")["state"] == "sent"
