"""The cells of a declaration (报关单): what the stand-in customs refuses at the desk, and with which field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.mocks.ceb import CREDENTIALS, Desk
from tests.support.mocks.declarations import declaration, hand_in, results

BROKEN: list[tuple[dict[str, Any], str, str]] = [
    ({"copNo": None}, "MISSING", "copNo"),
    ({"copNo": "a/b"}, "FORMAT", "copNo"),
    ({"action": "delete"}, "FORMAT", "action"),
    ({"customsOffice": "460"}, "FORMAT", "customsOffice"),
    ({"portOffice": 4604}, "FORMAT", "portOffice"),
    ({"mode": "9610"}, "FORMAT", "mode"),
    ({"declarant": None}, "SHAPE", "declarant"),
    ({"consignor.code": None}, "MISSING", "consignor.code"),
    ({"producer.name": " "}, "FORMAT", "producer.name"),
    ({"consignee.country": "US"}, "FORMAT", "consignee.country"),
    ({"destinationCountry": "usa"}, "FORMAT", "destinationCountry"),
    ({"destinationCountry": "UMI"}, "FORMAT", "destinationCountry"),
    ({"destinationPort": ""}, "FORMAT", "destinationPort"),
    ({"currency": "502"}, "FORMAT", "currency"),
    ({"freight": "-1"}, "FORMAT", "freight"),
    ({"insurance": True}, "FORMAT", "insurance"),
    ({"packages": 0}, "FORMAT", "packages"),
    ({"packages": "1.5"}, "FORMAT", "packages"),
    ({"grossKilograms": "1.1"}, "WEIGHT", "grossKilograms"),
    ({"netKilograms": "0"}, "FORMAT", "netKilograms"),
    ({"exportDate": "20260303"}, "FORMAT", "exportDate"),
    ({"exportDate": "2026-02-30"}, "FORMAT", "exportDate"),
    ({"attachments": {}}, "SHAPE", "attachments"),
    ({"attachments": [], "mode": "9710"}, "MISSING", "attachments"),
    ({"attachments[0].category": "10000001"}, "MISSING", "attachments"),
    ({"attachments[0].number": None}, "MISSING", "attachments[0].number"),
    ({"goods": []}, "SHAPE", "goods"),
    ({"goods": None}, "SHAPE", "goods"),
    ({"goods[1]": "wigs"}, "SHAPE", "goods[1]"),
    ({"goods[0].line": 0}, "FORMAT", "goods[0].line"),
    ({"goods[1].line": 1}, "LINE", "goods[1].line"),
    ({"goods[1].hsCode": "67042000"}, "FORMAT", "goods[1].hsCode"),
    ({"goods[1].hsCode": "9999999999"}, "HSCODE", "goods[1].hsCode"),
    ({"goods[0].specification": None}, "MISSING", "goods[0].specification"),
    ({"goods[0].quantity": "0"}, "FORMAT", "goods[0].quantity"),
    ({"goods[0].quantity": "2.000001"}, "FORMAT", "goods[0].quantity"),
    ({"goods[0].unit": "piece"}, "FORMAT", "goods[0].unit"),
    ({"goods[0].legalUnit": "007"}, "UNIT", "goods[0].legalUnit"),
    ({"goods[0].secondUnit": "007"}, "MISSING", "goods[0].secondQuantity"),
    ({"goods[0].unitPrice": "1e3"}, "FORMAT", "goods[0].unitPrice"),
    ({"goods[1].total": "140.02"}, "TOTAL", "goods[1].total"),
    ({"goods[1].originCountry": "142"}, "FORMAT", "goods[1].originCountry"),
]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(("changes", "code", "where"), BROKEN, ids=[f"{code}-{path}" for _, code, path in BROKEN])
def test_each_rule_refuses_with_its_field(desk: Desk, changes: dict[str, Any], code: str, where: str) -> None:
    answer = hand_in(desk, declaration(**({"mode": "9710"} | changes)))
    assert answer.status_code == 422
    assert (answer.get_json()["code"], answer.get_json()["field"]) == (code, where)
    assert answer.get_json()["message"]
    assert desk.outcomes("declaration") == ["refused"]
    assert results(desk) == []


def test_what_is_not_json_is_no_declaration(desk: Desk) -> None:
    for body in ("{", "[]"):
        answer = desk.client.post("/declarations", data=body, headers=CREDENTIALS)
        assert answer.status_code == (400 if body == "{" else 422)
    assert desk.client.get("/declarations/by-number/DEC-1", headers=CREDENTIALS).status_code == 404


def test_the_message_names_the_column(desk: Desk) -> None:
    assert hand_in(desk, declaration(currency="502")).get_json() == {
        "code": "FORMAT",
        "field": "currency",
        "message": "币制:应为3位大写字母",
    }
    short = hand_in(desk, declaration(**{"goods[1].total": "140.02"})).get_json()
    assert short["message"] == "总价与成交数量乘单价不符,总价[140.02],应为[140.00]"


def test_numbers_are_taken_as_json_numbers_too_and_a_cent_is_let_pass(desk: Desk) -> None:
    cells = {"goods[0].quantity": 3, "goods[0].unitPrice": 33.33, "goods[0].total": 100, "packages": "12"}
    assert hand_in(desk, declaration(**cells, grossKilograms=1.5, netKilograms=1.5)).status_code == 202


def test_what_is_not_needed_may_be_left_out(desk: Desk) -> None:
    second = {"goods[0].secondQuantity": "2", "goods[0].secondUnit": "007"}
    sheet = declaration(**second, **{"goods[1].secondQuantity": "", "goods[1].secondUnit": ""}, attachments=None)
    assert hand_in(desk, sheet).status_code == 202
