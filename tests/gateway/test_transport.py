"""What can be booked, which warehouses there are, and what lies in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import insert, select

from hub.access import Role
from hub.model import StockLevel, Trade
from tests.support.world import World, demo_file

SCHEDULES = """query($from: Locode, $to: Locode, $first: Int) { schedules(from: $from, to: $to, first: $first) {
  mode transportIdentifier origin destination border departsAt arrivesAt capacity capacityUnit price currency asOf
} }"""
WAREHOUSES = "{ warehouses { code name kind place source asOf } }"
STOCK = """query($warehouse: String, $first: Int) { stock(warehouse: $warehouse, first: $first) {
  warehouse sku quantity unit asOf trade { number } } }"""
ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"


def test_trains_that_can_be_booked_come_with_room_price_and_as_of_time(small_world: World) -> None:
    key = small_world.exporter()
    assert small_world.ask(SCHEDULES, key)["schedules"] == []
    assert small_world.run("rail.schedules") == {"rail.schedules": "ok"}
    trains = small_world.ask(SCHEDULES, key, **{"from": "CNZGZ", "to": "DEHAM"})["schedules"]
    assert len(trains) > 1
    assert {(train["origin"], train["destination"], train["border"]) for train in trains} == {
        ("CNZGZ", "DEHAM", "CNAKL")
    }
    assert {(train["price"], train["currency"], train["capacityUnit"]) for train in trains} == {
        ("3280.00", "USD", "TEU")
    }
    assert all(0 <= Decimal(train["capacity"]) <= 100 for train in trains)
    assert all(datetime.fromisoformat(train["asOf"]) <= small_world.clock() for train in trains)
    assert [train["departsAt"] for train in trains] == sorted(train["departsAt"] for train in trains)
    assert small_world.ask(SCHEDULES, key, to="DEHAM", first=1)["schedules"] == trains[:1]
    assert small_world.ask(SCHEDULES, key, **{"from": "CNCGO"})["schedules"] == []


def test_a_train_that_has_left_is_no_longer_offered(small_world: World) -> None:
    key = small_world.exporter()
    small_world.run("rail.schedules")
    first = small_world.ask(SCHEDULES, key, first=1)["schedules"][0]
    leaves = datetime.fromisoformat(first["departsAt"])
    small_world.clock.forward(leaves - small_world.clock() + timedelta(minutes=1))
    offered = small_world.ask(SCHEDULES, key, first=200)["schedules"]
    assert offered
    assert all(datetime.fromisoformat(train["departsAt"]) > leaves for train in offered)


def test_warehouses_are_told_to_whoever_may_enter_or_see_trades(small_world: World) -> None:
    small_world.run("rail.warehouses")
    key = small_world.exporter()
    found = {one["code"]: one for one in small_world.ask(WAREHOUSES, key)["warehouses"]}
    assert (found["DUI01"]["kind"], found["DUI01"]["place"], found["DUI01"]["source"]) == ("overseas", "DEDUI", "rail")
    for query in (SCHEDULES, WAREHOUSES, STOCK):
        (error,) = small_world.post(query).json()["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"


def test_stock_is_the_callers_own_by_warehouse_and_article(small_world: World) -> None:
    key = small_world.exporter()
    number = small_world.ask(ENTER, key, input=demo_file("trades", "xuchang-wigs-to-chicago"))["enterTrade"]["trade"]
    put_in_stock(small_world, [("HAM01", "B", "7"), ("DUI01", "B", "2.5"), ("DUI01", "A", "120")])
    levels = small_world.ask(STOCK, key)["stock"]
    assert [(one["warehouse"], one["sku"], one["quantity"]) for one in levels] == [
        ("DUI01", "A", "120.00"),
        ("DUI01", "B", "2.50"),
        ("HAM01", "B", "7.00"),
    ]
    assert all(one["trade"] == number for one in levels)
    assert small_world.ask(STOCK, key, warehouse="HAM01")["stock"] == levels[2:]
    assert small_world.ask(STOCK, key, first=1)["stock"] == levels[:1]
    assert small_world.ask(STOCK, small_world.staff)["stock"] == levels
    assert small_world.ask(STOCK, small_world.issue("stranger", Role.ENTERPRISE))["stock"] == []


def put_in_stock(world: World, levels: list[tuple[str, str, str]]) -> None:
    """Levels as a warehouse told them, for the only trade there is."""
    now = world.clock()
    with world.hub.database.write() as connection:
        trade_id = connection.scalar(select(Trade.id))
        connection.execute(
            insert(StockLevel),
            [
                {
                    "source": "rail", "source_id": f"{warehouse}/{sku}", "as_of": now, "fetched_at": now, "digest": "",
                    "about_kind": "rail.booking", "about_value": "B-1", "subject_id": trade_id, "trade_id": trade_id,
                    "warehouse": warehouse, "sku": sku, "quantity": quantity, "unit": "item",
                }
                for warehouse, sku, quantity in levels
            ],
        )  # fmt: skip
