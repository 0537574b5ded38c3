"""Refund filings as a trading firm hands them in, and the bureau's results."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.support.mocks.changes import changed
from tests.support.mocks.wire import Wire

KEY = {"X-API-Key": "tax-demo-key"}
RELATION = "20260200100000001"


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


def batch(*sequences: int, taxpayer: str = "91410100725845019Y", number: str = "001") -> dict[str, Any]:
    """A filing of export lines of many trades, each with a relation and a purchase of its own."""
    relations = [f"202602{number}{sequence:08d}" for sequence in sequences]
    rows = {relation: f"{place:08d}" for place, relation in enumerate(relations, start=1)}
    paper = filing()
    paper["heading"] |= {"taxpayer": taxpayer, "batch": number, "refundAmount": f"{3120.01 * len(rows):.2f}"}
    paper["exports"] = [export(relation, sequence=place, invoice=f"INV-{relation}") for relation, place in rows.items()]
    paper["purchases"] = [purchase(relation, sequence=place, quantity="300") for relation, place in rows.items()]
    return paper


def results(client: FlaskClient | Wire, after: int = 0, limit: int = 100) -> list[dict[str, Any]]:
    answer = client.get(f"/refunds/results?after={after}&limit={limit}", headers=KEY)
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.get_json()["results"]
    return rows
