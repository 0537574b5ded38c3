"""The last parcel leaves a flight after its list went: customs deletes the list, and the parcel goes alone."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.support.consolidations.fleet import Fleet
from tests.support.consolidations.quay import LEAVE
from tests.support.databases import ON_SQLITE
from tests.support.world import World


@ON_SQLITE
def test_the_list_of_nobody_is_deleted_before_the_parcel_is_listed_alone(world: World) -> None:
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    fleet = Fleet(world, exporters=1, each=1)
    (trade,) = fleet.all
    flight = fleet.flies([trade], "CA1037/2026-01-10")
    fleet.waits(lambda: fleet.released(trade))
    fleet.closes(flight)
    fleet.waits(lambda: fleet.states(flight)["customs.waybill_list"] in ("accepted", "done"))
    world.ask(LEAVE, fleet.forwarder, n=flight, t=[trade])
    for _ in range(8):
        world.turn(timedelta(minutes=2))  # the flight is later in the day
    assert set(fleet.states(flight).values()) == {"cancelled"}
    assert fleet.state(flight) == "cancelled"
    assert fleet.states(trade)["customs.waybill_list"] == "done"
    acts = [re.findall(r"<(?:\w+:)?appType>(\d)", one.body) for one in world.taken("customs", "CEB607")]
    assert acts == [["1"], ["3"], ["1"]], "listed with the flight, deleted, listed alone"
    assert {one.outcome for one in world.taken("customs", "CEB607")} == {"accepted"}
