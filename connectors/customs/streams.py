"""What we pull from customs: receipts from our mailbox, and the tariff."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from lxml import etree
from marshmallow import fields

from connectors.customs.documents import business_key
from connectors.sdk import BadData, Http, Page, Stream
from connectors.sdk.codecs import children, local_name, read_json, read_xml, write_xml
from connectors.sdk.moments import Moment, from_compact
from connectors.sdk.paging import by_cursor, by_number, key_of
from connectors.sdk.records import HS_CODE, SAID, DocumentEvent, Draft, Tariff

PAGE = 200


class ReceiptEvent(DocumentEvent):
    """A receipt as customs names its fields (returnStatus, returnTime, returnInfo)."""

    code = fields.String(required=True, data_key="returnStatus", validate=SAID)
    words = fields.String(load_default="", data_key="returnInfo")
    happened_at = Moment(required=True, parse=from_compact, data_key="returnTime")
    as_of = Moment(required=True, parse=from_compact, data_key="asOf")


class TariffRow(Tariff):
    hs_code = fields.String(required=True, data_key="hsCode", validate=HS_CODE)
    unit2 = fields.String(load_default=None, allow_none=True)
    export_duty = fields.Decimal(load_default=None, allow_none=True, data_key="exportDuty")
    valid_from = fields.Date(required=True, data_key="validFrom")
    valid_to = fields.Date(load_default=None, allow_none=True, data_key="validTo")
    as_of = Moment(required=True, data_key="updatedAt")


class ReceiptKind(NamedTuple):
    """Which paper a receipt message is about, by which of its elements, and which identifiers it carries."""

    kind: str
    entity: str
    key: tuple[str, ...]
    identifiers: tuple[str, ...] = ()


RECEIPTS = {
    "CEB304Message": ReceiptKind("customs.order", "OrderReturn", ("ebcCode", "orderNo")),
    "CEB404Message": ReceiptKind("customs.receipt", "ReceiptsReturn", ("ebcCode", "orderNo", "payNo")),
    "CEB506Message": ReceiptKind("customs.waybill", "LogisticsReturn", ("logisticsCode", "logisticsNo")),
    "CEB510Message": ReceiptKind("customs.departure", "DepartureReturn", ("copNo",), ("preNo",)),
    "CEB604Message": ReceiptKind("customs.inventory", "InventoryReturn", ("copNo",), ("preNo", "invtNo")),
    "CEB606Message": ReceiptKind("customs.cancellation", "InvtCancelReturn", ("invtNo",)),
    "CEB608Message": ReceiptKind("customs.waybill_list", "WayBillReturn", ("copNo",), ("preNo",)),
    "CEB702Message": ReceiptKind("customs.summary", "SummaryReturn", ("copNo",), ("preNo", "sumNo")),
}
"""Receipt message → paper (202205 edition, receipts). 792 and 900 have readers of their own."""
ECHO = "oriBizMessage"
MAILBOX = ("DxpMessages", "DxpMsgSv", "DxpMsg")
Said = tuple[etree._Element, dict[str, Any]]
"""A receipt as it stands in its message, and the event that it tells of."""


class Receipts(Stream):
    """Our mailbox at the data exchange: every receipt, oldest first; the cursor is the last message's id."""

    name = "receipts"
    records = (ReceiptEvent,)

    def __init__(self, dxp_id: str) -> None:
        self.dxp_id = dxp_id

    def pages(self, http: Http, cursor: str, watched: Sequence[str]) -> Iterator[Page]:
        return by_cursor(
            http,
            "dxp/messages",
            cursor,
            _last_message,
            lambda after: {"receiver": self.dxp_id, "after": after, "limit": PAGE},
        )

    def read(self, page: Page) -> Iterator[Draft]:
        for message in read_xml(page.body, *MAILBOX).iter("{*}DxpMsg"):
            for _, values in _read_message(_open_envelope(message)):
                yield ReceiptEvent, values

    def excerpt(self, page: Page, source_id: str) -> tuple[bytes, str] | None:
        """The CEB message with the one receipt alone: a message answers papers of several enterprises."""
        for message in read_xml(page.body).iter("{*}DxpMsg"):
            root = _open_envelope(message)
            for entity, values in _read_message(root):
                if values["source_id"] == source_id:
                    return write_xml(_alone(root, entity)), "application/xml"
        return None


class Tariffs(Stream):
    """The tariff list, whole: it is small, and what was withdrawn shows by its last day."""

    name = "tariffs"
    records = (TariffRow,)

    def pages(self, http: Http, cursor: str, watched: Sequence[str]) -> Iterator[Page]:
        return by_number(http, "tariffs", _pages, lambda number: {"page": number, "size": PAGE})

    def read(self, page: Page) -> Iterator[Draft]:
        for row in read_json(page.body)["rows"]:
            names = row.get("name") or {}
            flat = row | {
                "name_zh": names.get("zh"),
                "name_en": names.get("en") or "",
                "unit2": row.get("unit2") or None,
            }
            yield TariffRow, flat | {"source_id": key_of(row.get("hsCode"), row.get("validFrom"))}


def _last_message(page: Page) -> str | None:
    ids = [element.text for element in read_xml(page.body, *MAILBOX).iter("{*}MsgId")]
    return ids[-1] if ids else None


def _pages(page: Page) -> int:
    return int(read_json(page.body)["pages"])


def _open_envelope(message: etree._Element) -> etree._Element:
    """The CEB message inside a DxpMsg."""
    content = "".join((message.findtext("{*}Data") or "").split())  # base64Binary may be broken into lines
    try:
        return read_xml(b64decode(content, validate=True))
    except Base64Error:
        raise BadData("the Data of a DxpMsg is not base64") from None


def _alone(root: etree._Element, entity: etree._Element) -> etree._Element:
    """A receipt message with one of its receipts. A 900 repeats what was sent, with others' papers: that goes too."""
    alone = deepcopy(root)
    kept = alone[root.index(entity)]
    for child in [*alone]:
        if child is not kept:
            alone.remove(child)
    for echo in kept.findall(f"{{*}}{ECHO}"):
        kept.remove(echo)
    return alone


def _read_message(root: etree._Element) -> Iterator[Said]:
    name = local_name(root)
    if name == "CEB900Message":
        yield from _refused_messages(root)
    elif name == "CEB792Message":
        yield from _summary_results(root)
    elif name in RECEIPTS:
        yield from _receipts(root, RECEIPTS[name])
    else:
        raise BadData(f"{name} is no receipt that we know", field="MsgType")


def _receipts(root: etree._Element, receipt: ReceiptKind) -> Iterator[Said]:
    for entity in root.iterfind(f"{{*}}{receipt.entity}"):
        values = children(entity)
        identifiers = {name: values[name] for name in receipt.identifiers if values.get(name)}
        about = business_key(*(values.get(name, "") for name in receipt.key))
        yield entity, _event(values, about_kind=receipt.kind, about_value=about, identifiers=identifiers)


def _event(values: dict[str, str], about_kind: str, about_value: str, identifiers: dict[str, str]) -> dict[str, Any]:
    """A receipt has no id of its own: the same words at the same time about the same paper are the same receipt."""
    names = ("guid", "returnStatus", "returnTime", "returnInfo", "declSeqNo")
    said = "|".join([about_kind, about_value, *(values.get(name, "") for name in names)])
    return {
        "source_id": hashlib.sha256(said.encode()).hexdigest(),
        "about_kind": about_kind,
        "about_value": about_value,
        "guid": values.get("guid") or None,
        "returnStatus": values.get("returnStatus"),
        "returnInfo": values.get("returnInfo", ""),
        "returnTime": values.get("returnTime"),
        "asOf": values.get("returnTime"),
        "answers": identifiers,
        "references": {f"customs.{name}": value for name, value in identifiers.items()},
    }


def _summary_results(root: etree._Element) -> Iterator[Said]:
    """792 汇总结果单: about the summary application (sumNo); with an entry id once the declaration exists."""
    for entity in root.iterfind("{*}SummaryResult"):
        head = entity.find("{*}SummaryResultHead")
        values = children(head if head is not None else entity)
        identifiers = {name: values[name] for name in ("entryId", "declSeqNo") if values.get(name)}
        values |= {
            "guid": "",  # the result has a guid of its own, not that of our application
            "returnStatus": "792.entry" if values.get("entryId") else "792",
            "returnTime": values.get("opDate", ""),
            "returnInfo": values.get("entryId", ""),
        }
        yield entity, _event(values, "customs.sumNo", values.get("sumNo", ""), identifiers)


def _refused_messages(root: etree._Element) -> Iterator[Said]:
    """900: a message failed the schema as a whole; what it says holds for every paper in it."""
    for entity in root.iterfind("{*}MessageReturn"):
        values = children(entity)
        values |= {
            "returnInfo": f"{values.get('returnStatus', '')} {values.get('returnInfo', '')}".strip(),
            "returnStatus": "900",
            "guid": "",
        }
        yield entity, _event(values, "message", values.get("oriCopMsgId", ""), {})
