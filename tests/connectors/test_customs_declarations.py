"""The customs declaration (报关单) of 0110, 9710 and 9810: as it goes out, is answered, and what becomes of it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError
from pytest_httpserver import HTTPServer

from connectors.sdk import Ask, BadData, Bug, Connector, Paper
from connectors.sdk.codecs import read_json, write_json
from tests.support.connectors.parts import (
    Meet,
    StandIn,
    asked,
    changed,
    connector,
    document,
    handed_over,
    loaded,
    page,
    sample_paper,
)
from tests.support.together import together

KIND = "customs.declaration"
PAPER = sample_paper(KIND)
B2B, WAREHOUSE = sample_paper(f"{KIND}-b2b"), sample_paper(f"{KIND}-warehouse")


@pytest.fixture
def customs(httpserver: HTTPServer) -> Connector:
    """The connector, with a server of this test's own at the other end."""
    return connector("customs", base_url=httpserver.url_for("/"))


@pytest.fixture
def stand_in(meet: Meet) -> StandIn:
    return meet("customs")


# Declaring


def declared(paper: Paper) -> dict[str, Any]:
    declaration = read_json(document(KIND).encode([paper]).body)
    assert isinstance(declaration, dict)
    return declaration


@pytest.mark.parametrize(("paper", "mode"), [(PAPER, "0110"), (B2B, "9710"), (WAREHOUSE, "9810")])
def test_the_order_is_attached_where_there_is_one(paper: Paper, mode: str) -> None:
    declaration = declared(paper)
    assert declaration["mode"] == mode
    order = paper.head.get("order_number")
    assert bool(order) == (mode != "0110")
    assert declaration["attachments"] == ([{"category": "10000004", "number": order}] if order else [])


def test_a_declaration_is_written_with_plain_values_in_customs_codes() -> None:
    paper = changed(B2B, {"freight": Decimal("1E+3"), "owner_code": "NO"}, {"price": Decimal("8.60000")})
    declaration = declared(paper)
    assert (declaration["freight"], declaration["exportDate"]) == ("1000", "2026-01-10")
    assert (declaration["transportMode"], declaration["packaging"]) == ("3", "2")
    assert declaration["producer"]["code"] == "NO"
    assert declaration["goods"][0]["unitPrice"] == "8.6"
    assert declaration["goods"][0]["unit"] == "015"


@pytest.mark.parametrize("without", ["second_quantity", "second_unit"])
def test_what_the_tariff_does_not_ask_for_is_left_empty(without: str) -> None:
    (first,) = PAPER.lines["goods"]
    lines = {"goods": [{name: value for name, value in first.items() if name != without}]}
    (row,) = declared(replace(PAPER, lines=lines))["goods"]
    assert [name for name, value in row.items() if value is None] == [
        {"second_quantity": "secondQuantity", "second_unit": "secondUnit"}[without]
    ]


@pytest.mark.parametrize("action", ["new", "change"])
def test_a_declaration_says_whether_it_changes_one(action: str) -> None:
    paper = changed(PAPER, action=action)
    assert declared(paper)["action"] == action
    assert document(KIND).references(paper) == {KIND: PAPER.number}


def test_countries_are_declared_by_their_letters() -> None:
    """国别（地区）代码表 of the 报关单 has a country that the list's three digits lack, too."""
    declaration = declared(changed(B2B, {"destination_country": "RS", "consignee_country": "SS"}, {"origin": "EC"}))
    assert (declaration["destinationCountry"], declaration["consignee"]["country"]) == ("SRB", "SSD")
    assert [row["originCountry"] for row in declaration["goods"]] == ["ECU", "CHN"]


@pytest.mark.parametrize(
    ("head", "line", "field"),
    [
        ({"destination_country": "LUX"}, {}, "destination_country"),
        ({"consignee_country": "UM"}, {}, "consignee_country"),
        ({"transport_mode": "pipe"}, {}, "transport_mode"),
        ({"packaging": "crate"}, {}, "packaging"),
        ({}, {"origin": "CHN"}, "goods[0].origin"),
        ({}, {"unit": "barrel"}, "goods[0].unit"),
    ],
)
def test_a_word_without_a_code_is_found_before_it_goes(head: dict[str, Any], line: dict[str, Any], field: str) -> None:
    paper = changed(B2B, head, line)
    (problem,) = document(KIND).check(paper)
    assert (problem.field, problem.code) == (field, "NO_CODE")
    assert next(iter((head | line).values())) in problem.rule
    with pytest.raises(Bug) as stopped:  # it is never written in another way
        document(KIND).encode([paper])
    assert field.endswith(stopped.value.field or "-")


# The answer


@pytest.mark.parametrize(
    ("status", "answer", "code", "words"),
    [
        (202, {"copNo": PAPER.number, "status": "received"}, "received", ""),
        (409, {"code": "DUPLICATE", "copNo": PAPER.number}, "DUPLICATE", ""),
        (422, {"code": "TOTAL", "field": "goods[0].total", "message": "总价"}, "INVALID", "goods[0].total: 总价"),
    ],
)
def test_the_answer_is_read_by_its_status(
    customs: Connector, httpserver: HTTPServer, status: int, answer: dict[str, str], code: str, words: str
) -> None:
    httpserver.expect_oneshot_request(
        "/declarations",
        method="POST",
        headers={"Authorization": "Bearer demo-customs-token", "Content-Type": "application/json"},
    ).respond_with_json(answer, status=status)
    record = handed_over(customs, PAPER)
    assert (record["code"], record["words"]) == (code, words)
    assert (record["about_kind"], record["about_value"], record["guid"]) == (KIND, PAPER.number, PAPER.guid)


def test_a_change_that_comes_too_late_asks_for_a_person(customs: Connector, httpserver: HTTPServer) -> None:
    answer = {"code": "STATE", "field": "copNo", "message": "报关单状态不允许该操作,报关单状态[放行]"}
    httpserver.expect_request("/declarations", method="POST").respond_with_json(answer, status=409)
    record = handed_over(customs, changed(PAPER, action="change"))
    assert record["code"] == "STATE"
    assert customs.codes.rule(KIND, "STATE").attention


def test_a_declaration_is_taken_once_and_found_again(stand_in: StandIn) -> None:
    assert asked(stand_in.connector, PAPER) is None
    codes = [handed_over(stand_in.connector, PAPER)["code"] for _ in range(2)]
    assert [*codes, asked(stand_in.connector, PAPER)] == ["received", "DUPLICATE", ["received"]]


def test_a_change_is_not_asked_about(customs: Connector, httpserver: HTTPServer) -> None:
    """What they have under the number may be what is to be changed: it goes out again."""
    assert asked(customs, changed(PAPER, action="change")) is None
    assert httpserver.log == []


@pytest.mark.parametrize(
    ("head", "line", "field"),
    [
        ({"customs_office": "46"}, {}, "customs_office"),
        ({"port_office": "46O4"}, {}, "port_office"),
        ({"supervision_mode": "9610"}, {}, "supervision_mode"),
        ({"destination_port": ""}, {}, "destination_port"),
        ({"terms": ""}, {}, "terms"),
        ({"currency": "eur"}, {}, "currency"),
        ({"freight": Decimal(-1)}, {}, "freight"),
        ({"insurance": Decimal("0.000001")}, {}, "insurance"),
        ({"packages": 0}, {}, "packages"),
        ({"net_weight": Decimal(0)}, {}, "net_weight"),
        ({"net_weight": Decimal(1681)}, {}, "gross_weight"),  # the gross is under the net
        ({"order_number": "9" * 61}, {}, "order_number"),
        ({}, {"line": 0}, "goods[0].line"),
        ({}, {"hs_code": "9401719999"}, "goods[0].hs_code"),
        ({}, {"name": ""}, "goods[0].name"),
        ({}, {"specification": "钢" * 256}, "goods[0].specification"),
        ({}, {"quantity": Decimal(0)}, "goods[0].quantity"),
        ({}, {"legal_quantity": Decimal(0)}, "goods[0].legal_quantity"),
        ({}, {"legal_unit": "035"}, "goods[0].legal_unit"),
        ({}, {"second_quantity": None}, "goods[0].second_quantity"),
        ({}, {"second_unit": None}, "goods[0].second_unit"),
        ({}, {"price": Decimal(-1)}, "goods[0].price"),
        ({}, {"total": Decimal(6801)}, "goods[0].total"),
    ],
)
def test_what_is_refused_names_our_field(
    stand_in: StandIn, head: dict[str, Any], line: dict[str, Any], field: str
) -> None:
    record = handed_over(stand_in.connector, changed(PAPER, head, line))
    assert record["code"] == "INVALID"
    assert document(KIND).field_named(record["words"]) == field


# What becomes of it


def told(stand_in: StandIn, number: str) -> dict[str, dict[str, Any]]:
    """The results of a declaration by status, each once."""
    events = [event for event in stand_in.pulls("declarations") if event["about_value"] == number]
    return {event["code"]: event for event in sorted(events, key=lambda event: event["happened_at"])}


def test_a_declaration_is_followed_to_its_end(stand_in: StandIn) -> None:
    handed_over(stand_in.connector, PAPER)
    assert list(told(stand_in, PAPER.number)) == ["received"]
    stand_in.clock.forward(timedelta(days=1))
    events = told(stand_in, PAPER.number)
    assert [code for code in events if code != "inspected"] == ["received", "accepted", "released", "closed"]
    assert events["received"]["answers"] == {}
    entry_id = events["accepted"]["answers"]["entryId"]
    assert len(entry_id) == 18
    assert all(event["answers"] == {"entryId": entry_id} for code, event in events.items() if code != "received")
    assert events["closed"]["references"] == {"customs.entryId": entry_id}


@pytest.mark.parametrize(
    ("paper", "field"),
    [(changed(PAPER, {}, {"name": "化纤制假发"}), "goods[0].hs_code"), (B2B, "order_number")],
    ids=["the name does not fit the code", "the order is not there"],
)
def test_a_returned_declaration_says_why_and_where(stand_in: StandIn, paper: Paper, field: str) -> None:
    handed_over(stand_in.connector, paper)
    stand_in.clock.forward(timedelta(minutes=6))
    returned = told(stand_in, paper.number)["returned"]
    assert document(KIND).field_named(returned["words"]) == field


@together(
    ("words", "field"),
    [
        ("商品编码与商品名称不符,商品序号[2],商品编码[6704190000]", "goods[1].hs_code"),
        ("法定计量单位与商品编码不符,商品序号[12],商品编码[6704190000],法定计量单位[007]", "goods[11].legal_unit"),
        ("申报数量与电子订单不一致,商品序号[1],申报数量[9]", "goods[0].quantity"),
        ("单价与电子订单不一致,商品序号[3],单价[9.9]", "goods[2].price"),
        ("总价与电子订单不一致,商品序号[3],总价[9.9]", "goods[2].total"),
        ("随附单据编号对应的订单不存在,随附单据编号[XC-20260108-0042]", "order_number"),
        ("电子订单无对应商品项,商品序号[3]", None),
        ("报关单状态不允许该操作,报关单状态[放行]", None),
        ("destinationCountry: 运抵国（地区）:应为国别（地区）代码表中的3位字母代码", "destination_country"),
        ("goods[1].originCountry: 原产国（地区）:应为国别（地区）代码表中的3位字母代码", "goods[1].origin"),
        ("goods[0].unit: 成交计量单位:应为3位数字", "goods[0].unit"),
        ("系统繁忙，请稍后再试", None),
        ("", None),
    ],
)
def test_the_words_of_a_return_name_the_field(words: str, field: str | None) -> None:
    assert document(KIND).field_named(words) == field


def results(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return loaded(connector("customs").streams["declarations"].read(page(write_json({"results": list(rows)}))))


def result(**changes: Any) -> dict[str, Any]:
    row = {"sequence": 1, "copNo": "YH1K-01", "status": "accepted", "entryId": None, "words": "接受申报"}
    return {**row, "at": "2026-01-09T09:05:12.000+08:00", **changes}


def test_a_result_that_is_listed_again_is_the_same_result() -> None:
    once, twice, later = results(result(), result(sequence=9), result(at="2026-01-09T09:06:12.000+08:00"))
    assert once == twice
    assert once["source_id"] != later["source_id"]  # it was returned, mended and accepted


@pytest.mark.parametrize(
    ("broken", "field"),
    [({"status": None}, "status"), ({"at": "yesterday"}, "at"), ({"copNo": ""}, "about_value"), ({"at": None}, "at")],
)
def test_a_result_that_lacks_something_cannot_be_read(broken: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        results(result(**broken))
    assert field in refused.value.messages_dict


ODD_ROWS: list[Any] = [None, 7, "closed", [], True, ["copNo"]]


@pytest.mark.parametrize("odd", ODD_ROWS, ids=str)
def test_a_row_that_is_no_result_is_set_aside_alone(odd: Any) -> None:
    body = page(write_json({"results": [result(), odd, result(copNo="YH1K-02")]}))
    first, aside, second = loaded(connector("customs").streams["declarations"].read(body))
    assert (first["about_value"], second["about_value"]) == ("YH1K-01", "YH1K-02")
    assert aside["reason"] == f"a JSON object was agreed, and {type(odd).__name__} came"


@pytest.mark.parametrize("odd", [*ODD_ROWS[1:], {"name": 7}, {"name": ["毛"]}, {"name": True}], ids=str)
def test_a_row_that_is_no_tariff_is_set_aside_alone(odd: Any) -> None:
    row = {"hsCode": "6704190000", "name": {"zh": "假发", "en": "wigs"}, "unit1": "035", "validFrom": "2026-01-01"}
    row |= {"updatedAt": "2026-01-01T00:00:00+08:00"}
    odd = {**row, **odd} if isinstance(odd, dict) else odd
    body = page(write_json({"pages": 1, "rows": [row, odd, {**row, "hsCode": "6704200000"}]}))
    first, aside, second = loaded(connector("customs").streams["tariffs"].read(body))
    assert (first["hs_code"], second["hs_code"]) == ("6704190000", "6704200000")
    assert "a JSON object was agreed" in aside["reason"]


@together(("stream", "rows"), [("declarations", "results"), ("tariffs", "rows")])
@together("body", [[], "text", 7, None, {}, {"results": {}, "rows": None}, {"error": "busy"}])
def test_a_page_without_its_list_is_bad_as_a_whole(stream: str, rows: str, body: Any) -> None:
    with pytest.raises(BadData, match=f"it has no list {rows}"):
        list(connector("customs").streams[stream].read(page(write_json(body))))


@pytest.mark.parametrize(
    ("rows", "cursor"),
    [
        ([{"sequence": 6}, {"sequence": None}, 7, {}], "6"),
        ([{"sequence": "6"}, {"sequence": True}, {"sequence": {}}, {"sequence": " "}], "6"),
        ([{}, "odd"], ""),
    ],
)
def test_the_last_sequence_of_a_page_is_where_results_are_read_on(
    customs: Connector, httpserver: HTTPServer, rows: list[Any], cursor: str
) -> None:
    httpserver.expect_request("/declarations/results", query_string={"after": "0", "limit": "100"}).respond_with_json(
        {"results": rows}
    )
    httpserver.expect_request("/declarations/results").respond_with_json({"results": []})
    with closing(customs.open()) as http:
        assert [one.cursor for one in customs.streams["declarations"].pages(http, Ask())] == [cursor]


def test_results_are_fetched_from_the_cursor_on(customs: Connector, httpserver: HTTPServer) -> None:
    for after, rows in {"0": [result(sequence=6), result(sequence=7)], "7": []}.items():
        httpserver.expect_ordered_request(
            "/declarations/results", query_string={"after": after, "limit": "100"}
        ).respond_with_json({"results": rows, "next": None})
    with closing(customs.open()) as http:
        assert [one.cursor for one in customs.streams["declarations"].pages(http, Ask())] == ["7"]
    httpserver.check_assertions()
