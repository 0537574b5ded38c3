"""The table that writes CEB messages, held against the published one and, where they are at hand, the official XSDs."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from connectors.customs.messages import CANCELLATION, MESSAGES, WITHDRAWN_BY, Ceb, Wire
from connectors.sdk import Paper
from connectors.sdk.codecs import local_name
from tests.support.connectors.ceb_fields import COMMON, FORMS, MOST_ENTITIES, Element
from tests.support.connectors.ceb_form import CEB, at, complaints, opened
from tests.support.connectors.parts import changed, document, sample_paper
from tests.support.world import Street, World, a_world, demo_file

XS = "{http://www.w3.org/2001/XMLSchema}"
ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { errors { path } } }"
SENT = {ceb.message for ceb in MESSAGES}
by_message = pytest.mark.parametrize("ceb", [*MESSAGES, CANCELLATION], ids=lambda ceb: ceb.message)
WITHDRAWN = [
    changed(sample_paper(ceb.kind), action="withdraw", version=2, guid="5D0E7E0B-6E0B-4A53-8A0C-3F2B1E7D9C44")
    for ceb in MESSAGES
    if ceb.withdraws and ceb.kind not in WITHDRAWN_BY
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


@by_paper
def test_every_paper_keeps_to_the_published_table(paper: Paper) -> None:
    assert list(complaints(opened(document(paper.kind).encode([paper]).body))) == []


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


def test_messages_of_real_trades_keep_to_the_published_table(played: dict[str, etree._Element]) -> None:
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
