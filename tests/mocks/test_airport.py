"""The stand-in airport: waybills, bookings on flights, events, and the list of flights."""

from __future__ import annotations

import copy
import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mocks.airport.app import create_app
from mocks.pace import Pace
from mocks.serve import serving

DOOR = {"Authorization": "Bearer airport-demo-token"}
JSON_LD = "application/ld+json; version=2.3.0"
BASE = "http://localhost/"
OWN = BASE + "logistics-objects/7c2f8d4e-5a83-4b4e-9d0a-3a1f0c5b9e11"
THURSDAY = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
CODES = ["BKD", "RCS", "PRE", "MAN", "DEP", "ARR", "RCF", "NFD", "DLV"]


@dataclass(frozen=True)
class HandPace(Pace):
    """A pace whose clock stands still until the test moves it."""

    clock: list[datetime] = field(default_factory=lambda: [THURSDAY])
    turning: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        return self.clock[0]

    def wait(self, **spell: float) -> None:
        with self.turning:
            self.clock[0] += timedelta(**spell)


def place(code: str) -> dict[str, Any]:
    return {"@type": "cargo:Location", "cargo:locationCodes": [{"@type": "cargo:CodeListElement", "cargo:code": code}]}


def paper(to: str = "ORD", kilograms: Any = 300.12, own: str | None = None) -> dict[str, Any]:
    unit = {"@id": "https://onerecord.iata.org/ns/code-lists/MeasurementUnitCode#KGM"}
    node = {
        "@context": {"cargo": "https://onerecord.iata.org/ns/cargo#"},
        "@type": "cargo:Waybill",
        "cargo:waybillType": {"@id": "cargo:DIRECT"},
        "cargo:departureLocation": place("CGO"),
        "cargo:arrivalLocation": place(to),
        "cargo:shippingRefNo": "YH-2026-0217",
        "cargo:shipment": {
            "@type": "cargo:Shipment",
            "cargo:goodsDescription": "Wigs of synthetic hair",
            "cargo:totalGrossWeight": {"@type": "cargo:Value", "cargo:numericalValue": kilograms, "cargo:unit": unit},
            "cargo:pieces": [{"@type": "cargo:Piece"}, {"@type": "cargo:Piece"}],
        },
    }
    return node | ({"@id": own} if own else {})


@pytest.fixture
def pace() -> HandPace:
    return HandPace()


@pytest.fixture
def app(pace: HandPace) -> Flask:
    return create_app(pace)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def leave(client: FlaskClient, node: Any, content_type: str = JSON_LD) -> TestResponse:
    return client.post("/logistics-objects/", data=json.dumps(node), content_type=content_type, headers=DOOR)


def look(client: FlaskClient, iri: str, **headers: str) -> TestResponse:
    return client.get(iri.removeprefix(BASE.rstrip("/")), headers={**DOOR, **headers})


def read(client: FlaskClient, iri: str) -> dict[str, Any]:
    answer = look(client, iri)
    assert answer.status_code == 200
    assert answer.content_type == JSON_LD
    node: dict[str, Any] = json.loads(answer.data)
    return node


def events(client: FlaskClient, iri: str) -> list[dict[str, Any]]:
    collection = read(client, f"{iri}/logistics-events")
    assert collection["@type"] == "api:Collection"
    items: list[dict[str, Any]] = collection["api:hasItem"]
    assert collection["api:hasTotalItems"] == len(items)
    return items


def happened(client: FlaskClient, iri: str, kind: str = "ACTUAL") -> list[str]:
    """The status codes told so far, by time and each once."""
    told = {event["@id"]: event for event in events(client, iri) if event["cargo:eventTimeType"]["@id"][6:] == kind}
    by_time = sorted(told.values(), key=lambda event: (event["cargo:eventDate"]["@value"], event["@id"]))
    return [event["cargo:eventCode"]["@id"].partition("#")[2] for event in by_time]


def when(node: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(node["@value"])


def movement(waybill: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = waybill["cargo:referredBookingOption"]["cargo:activitySequences"][0]["cargo:activity"]
    return found


def faults(answer: TestResponse) -> list[str]:
    error = json.loads(answer.data)
    assert answer.content_type == JSON_LD
    assert error["@type"] == "api:Error"
    assert error["api:hasTitle"]
    assert {detail["api:hasCode"] for detail in error["api:hasErrorDetail"]} == {str(answer.status_code)}
    return [detail["api:hasMessage"] for detail in error["api:hasErrorDetail"]]


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


def test_a_booked_waybill_is_flown_and_delivered(client: FlaskClient, pace: HandPace) -> None:
    leave(client, paper(own=OWN))
    assert events(client, OWN) == []
    pace.wait(minutes=5)
    assert happened(client, OWN) == ["BKD"]
    assert happened(client, OWN, "PLANNED") == ["DEP", "ARR"]
    times = movement(read(client, OWN))["cargo:movementTimes"]
    departure, arrival = (when(time["cargo:movementTimestamp"]) for time in times)
    for now, told in (
        (pace.now() + timedelta(hours=1), 2),
        (departure - timedelta(minutes=40), 3),
        (departure - timedelta(minutes=20), 4),
        (departure, 5),
        (arrival, 6),
        (arrival + timedelta(minutes=90), 7),
        (arrival + timedelta(hours=2), 8),
        (arrival + timedelta(hours=6), 9),
    ):
        pace.wait(seconds=(now - pace.now()).total_seconds() - 1)
        assert happened(client, OWN) == CODES[: told - 1]
        pace.wait(seconds=1)
        assert happened(client, OWN) == CODES[:told]
    done = read(client, OWN)
    assert done["api:hasRevision"] == 4
    kinds = [time["cargo:movementTimeType"]["@id"] for time in movement(done)["cargo:movementTimes"]]
    assert kinds == ["cargo:SCHEDULED", "cargo:SCHEDULED", "cargo:ACTUAL", "cargo:ACTUAL"]
    assert pace.now() - THURSDAY < timedelta(hours=48)


def test_the_airports_pace_divides_everything() -> None:
    pace = HandPace(divide=3600)
    client = create_app(pace).test_client()
    leave(client, paper(own=OWN))
    pace.wait(seconds=0.1)
    departure = when(movement(read(client, OWN))["cargo:movementTimes"][0]["cargo:movementTimestamp"])
    assert timedelta(seconds=1.9) < departure - pace.now() < timedelta(seconds=30)
    pace.wait(seconds=48)
    assert happened(client, OWN) == CODES


def test_an_event_has_the_shape_of_the_ontology(client: FlaskClient, pace: HandPace) -> None:
    leave(client, paper(own=OWN))
    pace.wait(days=3)
    for event in events(client, OWN):
        assert event["@type"] == "cargo:LogisticsEvent"
        assert event["@id"].startswith(f"{OWN}/logistics-events/")
        assert event["cargo:eventFor"] == {"@type": "cargo:Waybill", "@id": OWN}
        assert event["cargo:eventDate"]["@type"].endswith("XMLSchema#dateTime")
        assert event["cargo:partialEventIndicator"] is False
        code = event["cargo:eventLocation"]["cargo:locationCodes"][0]["cargo:code"]
        arrived = event["cargo:eventCode"]["@id"].partition("#")[2] in CODES[5:]
        assert code == ("ORD" if arrived else "CGO")
        assert read(client, event["@id"])["cargo:eventCode"] == event["cargo:eventCode"]
        assert read(client, event["cargo:recordingOrganization"]["@id"])["@type"] == "cargo:Company"


def test_events_come_in_no_order_and_some_twice(client: FlaskClient, pace: HandPace) -> None:
    for number in range(20):
        leave(client, paper(own=f"{BASE}logistics-objects/waybill-{number}"))
    pace.wait(days=3)
    lists = [events(client, f"{BASE}logistics-objects/waybill-{number}") for number in range(20)]
    doubled = [len(told) - len({event["@id"] for event in told}) for told in lists]
    assert 30 < sum(doubled) < 90
    dates = [[event["cargo:eventDate"]["@value"] for event in told] for told in lists]
    assert any(one != sorted(one) for one in dates)
    assert events(client, f"{BASE}logistics-objects/waybill-3") == lists[3]


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


def test_flights_are_listed_by_departure_and_fill_up(client: FlaskClient, pace: HandPace) -> None:
    def listed(query: str) -> dict[str, Any]:
        answer = client.get(f"/flights?{query}", headers=DOOR)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.get_json()
        return found

    week = listed("from=CGO&to=ORD")["flights"]
    assert len(week) == 14
    assert {row["transportIdentifier"] for row in week} == {"CV9736", "5Y8522"}
    assert [row["departure"] for row in week] == sorted(row["departure"] for row in week)
    assert {(row["from"], row["to"], row["currency"]) for row in week} == {("CGO", "ORD", "CNY")}
    pages, cursor = [], "2026-09-24T02:00:00.000Z"
    while cursor:
        page = listed(f"from=CGO&to=ORD&limit=5&after={cursor}")
        pages += page["flights"]
        cursor = page["next"]
    assert pages == week
    assert listed("from=PVG&to=ORD") == {"flights": [], "next": None}
    assert client.get("/flights?after=tomorrow", headers=DOOR).status_code == 400

    iris = [leave(client, paper(kilograms=1000.0)).headers["Location"] for _ in range(3)]
    after = listed("from=CGO&to=ORD")["flights"]
    left = [old["freeKilograms"] - new["freeKilograms"] for old, new in zip(week, after, strict=True)]
    assert sum(left) == 3000
    pace.wait(minutes=5)
    assert len({read(client, iri)["cargo:waybillNumber"] for iri in iris}) == 3


def test_a_full_flight_leaves_the_rest_for_the_next(client: FlaskClient, pace: HandPace) -> None:
    iris = [leave(client, paper(kilograms=15_000.0)).headers["Location"] for _ in range(12)]
    pace.wait(minutes=5)
    booked = [read(client, iri) for iri in iris]
    departures = [movement(one)["cargo:movementTimes"][0]["cargo:movementTimestamp"]["@value"] for one in booked]
    assert departures == sorted(departures)
    assert len(set(departures)) > 1


def test_many_senders_at_once(app: Flask, pace: HandPace) -> None:
    def send(number: int) -> int:
        return leave(app.test_client(), paper(own=f"{BASE}logistics-objects/w{number % 20}")).status_code

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(send, range(40)))
    assert (answers.count(201), answers.count(409)) == (20, 20)
    pace.wait(minutes=5)
    numbers = {read(app.test_client(), f"{BASE}logistics-objects/w{n}")["cargo:waybillNumber"] for n in range(20)}
    assert len(numbers) == 20


def test_the_server_says_what_it_is(client: FlaskClient) -> None:
    server = read(client, BASE)
    assert (server["@id"], server["@type"]) == (BASE, "api:ServerInformation")
    assert server["api:hasSupportedApiVersion"] == ["2.3.0"]
    assert read(client, server["api:hasDataHolder"]["@id"])["@type"] == "cargo:Company"


def test_only_who_has_the_token_may_enter(client: FlaskClient) -> None:
    assert client.get("/").status_code == 401
    assert client.get("/flights", headers={"Authorization": "Bearer other"}).status_code == 401
    assert client.get("/_control/health").get_json() == {"status": "ok", "authority": "airport"}


def test_over_real_http() -> None:
    with serving(create_app(Pace(divide=100_000))) as base:
        own = f"{base}/logistics-objects/{uuid.uuid4()}"
        headers = {**DOOR, "Content-Type": "application/ld+json"}
        made = requests.post(f"{base}/logistics-objects/", json=paper(own=own), headers=headers, timeout=10)
        assert (made.status_code, made.headers["Location"]) == (201, own)
        assert requests.get(own, headers=DOOR, timeout=10).json()["@id"] == own
