"""Golden pairs: what goes out for a paper, and what a received page is read to. They lie beside each connector.

`<kind>.paper.json` and `<kind>.sent.*` are a paper and its wire form; `<name>.received.*` and `<name>.records.json` a
page and the records it holds. A change of either side shows as a change of a file that a person can read.
"""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from connectors.sdk import Message
from connectors.sdk.moments import Moment
from tests.connectors.parts import CONNECTORS, FOLDER, connector, document, loaded, page, sample_paper, samples

SENT = sorted(FOLDER.glob("*/samples/*.paper.json"))
RECEIVED = sorted(FOLDER.glob("*/samples/*.records.json"))
DXP_MSG = "{http://www.chinaport.gov.cn/dxp}DxpMsg"


def name_of(path: Path) -> str:
    return f"{path.parts[-3]}/{path.name.split('.json')[0].rpartition('.')[0]}"


def beside(path: Path, what: str) -> Path:
    (found,) = path.parent.glob(f"{name_of(path).partition('/')[2]}.{what}.*")
    return found


def opened(message: Message) -> bytes:
    """What the message says; a DxpMsg is opened, for its base64 tells a reader nothing."""
    if message.content_type != "application/xml":
        return message.body
    root = etree.fromstring(message.body)
    assert root.tag == DXP_MSG
    return b64decode(root.findtext("{*}Data") or "")


def comparable(content: bytes) -> Any:
    """JSON as its value, XML in canonical form; neither with the white space that makes a file readable."""
    if content.lstrip().startswith(b"{"):
        return json.loads(content)
    parser = etree.XMLParser(remove_blank_text=True)
    return etree.tostring(etree.fromstring(content, parser), method="c14n")


def as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return Moment().serialize("at", {"at": value})
    return str(value) if isinstance(value, date | Decimal) else value


@pytest.mark.parametrize("path", SENT, ids=name_of)
def test_a_paper_goes_out_as_its_sample_shows(path: Path) -> None:
    paper = sample_paper(name_of(path).partition("/")[2])
    target = document(paper.kind)
    assert target.check(paper) == []
    assert comparable(opened(target.encode([paper]))) == comparable(beside(path, "sent").read_bytes())


@pytest.mark.parametrize("path", RECEIVED, ids=name_of)
def test_a_page_is_read_as_its_sample_shows(path: Path) -> None:
    expected = json.loads(path.read_text("utf-8"))
    received = page(
        beside(path, "received").read_bytes(), status=expected.get("status", 200), part=expected.get("part", "")
    )
    source = connector(path.parts[-3])
    if kind := expected.get("answer_to"):
        paper = sample_paper(kind)
        drafts = source.documents[paper.kind].read(received, [paper])
    else:
        drafts = source.streams[expected["stream"]].read(received)
    records = [{name: as_json(value) for name, value in record.items()} for record in loaded(drafts)]
    assert records == expected["records"]


@pytest.mark.parametrize("code", CONNECTORS)
def test_every_kind_and_every_stream_has_its_sample(code: str) -> None:
    source = connector(code)
    streams = {json.loads(path.read_text("utf-8")).get("stream") for path in samples(code).glob("*.records.json")}
    assert set(source.streams) <= streams
    kinds = {sample_paper(path.name.removesuffix(".paper.json")).kind for path in samples(code).glob("*.paper.json")}
    assert set(source.documents) == kinds
    paired = {beside(path, what) for path, what in [(p, "sent") for p in SENT] + [(p, "received") for p in RECEIVED]}
    lone = set(samples(code).iterdir()) - paired - set(SENT) - set(RECEIVED)
    assert lone == set()
