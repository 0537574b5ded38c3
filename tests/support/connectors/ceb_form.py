"""A CEB message against the field file of the stand-in, which no connector reads: everything that it does not allow."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from connectors.sdk.codecs import children, local_name
from mocks.customs.messages import AROUND, FILE

CEB = "{http://www.chinaport.gov.cn/ceb}"
PATTERNS = {
    r"s=(\d+)": r".{{{0}}}",
    r"s<=(\d+)": r".{{1,{0}}}",
    r"s(\d+)-(\d+)": r".{{{0},{1}}}",
    r"N19,5": r"-?\d{{1,14}}(\.\d{{1,5}})?",  # the column that takes it holds fourteen digits before the point
    r"int(\d+)": r"\d{{1,{0}}}",
}
MOST_ENTITIES = AROUND["most_entities"]
Row = Mapping[str, Any]


class Element(NamedTuple):
    """One field of the file: what messages and tables are held against."""

    name: str
    type: str
    mandatory: bool


def elements(rows: list[Row]) -> tuple[Element, ...]:
    return tuple(Element(row["name"], row.get("type", ""), row.get("required", True)) for row in rows)


def form_of(message: str) -> Row:
    """What the file says of a message, by the name of its root element."""
    form: Row = FILE["messages"][message.removesuffix("Message")]
    return form


def opened(envelope: bytes) -> etree._Element:
    """The CEB message inside a DxpMsg."""
    return etree.fromstring(b64decode(etree.fromstring(envelope).findtext("{*}Data") or "", validate=True))


def at(root: etree._Element, path: str) -> etree._Element | None:
    """The element at a path below the root, `Order/OrderHead/freight`."""
    return root.find("/".join(f"{CEB}{name}" for name in path.split("/")))


def fits(type_: str, text: str) -> bool:
    for notation, pattern in PATTERNS.items():
        if found := re.fullmatch(notation, type_):
            return re.fullmatch(pattern.format(*found.groups()), text, re.ASCII) is not None
    raise LookupError(type_)


def complaints(root: etree._Element) -> Iterator[str]:
    """Everything in a message that the published table does not allow."""
    form = form_of(local_name(root))
    rows = form.get("rows", {})
    entities = root.findall(f"{CEB}{form['entity']}")
    last = root[-2] if local_name(root[-1]) == "Signature" else root[-1]
    if not 1 <= len(entities) <= MOST_ENTITIES or local_name(last) != "BaseTransfer":
        yield f"{len(entities)} entities, then {local_name(last)}"
    head = elements(FILE["common"][form["side"]] + form["fields"])
    for entity in entities:
        yield from misfits(entity.find(f"{CEB}{form['head']}") if "head" in form else entity, head)
        written = entity.findall(f"{CEB}{rows['element']}") if rows else []
        if rows and not 1 <= len(written) <= rows.get("most", len(written)):
            yield f"{len(written)} rows"
        for row in written:
            yield from misfits(row, elements(form["row_fields"]))
    yield from misfits(last, elements(AROUND["BaseTransfer"]))


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


def complaints_of_xsd(root: etree._Element) -> list[str]:
    """What the official schema says, where YUHUB_CEB_XSD_DIR names the folder of the official XSDs."""
    folder = os.environ.get("YUHUB_CEB_XSD_DIR")
    if not folder:
        return []
    schema = _schema(folder)
    return [] if schema.validate(root) else [str(error) for error in schema.error_log]  # type: ignore[attr-defined]


@cache
def _schema(folder: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=Path(folder, "ceb-export-202205.xsd"))
