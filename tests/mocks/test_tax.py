"""The stand-in tax bureau: its rules, its review and the row of results."""

from __future__ import annotations

import copy
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mocks.pace import Pace
from mocks.tax.app import create_app

KEY = {"X-API-Key": "tax-demo-key"}
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RELATION = "20260200100000001"


@dataclass(frozen=True)
class HandPace(Pace):
    """A pace whose clock stands still until the test moves it."""

    clock: list[datetime] = field(default_factory=lambda: [MONDAY])
    turning: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        return self.clock[0]

    def wait(self, **spell: float) -> None:
        with self.turning:
            self.clock[0] += timedelta(**spell)


def export(relation: str = RELATION, **changes: Any) -> dict[str, Any]:
    row = {
        "sequence": "00000001",
        "relation": relation,
        "invoice": "INV-2026-0217",
        "declarationItem": "460420260123456789001",
        "exportedOn": "2026-02-17",
        "hsCode": "6704190000",
        "name": "假发",
        "unit": "个",
        "quantity": "300",
        "fobUsd": "6000.00",
        "businessType": "01",
    }
    return row | changes


def purchase(relation: str = RELATION, **changes: Any) -> dict[str, Any]:
    row = {
        "sequence": "00000001",
        "relation": relation,
        "taxKind": "V",
        "voucherKind": "增值税专用发票",
        "voucher": "26412000000012345678",
        "supplier": "91410100MA44ABCD5U",
        "issuedOn": "2026-02-01",
        "hsCode": "6704190000",
        "name": "假发",
        "unit": "个",
        "quantity": "200",
        "taxableAmount": "24000.05",
        "vatRate": "13",
        "refundRate": "13",
        "refundable": "3120.01",
    }
    return row | changes


def filing(relation: str = RELATION) -> dict[str, Any]:
    second = {"sequence": "00000002", "quantity": "100", "taxableAmount": "12000", "refundable": "1560.00"}
    return {
        "heading": {
            "taxpayer": "91410100725845019Y",
            "taxpayerName": "河南示例进出口有限公司",
            "period": "202602",
            "batch": "001",
            "refundAmount": "4680.01",
        },
        "exports": [export(relation)],
        "purchases": [purchase(relation), purchase(relation, **second)],
    }


def single(**changes: Any) -> dict[str, Any]:
    """A filing of one purchase row, with changes to cells by path such as `exports[0].hsCode`."""
    paper = filing()
    del paper["purchases"][1]
    paper["purchases"][0]["quantity"] = "300"
    paper["heading"]["refundAmount"] = "3120.01"
    return changed(paper, changes)


def changed(paper: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    paper = copy.deepcopy(paper)
    for path, value in changes.items():
        steps = path.replace("[", ".").replace("]", "").split(".")
        place: Any = paper
        for step in steps[:-1]:
            place = place[int(step) if step.isdigit() else step]
        if value is None:
            del place[steps[-1]]
        else:
            place[steps[-1]] = value
    return paper


@pytest.fixture
def pace() -> HandPace:
    return HandPace()


@pytest.fixture
def app(pace: HandPace) -> Flask:
    return create_app(pace)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def results(client: FlaskClient, after: int = 0, limit: int = 100) -> list[dict[str, Any]]:
    answer = client.get(f"/refunds/results?after={after}&limit={limit}", headers=KEY)
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.get_json()["results"]
    return rows


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
