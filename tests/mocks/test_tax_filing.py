"""The stand-in tax bureau: which filings it takes, and with which field it refuses the others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from mocks.tax.app import create_app
from tests.support.mocks.changes import changed
from tests.support.mocks.clocks import HandPace
from tests.support.mocks.refunds import KEY, RELATION, export, filing, results, single


@pytest.fixture
def client() -> FlaskClient:
    return create_app(HandPace()).test_client()


def test_the_same_relation_twice_is_a_duplicate(client: FlaskClient) -> None:
    number = client.post("/refunds", json=filing(), headers=KEY).get_json()["filingNumber"]
    again = client.post("/refunds", json=filing(), headers=KEY)
    assert (again.status_code, again.get_json()) == (409, {"code": "DUPLICATE", "filingNumber": number})
    entries = client.get("/_control/ledger?kind=refund").get_json()["entries"]
    assert [(e["key"], e["guid"], e["outcome"]) for e in entries] == [
        (RELATION, "INV-2026-0217", "accepted"),
        (RELATION, "INV-2026-0217", "duplicate"),
    ]
    assert json.loads(entries[0]["body"]) == filing()


BROKEN = [
    ({"heading.taxpayer": "91410100725845019X"}, "FORMAT", "heading.taxpayer"),
    ({"heading.taxpayer": None}, "MISSING", "heading.taxpayer"),
    ({"heading.period": "202613"}, "FORMAT", "heading.period"),
    ({"heading.batch": "000"}, "FORMAT", "heading.batch"),
    ({"heading.refundAmount": "3120.00"}, "AMOUNT", "heading.refundAmount"),
    ({"exports": []}, "SHAPE", "exports"),
    ({"purchases": None}, "SHAPE", "purchases"),
    ({"exports[0].sequence": "1"}, "FORMAT", "exports[0].sequence"),
    ({"exports[0].declarationItem": "460420260123456789"}, "FORMAT", "exports[0].declarationItem"),
    ({"exports[0].exportedOn": "2026-02-30"}, "FORMAT", "exports[0].exportedOn"),
    ({"exports[0].hsCode": "67041900"}, "FORMAT", "exports[0].hsCode"),
    ({"exports[0].quantity": "0"}, "FORMAT", "exports[0].quantity"),
    ({"exports[0].fobUsd": "1e3"}, "FORMAT", "exports[0].fobUsd"),
    ({"exports[0].name": " "}, "FORMAT", "exports[0].name"),
    ({"purchases[0].supplier": "91410100MA44ABCD5V"}, "FORMAT", "purchases[0].supplier"),
    ({"purchases[0].taxKind": "C"}, "FORMAT", "purchases[0].taxKind"),
    ({"purchases[0].vatRate": "17"}, "FORMAT", "purchases[0].vatRate"),
    ({"purchases[0].taxableAmount": "24000.055"}, "FORMAT", "purchases[0].taxableAmount"),
    ({"exports[0].relation": "20260100100000001"}, "RELATION", "exports[0].relation"),
    ({"purchases[0].relation": "20260200100000002"}, "RELATION", "exports[0].relation"),
    ({"purchases[0].hsCode": "6704200000"}, "GOODS", "purchases[0].hsCode"),
    ({"purchases[0].unit": "千克"}, "UNIT", "purchases[0].unit"),
    ({"purchases[0].quantity": "299"}, "QUANTITY", "purchases[0].quantity"),
    ({"purchases[0].refundRate": "9"}, "RATE", "purchases[0].refundRate"),
    ({"purchases[0].refundable": "3120.02"}, "AMOUNT", "purchases[0].refundable"),
    ({"exports[0].hsCode": "9999999999", "purchases[0].hsCode": "9999999999"}, "HSCODE", "purchases[0].hsCode"),
]


@pytest.mark.parametrize(("changes", "code", "where"), BROKEN, ids=[f"{code}-{path}" for _, code, path in BROKEN])
def test_each_rule_refuses_with_its_field(client: FlaskClient, changes: dict[str, Any], code: str, where: str) -> None:
    answer = client.post("/refunds", json=single(**changes), headers=KEY)
    assert answer.status_code == 422
    assert (answer.get_json()["code"], answer.get_json()["field"]) == (code, where)
    assert answer.get_json()["message"]
    assert [e["outcome"] for e in client.get("/_control/ledger").get_json()["entries"]] == ["refused"]
    assert results(client) == []


def test_a_purchase_without_its_export_and_a_short_quantity_name_the_row(client: FlaskClient) -> None:
    paper = changed(filing(), {"purchases[1].relation": "20260200100000009"})
    assert client.post("/refunds", json=paper, headers=KEY).get_json()["field"] == "purchases[1].relation"
    twice = filing() | {"exports": [export(quantity="150"), export(quantity="150", sequence="00000002")]}
    assert client.post("/refunds", json=twice, headers=KEY).get_json()["field"] == "exports[1].relation"
    paper = changed(filing(), {"purchases[1].quantity": "90"})
    assert client.post("/refunds", json=paper, headers=KEY).get_json()["field"] == "purchases[1].quantity"
    paper = changed(filing(), {"purchases[1].sequence": "00000001"})
    assert client.post("/refunds", json=paper, headers=KEY).get_json()["field"] == "purchases[1].sequence"


def test_what_is_not_json_is_no_filing(client: FlaskClient) -> None:
    answer = client.post("/refunds", data="{", headers=KEY)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "UNREADABLE")


def test_numbers_are_taken_as_json_numbers_too(client: FlaskClient) -> None:
    paper = single(**{"heading.refundAmount": 3120.01, "exports[0].quantity": 300})
    assert client.post("/refunds", json=paper, headers=KEY).status_code == 202


@pytest.mark.parametrize(("exported", "rate", "due", "status"), [
    ("2024-11-30", "13", "3120.01", 202),
    ("2024-12-01", "9", "2160.00", 202),
    ("2024-12-01", "13", "3120.01", 422),
])  # fmt: skip
def test_the_rate_on_the_day_of_export_counts(
    client: FlaskClient, exported: str, rate: str, due: str, status: int
) -> None:
    goods = {"exports[0].hsCode": "8541430000", "purchases[0].hsCode": "8541430000"}
    sums = {"purchases[0].refundRate": rate, "purchases[0].refundable": due, "heading.refundAmount": due}
    answer = client.post("/refunds", json=single(**{"exports[0].exportedOn": exported}, **goods, **sums), headers=KEY)
    assert answer.status_code == status


def test_the_rate_table_comes_in_pages(client: FlaskClient) -> None:
    first = client.get("/rates?page=1&size=8", headers=KEY).get_json()
    rows = [
        row
        for page in range(1, first["pages"] + 1)
        for row in client.get(f"/rates?page={page}&size=8", headers=KEY).get_json()["rows"]
    ]
    assert first["pages"] == 3
    assert len(rows) == len({(row["hsCode"], row["validFrom"]) for row in rows}) == 20
    rates = {row["hsCode"]: row["refundRate"] for row in rows if row["validTo"] is None}
    assert (rates["6704190000"], rates["1211905099"], rates["7606112000"]) == ("0.13", "0.09", "0.00")
    assert client.get("/rates?page=4&size=8", headers=KEY).get_json()["rows"] == []


def test_only_who_has_the_key_may_enter(client: FlaskClient) -> None:
    assert client.post("/refunds", json=filing()).status_code == 401
    assert client.get("/rates", headers={"X-API-Key": "other"}).status_code == 401
    assert client.get("/_control/health").get_json() == {"status": "ok", "authority": "tax"}
    assert client.get("/refunds/by-relation/20260200100000404", headers=KEY).status_code == 404
