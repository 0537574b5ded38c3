"""A master waybill over the house waybills of several shippers, and what may be changed of it until it is accepted."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from mocks.airport.app import create_app
from mocks.serve import serving
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
    house,
    item,
    leave,
    master,
    operation,
    paper,
    place,
    read,
    send_change,
)
from tests.support.mocks.wire import Wire

HOUSES = "cargo:houseWaybills"
THIRD = f"{BASE}logistics-objects/house-3"


@pytest.fixture
def pace() -> HandPace:
    return HandPace(clock=[THURSDAY])


@pytest.fixture
def client(pace: HandPace) -> Iterator[Wire]:
    with serving(create_app(pace)) as base:
        yield Wire(base)


def of_three(**more: Any) -> dict[str, Any]:
    return master(house(1), house(2), house(3), **more)


def amend(client: Wire, *operations: dict[str, Any]) -> Any:
    return send_change(client, change() | {"api:hasOperation": list(operations)})


def the_third_leaves() -> tuple[dict[str, Any], dict[str, Any]]:
    return operation("houseWaybills", THIRD, "DELETE"), operation("totalGrossWeight", "200")


def held(client: Wire) -> dict[str, Any]:
    waybills: dict[str, Any] = client.get("/_control/holdings").get_json()["waybills"]
    return waybills


def test_one_booking_flies_the_goods_of_several_shippers(client: Wire, pace: HandPace) -> None:
    assert leave(client, of_three()).status_code == 201
    assert list(held(client)) == [OWN]
    pace.wait(minutes=5)
    booked = read(client, OWN)
    number = f"{booked['cargo:waybillPrefix']}-{booked['cargo:waybillNumber']}"
    assert held(client) == {
        number: {
            "iri": OWN,
            "reference": "YH-2026-0217",
            "status": "CONFIRMED",
            "flight": booked["cargo:referredBookingOption"]["cargo:activitySequences"][0]["cargo:activity"][
                "cargo:transportIdentifier"
            ],
            "pieces": 3,
            "kilograms": 300.0,
            "houses": ["H-1", "H-2", "H-3"],
        }
    }
    assert read(client, THIRD)["cargo:shippingRefNo"] == "H-3"
    pace.wait(days=4)
    assert happened(client, OWN) == CODES
    assert {event["cargo:eventFor"]["@id"] for event in events(client, OWN)} == {OWN}


def test_each_shippers_goods_come_into_the_warehouse_under_its_reference(client: Wire, pace: HandPace) -> None:
    node = master(house(1, items=[item("W-1", 5)]), house(2, items=[item("W-1", 7)]), to="LUX")
    node["cargo:shipment"]["cargo:deliveryLocation"] = place("LUX01")
    leave(client, node)
    pace.wait(days=4)
    levels = client.get("/warehouse-stock", headers=DOOR).get_json()["levels"]
    assert [(level["reference"], level["sku"], level["quantity"]) for level in levels] == [
        ("H-1", "W-1", 5),
        ("H-2", "W-1", 7),
    ]


def odd(**changes: Any) -> dict[str, Any]:
    """A master waybill whose second house waybill, or itself, is different."""
    node = copy.deepcopy(of_three())
    for name, value in changes.items():
        match name:
            case "weight":
                node["cargo:shipment"]["cargo:totalGrossWeight"]["cargo:numericalValue"] = value
            case "pieces":
                node["cargo:shipment"]["cargo:pieces"] = value
            case "type":
                node["cargo:waybillType"] = value
            case "house":
                node[HOUSES][1] = value(node[HOUSES][1])
    return node


WRONG = {
    "weight": (odd(weight=301), "cargo:shipment/cargo:totalGrossWeight: the house waybills add up to 300 kilograms"),
    "pieces": (odd(pieces=[{"@type": "cargo:Piece"}]), "cargo:shipment/cargo:pieces: the house waybills have 3 pieces"),
    "no master": (odd(type={"@id": "cargo:DIRECT"}), "cargo:waybillType: cargo:MASTER wanted, it has house waybills"),
    "a link": (odd(house=lambda one: {"@id": one["@id"]}), f"{HOUSES}: number 2: an embedded Waybill wanted"),
    "no house": (
        odd(house=lambda one: one | {"cargo:waybillType": {"@id": "cargo:MASTER"}}),
        f"{HOUSES}/cargo:waybillType: number 2: cargo:HOUSE wanted",
    ),
    "no shipment": (
        odd(house=lambda one: {name: value for name, value in one.items() if name != "cargo:shipment"}),
        f"{HOUSES}/cargo:shipment: number 2: an embedded Shipment wanted",
    ),
    "one twice": (odd(house=lambda one: one | {"@id": THIRD}), f"{HOUSES}: the same @id stands here twice"),
}


@pytest.mark.parametrize(("node", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_between_the_master_and_its_houses_is_said(client: Wire, node: dict[str, Any], said: str) -> None:
    answer = leave(client, node)
    assert answer.status_code == 400
    assert said in faults(answer)


def test_a_house_waybill_may_leave_until_the_goods_are_accepted(client: Wire, pace: HandPace) -> None:
    leave(client, of_three())
    pace.wait(minutes=30)
    before = read(client, OWN)
    answer = amend(client, *the_third_leaves())
    assert answer.status_code == 201
    again = amend(client, *the_third_leaves())
    assert (again.status_code, again.headers["Location"]) == (201, answer.headers["Location"])
    request = read(client, answer.headers["Location"])
    assert request["api:hasRequestStatus"] == {"@id": "api:REQUEST_ACCEPTED"}
    after = read(client, OWN)
    assert (after["api:hasRevision"], after["cargo:waybillNumber"]) == (3, before["cargo:waybillNumber"])
    (kept,) = held(client).values()
    assert (kept["houses"], kept["pieces"], kept["kilograms"]) == (["H-1", "H-2"], 2, 200.0)
    pace.wait(minutes=35)  # an hour after the booking
    late = amend(client, operation("houseWaybills", f"{BASE}logistics-objects/house-2", "DELETE"))
    assert (late.status_code, faults(late)) == (409, ["the consignment is accepted for carriage"])
    entries = client.get("/_control/ledger?kind=change").get_json()["entries"]
    assert [entry["outcome"] for entry in entries] == ["accepted", "duplicate", "refused"]


def test_pieces_and_weight_of_a_plain_waybill_may_be_changed(client: Wire) -> None:
    leave(client, paper(own=OWN))
    assert amend(client, operation("totalGrossWeight", 280.5), operation("pieces", f"{OWN}-p3")).status_code == 201
    (kept,) = held(client).values()
    assert (kept["pieces"], kept["kilograms"]) == (3, 280.5)
    assert amend(client, operation("pieces", f"{OWN}-p3", "DELETE")).status_code == 201
    assert next(iter(held(client).values()))["pieces"] == 2


REFUSED = {
    "sums": ((operation("totalGrossWeight", "250"),), 400, "the house waybills add up to 300 kilograms"),
    "unknown": ((operation("pieces", f"{OWN}-p9", "DELETE"),), 400, "is not in this waybill"),
    "a new house": ((operation("houseWaybills", f"{BASE}logistics-objects/house-9"),), 400, "are not added"),
    "another object": ((operation("totalGrossWeight", "1", s=f"{OWN}2"),), 400, "must be the waybill or its shipment"),
    "with a cancellation": (
        (operation("totalGrossWeight", "300"), operation("bookingStatus", "cargo:CANCELLED")),
        400,
        "goods only",
    ),
    "no weight": ((operation("totalGrossWeight", "much"),), 400, "a number above 0 wanted"),
}


@pytest.mark.parametrize(("operations", "status", "said"), REFUSED.values(), ids=REFUSED)
def test_a_change_that_makes_no_waybill_leaves_it_as_it_was(
    client: Wire, operations: tuple[dict[str, Any], ...], status: int, said: str
) -> None:
    leave(client, of_three())
    before = held(client)
    answer = amend(client, *operations)
    assert answer.status_code == status
    assert any(said in fault for fault in faults(answer))
    assert held(client) == before


def test_a_flight_that_is_full_takes_no_more_and_what_is_called_off_is_not_changed(client: Wire) -> None:
    leave(client, paper(own=OWN))
    heavier = amend(client, operation("totalGrossWeight", 900_000))
    assert (heavier.status_code, faults(heavier)) == (409, ["the flight has no room for more"])
    send_change(client, change())
    off = amend(client, operation("totalGrossWeight", 100))
    assert (off.status_code, faults(off)) == (409, ["there is no booking, it was rejected or cancelled"])
