"""What customs says: responses of every kind read to exact records."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from textwrap import fill
from typing import Any, NamedTuple

import pytest
from lxml import etree
from marshmallow import ValidationError
from pytest_httpserver import HTTPServer

from connectors.customs.responses import ANSWERS, read_entity
from connectors.sdk import Ask, BadData
from tests.support.connectors.ceb_responses import (
    AT,
    GUID,
    SAID,
    entity,
    envelopes,
    mailbox,
    order_return,
    read,
    written,
)
from tests.support.connectors.parts import connector, loaded, page
from tests.support.together import together

PRE_NO, INVT_NO, SUM_NO = "B20260109021708005", "46042026E021708009", "S20260109021708013"
ENTRY_ID, DECL_SEQ_NO = "460420260021708017", "S20260109021708014"


class Case(NamedTuple):
    """A response as customs writes it, and the record it is read to (beside what most responses have in common)."""

    message: str
    entity: str
    values: Mapping[str, str]
    record: Mapping[str, Any]
    head: str = ""


def about(kind: str, value: str, **identifiers: str) -> dict[str, Any]:
    references = {f"customs.{name}": number for name, number in identifiers.items()}
    return {"about_kind": kind, "about_value": value, "answers": identifiers, "references": references}


OURS = {"guid": GUID, "agentCode": "410198600A", "ebcCode": "411096500K"}
CASES = (
    Case(
        "CEB304Message",
        "OrderReturn",
        {**OURS, "ebpCode": "无", "orderNo": "XC-42", **SAID},
        about("customs.order", "411096500K/XC-42"),
    ),
    Case(
        "CEB404Message",
        "ReceiptsReturn",
        {**OURS, "orderNo": "XC-42", "payNo": "ZYP42", **SAID},
        about("customs.receipt", "411096500K/XC-42/ZYP42"),
    ),
    Case(
        "CEB506Message",
        "LogisticsReturn",
        {"guid": GUID, "logisticsCode": "4101986B10", "logisticsNo": "YH1K", **SAID},
        about("customs.waybill", "4101986B10/YH1K"),
    ),
    Case(
        "CEB510Message",
        "DepartureReturn",
        {"guid": GUID, "logisticsCode": "4101986B10", "copNo": "YH1K-07", "preNo": PRE_NO, "msgSeqNo": "1", **SAID},
        about("customs.departure", "YH1K-07", preNo=PRE_NO),
    ),
    Case(
        "CEB604Message",
        "InventoryReturn",
        {
            **OURS,
            "copNo": "YH1K-04",
            "preNo": PRE_NO,
            "invtNo": INVT_NO,
            "ebpCode": "无",
            "orderNo": "XC-42",
            "statisticsFlag": "B",
            **SAID,
        },
        about("customs.inventory", "YH1K-04", preNo=PRE_NO, invtNo=INVT_NO),
    ),
    Case(  # before it is stored an inventory has no number: the element is there and empty
        "CEB604Message",
        "InventoryReturn",
        {**OURS, "copNo": "YH1K-04", "preNo": PRE_NO, "invtNo": "", **SAID},
        about("customs.inventory", "YH1K-04", preNo=PRE_NO),
    ),
    Case(  # a cancellation is about an inventory by its number; the copNo is that of the cancellation
        "CEB606Message",
        "InvtCancelReturn",
        {"guid": GUID, "agentCode": "410198600A", "copNo": "YH1K-04", "preNo": PRE_NO, "invtNo": INVT_NO, **SAID},
        about("customs.cancellation", INVT_NO),
    ),
    Case(
        "CEB608Message",
        "WayBillReturn",
        {"guid": GUID, "copNo": "YH1K-06", "preNo": PRE_NO, "billNo": "369-05292033", "msgSeqNo": "1", **SAID},
        about("customs.waybill_list", "YH1K-06", preNo=PRE_NO),
    ),
    Case(
        "CEB702Message",
        "SummaryReturn",
        {**OURS, "copNo": "YH1K-08", "preNo": PRE_NO, "sumNo": SUM_NO, "msgSeqNo": "1", **SAID},
        about("customs.summary", "YH1K-08", preNo=PRE_NO, sumNo=SUM_NO),
    ),
    Case(
        "CEB792Message",
        "SummaryResult",
        {"guid": GUID, "sumNo": SUM_NO, "opDate": "20260109090002015", "declSeqNo": DECL_SEQ_NO, "decState": "A"},
        about("customs.sumNo", SUM_NO, declSeqNo=DECL_SEQ_NO) | {"guid": None, "code": "792", "words": ""},
        head="SummaryResultHead",
    ),
    Case(
        "CEB792Message",
        "SummaryResult",
        {
            "guid": GUID,
            "sumNo": SUM_NO,
            "opDate": "20260109090002015",
            "declSeqNo": DECL_SEQ_NO,
            "entryId": ENTRY_ID,
            "decState": "R",
        },
        about("customs.sumNo", SUM_NO, entryId=ENTRY_ID, declSeqNo=DECL_SEQ_NO)
        | {"guid": None, "code": "792.entry", "words": ENTRY_ID},
        head="SummaryResultHead",
    ),
    Case(
        "CEB900Message",
        "MessageReturn",
        {
            "guid": GUID,
            "returnStatus": "-2",
            "returnInfo": "currency(币制):长度[2]不等于规定长度[3]",
            "returnTime": "20260109090002015",
            "oriCopMsgId": "4BFA",
            "oriMessageType": "CEB303Message",
            "oriBizMessage": "<ceb:CEB303Message/>",
        },
        about("message", "4BFA") | {"guid": None, "code": "900", "words": "-2 currency(币制):长度[2]不等于规定长度[3]"},
    ),
)


@together("prefixed", [True, False], ids=["prefixed", "default namespace"])
@together("case", CASES, ids=lambda case: f"{case.message} {case.record.get('code', '')}".strip())
def test_a_response_is_read_to_a_record_about_its_paper(case: Case, prefixed: bool) -> None:
    message = written(case.message, entity(case.entity, case.values, case.head), prefixed=prefixed)
    (record,) = read(message)
    del record["source_id"]
    assert record == {
        "noun": "document_event",
        "guid": GUID,
        "code": "2",
        "words": SAID["returnInfo"],
        "happened_at": AT,
        "as_of": AT,
        **case.record,
    }


def test_a_part_of_a_page_is_one_response_without_the_others_and_without_the_echo_of_what_was_sent() -> None:
    """A 900 repeats the message that it refuses, and in that stand the papers of whoever travelled along."""
    refusal = {"guid": GUID, "returnStatus": "-2", "returnInfo": "no", "returnTime": "20260109090002015"}
    refused = []
    for number in ("4BFA", "4BFB"):
        echo = f"<ceb:Order>THEIRS-{number}</ceb:Order>"
        refused.append(entity("MessageReturn", refusal | {"oriCopMsgId": number, "oriBizMessage": echo}))
    page = mailbox(written("CEB304Message", order_return(orderNo="MINE"), order_return(orderNo="THEIRS")),
                   written("CEB900Message", *refused))  # fmt: skip
    stream = connector("customs").streams["responses"]
    records = {record["about_value"]: record["source_id"] for record in loaded(stream.read(page))}
    parts = {about: stream.excerpt(page, source_id) for about, source_id in records.items()}
    assert all(part and part[1] == "application/xml" for part in parts.values())
    texts = {about: part[0].decode() for about, part in parts.items() if part}
    assert ("MINE" in texts["411096500K/MINE"], "THEIRS" in texts["411096500K/MINE"]) == (True, False)
    for own, other in (("4BFA", "4BFB"), ("4BFB", "4BFA")):
        assert own in texts[own]
        assert other not in texts[own]
        assert "THEIRS" not in texts[own]
        assert "oriBizMessage" not in texts[own]
    assert stream.excerpt(page, "another") is None


def test_a_message_may_hold_several_responses_and_a_page_several_messages() -> None:
    both = written("CEB304Message", order_return(), order_return(orderNo="XC-43", returnStatus="-301010"))
    waybill = written(
        "CEB506Message", entity("LogisticsReturn", {"guid": GUID, "logisticsCode": "L", "logisticsNo": "P", **SAID})
    )
    assert [(record["about_value"], record["code"]) for record in read(both, waybill)] == [
        ("411096500K/XC-42", "2"),
        ("411096500K/XC-43", "-301010"),
        ("L/P", "2"),
    ]


def test_a_response_that_comes_again_is_the_same_response() -> None:
    """Queues repeat: in one message, and later in another. What differs in anything that was said is another one."""
    once, twice = read(written("CEB304Message", order_return(), order_return()))
    (later,) = read(written("CEB304Message", order_return(), prefixed=False))
    assert once == twice == later
    changes = (
        {"orderNo": "XC-43"},
        {"guid": "0" * 36},
        {"returnStatus": "3"},
        {"returnTime": "20260109090003015"},
        {"returnInfo": "暂存"},
    )
    others = read(written("CEB304Message", *(order_return(**change) for change in changes)))
    assert len({once["source_id"], *(other["source_id"] for other in others)}) == 1 + len(changes)


def test_two_declarations_of_one_summary_are_two_results_though_nothing_else_differs() -> None:
    result = {"guid": GUID, "sumNo": SUM_NO, "opDate": "20260109090002015", "decState": "A"}
    both = [
        entity("SummaryResult", result | {"declSeqNo": number}, "SummaryResultHead")
        for number in (DECL_SEQ_NO, "S20260109021708015")
    ]
    one, other = read(written("CEB792Message", *both))
    assert one["source_id"] != other["source_id"]
    assert one["about_value"] == other["about_value"] == SUM_NO


@pytest.mark.parametrize("heads", [0, 2])
def test_a_result_without_its_one_head_is_set_aside(heads: int) -> None:
    head = f"<SummaryResultHead><sumNo>{SUM_NO}</sumNo></SummaryResultHead>"
    result = etree.fromstring(f"<SummaryResult>{head * heads}</SummaryResult>")
    with pytest.raises(BadData, match=f"with {heads} heads"):
        list(read_entity(ANSWERS["CEB792Message"], result))


@pytest.mark.parametrize("width", [4, 76], ids=["short lines", "as MIME has it"])
@pytest.mark.parametrize("end", ["\n", "\r\n  "])
def test_base64_may_be_broken_into_lines(width: int, end: str) -> None:
    content = b64encode(written("CEB304Message", order_return())).decode()
    broken = f"\n{fill(content, width)}\n".replace("\n", end)
    (record,) = loaded(connector("customs").streams["responses"].read(page(envelopes(broken))))
    assert record["about_value"] == "411096500K/XC-42"


@pytest.mark.parametrize("encoding", ["GBK", "GB18030", "UTF-16"])
def test_chinese_encodings_are_read(encoding: str) -> None:
    message = written("CEB304Message", order_return(returnInfo="海关入库", returnStatus="120"), encoding=encoding)
    assert [record["words"] for record in read(message)] == ["海关入库"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"returnTime": "2026-01-09"}, "returnTime"),
        ({"returnTime": ""}, "returnTime"),
        ({"orderNo": "9" * 201}, "about_value"),
    ],
)
def test_a_response_that_cannot_be_read_stands_in_nobodys_way(change: dict[str, str], field: str) -> None:
    message = written("CEB304Message", order_return(**change), order_return(orderNo="XC-43"))
    bad, good = connector("customs").streams["responses"].read(mailbox(message))
    with pytest.raises(ValidationError) as refused:
        loaded([bad])
    assert set(refused.value.messages_dict) >= {field}
    assert loaded([good])[0]["about_value"] == "411096500K/XC-43"


def test_the_tariff_is_fetched_to_its_last_page(httpserver: HTTPServer) -> None:
    for number in ("1", "2", "1", "2"):  # walked twice: nobody edited a row meanwhile
        httpserver.expect_ordered_request("/tariffs", query_string={"page": number, "size": "200"}).respond_with_json(
            {"page": int(number), "pages": 2, "rows": []}
        )
    customs = connector("customs", base_url=httpserver.url_for("/"))
    line = customs.open()
    parts = [one.part for one in customs.streams["tariffs"].pages(line, Ask())]
    line.close()
    httpserver.check_assertions()
    assert parts == ["page 1", "page 2"]
