"""The stand-in airport: its freighter flights, its front desk, and itself over real HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

from mocks.airport.app import create_app
from mocks.pace import Pace
from mocks.serve import serving
from tests.support.mocks.clocks import THURSDAY, HandPace
from tests.support.mocks.onerecord import BASE, DOOR, leave, movement, paper, read


@pytest.fixture
def pace() -> HandPace:
    return HandPace(clock=[THURSDAY])


@pytest.fixture
def client(pace: HandPace) -> FlaskClient:
    return create_app(pace).test_client()


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
