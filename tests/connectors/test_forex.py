"""The bank and the forex administration: credits (camt.054), central parity, and the declaration of a remittance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from pytest_httpserver import HTTPServer

from connectors.forex.submissions import FIELDS
from connectors.sdk import Ask, BadData, Connector, State
from connectors.sdk.codecs import read_json, write_json
from connectors.sdk.states import UNKNOWN
from mocks.forex.app import create_app
from mocks.serve import serving
from tests.support.connectors.bank import NUMBER, SAID, SECOND, basic
from tests.support.connectors.camt_files import document as document_of
from tests.support.connectors.camt_files import entry as entry_of
from tests.support.connectors.parts import changed, connector, document, handed_over, loaded, page, sample_paper

KIND = "forex.declaration"
PAPER = sample_paper(KIND)


@pytest.fixture
def bank(httpserver: HTTPServer) -> Connector:
    """The connector, with a server of this test's own at the other end."""
    return connector("forex", base_url=httpserver.url_for("/"))


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Connector]:
    """The connector, with the stand-in bank at the other end, which has told the basic information of the sample."""
    app = create_app()
    for number in (NUMBER, SECOND):
        row = basic(RPTNO=number)
        assert app.test_client().post("/_control/basic-information", json=row).status_code == 201
    with serving(app) as address:
        yield connector("forex", base_url=address)


# Credits


def test_notifications_are_fetched_from_the_cursor_on(bank: Connector, httpserver: HTTPServer) -> None:
    for after, body in {
        "3": '<Notifications><Notification sequence="4"/><Notification sequence="5"/></Notifications>',
        "5": "<Notifications/>",
    }.items():
        httpserver.expect_ordered_request(
            "/notifications/camt.054",
            query_string={"after": after, "limit": "50"},
            headers={"Authorization": "Basic Zm9yZXgtZGVtbzpmb3JleC1kZW1vLXBhc3N3b3Jk"},
        ).respond_with_data(body)
    with closing(bank.open()) as http:
        assert [one.cursor for one in bank.streams["credits"].pages(http, Ask("3"))] == ["5"]
    httpserver.check_assertions()


@pytest.mark.parametrize(
    "body", [document_of(entry_of()), f"<n:Notifications xmlns:n='urn:n'>{document_of(entry_of())}</n:Notifications>"]
)
def test_a_message_without_a_place_in_the_listing_is_read_and_moves_no_cursor(
    bank: Connector, httpserver: HTTPServer, body: str
) -> None:
    httpserver.expect_request("/notifications/camt.054").respond_with_data(body)
    credits_ = bank.streams["credits"]
    with closing(bank.open()) as http:
        (found,) = credits_.pages(http, Ask("3"))
    assert (found.cursor, [one["amount"] for one in loaded(credits_.read(found))]) == ("3", [Decimal(1000)])


def test_what_is_no_message_of_a_bank_is_refused_whole(bank: Connector) -> None:
    with pytest.raises(BadData, match="Error"):
        loaded(bank.streams["credits"].read(page("<Error><Code>1</Code></Error>")))


# Central parity


def parity(pair: str, price: str = "6.7489", published: str = "2026-01-09 9:15") -> list[dict[str, Any]]:
    body = write_json({"data": {"lastDate": published}, "records": [{"vrtEName": pair, "price": price}]})
    return loaded(connector("forex").streams["parity"].read(page(body)))


@pytest.mark.parametrize(
    ("pair", "currency", "unit"), [("USD/CNY", "USD", 1), ("100JPY/CNY", "JPY", 100), ("EUR/CNY", "EUR", 1)]
)
def test_a_rate_is_so_many_yuan_for_so_many_units(pair: str, currency: str, unit: int) -> None:
    (rate,) = parity(pair)
    assert (rate["currency"], rate["unit"], rate["rate"]) == (currency, unit, Decimal("6.7489"))
    assert rate["source_id"] == f"{currency}/2026-01-09"


@pytest.mark.parametrize("pair", ["CNY/RUB", "CNY/KRW"])
def test_pairs_that_are_quoted_the_other_way_round_are_left_out(pair: str) -> None:
    assert parity(pair) == []


@pytest.mark.parametrize(
    ("published", "hour"), [("2026-01-09 9:15", 1), ("2026-01-09 09:15", 1), ("2026-01-09 11:15", 3)]
)
def test_the_hour_may_come_without_its_zero(published: str, hour: int) -> None:
    (rate,) = parity("USD/CNY", published=published)
    assert rate["published_at"] == rate["as_of"] == datetime(2026, 1, 9, hour, 15, tzinfo=UTC)


# The declaration


class Rule(NamedTuple):
    longest: int
    mandatory: bool = False


BASIC = (
    "RPTNO", "CUSTYPE", "CUSTCOD", "CUSTNM", "OPPUSER", "TXCCY", "TXAMT", "EXRATE", "LCYAMT", "LCYACC", "FCYAMT",
    "FCYACC", "OTHAMT", "OTHACC", "METHOD", "BUSCODE", "INCHARGECCY", "INCHARGEAMT", "OUTCHARGECCY", "OUTCHARGEAMT",
)  # fmt: skip
"""What is the bank's in a declaration."""
M = True
ELEMENTS = {
    "ACTIONTYPE": Rule(1, M), "ACTIONDESC": Rule(128), "RPTNO": Rule(22, M), "CUSTYPE": Rule(1), "CUSTCOD": Rule(18),
    "IDCODE": Rule(32), "CUSTNM": Rule(128, M), "OPPUSER": Rule(128, M), "TXCCY": Rule(3, M), "TXAMT": Rule(22, M),
    "EXRATE": Rule(14), "LCYAMT": Rule(22), "LCYACC": Rule(32), "FCYAMT": Rule(22), "FCYACC": Rule(32),
    "OTHAMT": Rule(22), "OTHACC": Rule(32), "METHOD": Rule(1), "BUSCODE": Rule(22, M), "INCHARGECCY": Rule(3),
    "INCHARGEAMT": Rule(22), "OUTCHARGECCY": Rule(3), "OUTCHARGEAMT": Rule(22), "COUNTRY": Rule(3, M),
    "PAYTYPE": Rule(1), "TXCODE": Rule(6, M), "TC1AMT": Rule(22, M), "TXREM": Rule(50, M), "TXCODE2": Rule(6),
    "TC2AMT": Rule(22), "TX2REM": Rule(50), "ISREF": Rule(1), "BILLNO": Rule(50), "PAYATTR": Rule(1),
    "CRTUSER": Rule(20, M), "INPTELC": Rule(20, M), "RPTDATE": Rule(8, M),
}  # fmt: skip
"""境外汇入款 as banks check it: element, longest, mandatory. Written from their table and not from the connector's."""


def declared(action: str = "new", **head: Any) -> dict[str, str]:
    elements = read_json(document(KIND).encode([changed(PAPER, head, action=action)]).body)
    assert isinstance(elements, dict)
    return elements


@pytest.mark.parametrize("action", ["new", "change"])
def test_a_declaration_keeps_to_the_table_of_the_banks(action: str) -> None:
    elements = declared(action)
    assert set(elements) <= set(ELEMENTS)
    assert {name for name, rule in ELEMENTS.items() if rule.mandatory} <= set(elements)
    assert {name for name, value in elements.items() if not 1 <= len(value) <= ELEMENTS[name].longest} == set()
    assert elements["TC1AMT"] == elements["TXAMT"]
    assert {name: elements.get(name) for name in BASIC} == {name: SAID.get(name) for name in BASIC}, (
        "as the bank told it"
    )
    assert elements["RPTDATE"] >= f"20{elements['RPTNO'][12:18]}"


@pytest.mark.parametrize(("action", "type_", "reason"), [("new", "A", None), ("change", "C", "更正")])
def test_a_change_gives_its_reason(action: str, type_: str, reason: str | None) -> None:
    elements = declared(action)
    assert (elements["ACTIONTYPE"], elements.get("ACTIONDESC")) == (type_, reason)


def test_an_amount_that_is_not_whole_is_found_before_it_goes() -> None:
    found = document(KIND).check(changed(PAPER, {"amount": Decimal("2812.50"), "transaction_amount": Decimal("1E+3")}))
    assert [(one.field, one.code) for one in found] == [("amount", "FORMAT")]
    assert declared(amount=Decimal("1E+3"))["TXAMT"] == declared(amount=Decimal("1000.00"))["TXAMT"] == "1000"


def test_a_country_has_three_letters() -> None:
    assert declared(payer_country="LU")["COUNTRY"] == "LUX"


def test_it_is_dated_on_the_day_in_beijing_on_which_it_was_made() -> None:
    late = changed(PAPER, derived_at=datetime(2026, 1, 31, 16, 30, tzinfo=UTC))
    assert read_json(document(KIND).encode([late]).body)["RPTDATE"] == "20260201"


def test_a_second_code_is_declared_with_its_amount_and_remark_or_not_at_all() -> None:
    second = {"second_code": "121010", "second_amount": Decimal(813), "second_note": "货物出口收汇 LY-1"}
    elements = declared(transaction_amount=Decimal(2000), **second)
    assert [elements[name] for name in ("TC1AMT", "TXCODE2", "TC2AMT", "TX2REM")] == [
        "2000", "121010", "813", "货物出口收汇 LY-1",
    ]  # fmt: skip
    assert not {"TXCODE2", "TC2AMT", "TX2REM"} & set(declared())


def test_what_a_person_was_paid_is_not_declared_for_a_firm() -> None:
    (problem,) = document(KIND).check(changed(PAPER, {"payee_kind": "D"}))
    assert (problem.field, problem.code) == ("payee_kind", "NOT_A_FIRM")


@pytest.mark.parametrize(
    ("head", "element"),
    [
        ({"payee_name": "豫" * 129}, "CUSTNM"),
        ({"payer": "(JW)" + "L" * 125}, "OPPUSER"),
        ({"bank_reference": "R" * 23}, "BUSCODE"),
        ({"foreign_account": "4" * 33}, "FCYACC"),
        ({"second_note": "跨" * 51}, "TX2REM"),
        ({"approval_number": "1" * 51}, "BILLNO"),
        ({"transaction_note": "跨" * 51}, "TXREM"),
        ({"reporter": "李" * 21}, "CRTUSER"),
        ({"reporter_telephone": "0" * 21}, "INPTELC"),
    ],
)
def test_what_is_too_long_is_found_before_it_goes(head: dict[str, Any], element: str) -> None:
    (field,) = head
    (problem,) = document(KIND).check(changed(PAPER, head))
    assert (problem.field, problem.code) == (field, "FORMAT")
    longest = ELEMENTS[element].longest
    assert problem.rule == f"{element}：长度不得超过 {longest}，现为 {longest + 1}"
    assert problem.rule_en == f"{element}: at most {longest} characters, not {longest + 1}"


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [(201, "ACCEPTED", ""), (200, "ACCEPTED", ""), (409, "DUPLICATE", ""), (422, "INVALID", "TXREM: mandatory")],
)
def test_the_answer_is_read_by_its_status(
    bank: Connector, httpserver: HTTPServer, status: int, code: str, words: str
) -> None:
    httpserver.expect_oneshot_request(
        "/bop/receipts", method="POST", headers={"Content-Type": "application/json"}
    ).respond_with_json({"RPTNO": NUMBER, "code": "MANDATORY", "field": "TXREM", "message": "mandatory"}, status=status)
    record = handed_over(bank, PAPER)
    assert (record["code"], record["words"]) == (code, words)
    assert (record["about_value"], record["guid"]) == (NUMBER, PAPER.guid)


def test_a_declaration_is_taken_once_and_found_again(stand_in: Connector) -> None:
    target, paper = stand_in.submissions[KIND], changed(PAPER, {"report_number": SECOND})
    with closing(stand_in.open()) as http:
        assert target.find(http, paper) is None
    assert [handed_over(stand_in, paper)["code"] for _ in range(2)] == ["ACCEPTED", "DUPLICATE"]
    with closing(stand_in.open()) as http:
        found = target.find(http, paper)
    assert found is not None
    assert [record["code"] for record in loaded(target.read(found, [paper]))] == ["ACCEPTED"]


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ({"report_number": "41100001050126010"}, "report_number"),
        ({"report_number": "410100010501260109N999"}, "report_number"),  # the bank never gave it
        ({"bank_reference": "IR26010900000002"}, "bank_reference"),  # it gave it to another remittance
        ({"payee_code": "91411000MA44HA1R0X"}, "payee_code"),
        ({"payee_name": ""}, "payee_name"),
        ({"payer": "(JW)Somebody else"}, "payer"),
        ({"currency": "EUR"}, "currency"),
        ({"amount": Decimal(2814), "transaction_amount": Decimal(2814)}, "amount"),
        ({"transaction_amount": Decimal(2812)}, "transaction_amount"),
        ({"settled_amount": Decimal(799)}, "settled_amount"),
        ({"settlement_rate": "6.7489"}, "settlement_rate"),
        ({"foreign_account": "1"}, "foreign_account"),
        ({"method": "L"}, "method"),
        ({"abroad_charge": Decimal(11)}, "abroad_charge"),
        ({"payment_type": "P"}, "payment_type"),
        ({"bonded": "X"}, "bonded"),
        ({"transaction_code": "1220"}, "transaction_code"),
        ({"transaction_note": ""}, "transaction_note"),
        ({"second_code": "121010"}, "second_amount"),
        ({"reporter": ""}, "reporter"),
        ({"reporter_telephone": ""}, "reporter_telephone"),
    ],
)
def test_what_is_refused_names_our_field(stand_in: Connector, head: dict[str, Any], field: str) -> None:
    record = handed_over(stand_in, changed(PAPER, head))
    assert record["code"] == "INVALID"
    assert stand_in.submissions[KIND].field_named(record["words"]) == field


def test_elements_of_which_the_paper_knows_nothing_name_no_field() -> None:
    target = document(KIND)
    assert {target.field_named(f"{name}: mandatory") for name in set(ELEMENTS) - set(FIELDS)} == {None}
    assert target.field_named("") is None
    assert target.field_named("the service is closed on Sundays") is None


# Codes


def test_every_answer_is_ruled_and_a_duplicate_counts_as_taken() -> None:
    codes = connector("forex").codes
    states = {code: codes.rule(KIND, code).state for code in ("ACCEPTED", "DUPLICATE", "INVALID")}
    assert states == {"ACCEPTED": State.DONE, "DUPLICATE": State.DONE, "INVALID": State.REJECTED}
    assert codes.rule(KIND, "418") is UNKNOWN
    for ruling in codes.table.values():
        assert ruling.zh
        assert ruling.en
        if ruling.state is State.REJECTED:
            assert ruling.way_out_zh
            assert ruling.way_out_en
