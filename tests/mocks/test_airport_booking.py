"""The stand-in airport: which waybills it takes, books, refuses and rejects."""

from __future__ import annotations

import copy
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mocks.airport.app import create_app
from tests.support.mocks.clocks import THURSDAY, HandPace
from tests.support.mocks.onerecord import (
    BASE,
    DOOR,
    JSON_LD,
    OWN,
    events,
    faults,
    leave,
    look,
    movement,
    paper,
    place,
    read,
    when,
)


@pytest.fixture
def pace() -> HandPace:
    return HandPace(clock=[THURSDAY])


@pytest.fixture
def app(pace: HandPace) -> Flask:
    return create_app(pace)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_waybill_is_taken_and_booked(client: FlaskClient, pace: HandPace) -> None:
    answer = leave(client, paper(own=OWN))
    assert (answer.status_code, answer.data, answer.headers["Location"]) == (201, b"", OWN)
    assert answer.headers["Type"] == "https://onerecord.iata.org/ns/cargo#Waybill"
    fresh = read(client, OWN)
    assert (fresh["@id"], fresh["api:hasRevision"], "cargo:waybillNumber" in fresh) == (OWN, 1, False)
    pace.wait(minutes=5)
    booked = read(client, OWN)
    flight = movement(booked)
    assert booked["cargo:bookingStatus"] == {"@id": "cargo:CONFIRMED"}
    assert booked["cargo:shipment"] == paper()["cargo:shipment"]
    assert len(booked["cargo:waybillNumber"]) == 8
    assert int(booked["cargo:waybillNumber"][:7]) % 7 == int(booked["cargo:waybillNumber"][7])
    carrier = booked["cargo:referredBookingOption"]["cargo:carrier"]
    assert booked["cargo:waybillPrefix"] == carrier["cargo:prefix"]
    assert flight["cargo:transportIdentifier"].startswith(carrier["cargo:airlineCode"])
    departure, arrival = (when(time["cargo:movementTimestamp"]) for time in flight["cargo:movementTimes"])
    assert pace.now() + timedelta(hours=2) < departure < arrival


def test_an_id_that_exists_is_a_conflict(client: FlaskClient) -> None:
    leave(client, paper(own=OWN))
    answer = leave(client, paper(own=OWN))
    assert answer.status_code == 409
    assert faults(answer)
    entries = client.get("/_control/ledger?kind=waybill").get_json()["entries"]
    assert [(e["key"], e["guid"], e["outcome"]) for e in entries] == [
        (OWN, OWN.rpartition("/")[2], "accepted"),
        (OWN, OWN.rpartition("/")[2], "duplicate"),
    ]
    assert json.loads(entries[0]["body"]) == paper(own=OWN)


def test_the_server_names_what_has_no_id_and_refuses_what_is_not_its_own(client: FlaskClient) -> None:
    made = leave(client, paper()).headers["Location"]
    assert uuid.UUID(made.removeprefix(f"{BASE}logistics-objects/"))
    assert read(client, made)["@id"] == made
    answer = leave(client, paper(own="https://hub.example/logistics-objects/1"))
    assert (answer.status_code, faults(answer)[0][:4]) == (400, "@id:")


SHIPMENT = "cargo:shipment"
WEIGHT = f"{SHIPMENT}/cargo:totalGrossWeight"
BROKEN = [
    ("@context", {}, "@context"),
    ("@type", "cargo:Shipment", "@type"),
    ("cargo:waybillType", {"@id": "cargo:AIR"}, "cargo:waybillType"),
    ("cargo:waybillType", None, "cargo:waybillType"),
    ("cargo:departureLocation", None, "cargo:departureLocation"),
    ("cargo:arrivalLocation", place("Chicago"), "cargo:arrivalLocation"),
    ("cargo:arrivalLocation", {"cargo:locationCodes": []}, "cargo:arrivalLocation"),
    (f"{SHIPMENT}/@type", "cargo:Piece", SHIPMENT),
    (f"{SHIPMENT}/cargo:goodsDescription", "", f"{SHIPMENT}/cargo:goodsDescription"),
    (f"{WEIGHT}/@type", None, WEIGHT),
    (f"{WEIGHT}/cargo:numericalValue", 0, f"{WEIGHT}/cargo:numericalValue"),
    (f"{WEIGHT}/cargo:numericalValue", "much", f"{WEIGHT}/cargo:numericalValue"),
    (f"{WEIGHT}/cargo:unit", {"@id": "https://vocabulary.uncefact.org/UnitMeasureCode#LBR"}, f"{WEIGHT}/cargo:unit"),
    (f"{SHIPMENT}/cargo:pieces", [], f"{SHIPMENT}/cargo:pieces"),
    (f"{SHIPMENT}/cargo:pieces", 12, f"{SHIPMENT}/cargo:pieces"),
]


@pytest.mark.parametrize(("path", "value", "where"), BROKEN)
def test_each_rule_refuses_with_its_property(client: FlaskClient, path: str, value: Any, where: str) -> None:
    node: Any = copy.deepcopy(paper())
    spot = node
    *steps, last = path.split("/")
    for step in steps:
        spot = spot[step]
    spot.update({last: value}) if value is not None else spot.pop(last)
    answer = leave(client, node)
    assert answer.status_code == 400
    assert [message.partition(": ")[0] for message in faults(answer)] == [where]
    assert [e["outcome"] for e in client.get("/_control/ledger").get_json()["entries"]] == ["refused"]


def test_only_json_ld_is_taken(client: FlaskClient) -> None:
    answer = leave(client, paper(), "application/json")
    assert (answer.status_code, len(faults(answer))) == (415, 1)
    answer = client.post("/logistics-objects/", data="{", content_type=JSON_LD, headers=DOOR)
    assert answer.status_code == 400


@pytest.mark.parametrize("to", ["USORD", "USCHI"])
def test_un_locodes_and_written_out_forms_are_read(client: FlaskClient, pace: HandPace, to: str) -> None:
    node = paper(to, {"@type": "http://www.w3.org/2001/XMLSchema#double", "@value": "300.12"})
    node["@type"] = ["https://onerecord.iata.org/ns/cargo#Waybill"]
    node["cargo:waybillType"] = "https://onerecord.iata.org/ns/cargo#MASTER"
    node["cargo:departureLocation"] = place("CNCGO")
    node["cargo:shipment"]["cargo:pieces"] = {"@type": "cargo:Piece"}
    iri = leave(client, node).headers["Location"]
    pace.wait(minutes=5)
    assert movement(read(client, iri))["cargo:arrivalLocation"] == place("ORD")


@pytest.mark.parametrize(("to", "kilograms"), [("XXX", 100.0), ("ORD", 200_000.0)])
def test_what_no_flight_can_carry_is_rejected(client: FlaskClient, pace: HandPace, to: str, kilograms: float) -> None:
    leave(client, paper(to, kilograms, OWN))
    pace.wait(days=3)
    assert read(client, OWN)["cargo:bookingStatus"] == {"@id": "cargo:REJECTED"}
    assert "cargo:waybillNumber" not in read(client, OWN)
    assert events(client, OWN) == []


def test_an_object_that_did_not_change_is_not_sent_again(client: FlaskClient, pace: HandPace) -> None:
    leave(client, paper(own=OWN))
    first = look(client, OWN)
    assert (first.headers["Revision"], first.headers["Type"][-7:]) == ("1", "Waybill")
    pace.wait(minutes=4)
    same = look(client, OWN, **{"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    pace.wait(minutes=1)
    booked = look(client, OWN, **{"If-None-Match": first.headers["ETag"]})
    assert (booked.status_code, booked.headers["Revision"]) == (200, "2")
    assert booked.headers["Last-Modified"] == "Thu, 24 Sep 2026 02:05:00 GMT"


def test_what_a_booked_waybill_refers_to_can_be_read(client: FlaskClient, pace: HandPace) -> None:
    leave(client, paper(own=OWN))
    pace.wait(minutes=5)
    booking = read(client, OWN)["cargo:referredBookingOption"]
    assert read(client, booking["@id"])["cargo:bookingStatus"] == {"@id": "cargo:CONFIRMED"}
    flight = booking["cargo:activitySequences"][0]["cargo:activity"]
    assert read(client, flight["@id"])["cargo:transportIdentifier"] == flight["cargo:transportIdentifier"]
    assert look(client, f"{BASE}logistics-objects/{uuid.uuid4()}").status_code == 404
    assert look(client, f"{BASE}logistics-objects/{uuid.uuid4()}/logistics-events").status_code == 404


def test_many_senders_at_once(app: Flask, pace: HandPace) -> None:
    def send(number: int) -> int:
        return leave(app.test_client(), paper(own=f"{BASE}logistics-objects/w{number % 20}")).status_code

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(send, range(40)))
    assert (answers.count(201), answers.count(409)) == (20, 20)
    pace.wait(minutes=5)
    numbers = {read(app.test_client(), f"{BASE}logistics-objects/w{n}")["cargo:waybillNumber"] for n in range(20)}
    assert len(numbers) == 20
