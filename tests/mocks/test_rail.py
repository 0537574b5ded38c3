"""The stand-in railway platform: what it books, refuses, rejects and cancels."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from stdnum import iso6346
from werkzeug.test import TestResponse

from mocks.rail.app import create_app
from tests.support.mocks.clocks import HandPace
from tests.support.mocks.railway import REFERENCE, book, changes, look, order, standing, token


@pytest.fixture
def pace() -> HandPace:
    return HandPace()


@pytest.fixture
def client(pace: HandPace) -> FlaskClient:
    return create_app(pace).test_client()


def cancel(client: FlaskClient, reference: str = REFERENCE) -> TestResponse:
    return client.post(f"/bookings/by-reference/{reference}/cancel", headers=token(client))


def ledger(client: FlaskClient, kind: str) -> list[tuple[str, str, str]]:
    entries = client.get(f"/_control/ledger?kind={kind}").get_json()["entries"]
    return [(entry["key"], entry["guid"], entry["outcome"]) for entry in entries]


def test_a_booking_is_confirmed_after_two_hours_on_the_next_train_with_room(
    client: FlaskClient, pace: HandPace
) -> None:
    answer = book(client, order())
    number = answer.get_json()["bookingNumber"]
    assert answer.status_code == 202
    assert answer.get_json() == {"bookingReference": REFERENCE, "bookingNumber": number, "status": "received"}
    pace.wait(hours=1, minutes=59)
    received = standing(client)
    assert (received["status"], received["trainNumber"], received["container"]) == ("received", None, None)
    pace.wait(minutes=1)
    confirmed = standing(client)
    assert {name: confirmed[name] for name in order()} == order()
    assert (confirmed["status"], confirmed["bookingNumber"], confirmed["border"]) == ("confirmed", number, "CNAKL")
    assert re.fullmatch(r"X8\d{3}", confirmed["trainNumber"])
    assert iso6346.is_valid(confirmed["container"])
    assert re.fullmatch(r"\d{12}", confirmed["consignmentNote"])
    assert confirmed["at"] == "2026-03-02T03:00:00.000Z"
    listed = changes(client)
    assert [(row["sequence"], row["status"], row["reason"]) for row in listed] == [
        (1, "received", None),
        (2, "confirmed", None),
    ]
    assert listed[-1] == {"sequence": 2, **confirmed}


def test_goods_wait_for_a_train_that_leaves_a_day_after_they_are_ready(client: FlaskClient, pace: HandPace) -> None:
    book(client, order(readyAt="2026-03-10T12:00:00+08:00", grossKilograms=26000))
    pace.wait(hours=2)
    departure = datetime.fromisoformat(standing(client)["departure"])
    assert departure >= datetime(2026, 3, 11, 4, tzinfo=UTC)


def test_a_full_train_is_passed_over_and_a_cancelled_place_is_sold_again(client: FlaskClient, pace: HandPace) -> None:
    tuesday, thursday = look(client, "/schedules?to=DEDUI")["schedules"][:2]
    assert (tuesday["freeTeu"], thursday["freeTeu"]) == (1, 17)  # a container needs two
    first = thursday
    room = first["freeTeu"] // 2
    for place in range(room + 1):
        assert book(client, order(f"FULL-{place}")).status_code == 202
    pace.wait(hours=2)
    departures = [standing(client, f"FULL-{place}")["departure"] for place in range(room + 1)]
    assert departures[:-1] == [first["departure"]] * room
    assert departures[-1] > first["departure"]
    containers = {standing(client, f"FULL-{place}")["container"] for place in range(room + 1)}
    assert len(containers) == room + 1
    free = [row for row in look(client, "/schedules?to=DEDUI")["schedules"] if row["departure"] == first["departure"]]
    assert free[0]["freeTeu"] == first["freeTeu"] % 2
    assert free[0]["updatedAt"] == "2026-03-02T01:00:00.000Z"
    cancel(client, "FULL-0")
    assert book(client, order("AGAIN")).status_code == 202
    pace.wait(hours=2)
    assert standing(client, "AGAIN")["departure"] == first["departure"]


@pytest.mark.parametrize(("change", "reason"), [
    ({"grossKilograms": 26000.001}, "超过单箱限重26吨"),
    ({"readyAt": "2026-03-31T09:00:01+08:00"}, "30天内无可用班列"),
    ({"readyAt": "9999-12-31T23:59:59-12:00"}, "30天内无可用班列"),
])  # fmt: skip
def test_what_cannot_be_carried_is_rejected(
    client: FlaskClient, pace: HandPace, change: dict[str, Any], reason: str
) -> None:
    assert book(client, order(**change)).status_code == 202
    pace.wait(days=40)
    assert [(row["status"], row["reason"]) for row in changes(client)] == [("received", None), ("rejected", reason)]
    assert (standing(client)["trainNumber"], standing(client)["container"]) == (None, None)
    assert look(client, "/events") == {"events": [], "next": None}
    assert look(client, "/stock") == {"levels": [], "next": None}
    assert (cancel(client).status_code, cancel(client).get_json()["code"]) == (409, "STATE")


def test_the_same_reference_twice_is_a_duplicate(client: FlaskClient, pace: HandPace) -> None:
    number = book(client, order()).get_json()["bookingNumber"]
    again = book(client, order(packages=3))
    assert (again.status_code, again.get_json()) == (409, {"code": "DUPLICATE", "bookingNumber": number})
    assert ledger(client, "booking") == [(REFERENCE, number, "accepted"), (REFERENCE, number, "duplicate")]
    pace.wait(hours=2)
    assert [row["packages"] for row in changes(client)] == [21, 21]


REFUSED = [
    ({"bookingReference": None}, "MISSING", "bookingReference"),
    ({"bookingReference": "A/1"}, "FORMAT", "bookingReference"),
    ({"from": "CNCGO"}, "ROUTE", "from"),
    ({"to": "DEBER"}, "ROUTE", "to"),
    ({"to": "Duisburg"}, "FORMAT", "to"),
    ({"readyAt": "2026-03-02"}, "FORMAT", "readyAt"),
    ({"readyAt": "2026-03-02T09:00:00"}, "FORMAT", "readyAt"),
    ({"readyAt": "2026-02-30T09:00:00Z"}, "FORMAT", "readyAt"),
    ({"shipper": "Muster"}, "SHAPE", "shipper"),
    ({"shipper.name": " "}, "FORMAT", "shipper.name"),
    ({"consignee.address": None}, "MISSING", "consignee.address"),
    ({"consignee.country": "DEU"}, "FORMAT", "consignee.country"),
    ({"goods": []}, "SHAPE", "goods"),
    ({"goods[1].line": 1}, "LINE", "goods[1].line"),
    ({"goods[1].sku": None}, "MISSING", "goods[1].sku"),
    ({"goods[0].hsCode": "67041"}, "FORMAT", "goods[0].hsCode"),
    ({"goods[0].quantity": True}, "FORMAT", "goods[0].quantity"),
    ({"goods[1].grossKilograms": "0"}, "FORMAT", "goods[1].grossKilograms"),
    ({"packages": 0}, "FORMAT", "packages"),
    ({"grossKilograms": float("nan")}, "FORMAT", "grossKilograms"),
    ({"deliveryWarehouse": "XXX01"}, "WAREHOUSE", "deliveryWarehouse"),
    ({"deliveryWarehouse": ["DUI01"]}, "WAREHOUSE", "deliveryWarehouse"),
    ({"deliveryWarehouse": "HAM01"}, "WAREHOUSE", "deliveryWarehouse"),
]


@pytest.mark.parametrize(("change", "code", "where"), REFUSED, ids=[f"{code}-{where}" for _, code, where in REFUSED])
def test_each_refusal_names_its_field(client: FlaskClient, change: dict[str, Any], code: str, where: str) -> None:
    answer = book(client, order(**change))
    assert answer.status_code == 422
    assert (answer.get_json()["code"], answer.get_json()["field"]) == (code, where)
    assert answer.get_json()["message"]
    assert [outcome for _, _, outcome in ledger(client, "booking")] == ["refused"]
    assert changes(client) == []


@pytest.mark.parametrize("where", ["shipper.name", "bookingReference"])
def test_half_a_character_is_no_text(client: FlaskClient, where: str) -> None:
    body = json.dumps(order(**{where: "half \ud83d"}))
    answer = client.post("/bookings", data=body, headers=token(client))
    assert (answer.status_code, answer.get_json()["field"]) == (422, where)
    assert [outcome for _, _, outcome in ledger(client, "booking")] == ["refused"]


@pytest.mark.parametrize(("body", "status"), [("{", 400), ("[]", 422), ("[" * 100_000, 400)])
def test_what_is_no_object_is_no_booking(client: FlaskClient, body: str, status: int) -> None:
    assert client.post("/bookings", data=body, headers=token(client)).status_code == status
    assert ledger(client, "booking") == [("", "", "refused")]


def test_a_booking_can_be_cancelled_until_the_train_leaves(client: FlaskClient, pace: HandPace) -> None:
    number = book(client, order()).get_json()["bookingNumber"]
    pace.wait(hours=2)
    departure = datetime.fromisoformat(standing(client)["departure"])
    pace.clock[0] = departure - timedelta(seconds=1)
    assert (cancel(client).status_code, cancel(client).status_code) == (202, 202)
    assert [row["status"] for row in changes(client)] == ["received", "confirmed", "cancelled"]
    assert standing(client)["status"] == "cancelled"
    assert ledger(client, "cancel") == [(REFERENCE, number, "accepted"), (REFERENCE, number, "duplicate")]
    pace.wait(days=30)
    told = look(client, "/events?limit=500")["events"]
    assert (
        max(event["eventDateTime"] for event in told if event["eventClassifierCode"] == "ACT") < departure.isoformat()
    )
    assert look(client, "/stock")["levels"] == []


def test_a_booking_cancelled_before_it_is_decided_is_never_confirmed(client: FlaskClient, pace: HandPace) -> None:
    book(client, order())
    assert cancel(client).status_code == 202
    pace.wait(days=30)
    assert [(row["status"], row["reason"], row["container"]) for row in changes(client)] == [
        ("received", None, None),
        ("cancelled", "发货人取消", None),
    ]
    assert look(client, "/events")["events"] == []


def test_a_train_that_left_is_not_called_back(client: FlaskClient, pace: HandPace) -> None:
    number = book(client, order()).get_json()["bookingNumber"]
    pace.wait(hours=2)
    pace.clock[0] = datetime.fromisoformat(standing(client)["departure"])
    assert (cancel(client).status_code, cancel(client, "NONE").status_code) == (409, 404)
    assert ledger(client, "cancel") == [(REFERENCE, number, "refused"), ("NONE", "", "refused")]
    assert client.get("/bookings/by-reference/NONE", headers=token(client)).status_code == 404
