"""One stream at a time is not pulled until everything else has come to rest: what it tells is late, and not lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.flow.modes import ENTER, SEE, pay
from tests.support.world import World, demo_file

pytestmark = pytest.mark.long
BY_AIR = ("xuchang-hair", "xuchang-wigs-to-chicago")
BY_RAIL = ("zhengzhou-trousers", "zhengzhou-trousers-to-almaty")
TO_WAREHOUSE = ("luoyang-furniture", "luoyang-furniture-to-duisburg")
IN_EUROS = ("luoyang-furniture", "luoyang-seats-to-luxembourg")
LATE = {
    "airport.waybills": BY_AIR,
    "airport.events": IN_EUROS,
    "customs.responses": BY_AIR,
    "customs.declarations": TO_WAREHOUSE,
    "forex.credits": BY_RAIL,
    "forex.basic_information": BY_AIR,
    "forex.parity": IN_EUROS,
    "rail.events": TO_WAREHOUSE,
    "rail.stock": TO_WAREHOUSE,
    "tax.results": BY_RAIL,
    "tax.rates": BY_AIR,
}
FIRST = ("customs.tariffs", "rail.warehouses", "tax.rates", "forex.parity")
TWO_MONTHS = 80
TURN = timedelta(hours=18)


@pytest.mark.parametrize("late", LATE)
def test_what_is_heard_last_is_still_heard(small_world: World, late: str) -> None:
    world, (enterprise, name) = small_world, LATE[late]
    key, trade = world.exporter(enterprise), demo_file("trades", name)
    world.run(*(job for job in FIRST if job != late))
    entered = world.ask(ENTER, key, input=trade)["enterTrade"]
    assert entered["errors"] == []
    number = entered["trade"]["number"]
    if trade["mode"] != "9810":
        pay(world, enterprise, trade, world.ask(SEE, key, n=number)["trade"])

    world.late = {late}
    for _ in range(TWO_MONTHS):
        world.turn(TURN)
    assert world.ask(SEE, key, n=number)["trade"]["state"] != "finished", "it does not need what was late"

    world.late = set()
    world.until(lambda: world.ask(SEE, key, n=number)["trade"]["state"] == "finished", by=TURN)
