"""The stand-in airport: consignments for overseas warehouses and the stock that they make."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from mocks.airport.app import create_app
from tests.support.mocks.changes import changed
from tests.support.mocks.clocks import THURSDAY, HandPace
from tests.support.mocks.onerecord import (
    BASE,
    CODES,
    DOOR,
    OWN,
    change,
    events,
    faults,
    happened,
    item,
    leave,
    movement,
    paper,
    place,
    read,
    send_change,
    stocking,
    when,
)

DELIVERY = "cargo:shipment/cargo:deliveryLocation"
ITEMS = "cargo:shipment/cargo:pieces/cargo:containedItems"


@pytest.fixture
def pace() -> HandPace:
    return HandPace(clock=[THURSDAY])


@pytest.fixture
def client(pace: HandPace) -> FlaskClient:
    return create_app(pace).test_client()


def levels(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/warehouse-stock?{query}", headers=DOOR)
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.get_json()["levels"]
    return rows


@pytest.mark.parametrize(("to", "warehouse"), [("LUX", "LUX01"), ("ORD", "ORD01"), ("USCHI", "ORD01")])
def test_goods_come_into_the_warehouse_three_hours_after_delivery(
    client: FlaskClient, pace: HandPace, to: str, warehouse: str
) -> None:
    assert leave(client, stocking(to, warehouse)).status_code == 201
    pace.wait(minutes=5)
    arrival = when(movement(read(client, OWN))["cargo:movementTimes"][1]["cargo:movementTimestamp"])
    pace.wait(seconds=(arrival + timedelta(hours=9) - pace.now()).total_seconds() - 1)
    assert (happened(client, OWN), levels(client)) == (CODES, [])
    pace.wait(seconds=1)
    assert happened(client, OWN) == [*CODES, "FIW"]
    came_in = next(one for one in events(client, OWN) if one["cargo:eventCode"]["@id"].endswith("#FIW"))
    assert came_in["cargo:eventLocation"] == place(warehouse)
    (level,) = levels(client)
    assert datetime.fromisoformat(level.pop("asOf")) == when(came_in["cargo:eventDate"]) == arrival + timedelta(hours=9)
    assert level == {
        "sequence": 1,
        "warehouse": warehouse,
        "sku": "W-1",
        "reference": "YH-2026-0217",
        "quantity": 300,
        "unit": "PCE",
    }


def test_there_is_a_level_for_each_sku_and_unit(client: FlaskClient, pace: HandPace) -> None:
    unit = {"@id": "https://vocabulary.uncefact.org/UnitMeasureCode#KGM"}
    pieces = [[item("W-1", 200), item("W-2", "12.5", unit)], [item("W-1", 100.0), item("W-1", 3, unit)]]
    node = stocking("LUX", "LUX01", *pieces)
    del node["cargo:shippingRefNo"]
    leave(client, node)
    leave(client, stocking("ORD", "ORD01", own=f"{OWN}2"))
    leave(client, paper(own=f"{OWN}3"))
    pace.wait(days=3)
    rows = [(one["sku"], one["quantity"], one["unit"]) for one in levels(client) if one["reference"] == OWN]
    assert rows == [("W-1", 300, "PCE"), ("W-2", 12.5, "KGM"), ("W-1", 3, "KGM")]
    assert [one["sequence"] for one in levels(client)] == [1, 2, 3, 4]
    assert [one["asOf"] for one in levels(client)] == sorted(one["asOf"] for one in levels(client))
    first = client.get("/warehouse-stock?limit=3", headers=DOOR).get_json()
    assert (first["levels"], first["next"]) == (levels(client)[:3], 3)
    assert client.get("/warehouse-stock?after=4", headers=DOOR).get_json() == {"levels": [], "next": None}
    assert client.get("/warehouse-stock?after=x", headers=DOOR).status_code == 400
    assert client.get("/warehouse-stock").status_code == 401


def test_what_is_called_off_makes_no_stock(client: FlaskClient, pace: HandPace) -> None:
    leave(client, stocking("LUX", "LUX01"))
    pace.wait(minutes=30)
    send_change(client, change())
    pace.wait(days=3)
    assert levels(client) == []


@pytest.mark.parametrize(("to", "code"), [("ORD", "LUX01"), ("LUX", "DUI01"), ("LUX", "LUX99"), ("LUX", "ORD")])
def test_the_place_of_delivery_must_be_at_the_airport_of_arrival(client: FlaskClient, to: str, code: str) -> None:
    answer = leave(client, stocking(to, code))
    assert answer.status_code == 400
    assert [message.partition(": ")[0] for message in faults(answer)] == [DELIVERY]
    detail = answer.get_json(force=True)["api:hasErrorDetail"][0]
    assert detail["api:hasProperty"] == "https://onerecord.iata.org/ns/cargo#deliveryLocation"
    assert [one["outcome"] for one in client.get("/_control/ledger").get_json()["entries"]] == ["refused"]


def test_delivery_need_not_be_to_a_warehouse(client: FlaskClient, pace: HandPace) -> None:
    at_the_airport = stocking("LUX", "LUX")
    somewhere = changed(
        stocking("LUX", "LUX", own=f"{OWN}2"), {f"{DELIVERY}/cargo:locationCodes".replace("/", "."): []}
    )
    for node in (at_the_airport, somewhere):
        assert leave(client, node).status_code == 201
    pace.wait(days=3)
    assert happened(client, OWN) == happened(client, f"{OWN}2") == CODES
    assert levels(client) == []


BAD_ITEMS: list[tuple[list[Any], str]] = [
    ([], ITEMS),
    ([{"@id": f"{BASE}logistics-objects/item"}], ITEMS),
    ([item("W-1", 0)], f"{ITEMS}/cargo:itemQuantity/cargo:numericalValue"),
    ([item("W-1", "many")], f"{ITEMS}/cargo:itemQuantity/cargo:numericalValue"),
    ([item("W-1", 1, "")], f"{ITEMS}/cargo:itemQuantity/cargo:unit"),
    ([item(" ", 1)], f"{ITEMS}/cargo:ofProduct/cargo:uniqueIdentifier"),
]


@pytest.mark.parametrize(("items", "where"), BAD_ITEMS)
def test_a_warehouse_takes_in_only_what_it_can_count(client: FlaskClient, items: list[Any], where: str) -> None:
    answer = leave(client, stocking("LUX", "LUX01", items))
    assert answer.status_code == 400
    assert faults(answer)[0].partition(": ")[0] == where
