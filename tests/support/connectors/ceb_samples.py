"""One sample of every message that customs or the port sends, 202205 edition.

Where YUHUB_CEB_XSD_DIR names the folder of the official XSDs, the samples are generated from the schemas instead, with
every element that they allow.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from lxml import etree

from mocks.customs.messages import FILE
from tests.support.connectors.ceb_responses import GUID, SAID, written

XS = "{http://www.w3.org/2001/XMLSchema}"
TOLD = "returnStatus returnTime returnInfo"
TAXES = "customsTax valueAddedTax consumptionTax"


def _answer(row: Mapping[str, str]) -> str:
    return f"{row['entity']} {row['repeats'].replace('?', '')} {TOLD}"


SAMPLES: Mapping[str, str] = {
    **{row["answer"]["kind"][3:]: _answer(row["answer"]) for row in FILE["messages"].values()},
    "214": f"RefundReturn guid agentCode coElNo invtNo {TOLD}",
    "216": f"InvtRefundDetailReturn guid operatorCode logisticsCode logisticsNo coElNo {TOLD}",
    "514": f"LogisticsStatusReturn guid logisticsCode logisticsNo logisticsStatus {TOLD}",
    "624": f"InvtCancelReturn guid copNo preNo {TOLD}",
    "626": f"InvtRefundReturn guid copNo preNo {TOLD}",
    "712": f"DeliveryReturn guid {TOLD}",
    "792": "SummaryResult/SummaryResultHead guid customsCode sumNo opDate declSeqNo decState agentCode agentName"
    " ebcCode ebcName declAgentCode declAgentName grossWeight netWeight msgCount msgSeqNo",
    "816": f"Tax/TaxHeadRd guid returnTime invtNo taxNo {TAXES} status/TaxListRd gnum gcode taxPrice {TAXES}",
    "818": "Tax/TaxHeadStatus guid returnTime invtNo taxNo status",
    "900": "MessageReturn guid returnStatus returnInfo returnTime oriCopMsgId oriMessageType oriBizMessage",
}
"""Number of the message → its entity and what stands in it; behind a stroke what stands inside the entity.

The answers to what is sent are those of the field file; the others were written from the published tables.
"""
VALUES = {
    "guid": GUID, **SAID, "opDate": SAID["returnTime"], "ebpCode": "无", "ebcCode": "411096500K", "orderNo": "XC-42",
    "payNo": "ZYP42", "preNo": "B20260109021708005", "invtNo": "46042026E021708009", "sumNo": "S20260109021708013",
    "declSeqNo": "S20260109021708014", "entryId": "460420260021708017", "customsCode": "4604", "oriCopMsgId": GUID,
    "oriMessageType": "CEB303Message", "status": "1", "msgSeqNo": "1", "msgCount": "1",
}  # fmt: skip
LENGTHS = {"gcode": 10}


def sample_of(number: str) -> bytes:
    """A message of this kind, with one entity."""
    folder = os.environ.get("YUHUB_CEB_XSD_DIR")
    content = _generated(folder, number) if folder else _from_tables(SAMPLES[number])
    return written(f"CEB{number}Message", content)


def from_tables(number: str) -> bytes:
    """The sample as the published tables have it, whether the schemas are at hand or not."""
    return written(f"CEB{number}Message", _from_tables(SAMPLES[number]))


def _from_tables(row: str) -> str:
    entity, *parts = row.split("/")
    name, *fields = entity.split()
    inner = "".join(f"<ceb:{field}>{_value(field)}</ceb:{field}>" for field in fields)
    return f"<ceb:{name}>{inner}{''.join(map(_from_tables, parts))}</ceb:{name}>"


def _value(name: str, type_: etree._Element | None = None) -> str:
    """A value that fits an element by its name, or else by its type."""
    if name in VALUES:
        return VALUES[name]
    facets = {etree.QName(one).localname: one.get("value") for one in type_.iter(f"{XS}*")} if type_ is not None else {}
    length = int(facets.get("length") or facets.get("minLength") or LENGTHS.get(name, 1))
    return "1" * max(length, 1)


def side_of(folder: str, number: str) -> Path:
    """The official schema that a message is in, of the export or of the import side."""
    for side in ("export", "import"):
        schema = Path(folder, f"ceb-{side}-202205.xsd")
        if f"CEB{number}Message" in _elements(schema):
            return schema
    raise LookupError(number)


@cache
def _elements(schema: Path) -> Mapping[str, etree._Element]:
    found = etree.parse(schema).getroot().iterfind(f"{XS}element")
    return {element.get("name", ""): element for element in found}


def _generated(folder: str, number: str) -> str:
    elements = _elements(side_of(folder, number))
    return "".join(_written(elements, child) for child in _children(elements[f"CEB{number}Message"]))


def _children(element: etree._Element) -> Iterator[etree._Element]:
    return element.iterfind(f"{XS}complexType/{XS}sequence/{XS}element")


def _written(elements: Mapping[str, etree._Element], element: etree._Element) -> str:
    if reference := element.get("ref"):
        element = elements[reference.removeprefix("ceb:")]
    name = element.get("name", "")
    inner = "".join(_written(elements, child) for child in _children(element))
    return f"<ceb:{name}>{inner or _value(name, element.find(f'{XS}simpleType'))}</ceb:{name}>"
