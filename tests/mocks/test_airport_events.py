"""The stand-in airport: what it tells about a booked waybill, when, and in which shape."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from mocks.airport.app import create_app
from tests.support.mocks.clocks import THURSDAY, HandPace
from tests.support.mocks.onerecord import BASE, CODES, OWN, events, happened, leave, movement, paper, read, when


@pytest.fixture
def pace() -> HandPace:
    return HandPace(clock=[THURSDAY])


@pytest.fixture
def client(pace: HandPace) -> FlaskClient:
    return create_app(pace).test_client()


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
    pace = HandPace(divide=3600, clock=[THURSDAY])
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
