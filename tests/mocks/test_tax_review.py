"""The stand-in tax bureau: its review and the row of results."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mocks.tax.app import create_app
from tests.support.mocks.changes import changed
from tests.support.mocks.clocks import MONDAY, HandPace
from tests.support.mocks.refunds import KEY, RELATION, filing, results


@pytest.fixture
def pace() -> HandPace:
    return HandPace()


@pytest.fixture
def app(pace: HandPace) -> Flask:
    return create_app(pace)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_filing_goes_from_received_to_paid(client: FlaskClient, pace: HandPace) -> None:
    answer = client.post("/refunds", json=filing(), headers=KEY)
    assert (answer.status_code, answer.get_json()["status"]) == (202, "received")
    number = answer.get_json()["filingNumber"]
    told = [row["status"] for row in results(client)]
    for spell, status in ((10, "reviewing"), (110, "approved"), (22 * 60, "paid")):
        pace.wait(minutes=spell, seconds=-1)
        assert [row["status"] for row in results(client)] == told
        pace.wait(seconds=1)
        told.append(status)
        assert [row["status"] for row in results(client)] == told
    assert results(client)[-1] == {
        "sequence": 4,
        "filingNumber": number,
        "taxpayer": "91410100725845019Y",
        "relation": RELATION,
        "status": "paid",
        "at": (MONDAY + timedelta(days=1)).isoformat(),
        "amount": "4680.01",
        "reason": None,
        "field": None,
    }
    found = client.get(f"/refunds/by-relation/{RELATION}", headers=KEY).get_json()
    assert (found["status"], found["filingNumber"], found["filing"]) == ("paid", number, filing())


def test_the_bureaus_pace_divides_its_delays() -> None:
    pace = HandPace(divide=3600)
    client = create_app(pace).test_client()
    client.post("/refunds", json=filing(), headers=KEY)
    pace.wait(seconds=24)
    assert [row["status"] for row in results(client)] == ["received", "reviewing", "approved", "paid"]


def test_a_price_nobody_believes_is_refused_in_review_and_may_be_filed_again(
    client: FlaskClient, pace: HandPace
) -> None:
    first = client.post("/refunds", json=changed(filing(), {"exports[0].fobUsd": "600.00"}), headers=KEY).get_json()
    assert client.post("/refunds", json=filing(), headers=KEY).status_code == 409
    pace.wait(hours=2)
    last = results(client)[-1]
    assert (last["status"], last["reason"], last["field"]) == ("refused", "换汇成本异常", "exports[0].fobUsd")
    assert last["amount"] == "0.00"
    again = client.post("/refunds", json=filing(), headers=KEY)
    assert again.status_code == 202
    assert again.get_json()["filingNumber"] != first["filingNumber"]
    pace.wait(days=2)
    assert [row["status"] for row in results(client, after=3)] == ["received", "reviewing", "approved", "paid"]


def test_results_never_change_while_many_read_and_file(app: Flask, pace: HandPace) -> None:
    def file(place: int) -> int:
        relation = f"202602001{place:08d}"
        return app.test_client().post("/refunds", json=filing(relation), headers=KEY).status_code

    def read(_: int) -> list[dict[str, Any]]:
        pace.wait(minutes=3)
        return results(app.test_client(), limit=500)

    with ThreadPoolExecutor(8) as crowd:
        filed = [crowd.submit(file, place) for place in range(1, 41)]
        seen = [crowd.submit(read, turn) for turn in range(60)]
        assert {one.result() for one in filed} == {202}
        lists = sorted((one.result() for one in seen), key=len)
    pace.wait(days=2)
    everything = results(app.test_client(), limit=500)
    assert all(everything[: len(listed)] == listed for listed in lists)
    assert [row["sequence"] for row in everything] == list(range(1, 161))
    assert [row["at"] for row in everything] == sorted(row["at"] for row in everything)


def test_results_come_in_pages(client: FlaskClient, pace: HandPace) -> None:
    client.post("/refunds", json=filing(), headers=KEY)
    pace.wait(days=1)
    first = client.get("/refunds/results?limit=3", headers=KEY).get_json()
    assert ([row["sequence"] for row in first["results"]], first["next"]) == ([1, 2, 3], 3)
    last = client.get("/refunds/results?limit=3&after=3", headers=KEY).get_json()
    assert ([row["sequence"] for row in last["results"]], last["next"]) == ([4], None)
    assert client.get("/refunds/results?after=4", headers=KEY).get_json() == {"results": [], "next": None}
    assert client.get("/refunds/results?after=x", headers=KEY).status_code == 400
