"""9710, 9810 and 0110, by rail and by air: the same hub, other rows of its tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.databases import ON_SQLITE
from tests.support.flow.modes import ENTER, SEE, pay
from tests.support.world import World, demo_file

BY_AIR = {"wish": "air", "from": "CNCGO", "to": "USORD", "readyAt": "2026-01-10T08:00:00+08:00"}
BY_RAIL = {"wish": "rail", "from": "CNZGZ", "to": "DEDUI", "readyAt": "2026-01-10T08:00:00+08:00"}


def play(world: World, enterprise: str, trade: dict[str, Any], *, pays: bool) -> Any:
    """Enters a trade, plays the buyer, and returns how it ended."""
    key = world.exporter(enterprise)
    world.run("customs.tariffs", "tax.rates", "forex.parity", "rail.warehouses")
    entered = world.ask(ENTER, key, input=trade)["enterTrade"]
    assert entered["errors"] == []
    number = entered["trade"]["number"]

    def see() -> Any:
        return world.ask(SEE, key, n=number)["trade"]

    if pays:
        pay(world, enterprise, trade, see())
    world.until(lambda: see()["state"] != "running", by=timedelta(hours=12))
    return see()


def states(trade: Any) -> dict[str, str]:
    return {document["kind"]: document["state"] for document in trade["documents"]}


@pytest.mark.parametrize("hub_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_b2b_by_rail_to_almaty(world: World) -> None:
    trade = play(world, "zhengzhou-trousers", demo_file("trades", "zhengzhou-trousers-to-almaty"), pays=True)
    assert trade["state"] == "finished", trade
    assert states(trade) == dict.fromkeys(
        ["customs.order", "customs.declaration", "rail.booking", "tax.refund", "forex.declaration"], "done"
    )
    (leg,) = trade["shipment"]["legs"]
    assert leg["mode"] == "rail"
    assert leg["transportIdentifier"].startswith("X9")
    codes = [event["code"] for event in trade["shipment"]["tracking"] if event["timeKind"] == "actual"]
    assert codes == ["GTIN", "STUF", "LOAD", "DEPA", "ARRI.BORD", "CUSR.BORD", "DISC.BORD", "LOAD.BORD", "CROS.BORD", "ARRI", "DISC", "GTOT"]  # fmt: skip  # noqa: E501
    meaning = {event["code"]: event["meaning"] for event in trade["shipment"]["tracking"]}
    assert meaning["CROS.BORD"] == "Crossed the border"
    assert trade["refund"]["status"] == "paid"
    order = world.taken("customs", "CEB303")[0]
    assert "orderType>B<" in order.body


def test_overseas_warehouse_by_rail_to_duisburg(small_world: World) -> None:
    trade = play(small_world, "luoyang-furniture", demo_file("trades", "luoyang-furniture-to-duisburg"), pays=False)
    assert trade["state"] == "finished", trade
    assert {(level["warehouse"], level["sku"], level["quantity"]) for level in trade["stock"]} == {
        ("DUI01", "HC-CAB-4D", "120.00"),
        ("DUI01", "HC-OFF-2D", "90.00"),
    }
    assert "orderType>W<" in small_world.taken("customs", "CEB303")[0].body
    assert '"businessType":"HWC-YT"' in small_world.taken("tax", "refund")[0].body.replace(": ", ":")


@ON_SQLITE
def test_general_trade_by_air_to_luxembourg(world: World) -> None:
    trade = play(world, "luoyang-furniture", demo_file("trades", "luoyang-seats-to-luxembourg"), pays=True)
    assert trade["state"] == "finished", trade
    assert set(states(trade)) == {"customs.declaration", "airport.waybill", "tax.refund", "forex.declaration"}


@pytest.mark.parametrize(
    ("enterprise", "name", "transport", "more"),
    [
        ("zhengzhou-trousers", "zhengzhou-trousers-to-almaty", BY_AIR, {}),
        ("luoyang-furniture", "luoyang-furniture-to-duisburg", BY_AIR, {"warehouse": "ORD01"}),
        pytest.param("luoyang-furniture", "luoyang-seats-to-luxembourg", BY_RAIL, {}, marks=pytest.mark.long),
        pytest.param("xuchang-hair", "xuchang-wigs-to-chicago", BY_RAIL, {}, marks=pytest.mark.long),
    ],
    ids=["9710 by air", "9810 by air", "0110 by rail", "9610 by rail"],
)
def test_each_mode_goes_the_other_way_too(
    small_world: World, enterprise: str, name: str, transport: dict[str, str], more: dict[str, str]
) -> None:
    trade = demo_file("trades", name) | {"transport": transport} | more
    trade["destinationCountry"] = trade["buyer"]["country"]  # the port lies elsewhere: the hub would ask
    ended = play(small_world, enterprise, trade, pays=trade["mode"] != "9810")
    assert ended["state"] == "finished", ended
    assert ended["shipment"]["legs"][0]["mode"] == transport["wish"]
    assert bool(ended["stock"]) == (trade["mode"] == "9810")
