"""Declarations (报关单) as a trader hands them in, for the orders of `ceb`, and short ways to ask about them."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.test import TestResponse

from tests.support.mocks.ceb import CREDENTIALS, Desk, paper
from tests.support.mocks.changes import changed

ORDER_TYPES = {"9710": "B", "9810": "W"}
ROW = {
    "line": 1,
    "hsCode": "6704190000",
    "name": "化纤假发",
    "specification": "品牌:无",
    "quantity": "2",
    "unit": "007",
    "legalQuantity": "0.6",
    "legalUnit": "035",
    "unitPrice": "30",
    "total": "60",
    "originCountry": "CHN",
}
SECOND = {"line": 2, "hsCode": "6704200000", "name": "人发假发", "quantity": "1", "unitPrice": "140", "total": "140"}


def declaration(no: str = "1", mode: str = "0110", **changes: Any) -> dict[str, Any]:
    """A declaration that fits the order `SO-{no}`, with changes to cells by path."""
    firm = {"code": "4101960ABC", "name": "豫货示例公司"}
    sheet = {
        "copNo": f"DEC-{no}",
        "action": "new",
        "customsOffice": "4604",
        "portOffice": "4604",
        "mode": mode,
        "declarant": firm,
        "consignor": dict(firm),
        "producer": {"code": "NO", "name": "某工厂"},
        "consignee": {"name": "Golden Wigs LLC", "country": "USA"},
        "transportMode": "5",
        "destinationCountry": "USA",
        "destinationPort": "USORD",
        "terms": "FOB",
        "currency": "USD",
        "freight": "0",
        "insurance": "0",
        "packaging": "22",
        "packages": 1,
        "grossKilograms": "1.5",
        "netKilograms": "1.2",
        "exportDate": "2026-03-03",
        "attachments": [{"category": "10000004", "number": f"SO-{no}"}] if mode in ORDER_TYPES else [],
        "goods": [ROW, ROW | SECOND],
    }
    return changed(sheet, changes)


def order(no: str = "1", mode: str = "9710", **changes: Any) -> str:
    """The order that a declaration of this mode names."""
    return paper("CEB303", no, orderType=ORDER_TYPES[mode], **changes)


def hand_in(desk: Desk, sheet: Any) -> TestResponse:
    return desk.client.post("/declarations", json=sheet, headers=CREDENTIALS)


def cancel(desk: Desk, no: str = "1") -> TestResponse:
    return desk.client.post(f"/declarations/by-number/DEC-{no}/cancel", headers=CREDENTIALS)


def standing(desk: Desk, no: str = "1") -> dict[str, Any]:
    answer = desk.client.get(f"/declarations/by-number/DEC-{no}", headers=CREDENTIALS)
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.data)
    return found


def results(desk: Desk, no: str = "", after: int = 0) -> list[dict[str, Any]]:
    """All results past `after` in the order of the feed, of one declaration or of all."""
    rows: list[dict[str, Any]] = []
    cursor: int | None = after
    while cursor is not None:
        answer = desk.client.get(f"/declarations/results?after={cursor}&limit=500", headers=CREDENTIALS)
        assert answer.status_code == 200
        page = json.loads(answer.data)
        rows += page["results"]
        cursor = page["next"]
    return [row for row in rows if not no or row["copNo"] == f"DEC-{no}"]


def told(desk: Desk, no: str = "1") -> list[str]:
    """What became of a declaration in the order in which it happened, repetitions left out."""
    happened = {(row["at"], row["status"]): None for row in results(desk, no)}
    return [status for _, status in sorted(happened, key=lambda one: one[0])]


def last_words(desk: Desk, no: str = "1") -> str:
    row = standing(desk, no)
    assert row["status"] == "returned"
    assert row["words"] == max(results(desk, no), key=lambda one: str(one["at"]))["words"]
    words: str = row["words"]
    return words
