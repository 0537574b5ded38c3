"""The stand-in railway platform: its door, and the trains on sale."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
import requests
from flask.testing import FlaskClient

from mocks.rail.app import create_app
from mocks.serve import serving
from tests.support.mocks.clocks import HandPace
from tests.support.mocks.railway import CLIENT, GRANT, look, order, token


@pytest.fixture
def pace() -> HandPace:
    return HandPace()


@pytest.fixture
def client(pace: HandPace) -> FlaskClient:
    return create_app(pace).test_client()


def test_a_token_opens_the_door_for_ten_minutes(pace: HandPace) -> None:
    client = create_app(HandPace(divide=600, clock=pace.clock)).test_client()
    answer = client.post("/oauth/token", data=GRANT, auth=("rail-demo", "rail-demo-secret"))
    assert {name: answer.get_json()[name] for name in ("token_type", "expires_in")} == {
        "token_type": "Bearer",
        "expires_in": 600,
    }
    door = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
    pace.wait(seconds=599)
    assert client.get("/warehouses", headers=door).status_code == 200
    pace.wait(seconds=1)
    expired = client.get("/warehouses", headers=door)
    assert (expired.status_code, expired.get_json()["code"]) == (401, "UNAUTHORIZED")
    assert client.get("/warehouses", headers=token(client)).status_code == 200


@pytest.mark.parametrize(("form", "status", "error"), [
    ({**GRANT, "client_id": "rail-demo", "client_secret": "other"}, 401, "invalid_client"),
    (GRANT, 401, "invalid_client"),
    (CLIENT, 400, "invalid_request"),
    ({**CLIENT, "grant_type": "password"}, 400, "unsupported_grant_type"),
])  # fmt: skip
def test_who_does_not_know_the_secret_gets_no_token(
    client: FlaskClient, form: dict[str, str], status: int, error: str
) -> None:
    answer = client.post("/oauth/token", data=form)
    assert (answer.status_code, answer.get_json()) == (status, {"error": error})


def test_only_tokens_of_this_platform_open_the_door(client: FlaskClient) -> None:
    foreign = token(create_app(HandPace()).test_client())
    forged = {"Authorization": "Bearer 9999999999.00.00"}
    for door in ({}, foreign, forged, {"Authorization": "Bearer"}, {"Authorization": "Basic cmFpbA=="}):
        assert client.get("/events", headers=door).status_code == 401
    assert client.get("/_control/health").get_json() == {"status": "ok", "authority": "rail"}


def test_trains_run_several_times_a_week_over_their_borders(client: FlaskClient) -> None:
    rows = look(client, "/schedules?limit=500")["schedules"]
    assert [row["departure"] for row in rows] == sorted({row["departure"] for row in rows})
    assert {(row["to"], row["border"]) for row in rows} == {
        ("DEDUI", "CNAKL"),
        ("DEHAM", "CNAKL"),
        ("KZALA", "CNHRS"),
        ("BYMSQ", "CNERC"),
        ("BYMSQ", "CNMLX"),
    }
    assert all(re.fullmatch(r"X9\d{3}" if row["to"] == "KZALA" else r"X8\d{3}", row["trainNumber"]) for row in rows)
    assert all(0 <= row["freeTeu"] <= 55 and row["currency"] == "USD" for row in rows)
    for to, days in (("DEDUI", 14), ("DEHAM", 14), ("KZALA", 6)):
        own = [row for row in rows if row["to"] == to]
        assert len(own) >= 12
        spell = datetime.fromisoformat(own[0]["arrival"]) - datetime.fromisoformat(own[0]["departure"])
        assert abs(spell - timedelta(days=days)) < timedelta(days=1)


def test_the_schedule_comes_in_pages_for_a_route(client: FlaskClient) -> None:
    query, after, seen = "/schedules?from=CNZZZ&to=KZALA&limit=5", "", []
    while after is not None:
        page = look(client, f"{query}&after={after}")
        seen += page["schedules"]
        after = page["next"]
    assert len(seen) == len({row["departure"] for row in seen}) == 18
    assert {(row["from"], row["to"]) for row in seen} == {("CNZZZ", "KZALA")}
    assert look(client, "/schedules?from=CNSHA") == {"schedules": [], "next": None}
    answer = client.get("/schedules?after=soon", headers=token(client))
    assert (answer.status_code, answer.get_json()["field"]) == (400, "after")


def test_it_serves_over_http(pace: HandPace) -> None:
    with serving(create_app(pace)) as base:
        answer = requests.post(f"{base}/oauth/token", data=GRANT, auth=("rail-demo", "rail-demo-secret"), timeout=5)
        door = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        taken = requests.post(f"{base}/bookings", data=json.dumps(order()), headers=door, timeout=5)
        assert taken.status_code == 202
        rows = requests.get(f"{base}/bookings/changes", headers=door, timeout=5).json()["changes"]
        assert [row["shipper"]["name"] for row in rows] == ["河南示例进出口有限公司"]
