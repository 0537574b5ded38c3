"""Parcels of twelve exporters on one master air waybill; customs stops one after the list is in, and it flies next."""

from __future__ import annotations

from typing import Any

from lxml import etree

from tests.support.consolidations.fleet import Fleet
from tests.support.databases import ON_SQLITE
from tests.support.world import World


def told(entry: Any, *names: str) -> list[list[str]]:
    """What a message of customs says in elements of these names."""
    root = etree.fromstring(entry.body.encode())
    return [[one.text or "" for one in root.iter(f"{{*}}{name}")] for name in names]


@ON_SQLITE
def test_one_of_twelve_exporters_is_stopped_and_the_others_fly(world: World) -> None:
    fleet = Fleet(world, exporters=12, each=1)
    first = fleet.flies(fleet.all, "CA1037/2026-01-10")
    fleet.waits(lambda: fleet.released(*fleet.all))
    fleet.closes(first)
    fleet.waits(lambda: fleet.states(first)["customs.waybill_list"] == "done")

    stopped = fleet.all[4]
    inventory = fleet.inspects(stopped)
    fleet.waits(lambda: len(world.taken("customs", "CEB607")) == 2)
    second = fleet.flies([stopped], "CA1037/2026-01-12")
    fleet.waits(lambda: fleet.state(first) == "done")
    lists = [told(one, "appType", "copNo", "logisticsNo", "appTime") for one in world.taken("customs", "CEB607")]
    (whole, cut) = lists
    assert [whole[0], cut[0]] == [["1"], ["2"]]
    assert whole[1] == cut[1], "the same list, under the same number of ours"
    assert (len(whole[2]), len(cut[2])) == (12, 11)
    assert [*whole[3]] < [*cut[3]]
    (left,) = world.taken("customs", "CEB509")
    assert {*told(left, "logisticsNo")[0]} == {*cut[2]}
    assert len(world.taken("airport", "waybill")) == 1

    fleet.lets_go(inventory)
    fleet.waits(lambda: fleet.heard(stopped, "800") == 2)
    fleet.closes(second)
    fleet.waits(lambda: fleet.state(second) == "done")
    assert len(world.taken("customs", "CEB509")) == 2
    assert len(world.taken("airport", "waybill")) == 2
