"""The table that writes CEB messages against the field file, and that against the official XSDs where they are."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from connectors.customs.declarations import GOODS, HEAD, PARTIES, Cell
from connectors.customs.messages import CANCELLATION, MESSAGES, WITHDRAWN_BY, Ceb, Wire
from connectors.sdk import Paper
from connectors.sdk.codecs import local_name
from mocks.customs.messages import FILE
from tests.support.connectors.ceb_form import (
    CEB,
    MOST_ENTITIES,
    Element,
    Row,
    at,
    complaints,
    elements,
    form_of,
    opened,
)
from tests.support.connectors.parts import CONNECTORS, changed, document, sample_paper
from tests.support.world import Street, World, a_world, demo_file

XS = "{http://www.w3.org/2001/XMLSchema}"
ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { errors { path } } }"
SENT = {ceb.message for ceb in MESSAGES}
by_message = pytest.mark.parametrize("ceb", [*MESSAGES, CANCELLATION], ids=lambda ceb: ceb.message)
WITHDRAWN = [
    changed(sample_paper(ceb.kind), action="withdraw", version=2, guid="5D0E7E0B-6E0B-4A53-8A0C-3F2B1E7D9C44")
    for ceb in MESSAGES
    if CONNECTORS["customs"].manifest.papers[ceb.kind].withdraws and ceb.kind not in WITHDRAWN_BY
]
by_paper = pytest.mark.parametrize(
    "paper",
    [
        *(sample_paper(ceb.kind) for ceb in MESSAGES),
        *WITHDRAWN,
        *(sample_paper(f"{kind}-withdrawn") for kind in WITHDRAWN_BY),
    ],
    ids=lambda paper: f"{paper.kind} {paper.action}",
)
"""Everything that goes out as a CEB message: each kind as new and, where it can be taken back, as withdrawn."""


LISTS = {
    "currency": "货币代码",
    "unit": "计量单位代码",
    "country": "国别（地区）代码",
    "transport": "运输方式代码",
    "packaging": "包装种类代码",
}
"""Our table of codes → the customs table that the file names."""


# The connector's table against the field file


def parts_of(ceb: Ceb) -> list[tuple[tuple[Wire, ...], list[Row]]]:
    """Head and rows: ours, and those of the file."""
    form = form_of(ceb.message)
    return [(ceb.fields, form["fields"]), (ceb.row_fields, form.get("row_fields", []))]


@by_message
def test_each_element_has_its_type_its_label_and_its_place(ceb: Ceb) -> None:
    form = form_of(ceb.message)
    assert (ceb.entity, ceb.head, ceb.rows) == (
        form["entity"],
        form.get("head", ""),
        form.get("rows", {"element": ""})["element"],
    )
    assert ceb.batch <= MOST_ENTITIES
    for ours, rows in parts_of(ceb):
        named = {row["name"]: row["label"] for row in rows}
        written = [element for element in elements(rows) if element.name in {wire.element for wire in ours}]
        assert [Element(wire.element, wire.type, wire.mandatory) for wire in ours] == written
        assert {wire.element: wire.label for wire in ours} == {wire.element: named[wire.element] for wire in ours}


@by_message
def test_no_mandatory_element_is_left_out(ceb: Ceb) -> None:
    for ours, rows in parts_of(ceb):
        assert {one.name for one in elements(rows) if one.mandatory} <= {wire.element for wire in ours}


@by_message
def test_a_code_is_of_the_list_that_the_element_wants_and_a_constant_has_a_meaning(ceb: Ceb) -> None:
    for ours, rows in parts_of(ceb):
        row_of = {row["name"]: row for row in rows}
        for wire in ours:
            row = row_of[wire.element]
            if wire.code:
                assert LISTS[wire.code] == row["list"], wire.element
            if wire.constant:
                assert wire.constant in row.get("values", [row.get("fixed", wire.constant)]), wire.element


DECLARED = FILE["declaration"]
CELLS = [
    ("head", HEAD, DECLARED["head"]),
    ("goods", GOODS, DECLARED["goods"]),
    *((name, PARTIES[name], rows) for name, rows in DECLARED["parties"].items()),
]
OURS_ALONE = {"copNo", "action"}
"""Cells of a declaration that no field of a paper fills: its number, and whether it changes one."""


@pytest.mark.parametrize(("part", "cells", "rows"), CELLS, ids=lambda one: one if isinstance(one, str) else "")
def test_the_cells_of_a_declaration_are_those_of_the_file(part: str, cells: tuple[Cell, ...], rows: list[Row]) -> None:
    assert set(PARTIES) == set(DECLARED["parties"])
    named = {row["name"]: row for row in rows if row["name"] not in OURS_ALONE}
    assert {cell.name: cell.label for cell in cells} == {name: row["label"] for name, row in named.items()}
    coded = {cell.name: LISTS[cell.code.removesuffix(" letters")] for cell in cells if cell.code}
    assert coded == {name: named[name].get("list") for name in coded}


@pytest.mark.parametrize("name", ["customs.declaration", "customs.declaration-b2b"])
def test_a_declaration_has_what_the_file_wants_and_nothing_else(name: str) -> None:
    paper = sample_paper(name)
    sent = json.loads(document(paper.kind).encode([paper]).body)
    parties, head = DECLARED["parties"], DECLARED["head"]
    assert set(sent) == {row["name"] for row in head} | set(parties) | {"attachments", "goods"}
    parts = [(sent, head), *((sent[one], rows) for one, rows in parties.items())]
    parts += [(row, DECLARED[group]) for group in ("attachments", "goods") for row in sent[group]]
    for written, rows in parts:
        assert {one.name for one in elements(rows) if one.mandatory} <= {key for key, value in written.items() if value}


@by_paper
def test_every_paper_keeps_to_the_field_file(paper: Paper) -> None:
    assert list(complaints(opened(document(paper.kind).encode([paper]).body))) == []


# Messages of real trades against the field file


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


def test_messages_of_real_trades_keep_to_the_field_file(played: dict[str, etree._Element]) -> None:
    assert set(played) == SENT
    assert {name: list(complaints(message)) for name, message in played.items()} == {name: [] for name in SENT}
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
    element = at(root, f"Order/{path}")
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
    assert set(played) == SENT
    for message in played.values():
        export.assertValid(message)


@by_paper
def test_every_paper_and_its_envelope_are_valid(paper: Paper, schemas: Path) -> None:
    body = document(paper.kind).encode([paper]).body
    etree.XMLSchema(file=schemas / "ceb-export-202205.xsd").assertValid(opened(body))
    etree.XMLSchema(file=schemas / "dxp-terminal-202205.xsd").assertValid(etree.fromstring(body))


@pytest.mark.parametrize("kind", FILE["messages"])
def test_the_field_file_is_that_of_the_schema(kind: str, schemas: Path) -> None:
    """What everything above relies on was written down by hand."""
    form = FILE["messages"][kind]
    schema = etree.parse(schemas / f"ceb-{form['side']}-202205.xsd").getroot()
    tables = {form.get("head", form["entity"]): elements(FILE["common"][form["side"]] + form["fields"])}
    if "rows" in form:
        tables[form["rows"]["element"]] = elements(form["row_fields"])
    for name, rows in tables.items():
        declared = schema.findall(f"{XS}element[@name='{name}']/{XS}complexType/{XS}sequence/{XS}element")
        assert [in_our_notation(element) for element in declared] == list(rows)


def in_our_notation(declared: etree._Element) -> Element:
    facets = {local_name(facet): str(facet.get("value")) for facet in declared.iterfind(f".//{XS}restriction/*")}
    if "totalDigits" in facets:
        type_ = f"N19,{facets['fractionDigits']}" if "fractionDigits" in facets else f"int{facets['totalDigits']}"
    elif "length" in facets:
        type_ = f"s={facets['length']}"
    elif "maxLength" not in facets:
        type_ = "int10"
    elif int(facets.get("minLength", "0")) > 0:
        type_ = f"s{facets['minLength']}-{facets['maxLength']}"
    else:
        type_ = f"s<={facets['maxLength']}"
    return Element(str(declared.get("name")), type_, declared.get("minOccurs") != "0")
