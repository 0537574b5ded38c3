"""The stand-in tax bureau: withdrawing a filing, and filing for goods in an overseas warehouse."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mocks.tax.app import create_app
from tests.support.mocks.changes import changed
from tests.support.mocks.clocks import HandPace
from tests.support.mocks.refunds import KEY, RELATION, filing, results, single


@pytest.fixture
def pace() -> HandPace:
    return HandPace()


@pytest.fixture
def client(pace: HandPace) -> FlaskClient:
    return create_app(pace).test_client()


def withdraw(client: FlaskClient, relation: str = RELATION) -> TestResponse:
    return client.post(f"/refunds/by-relation/{relation}/withdraw", headers=KEY)


def outcomes(client: FlaskClient) -> list[tuple[str, str]]:
    entries = client.get("/_control/ledger?kind=withdraw").get_json()["entries"]
    return [(entry["key"], entry["outcome"]) for entry in entries]


def told(client: FlaskClient) -> list[str]:
    return [row["status"] for row in results(client)]


@pytest.mark.parametrize(("minutes", "before"), [(0, ["received"]), (119, ["received", "reviewing"])])
def test_a_filing_is_withdrawn_until_it_is_approved(
    client: FlaskClient, pace: HandPace, minutes: int, before: list[str]
) -> None:
    number = client.post("/refunds", json=filing(), headers=KEY).get_json()["filingNumber"]
    pace.wait(minutes=minutes)
    answer = withdraw(client)
    assert (answer.status_code, answer.get_json()) == (202, {"filingNumber": number})
    pace.wait(minutes=10, seconds=-1)
    assert told(client) == before
    assert client.post("/refunds", json=filing(), headers=KEY).status_code == 409
    pace.wait(seconds=1)
    assert told(client) == [*before, "withdrawn"]
    last = results(client)[-1]
    assert (last["filingNumber"], last["relation"], last["amount"]) == (number, RELATION, "0.00")
    assert client.get(f"/refunds/by-relation/{RELATION}", headers=KEY).get_json()["status"] == "withdrawn"
    pace.wait(days=2)
    assert told(client) == [*before, "withdrawn"]


def test_what_was_withdrawn_may_be_filed_again(client: FlaskClient, pace: HandPace) -> None:
    first = client.post("/refunds", json=filing(), headers=KEY).get_json()["filingNumber"]
    withdraw(client)
    pace.wait(minutes=10)
    again = client.post("/refunds", json=filing(), headers=KEY)
    assert again.status_code == 202
    assert again.get_json()["filingNumber"] != first
    pace.wait(days=2)
    assert told(client)[2:] == ["received", "reviewing", "approved", "paid"]


def test_a_second_withdrawal_changes_nothing(client: FlaskClient, pace: HandPace) -> None:
    client.post("/refunds", json=filing(), headers=KEY)
    assert [withdraw(client).status_code, withdraw(client).status_code] == [202, 202]
    pace.wait(days=1)
    assert withdraw(client).status_code == 202
    pace.wait(days=1)
    assert told(client) == ["received", "withdrawn"]
    assert outcomes(client) == [(RELATION, "accepted"), (RELATION, "duplicate"), (RELATION, "duplicate")]


@pytest.mark.parametrize(("changes", "hours"), [({}, 2), ({}, 24), ({"exports[0].fobUsd": "600.00"}, 2)])
def test_after_the_review_it_is_too_late(
    client: FlaskClient, pace: HandPace, changes: dict[str, Any], hours: int
) -> None:
    client.post("/refunds", json=changed(filing(), changes), headers=KEY)
    pace.wait(hours=hours)
    before = told(client)
    answer = withdraw(client)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "STATE")
    pace.wait(minutes=10)
    assert told(client) == before
    assert outcomes(client) == [(RELATION, "refused")]


def test_what_was_never_filed_cannot_be_withdrawn(client: FlaskClient) -> None:
    assert withdraw(client).status_code == 404
    assert client.post(f"/refunds/by-relation/{RELATION}/withdraw").status_code == 401
    assert outcomes(client) == [(RELATION, "refused")]


@pytest.mark.parametrize(("kind", "status"), [("01", 202), ("HWC-YT", 202), ("HWC", 422), ("02", 422)])
def test_business_types(client: FlaskClient, kind: str, status: int) -> None:
    answer = client.post("/refunds", json=single(**{"exports[0].businessType": kind}), headers=KEY)
    assert answer.status_code == status
    if status == 422:
        assert (answer.get_json()["code"], answer.get_json()["field"]) == ("FORMAT", "exports[0].businessType")
