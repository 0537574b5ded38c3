"""A trade that is entered, and of which everything is known that comes before it."""

from __future__ import annotations

from sqlalchemy import select

from hub.access import Role
from hub.access.acts import OWNERS
from hub.access.caller import Caller
from hub.entry.accept import enter
from hub.entry.registration import register
from hub.model import Trade
from tests.support.world import World, demo_file


def enter_trade(world: World, order: str = "XC-1") -> int:
    """The trade's id."""
    with world.hub.database.write() as connection:
        enterprise, _ = register(connection, demo_file("enterprises", "xuchang-hair"), world.clock())
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    caller = Caller("exporter", Role.ENTERPRISE, {enterprise: OWNERS})
    trade = demo_file("trades", "xuchang-wigs-to-chicago") | {"orderNumber": order}
    (answer,) = enter(world.hub.database, world.hub.desk, caller, [trade])
    assert answer.problems == []
    with world.hub.database.read() as connection:
        return connection.execute(select(Trade.id).where(Trade.order_number == order)).scalar_one()
