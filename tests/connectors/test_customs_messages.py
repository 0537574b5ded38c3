"""CEB messages as we write them, held against the published field tables and, where they are at hand, the XSDs."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pytest_httpserver import HTTPServer

from connectors.customs.documents import broken_rule
from connectors.customs.messages import MESSAGES, Ceb, Wire
from connectors.sdk import Bug, Paper
from connectors.sdk.codecs import children, local_name
from tests.connectors.ceb_fields import COMMON, FORMS, MOST_ENTITIES, TRANSFER, Element
from tests.connectors.parts import changed, connector, document, sample_paper
from tests.support.world import Street, World, a_world, demo_file

CEB = "{http://www.chinaport.gov.cn/ceb}"
XS = "{http://www.w3.org/2001/XMLSchema}"
ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { errors { path } } }"
by_message = pytest.mark.parametrize("ceb", MESSAGES, ids=lambda ceb: ceb.message)


# The table against the published one


def as_published(wires: tuple[Wire, ...]) -> list[Element]:
    """Our wires in the notation of the specification."""
    return [
        Element(wire.element, wire.type.replace("<=", "≤").replace("n19.5", "N19,5"), wire.mandatory) for wire in wires
    ]


@by_message
def test_each_element_has_its_published_type_and_place(ceb: Ceb) -> None:
    form = FORMS[ceb.message]
    assert (ceb.entity, ceb.head, ceb.rows) == (form.entity, form.head, form.rows)
    assert ceb.batch <= MOST_ENTITIES
    for ours, published in [(ceb.fields, form.fields), (ceb.row_fields, form.row_fields)]:
        written = {wire.element for wire in ours}
        assert as_published(ours) == [element for element in published if element.name in written]


@by_message
def test_no_mandatory_element_is_left_out(ceb: Ceb) -> None:
    form = FORMS[ceb.message]
    for ours, published in [(ceb.fields, form.fields), (ceb.row_fields, form.row_fields)]:
        mandatory = {element.name for element in published if element.mandatory}
        assert mandatory <= {wire.element for wire in ours}


# Messages of real trades against the published table


def play(world: World) -> None:
    """Two trades of the demonstration; one goes all the way to its summary application."""
    key = world.exporter()
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    for name in ("xuchang-wigs-to-chicago", "xuchang-wrong-classification"):
        assert world.ask(ENTER, key, input=demo_file("trades", name)) == {"enterTrade": {"errors": []}}
    world.run("customs.send")
    world.until(lambda: bool(world.taken("customs", "CEB701")), by=timedelta(hours=1))


@pytest.fixture(scope="module")
def played(street: Street, tmp_path_factory: pytest.TempPathFactory) -> dict[str, etree._Element]:
    """What customs received while the story was played: one message of each kind. Played once for this module."""
    folder = tmp_path_factory.mktemp("played")
    with a_world(street, folder, f"sqlite:///{folder / 'hub.db'}") as world:
        play(world)
        messages = [etree.fromstring(entry.body.encode()) for entry in world.taken("customs", "message")]
    return {local_name(message): message for message in messages}


PATTERNS = {
    r"s=(\d+)": r".{{{0}}}",
    r"s≤(\d+)": r".{{1,{0}}}",
    r"s(\d+)-(\d+)": r".{{{0},{1}}}",
    r"N19,5": r"-?\d{{1,14}}(\.\d{{1,5}})?",  # the column that takes it holds fourteen digits before the point
    r"int(\d+)": r"\d{{1,{0}}}",
}


def fits(type_: str, text: str) -> bool:
    for notation, pattern in PATTERNS.items():
        if found := re.fullmatch(notation, type_):
            return re.fullmatch(pattern.format(*found.groups()), text, re.ASCII) is not None
    raise LookupError(type_)


def complaints(root: etree._Element) -> Iterator[str]:
    """Everything in a message that the published table does not allow."""
    form = FORMS[local_name(root)]
    entities = root.findall(f"{CEB}{form.entity}")
    if not 1 <= len(entities) <= MOST_ENTITIES or local_name(root[-1]) != "BaseTransfer":
        yield f"{len(entities)} entities, then {local_name(root[-1])}"
    for entity in entities:
        yield from misfits(entity.find(f"{CEB}{form.head}") if form.head else entity, (*COMMON, *form.fields))
        rows = entity.findall(f"{CEB}{form.rows}") if form.rows else []
        if len(rows) > (form.most_rows or len(rows)) or (form.rows and not rows):
            yield f"{len(rows)} rows"
        for row in rows:
            yield from misfits(row, form.row_fields)
    yield from misfits(root[-1], TRANSFER)


def misfits(parent: etree._Element | None, elements: tuple[Element, ...]) -> Iterator[str]:
    assert parent is not None
    written = children(parent)
    order = [element.name for element in elements if element.name in written]
    if [local_name(child) for child in parent] != order:
        yield f"{local_name(parent)} is not {order}"
    for element in elements:
        text = written.get(element.name)
        if text is None and element.mandatory:
            yield f"{element.name} is missing"
        if text is not None and not fits(element.type, text):
            yield f"{element.name} {text!r} is not {element.type}"


def test_messages_of_real_trades_keep_to_the_published_table(played: dict[str, etree._Element]) -> None:
    assert set(played) == set(FORMS)
    assert {name: list(complaints(message)) for name, message in played.items()} == {name: [] for name in FORMS}
    assert len(played["CEB303Message"].findall(f"{CEB}Order")) == 2  # both trades went out in one message


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("OrderHead/currency", "US", "currency 'US' is not s=3"),
        ("OrderHead/orderNo", "9" * 61, "orderNo '999"),
        ("OrderList/price", "0.000001", "price '0.000001' is not N19,5"),
        ("OrderList/gnum", "1.0", "gnum '1.0' is not int5"),
        ("OrderHead/freight", None, "freight is missing"),
    ],
)
def test_the_yardstick_notices(path: str, text: str | None, complaint: str) -> None:
    root = opened(document("customs.order").encode([sample_paper("customs.order")]).body)
    element = root.find("/".join(f"{CEB}{name}" for name in f"Order/{path}".split("/")))
    assert element is not None
    if text is None:
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)
    else:
        element.text = text
    (said,) = complaints(root)
    assert said.startswith(complaint)


# The official schemas


@pytest.fixture(scope="module")
def schemas() -> Path:
    folder = os.environ.get("YUHUB_CEB_XSD_DIR")
    if not folder:
        pytest.skip("YUHUB_CEB_XSD_DIR does not name the folder of the official XSDs")
    return Path(folder)


def test_messages_of_real_trades_are_valid(schemas: Path, played: dict[str, etree._Element]) -> None:
    export = etree.XMLSchema(file=schemas / "ceb-export-202205.xsd")
    assert set(played) == set(FORMS)
    for message in played.values():
        export.assertValid(message)


@by_message
def test_the_envelope_is_valid(ceb: Ceb, schemas: Path) -> None:
    terminal = etree.XMLSchema(file=schemas / "dxp-terminal-202205.xsd")
    terminal.assertValid(etree.fromstring(document(ceb.kind).encode([sample_paper(ceb.kind)]).body))


@by_message
def test_the_published_table_is_that_of_the_schema(ceb: Ceb, schemas: Path) -> None:
    """The tables that everything above relies on were written down by hand."""
    form, schema = FORMS[ceb.message], etree.parse(schemas / "ceb-export-202205.xsd").getroot()
    if form.head:
        tables = {form.head: (*COMMON, *form.fields), form.rows: form.row_fields}
    else:
        tables = {form.entity: (*COMMON, *form.fields)}
    for name, elements in tables.items():
        declared = schema.findall(f"{XS}element[@name='{name}']/{XS}complexType/{XS}sequence/{XS}element")
        assert [in_our_notation(element) for element in declared] == list(elements)


def in_our_notation(declared: etree._Element) -> Element:
    facets = {local_name(facet): str(facet.get("value")) for facet in declared.iterfind(f".//{XS}restriction/*")}
    if "totalDigits" in facets:
        type_ = f"N19,{facets['fractionDigits']}" if "fractionDigits" in facets else f"int{facets['totalDigits']}"
    elif "length" in facets:
        type_ = f"s={facets['length']}"
    elif int(facets.get("minLength", "0")) > 1:
        type_ = f"s{facets['minLength']}-{facets['maxLength']}"
    else:
        type_ = f"s≤{facets['maxLength']}"
    return Element(str(declared.get("name")), type_, declared.get("minOccurs") != "0")


# Writing


def opened(envelope: bytes) -> etree._Element:
    return etree.fromstring(b64decode(etree.fromstring(envelope).findtext("{*}Data") or "", validate=True))


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
        ("customs.order", {"platform_code": None}, {}, "Order/OrderHead/ebpCode", "无"),
        ("customs.inventory", {"owner_code": None}, {}, "Inventory/InventoryHead/ownerCode", "NO"),
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
    assert root.findtext("/".join(f"{CEB}{name}" for name in path.split("/"))) == written


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
def test_a_paper_is_known_by_what_its_receipts_repeat(kind: str, key: str) -> None:
    assert document(kind).references(sample_paper(kind)) == {kind: key}


def test_a_message_is_handed_to_the_data_exchange(httpserver: HTTPServer) -> None:
    paper = sample_paper("customs.order")
    customs = connector("customs", base_url=httpserver.url_for("/"))
    target = customs.documents[paper.kind]
    message = target.encode([paper])
    httpserver.expect_oneshot_request(
        "/dxp/messages",
        method="POST",
        data=message.body,
        headers={"Authorization": "Bearer demo-customs-token", "Content-Type": "application/xml"},
    ).respond_with_data("<DxpReceipt/>", status=202)
    line = customs.open()
    answer = target.send(line, message, [paper])
    line.close()
    assert answer.status == 202
    assert list(target.read(answer, [paper])) == []  # taken over for delivery: nothing was said of the paper yet


# Checking


@pytest.mark.parametrize(
    ("kind", "head", "line", "field", "code", "rule"),
    [
        ("customs.order", {"platform_name": "豫" * 101}, {}, "platform_name", "FORMAT", "不得超过 100，现为 101"),
        ("customs.inventory", {"customs_office": "46"}, {}, "customs_office", "FORMAT", "须为 4，现为 2"),
        ("customs.inventory", {"destination_port": "US"}, {}, "destination_port", "FORMAT", "不得少于 3"),
        ("customs.inventory", {}, {"hs_code": "67042000"}, "goods[0].hs_code", "FORMAT", "商品编码：长度须为 10"),
        ("customs.inventory", {}, {"item_number": "R" * 21}, "goods[0].item_number", "FORMAT", "不得超过 20"),
        ("customs.inventory", {"destination_country": "AQ"}, {}, "destination_country", "NO_CODE", "没有 AQ"),
        ("customs.order", {"currency": "KZT"}, {}, "currency", "NO_CODE", "币制：JGS-20 中没有 KZT"),
        ("customs.order", {}, {"unit": "barrel"}, "goods[0].unit", "NO_CODE", "计量单位：JGS-20 中没有 barrel"),
        ("customs.inventory", {"packaging": "crate"}, {}, "packaging", "NO_CODE", "没有 crate"),
        ("customs.waybill_list", {"transport_mode": "pipe"}, {}, "transport_mode", "NO_CODE", "没有 pipe"),
        ("customs.order", {"seller_name": ""}, {}, "seller_name", "MANDATORY", "收发货人名称：必填"),
        ("customs.inventory", {}, {"specification": None}, "goods[0].specification", "MANDATORY", "规格型号：必填"),
        ("customs.order", {"goods_value": Decimal(10) ** 14}, {}, "goods_value", "FORMAT", "14 位整数"),
        ("customs.order", {}, {"price": Decimal("0.000001")}, "goods[0].price", "FORMAT", "5 位小数"),
        ("customs.waybill", {"packages": 10**9}, {}, "packages", "FORMAT", "件数：须为不超过 9 位的整数"),
    ],
)
def test_a_paper_that_customs_would_return_is_found_before_it_goes(
    kind: str, head: dict[str, Any], line: dict[str, Any], field: str, code: str, rule: str
) -> None:
    (problem,) = document(kind).check(changed(sample_paper(kind), head, line))
    assert (problem.field, problem.code) == (field, code)
    assert rule in problem.rule


def test_everything_that_is_wrong_is_said_at_once() -> None:
    paper = changed(
        sample_paper("customs.order"), {"currency": "KZT", "seller_code": "4" * 19}, {"item_name": "", "total": None}
    )
    found = [problem.field for problem in document(paper.kind).check(paper)]
    assert found == ["seller_code", "currency", "goods[0].item_name", "goods[0].total"]


@pytest.mark.parametrize(
    ("type_", "text", "rule"),
    [
        ("s=4", "4604", None),
        ("s=4", "460", "长度须为 4，现为 3"),
        ("s=4", "46040", "长度须为 4，现为 5"),
        ("s<=3", "豫货号", None),
        ("s<=3", "豫货出海", "长度不得超过 3，现为 4"),
        ("s3-4", "ORD", None),
        ("s3-4", "OR", "长度不得少于 3，现为 2"),
        ("s3-4", "USORD", "长度不得超过 4，现为 5"),
        ("n19.5", "99999999999999.99999", None),
        ("n19.5", "-0.5", None),
        ("n19.5", "100000000000000", "须为不超过 14 位整数、5 位小数"),
        ("n19.5", "0.000001", "须为不超过 14 位整数、5 位小数"),
        ("int5", "99999", None),
        ("int5", "100000", "须为不超过 5 位的整数"),
        ("int5", "-1", "须为不超过 5 位的整数"),
        ("int5", "1.0", "须为不超过 5 位的整数"),
    ],
)
def test_a_type_says_which_rule_a_text_breaks(type_: str, text: str, rule: str | None) -> None:
    assert broken_rule(type_, text) == rule


@pytest.mark.parametrize(
    ("kind", "head", "line", "field"),
    [("customs.order", {"seller_name": ""}, {}, "seller_name"), ("customs.order", {}, {"total": None}, "total")],
)
def test_a_paper_without_a_mandatory_value_is_not_written(
    kind: str, head: dict[str, Any], line: dict[str, Any], field: str
) -> None:
    paper: Paper = changed(sample_paper(kind), head, line)
    with pytest.raises(Bug) as refused:
        document(kind).encode([paper])
    assert refused.value.field == field
