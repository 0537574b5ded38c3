"""What customs says: receipts of every kind read to exact records, every code ruled, and the fold over all of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from pytest_httpserver import HTTPServer

from connectors.customs.connector import Customs
from connectors.customs.messages import MESSAGES
from connectors.sdk import BadData, Page, State
from connectors.sdk.states import HAVING_IT, UNKNOWN, Ruling, fold
from mocks.customs.kinds import KINDS
from mocks.customs.scripts import REJECTED, SCRIPTS
from tests.connectors.parts import connector, document, loaded, page

CODES = Customs.codes
CEB = "http://www.chinaport.gov.cn/ceb"
GUID = "83677E57-B833-4CFE-963A-523177456E0F"
SAID = {"returnStatus": "2", "returnTime": "20260109090002015", "returnInfo": f"新增申报成功[{GUID}]"}
AT = datetime(2026, 1, 9, 1, 0, 2, 15_000, tzinfo=UTC)
PRE_NO, INVT_NO, SUM_NO = "B20260109021708005", "46042026E021708009", "S20260109021708013"
ENTRY_ID, DECL_SEQ_NO = "460420260021708017", "S20260109021708014"


# Reading


class Case(NamedTuple):
    """A receipt as customs writes it, and the record it is read to (beside what most receipts have in common)."""

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


def written(message: str, *entities: str, prefixed: bool = True, encoding: str = "UTF-8") -> bytes:
    """A CEB message around entities, with a prefix or in the default namespace; both forms are in use."""
    tag, namespace = (f"ceb:{message}", "xmlns:ceb") if prefixed else (message, "xmlns")
    content = "".join(entities)
    content = content if prefixed else content.replace("<ceb:", "<").replace("</ceb:", "</")
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><{tag} guid="{GUID}" version="1.0" {namespace}="{CEB}">'
        f"{content}</{tag}>"
    )
    return text.encode(encoding)


def entity(name: str, values: Mapping[str, str], head: str = "") -> str:
    escaped = {key: value.replace("<", "&lt;") for key, value in values.items()}
    inner = "".join(f"<ceb:{key}>{value}</ceb:{key}>" for key, value in escaped.items())
    inner = f"<ceb:{head}>{inner}</ceb:{head}>" if head else inner
    return f"<ceb:{name}>{inner}</ceb:{name}>"


def order_return(**changes: str) -> str:
    return entity("OrderReturn", {"guid": GUID, "ebcCode": "411096500K", "orderNo": "XC-42", **SAID, **changes})


def mailbox(*messages: bytes) -> Page:
    return page(envelopes(*(b64encode(message).decode("ascii") for message in messages)))


def envelopes(*contents: str, first: int = 1) -> str:
    """A page of the mailbox; the MsgIds count up."""
    told = "".join(
        f'<DxpMsgSv xmlns="http://www.chinaport.gov.cn/dxp"><SvNo><MsgId>{number}</MsgId></SvNo>'
        f'<DxpMsg ver="1.0"><TransInfo><CopMsgId>{number}</CopMsgId></TransInfo><Data>{content}</Data></DxpMsg>'
        f"</DxpMsgSv>"
        for number, content in enumerate(contents, start=first)
    )
    return f"<DxpMessages>{told}</DxpMessages>"


def read(*messages: bytes) -> list[dict[str, Any]]:
    return loaded(connector("customs").streams["receipts"].read(mailbox(*messages)))


@pytest.mark.parametrize("prefixed", [True, False], ids=["prefixed", "default namespace"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.message} {case.record.get('code', '')}".strip())
def test_a_receipt_is_read_to_a_record_about_its_paper(case: Case, prefixed: bool) -> None:
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


def test_a_message_may_hold_several_receipts_and_a_page_several_messages() -> None:
    both = written("CEB304Message", order_return(), order_return(orderNo="XC-43", returnStatus="-301010"))
    waybill = written(
        "CEB506Message", entity("LogisticsReturn", {"guid": GUID, "logisticsCode": "L", "logisticsNo": "P", **SAID})
    )
    assert [(record["about_value"], record["code"]) for record in read(both, waybill)] == [
        ("411096500K/XC-42", "2"),
        ("411096500K/XC-43", "-301010"),
        ("L/P", "2"),
    ]


def test_a_receipt_that_comes_again_is_the_same_receipt() -> None:
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


@pytest.mark.parametrize("encoding", ["GBK", "GB18030", "UTF-16"])
def test_chinese_encodings_are_read(encoding: str) -> None:
    message = written("CEB304Message", order_return(returnInfo="海关入库", returnStatus="120"), encoding=encoding)
    assert [record["words"] for record in read(message)] == ["海关入库"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("%%%", "base64"),
        ("", "not well-formed XML|not XML"),
        (b64encode(b"<ceb:CEB304Message>").decode(), "not well-formed XML"),
        (b64encode(written("CEB622Message", "<ceb:InventoryReturn/>")).decode(), "CEB622Message is no receipt"),
        (b64encode(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").decode(), "document type"),
    ],
    ids=["not base64", "empty", "not XML", "another message", "with entities"],
)
def test_a_page_that_cannot_be_read_is_bad_data(content: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        list(connector("customs").streams["receipts"].read(page(envelopes(content))))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"returnTime": "2026-01-09"}, "returnTime"),
        ({"returnTime": ""}, "returnTime"),
        ({"orderNo": "9" * 201}, "about_value"),
    ],
)
def test_a_receipt_that_cannot_be_read_stands_in_nobodys_way(change: dict[str, str], field: str) -> None:
    message = written("CEB304Message", order_return(**change), order_return(orderNo="XC-43"))
    bad, good = connector("customs").streams["receipts"].read(mailbox(message))
    with pytest.raises(ValidationError) as refused:
        loaded([bad])
    assert set(refused.value.messages_dict) >= {field}
    assert loaded([good])[0]["about_value"] == "411096500K/XC-43"


def test_the_mailbox_is_emptied_from_the_cursor_on(httpserver: HTTPServer) -> None:
    content = b64encode(written("CEB304Message", order_return())).decode()
    for after, answer in {
        "4": envelopes(content, content, first=5),
        "6": envelopes(content, first=7),
        "7": "<DxpMessages/>",
    }.items():
        httpserver.expect_ordered_request(
            "/dxp/messages",
            query_string={"receiver": "DXPENT0000412026", "after": after, "limit": "200"},
            headers={"Authorization": "Bearer demo-customs-token"},
        ).respond_with_data(answer, content_type="application/xml")
    customs = connector("customs", base_url=httpserver.url_for("/"))
    line = customs.open()
    pages = list(customs.streams["receipts"].pages(line, "4", ()))
    line.close()
    httpserver.check_assertions()
    assert [one.cursor for one in pages] == ["6", "7"]


def test_the_tariff_is_fetched_to_its_last_page(httpserver: HTTPServer) -> None:
    for number in ("1", "2"):
        httpserver.expect_ordered_request("/tariffs", query_string={"page": number, "size": "200"}).respond_with_json(
            {"page": int(number), "pages": 2, "rows": []}
        )
    customs = connector("customs", base_url=httpserver.url_for("/"))
    line = customs.open()
    parts = [one.part for one in customs.streams["tariffs"].pages(line, "", ())]
    line.close()
    httpserver.check_assertions()
    assert parts == ["page 1", "page 2"]


# Rulings

S, A, H, R, D = State.SENT, State.ACCEPTED, State.HELD, State.REJECTED, State.DONE
PORT = {"1": S, "2": S, "3": S, "4": S, "100": R}
SEEN: Mapping[str, Mapping[str, State]] = {
    "customs.order": {**PORT, "120": D},
    "customs.receipt": {**PORT, "120": D},
    "customs.waybill": {**PORT, "120": A, "399": D},
    "customs.inventory": {**PORT, "120": A, "300": H, "500": H, "399": A, "800": A, "899": D},
    "customs.waybill_list": {**PORT, "120": D},
    "customs.departure": {**PORT, "120": A, "399": D},
    "customs.summary": {**PORT, "399": A},
    "customs.sumNo": {"792": A, "792.entry": D},
    "message": {"900": R},
}
"""The statuses that the specification lists for the receipt of each paper; 120 on 506 and 510 as practice reports."""
BRINGS_ABOUT = {
    ("customs.inventory", "800"): "released",
    ("customs.inventory", "899"): "released",
    ("customs.sumNo", "792.entry"): "entry_id",
}


def speaks_both_languages(ruling: Ruling) -> bool:
    return bool(ruling.zh and ruling.en) and ruling.zh != ruling.en


def has_way_out(ruling: Ruling) -> bool:
    return bool(ruling.way_out_zh and ruling.way_out_en) and ruling.way_out_zh != ruling.way_out_en


@pytest.mark.parametrize(
    ("kind", "code", "state"), [(kind, code, state) for kind, codes in SEEN.items() for code, state in codes.items()]
)
def test_every_status_of_our_papers_is_ruled(kind: str, code: str, state: State) -> None:
    ruling = CODES.rule(kind, code)
    assert ruling.state is state
    assert ruling.milestone == BRINGS_ABOUT.get((kind, code))
    assert speaks_both_languages(ruling)
    assert has_way_out(ruling) or not (ruling.attention or state in (R, H))


def span(first: int, last: int) -> list[str]:
    return [str(code) for code in range(first, last - 1, -1)]


NEGATIVE = [
    *span(-10101, -10102),
    *span(-301001, -301015),
    *span(-401001, -401013),
    *["-504000", *span(-504010, -504016), "-505000", *span(-505010, -505017)],
    *[*span(-621000, -621006), *span(-621008, -621030)],
    *[*span(-623000, -623014), *span(-623016, -623029)],
    *[*span(-625001, -625033), "-625110", "-625113", "-625114", "-625116", "-625200", *span(-625202, -625209)],
    *span(-800000, -800006),
]
"""Table 7-2 of the specification, all 159 of them."""
THERE_ALREADY = {
    "-301010", "-401007", "-504012", "-504015", "-505012", "-621004", "-623009", "-625033", "-800003",
}  # fmt: skip
"""Whose text says that it exists or was declared before."""
OLDER = {"-301014", "-401012", "-505016", "-800005"}
AMBIGUOUS = {"-625022"}  # stands twice in the table, once as a duplicate and once as a wrong state


@pytest.mark.parametrize("code", NEGATIVE)
def test_every_negative_code_is_ruled_with_a_way_out(code: str) -> None:
    ruling = CODES.rule("customs.order", code)
    assert ruling is not UNKNOWN
    assert speaks_both_languages(ruling)
    assert has_way_out(ruling)
    assert ruling.milestone is None
    if code in OLDER:  # nothing was done with it: the state stays, a person looks
        assert (ruling.state, ruling.attention) == (None, True)
    elif code not in AMBIGUOUS:
        assert ruling.state is (State.ACCEPTED if code in THERE_ALREADY else State.REJECTED)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("customs.order", "7"),
        ("customs.order", "-999999"),
        ("customs.inventory", "2600"),
        ("customs.inventory", ""),
        ("customs.order", "800"),  # nobody releases an order
        ("customs.summary", "792.entry"),
    ],
)
def test_a_code_that_is_not_in_the_table_is_never_a_success(kind: str, code: str) -> None:
    ruling = CODES.rule(kind, code)
    assert ruling is UNKNOWN
    assert ruling.attention
    assert ruling.state not in HAVING_IT
    assert ruling.milestone is None
    assert speaks_both_languages(ruling)
    assert has_way_out(ruling)


def test_what_the_stand_in_can_say_is_ruled() -> None:
    kinds = {ceb.message.removesuffix("Message"): ceb.kind for ceb in MESSAGES}
    said = {(kinds[name], step.status) for name, script in SCRIPTS.items() if name in kinds for step in script}
    said |= {(kind, REJECTED) for kind in kinds.values()}
    for name, kind in kinds.items():
        codes = KINDS[name]
        refusals = (codes.duplicate, codes.settled, codes.unknown, codes.wrong, codes.rows)
        said |= {(kind, refusal.status) for refusal in refusals}
    assert len(said) > 50
    assert {one for one in said if CODES.rule(*one) is UNKNOWN} == set()


# The fold


@dataclass(frozen=True, slots=True)
class Heard:
    state: str | None
    rank: int
    happened_at: datetime


def heard(ruling: Ruling, minutes: int = 0) -> Heard:
    return Heard(ruling.state, ruling.rank, AT + timedelta(minutes=minutes))


MOMENTS = st.integers(0, 2).map(lambda minutes: AT + timedelta(minutes=minutes))
RULED = st.builds(heard, st.sampled_from([*CODES.table.values(), UNKNOWN]), st.integers(0, 2))
ANYTHING = st.builds(Heard, st.sampled_from([*State, None]), st.sampled_from([0, 40, 70]), MOMENTS)
"""Customs' own codes never tie; another authority's may, and then time and name decide."""
RECEIVED = st.lists(RULED | ANYTHING, max_size=8)


@given(once=RECEIVED, before=st.sampled_from(State), data=st.data())
def test_order_and_repetition_never_matter(once: list[Heard], before: State, data: st.DataObject) -> None:
    repeated = data.draw(st.lists(st.sampled_from(once), max_size=4)) if once else []
    again = data.draw(st.permutations(once + repeated))
    assert fold(again, before) == fold(once, before)


@pytest.mark.parametrize(
    ("codes", "state"),
    [
        (("2", "3", "120"), State.ACCEPTED),
        (("120", "300", "500"), State.HELD),
        (("120", "500", "399", "800"), State.ACCEPTED),
        (("399", "800", "899"), State.DONE),
        (("3", "120", "300", "100"), State.REJECTED),
        (("-621004", "3"), State.ACCEPTED),  # it is there already: our second sending counts as taken
        (("-621001", "2"), State.REJECTED),
        (("-621001", "120"), State.ACCEPTED),  # refused by the port once, stored by customs since
        (("2", "7"), State.SENT),
    ],
)
def test_in_whatever_order_receipts_come_one_state_follows(codes: tuple[str, ...], state: State) -> None:
    told = [heard(CODES.rule("customs.inventory", code), minutes) for minutes, code in enumerate(codes)]
    assert {fold(order, State.SENT) for order in permutations(told)} == {state}


# What a returned paper is about


@pytest.mark.parametrize(
    ("kind", "words", "field"),
    [
        (
            "customs.inventory",
            "[Code:100;Desc:商品编码与商品名称不符,商品序号[2],商品编码[6704190000]]",
            "goods[1].hs_code",
        ),
        ("customs.inventory", "[Code:100;Desc:毛重小于净重,毛重（公斤）[1],净重（公斤）[2]]", "gross_weight"),
        ("customs.inventory", "法定计量单位与商品编码不符,商品序号[1],法定计量单位[007]", "goods[0].legal_unit"),
        ("customs.inventory", "单价与电子订单不一致,商品序号[12],单价[9.9]", "goods[11].price"),
        ("customs.inventory", "币制与电子订单不一致,商品序号[3],币制[502]", "goods[2].currency"),
        ("customs.inventory", "贸易方式不正确,贸易方式[9611]", "supervision_mode"),
        ("customs.inventory", "运费币制[999]不在参数表中", "freight_currency"),
        ("customs.inventory", "净重（公斤）[0]须大于零", "net_weight"),
        ("customs.summary", "收发货人代码与清单不一致,收发货人代码[4110],清单编号[46]", "seller_code"),
        ("customs.summary", "清单未离境,清单编号[46042026E021708009]", "inventories[0].inventory_number"),
        ("customs.waybill_list", "清单未放行,序号[1],物流运单编号[YH1K]", "parcels[0].parcel_number"),
        ("customs.departure", "离境时间[20250101]早于清单放行时间", "departed_at"),
        ("customs.order", "商品金额与总价合计不符,商品金额[1]", "goods_value"),
        ("customs.receipt", "收款金额与订单金额不符,收款金额[1]", "charge"),
        ("customs.waybill", "保价费[-1]不正确", "insurance"),
        ("customs.inventory", "[Code:100;Desc:系统繁忙，请稍后再试]", None),
        ("customs.inventory", "申报清单缺少商品项,商品序号[3]", None),
        ("customs.inventory", "", None),
    ],
)
def test_a_returned_paper_names_its_field(kind: str, words: str, field: str | None) -> None:
    assert document(kind).field_named(words) == field
