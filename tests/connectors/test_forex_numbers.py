"""The bank's basic information: the number of each remittance, and what the bank knows of it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError
from pytest_httpserver import HTTPServer

from connectors.sdk import Ask, BadData
from connectors.sdk.codecs import write_json
from tests.support.connectors.bank import NUMBER, SECOND, basic
from tests.support.connectors.parts import connector, loaded, page
from tests.support.together import together


def told(*rows: Any) -> list[dict[str, Any]]:
    return loaded(connector("forex").streams["basic_information"].read(page(write_json({"rows": list(rows)}))))


@pytest.mark.parametrize(("action", "revoked"), [("A", False), ("C", False), ("D", True)])
def test_the_bank_says_what_it_knows_of_a_remittance(action: str, revoked: bool) -> None:
    (row,) = told(basic(ACTIONTYPE=action))
    assert (row["noun"], row["source_id"], row["report_number"], row["revoked"]) == (
        "basic_information", NUMBER, NUMBER, revoked,
    )  # fmt: skip
    assert (row["payer"], row["currency"], row["amount"]) == ("(JW)Lakeside Beauty Supply LLC", "USD", Decimal(2813))
    assert (row["settled_amount"], row["settlement_rate"]) == (Decimal(800), "6.74890000"), "no digit is lost"
    assert (row["foreign_amount"], row["foreign_account"]) == (Decimal(2013), "41050171860800001234")
    assert (row["abroad_charge"], row["home_charge"]) == (Decimal(12), None)
    assert row["made_at"] == datetime(2026, 1, 9, 2, 30, tzinfo=UTC)


ODD: list[tuple[Any, str]] = [
    (basic(ACTIONTYPE="R"), "ACTIONTYPE"),
    (basic(ACTIONTYPE=None), "ACTIONTYPE"),
    (basic(ACTIONTYPE=["A"]), "ACTIONTYPE"),
    (basic(TXAMT="2813.50"), "TXAMT"),
    (basic(TXAMT=2813.0), "TXAMT"),
    (basic(FCYAMT="-5"), "FCYAMT"),
    (basic(LCYAMT="二"), "LCYAMT"),
    (basic(EXRATE=None), "EXRATE"),
    (basic(LCYACC=""), "LCYACC"),
    (basic(FCYACC=None), "FCYACC"),
    (basic(INCHARGEAMT="5"), "INCHARGECCY"),
    (basic(OUTCHARGEAMT=None), "OUTCHARGEAMT"),
    (basic(EXRATE=None, LCYAMT=None, LCYACC=None, FCYAMT=None, FCYACC=None), "LCYAMT"),
    ("a text", ""),
    (None, ""),
]


@together(("row", "field"), ODD, ids=[f"{place}-{field}" for place, (_, field) in enumerate(ODD)])
def test_a_row_that_is_odd_is_set_aside_and_no_other(row: Any, field: str) -> None:
    first, odd, last = told(basic(), row, basic(RPTNO=SECOND))
    assert [first["report_number"], last["report_number"]] == [NUMBER, SECOND]
    assert (odd["noun"], odd["field"]) == ("aside", field)
    assert "fault" not in odd["reason"]


@together(
    ("element", "value", "field"),
    [
        ("RPTNO", "41010001050126010N001", "report_number"),  # 21 characters
        ("RPTNO", "410100010501261309N001", "report_number"),  # the thirteenth month
        ("RPTNO", "410100010501260109X001", "report_number"),
        ("RPTNO", f"{NUMBER}\n", "report_number"),
        ("RPTNO", None, "source_id"),
        ("RPTNO", {"value": NUMBER}, "report_number"),
        ("TXAMT", {"value": "2813"}, "amount"),
        ("CUSTNM", ["许昌"], "payee_name"),
        ("CUSTYPE", "E", "payee_kind"),
        ("OPPUSER", "Lakeside", "payer"),
        ("OPPUSER", "(JW)", "payer"),
        ("TXCCY", "usd", "currency"),
        ("TXAMT", "0", "amount"),
        ("EXRATE", "6,7", "settlement_rate"),
        ("METHOD", "X", "method"),
        ("BUSCODE", None, "bank_reference"),
        ("madeAt", None, "made_at"),
        ("writtenAt", "soon", "as_of"),
    ],
)
def test_a_row_that_lacks_something_cannot_be_read(element: str, value: Any, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        told(basic(**{element: value}))
    assert field in refused.value.messages_dict


@pytest.mark.parametrize("body", ["[]", "{}", '{"rows": {}}', '{"rows": null}'])
def test_a_page_without_a_list_of_rows_is_refused(body: str) -> None:
    with pytest.raises(BadData):
        loaded(connector("forex").streams["basic_information"].read(page(body)))


def test_basic_information_is_fetched_from_the_cursor_on(httpserver: HTTPServer) -> None:
    bank = connector("forex", base_url=httpserver.url_for("/"))
    for after, rows in {"3": [{"sequence": 4}, {"sequence": 5}], "5": []}.items():
        httpserver.expect_ordered_request(
            "/bop/basic-information", query_string={"after": after, "limit": "50"}
        ).respond_with_json({"rows": rows})
    with closing(bank.open()) as http:
        assert [one.cursor for one in bank.streams["basic_information"].pages(http, Ask("3"))] == ["5"]
    httpserver.check_assertions()
