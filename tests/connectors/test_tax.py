"""The tax bureau: refund filings, what becomes of them, and the rates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError
from pytest_httpserver import HTTPServer

from connectors.sdk import Ask, Connector, Paper, State
from connectors.sdk.codecs import read_json, write_json
from connectors.sdk.states import HAVING_IT, UNKNOWN
from mocks.serve import serving
from mocks.tax.app import create_app
from mocks.tax.bureau import GRANTED, REFUSED
from tests.support.connectors.parts import (
    CONNECTORS,
    changed,
    connector,
    document,
    handed_over,
    loaded,
    page,
    sample_paper,
)

KIND = "tax.refund"
PAPER = sample_paper(KIND)
SCHEMA = CONNECTORS["tax"].manifest.papers[KIND].schema
RELATION = "20260100100000001"


@pytest.fixture
def bureau(httpserver: HTTPServer) -> Connector:
    """The connector, with a server of this test's own at the other end."""
    return connector("tax", base_url=httpserver.url_for("/"))


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Connector]:
    """The connector, with the stand-in bureau at the other end."""
    with serving(create_app()) as address:
        yield connector("tax", base_url=address)


def filed_as(relation: str) -> Paper:
    """The sample's first export with its purchase, under a relation of its own."""
    exports, purchases = ([dict(PAPER.lines[group][0])] for group in ("exports", "purchases"))
    for row in (*exports, *purchases):
        row["relation"] = relation
    paper = changed(PAPER, {"refund_amount": Decimal(1352)})
    return replace(paper, lines={"exports": exports, "purchases": purchases})


def with_purchase(**values: Any) -> Paper:
    first, *rest = PAPER.lines["purchases"]
    return replace(PAPER, lines={**PAPER.lines, "purchases": [{**first, **values}, *rest]})


# Filing


def test_a_filing_is_written_in_the_bureaus_names_with_plain_values() -> None:
    filing = read_json(document(KIND).encode([with_purchase(taxable_amount=Decimal("1.04E+4"))]).body)
    assert isinstance(filing, dict)
    assert set(filing["heading"]) == {"taxpayer", "taxpayerName", "period", "batch", "refundAmount"}
    purchase = filing["purchases"][0]
    assert (purchase["taxableAmount"], purchase["issuedOn"], purchase["vatRate"]) == ("10400", "2026-01-05", "13")


@pytest.mark.parametrize(
    ("status", "answer", "code", "words"),
    [
        (202, {"filingNumber": "4101", "status": "received"}, "received", ""),
        (409, {"code": "DUPLICATE", "filingNumber": "4101"}, "DUPLICATE", ""),
        (422, {"code": "RATE", "field": "heading.batch", "message": "no"}, "INVALID", "heading.batch: no"),
    ],
)
def test_the_answer_is_read_by_its_status(
    bureau: Connector, httpserver: HTTPServer, status: int, answer: dict[str, str], code: str, words: str
) -> None:
    httpserver.expect_oneshot_request(
        "/refunds", method="POST", headers={"X-API-Key": "tax-demo-key", "Content-Type": "application/json"}
    ).respond_with_json(answer, status=status)
    record = handed_over(bureau, PAPER)
    number = answer.get("filingNumber")
    assert (record["code"], record["words"]) == (code, words)
    assert (record["about_value"], record["guid"]) == (RELATION, PAPER.guid)
    assert record["references"] == ({"tax.filing": number} if number else {})


def test_a_filing_is_taken_once_and_found_again(stand_in: Connector) -> None:
    target, paper = stand_in.submissions[KIND], filed_as("20260100100000011")
    with closing(stand_in.open()) as http:
        assert target.find(http, paper) is None
    first, again = (handed_over(stand_in, paper) for _ in range(2))
    with closing(stand_in.open()) as http:
        page_found = target.find(http, paper)
    assert page_found is not None
    (found,) = loaded(target.read(page_found, [paper]))
    assert [record["code"] for record in (first, again, found)] == ["received", "DUPLICATE", "received"]
    assert first["references"] == again["references"] == found["references"]


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (changed(PAPER, {"taxpayer": "91411000MA44HA1R0X"}), "taxpayer"),
        (changed(PAPER, {"taxpayer_name": ""}), "taxpayer_name"),
        (changed(PAPER, {"refund_amount": Decimal(1)}), "refund_amount"),
        (changed(PAPER, line={"declaration_item": "46042026002170801700"}), "exports[0].declaration_item"),
        (changed(PAPER, line={"fob_usd": Decimal(0)}), "exports[0].fob_usd"),
        (changed(PAPER, line={"relation": "20260200100000001"}), "exports[0].relation"),
        (with_purchase(vat_rate=Decimal(17)), "purchases[0].vat_rate"),
        (with_purchase(refund_rate=Decimal(9)), "purchases[0].refund_rate"),
        (with_purchase(refundable=Decimal("1352.01")), "purchases[0].refundable"),
        (with_purchase(quantity=Decimal(39)), "purchases[0].quantity"),
        (with_purchase(unit="kilogram"), "purchases[0].unit"),
        (with_purchase(supplier="91411000725800192A"), "purchases[0].supplier"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_bureau_refuses_names_our_field(stand_in: Connector, paper: Paper, field: str) -> None:
    record = handed_over(stand_in, paper)
    assert record["code"] == "INVALID"
    assert stand_in.submissions[KIND].field_named(record["words"]) == field


def test_every_field_of_the_filing_can_be_named() -> None:
    def camel(name: str) -> str:
        return re.sub(r"_(\w)", lambda letter: letter[1].upper(), name)

    target = document(KIND)
    named = {name: target.field_named(f"heading.{camel(name)}: mandatory") for name in SCHEMA.head}
    assert named == {name: name for name in SCHEMA.head}
    for group, fields in SCHEMA.lines.items():
        for name in fields:
            assert target.field_named(f"{group}[11].{camel(name)}: 12: of 13") == f"{group}[11].{name}"
    assert target.field_named(": without a field") is None
    assert target.field_named("") is None


# Results


def results(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return loaded(connector("tax").streams["results"].read(page(write_json({"results": list(rows)}))))


def result(**changes: Any) -> dict[str, Any]:
    row = {"sequence": 1, "filingNumber": "4101", "relation": RELATION, "status": "received", "amount": "1391.00"}
    return {**row, "at": "2026-01-09T17:00:05+08:00", "reason": None, "field": None, **changes}


@pytest.mark.parametrize(
    ("field", "reason", "words"),
    [
        ("exports[0].fobUsd", "换汇成本异常", "exports[0].fobUsd: 换汇成本异常"),
        (None, "换汇成本异常", "换汇成本异常"),
        (None, None, ""),
    ],
)
def test_a_result_says_its_reason_and_where(field: str | None, reason: str | None, words: str) -> None:
    event, refund = results(result(status="refused", field=field, reason=reason))
    assert event["words"] == refund["reason"] == words


def test_each_step_of_a_filing_is_an_event_and_the_refund_is_one_row() -> None:
    steps = ["received", "reviewing", "approved", "paid"]
    records = results(*(result(status=status, sequence=place) for place, status in enumerate(steps)))
    events = [record for record in records if record["noun"] == "document_event"]
    refunds = [record for record in records if record["noun"] == "tax_refund"]
    assert [event["source_id"] for event in events] == [f"4101/{status}" for status in steps]
    assert {refund["source_id"] for refund in refunds} == {"4101"}
    assert [refund["status"] for refund in refunds] == steps
    assert {event["about_value"] for event in records} == {RELATION}
    assert events[0]["answers"] == {"filingNumber": "4101", "amount": "1391.00"}


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"status": None}, "status"),
        ({"at": "yesterday"}, "at"),
        ({"filingNumber": ""}, "source_id"),
    ],
)
def test_a_result_that_lacks_something_cannot_be_read(broken: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        results(result(**broken))
    assert field in refused.value.messages_dict


def test_results_are_fetched_from_the_cursor_on(bureau: Connector, httpserver: HTTPServer) -> None:
    for after, rows in {"0": [result(sequence=6), result(sequence=7)], "7": []}.items():
        httpserver.expect_ordered_request(
            "/refunds/results", query_string={"after": after, "limit": "100"}
        ).respond_with_json({"results": rows, "next": None})
    with closing(bureau.open()) as http:
        assert [one.cursor for one in bureau.streams["results"].pages(http, Ask())] == ["7"]
    httpserver.check_assertions()


# Rates


def test_a_code_has_a_rate_for_each_span_of_days(stand_in: Connector) -> None:
    """The rate of photovoltaic modules fell on 1 December 2024: both rows stay, each with its days."""
    with closing(stand_in.open()) as http:
        pages = list(stand_in.streams["rates"].pages(http, Ask()))
    rates = [rate for one in pages for rate in loaded(stand_in.streams["rates"].read(one))]
    assert {rate["source_id"] for rate in rates if rate["valid_to"]} >= {"8541430000/2022-01-01"}
    modules = [rate for rate in rates if rate["hs_code"] == "8541430000"]
    assert [(rate["refund_rate"], rate["valid_from"], rate["valid_to"]) for rate in modules] == [
        (Decimal("0.13"), date(2022, 1, 1), date(2024, 11, 30)),
        (Decimal("0.09"), date(2024, 12, 1), None),
    ]


# Codes


def test_what_the_bureau_can_say_is_ruled() -> None:
    codes = connector("tax").codes
    said = {status for status, _ in (*GRANTED, *REFUSED)} | {"DUPLICATE", "INVALID"}
    assert {code for code in said if codes.rule(KIND, code) is UNKNOWN} == set()
    assert {code for code in said if codes.rule(KIND, code).state in HAVING_IT} == said - {"refused", "INVALID"}
    assert [code for code in said if codes.rule(KIND, code).milestone == "refunded"] == ["paid"]
    assert codes.rule(KIND, "archived") is UNKNOWN
    ranks = [codes.rule(KIND, status).rank for status, _ in GRANTED]
    assert ranks == sorted(set(ranks))


def test_every_code_is_said_in_both_languages_and_tells_whom_it_needs() -> None:
    for ruling in connector("tax").codes.table.values():
        assert ruling.zh
        assert ruling.en
        if ruling.state is State.REJECTED:
            assert ruling.way_out_zh
            assert ruling.way_out_en
