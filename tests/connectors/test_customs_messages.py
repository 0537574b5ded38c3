"""CEB messages as we write them: what stands in envelope and message, what is not written, how they are handed over."""

from __future__ import annotations

import re
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from pytest_httpserver import HTTPServer

from connectors.customs.messages import MESSAGES, Ceb
from connectors.sdk import Bug
from connectors.sdk.codecs import children, local_name
from tests.support.connectors.ceb_form import CEB, at, complaints, opened
from tests.support.connectors.ceb_responses import SAID, entity, read, written
from tests.support.connectors.parts import changed, connector, document, hand_over, sample_paper

ORDER = "customs.order"
GUID = r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"
DXP_ERROR = "<DxpError><Code>0001</Code><Message>报文格式错误</Message></DxpError>"
by_message = pytest.mark.parametrize("ceb", MESSAGES, ids=lambda ceb: ceb.message)


def test_the_envelope_names_sender_receiver_and_message() -> None:
    paper = sample_paper("customs.inventory")
    message = document(paper.kind).encode([paper])
    heading = etree.fromstring(message.body).find("{*}TransInfo")
    assert heading is not None
    assert children(heading) == {
        "CopMsgId": paper.guid,
        "SenderId": "DXPENT0000412026",
        "ReceiverIds": "",
        "CreatTime": "2026-01-09T10:00:00",  # spelled so, and in Beijing time
        "MsgType": "CEB603Message",
    }
    assert heading.findtext("{*}ReceiverIds/{*}ReceiverId") == "DXPEDCCEB0000003"
    assert message.message_id == paper.guid == opened(message.body).get("guid")


def test_several_papers_go_out_in_one_message() -> None:
    first = sample_paper("customs.order")
    second = changed(first, {"order_number": "XC-20260108-0099"}, guid="02C0CB1C-0869-4DBB-827D-69DA90C569A5")
    root = opened(document("customs.order").encode([first, second]).body)
    assert [local_name(child) for child in root] == ["Order", "Order", "BaseTransfer"]
    heads = [children(head) for head in root.iter(f"{CEB}OrderHead")]
    assert [(head["guid"], head["orderNo"]) for head in heads] == [
        (first.guid, "XC-20260108-0042"),
        (second.guid, "XC-20260108-0099"),
    ]
    assert list(complaints(root)) == []


def test_other_papers_never_make_the_same_message() -> None:
    """Whoever got the first of two papers under a message id must not take a later message for the same one."""
    first, second, third = (changed(sample_paper(ORDER), guid=f"{place}" * 36) for place in "123")
    batches = [[first], [second], [first, second], [second, first], [first, third], [first, second, third]]
    ids = [document(ORDER).encode(papers).message_id for papers in batches]
    assert len(set(ids)) == len(batches)
    assert ids[:2] == [first.guid, second.guid]
    assert all(re.fullmatch(GUID, one) for one in ids[2:])
    assert ids[2] == document(ORDER).encode([first, second]).message_id


@by_message
def test_the_same_version_is_the_same_bytes_again(ceb: Ceb) -> None:
    """After an unknown outcome the same guid goes out again, and nothing in the message may differ."""
    first, again = (
        document(ceb.kind).encode([sample_paper(ceb.kind), changed(sample_paper(ceb.kind), guid="G" * 36)])
        for _ in range(2)
    )
    assert first == again


@pytest.mark.parametrize(("action", "app_type"), [("new", "1"), ("change", "2"), ("withdraw", "3")])
def test_what_is_to_be_done_with_a_paper_is_said(action: str, app_type: str) -> None:
    root = opened(document("customs.order").encode([changed(sample_paper("customs.order"), action=action)]).body)
    assert root.findtext(f"{CEB}Order/{CEB}OrderHead/{CEB}appType") == app_type


@pytest.mark.parametrize(
    ("kind", "head", "line", "path", "written"),
    [
        ("customs.inventory", {}, {"barcode": ""}, "Inventory/InventoryList[1]/barCode", "无"),
        ("customs.order", {}, {"barcode": None}, "Order/OrderList[1]/barCode", None),
        ("customs.receipt", {"payment_number": None}, {}, "Receipts/payNo", None),
        ("customs.order", {"freight": Decimal(0)}, {}, "Order/OrderHead/freight", "0"),
        ("customs.order", {"goods_value": Decimal("1E+3")}, {}, "Order/OrderHead/goodsValue", "1000"),
    ],
)
def test_what_stands_where_there_is_nothing_to_say(
    kind: str, head: dict[str, Any], line: dict[str, Any], path: str, written: str | None
) -> None:
    root = opened(document(kind).encode([changed(sample_paper(kind), head, line)]).body)
    element = at(root, path)
    assert (None if element is None else element.text) == written


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("customs.order", "411096500K/XC-20260108-0042"),
        ("customs.receipt", "411096500K/XC-20260108-0042/ZYP202601080000042"),
        ("customs.waybill", "4101986B10/YH26010900000001K"),
        ("customs.inventory", "YH26010900000001K-04"),
        ("customs.waybill_list", "YH26010900000001K-06"),
        ("customs.departure", "YH26010900000001K-07"),
        ("customs.summary", "YH26010900000001K-08"),
    ],
)
def test_a_paper_is_known_by_what_its_responses_repeat(kind: str, key: str) -> None:
    assert document(kind).references(sample_paper(kind)) == {kind: key}


@pytest.mark.parametrize("number", [None, ""])
def test_a_part_of_the_key_that_is_not_there_is_empty_as_in_its_response(number: str | None) -> None:
    paper = changed(sample_paper("customs.receipt"), {"payment_number": number})
    said = {"ebcCode": "411096500K", "orderNo": "XC-20260108-0042"} | SAID
    (response,) = read(written("CEB404Message", entity("ReceiptsReturn", said)))
    assert document(paper.kind).references(paper) == {paper.kind: response["about_value"]}


def test_a_message_is_handed_to_the_data_exchange(httpserver: HTTPServer) -> None:
    paper = sample_paper("customs.order")
    customs = connector("customs", base_url=httpserver.url_for("/"))
    target = customs.submissions[paper.kind]
    message = target.encode([paper])
    httpserver.expect_oneshot_request(
        "/dxp/messages",
        method="POST",
        data=message.body,
        headers={"Authorization": "Bearer demo-customs-token", "Content-Type": "application/xml"},
    ).respond_with_data("<DxpReceipt/>", status=202)
    with closing(customs.open()) as line:
        answer = target.send(line, message, [paper])
    assert answer.status == 202
    assert list(target.read(answer, [paper])) == []  # taken over for delivery: nothing was said of the paper yet


def test_an_envelope_that_cannot_be_read_is_our_mistake_and_says_why(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/dxp/messages").respond_with_data(DXP_ERROR, status=400, content_type="application/xml")
    with pytest.raises(Bug, match="0001 报文格式错误"):
        hand_over(connector("customs", base_url=httpserver.url_for("/")), sample_paper(ORDER))


@pytest.mark.parametrize(
    ("kind", "head", "line", "field"),
    [
        (ORDER, {"seller_name": ""}, {}, "seller_name"),
        (ORDER, {}, {"total": None}, "total"),
        (ORDER, {"currency": "KZT"}, {}, "currency"),
        (ORDER, {}, {"unit": "barrel"}, "unit"),
        ("customs.inventory", {"destination_country": "AQ"}, {}, "destination_country"),
        (ORDER, {"seller_name": "许昌\x0b瑞秀"}, {}, "seller_name"),
        ("customs.waybill", {"goods_description": "wigs\x00"}, {}, "goods_description"),
    ],
    ids=["empty", "missing", "no currency", "no unit", "no country", "control character", "null character"],
)
def test_a_paper_that_cannot_be_written_is_a_bug_that_names_the_field(
    kind: str, head: dict[str, Any], line: dict[str, Any], field: str
) -> None:
    with pytest.raises(Bug) as refused:
        document(kind).encode([changed(sample_paper(kind), head, line)])
    assert refused.value.field == field
