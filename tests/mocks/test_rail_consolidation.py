"""One booking with the consignments of several shippers, and what may be changed of it until it is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mocks.rail.app import create_app
from mocks.serve import serving
from tests.support.mocks.clocks import HandPace
from tests.support.mocks.railway import REFERENCE, book, changes, consolidated, look, order, standing, token
from tests.support.mocks.wire import Wire


@pytest.fixture
def pace() -> HandPace:
    return HandPace()


@pytest.fixture
def client(pace: HandPace) -> Iterator[Wire]:
    with serving(create_app(pace)) as base:
        yield Wire(base)


def change(client: Wire, paper: Any, reference: str = REFERENCE) -> tuple[int, Any]:
    path = f"/bookings/by-reference/{reference}/change"
    answer = client.post(path, json=paper, headers=token(client))
    return answer.status_code, answer.get_json()


def without_the_third(**more: Any) -> dict[str, Any]:
    return consolidated(packages=20, grossKilograms="2000", **more) | {
        "consignments": consolidated()["consignments"][:2]
    }


def held(client: Wire) -> list[dict[str, Any]]:
    return list(client.get("/_control/holdings").get_json()["bookings"].values())


def test_a_booking_carries_the_consignments_of_several_shippers(client: Wire, pace: HandPace) -> None:
    assert book(client, consolidated()).status_code == 202
    pace.wait(hours=2)
    booking = standing(client)
    notes = [one["consignmentNote"] for one in booking["consignments"]]
    assert booking["status"] == "confirmed"
    assert len({*notes, booking["consignmentNote"]}) == 4
    assert [one["shipper"]["name"] for one in booking["consignments"]] == [
        f"河南某企业{number}" for number in (1, 2, 3)
    ]
    (kept,) = held(client)
    assert kept["consignments"] == dict(zip(("C-1", "C-2", "C-3"), notes, strict=True))
    assert (kept["bookingReference"], kept["packages"], kept["status"]) == (REFERENCE, 30, "confirmed")


def test_the_events_are_of_the_whole_and_the_stock_is_of_each(client: Wire, pace: HandPace) -> None:
    book(client, consolidated())
    pace.wait(days=60)
    events = look(client, "/events?limit=500")["events"]
    named = {one["documentReferenceValue"] for event in events for one in event["documentReferences"]}
    assert (named, len({event["equipmentReference"] for event in events})) == ({REFERENCE}, 1)
    levels = look(client, "/stock?limit=500")["levels"]
    assert [(level["reference"], level["quantity"]) for level in levels] == [
        (f"C-{number}", "100.00") for number in (1, 2, 3)
    ]


WRONG = {
    "no consignment": ({"consignments": []}, "SHAPE", "consignments"),
    "goods beside them": ({"goods": order()["goods"]}, "SHAPE", "goods"),
    "packages": ({"packages": 31}, "SUM", "packages"),
    "weight": ({"consignments[1].grossKilograms": "1000.5"}, "SUM", "grossKilograms"),
    "the same reference": (
        {"consignments[2].consignmentReference": "C-1"},
        "CONSIGNMENTREFERENCE",
        "consignments[2].consignmentReference",
    ),
    "no shipper": ({"consignments[1].shipper": None}, "SHAPE", "consignments[1].shipper"),
    "no goods": ({"consignments[1].goods": None}, "SHAPE", "consignments[1].goods"),
    "a cell": ({"consignments[1].goods[0].hsCode": "x"}, "FORMAT", "consignments[1].goods[0].hsCode"),
}


@pytest.mark.parametrize(("paper", "code", "where"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_in_a_consignment_is_named(client: Wire, paper: dict[str, Any], code: str, where: str) -> None:
    answer = book(client, consolidated(**paper))
    assert answer.status_code == 422
    assert (answer.get_json()["code"], answer.get_json()["field"]) == (code, where)


def test_a_consignment_may_leave_until_the_goods_are_accepted_for_carriage(client: Wire, pace: HandPace) -> None:
    book(client, consolidated())
    pace.wait(hours=2)
    before = standing(client)
    assert change(client, without_the_third())[0] == 202
    after = standing(client)
    assert (after["packages"], after["status"], after["container"]) == (20, "confirmed", before["container"])
    assert after["consignments"] == before["consignments"][:2]  # their notes stay
    assert [row["status"] for row in changes(client)] == ["received", "confirmed", "confirmed"]
    assert change(client, without_the_third())[0] == 202  # the same again is nothing new
    pace.wait(days=60)
    levels = look(client, "/stock?limit=500")["levels"]
    assert [level["reference"] for level in levels] == ["C-1", "C-2"]
    status, answer = change(client, consolidated())
    assert (status, answer["code"], answer["message"]) == (409, "STATE", "the goods are accepted for carriage")
    entries = client.get("/_control/ledger?kind=change").get_json()["entries"]
    assert [entry["outcome"] for entry in entries] == ["accepted", "duplicate", "refused"]


def test_a_change_before_the_decision_is_what_is_confirmed(client: Wire, pace: HandPace) -> None:
    book(client, order())
    assert change(client, order(packages=20))[0] == 202
    pace.wait(hours=2)
    assert [(row["status"], row["packages"]) for row in changes(client)] == [
        ("received", 21),
        ("received", 20),
        ("confirmed", 20),
    ]


def test_what_decides_on_the_train_cannot_be_changed(client: Wire, pace: HandPace) -> None:
    book(client, order())
    for paper, status, code in (
        (order(readyAt="2026-03-09T09:00:00+08:00"), 422, "CHANGE"),
        (order(to="DEHAM", deliveryWarehouse="HAM01"), 422, "CHANGE"),
        (order(grossKilograms="26001"), 422, "WEIGHT"),
        (order("OTHER"), 422, "CHANGE"),
        (order(packages=0), 422, "FORMAT"),
    ):
        assert (change(client, paper)[0], change(client, paper)[1]["code"]) == (status, code)
    assert change(client, order("OTHER"), "OTHER")[0] == 404
    client.post(f"/bookings/by-reference/{REFERENCE}/cancel", headers=token(client))
    assert change(client, order(packages=20))[1]["code"] == "STATE"
