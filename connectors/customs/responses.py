"""What customs answers: the entities of a CEB message read to events, by tables of the 202205 edition.

Each entity is read by itself. An answer of a kind that no paper of ours can have, a message that is no answer, and an
entity that lacks what it is known by are set aside alone, with the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from lxml import etree
from marshmallow import fields

from connectors.customs.kinds import (
    CANCELLATION,
    DEPARTURE,
    INVENTORY,
    ORDER,
    RECEIPT,
    SUMMARY,
    SUMMARY_LINE,
    SUMMARY_NUMBER,
    WAYBILL,
    WAYBILL_LIST,
)
from connectors.customs.submissions import business_key
from connectors.sdk import BadData
from connectors.sdk.codecs import local_name
from connectors.sdk.instants import Moment, from_compact
from connectors.sdk.members import Told, each
from connectors.sdk.records import SAID, DocumentEvent

EDITION = "1.0"
"""The only `version` of a CEB message and of a DxpMsg that the edition has."""
AROUND = frozenset({"BaseTransfer", "BaseSubscribe", "Signature"})
"""What may stand beside the entities and says nothing of any paper."""

TO_CUSTOMS = {
    "213": "零售出口退货申请单", "215": "出口退运理货明细单", "303": "电子订单", "311": "进口电子订单", "403": "收款单",
    "411": "支付凭证", "505": "物流运单", "507": "运抵单", "509": "离境单", "511": "进口物流运单",
    "513": "物流运单状态",
    "603": "出口申报清单", "605": "撤销申请单", "607": "清单总分单", "621": "进口申报清单", "623": "进口撤销申请单",
    "625": "进口退货申请单", "701": "汇总申请单", "711": "入库明细单",
}  # fmt: skip
FROM_CUSTOMS = {
    "214": "零售出口退货申请单回执", "216": "出口退运理货明细单回执", "304": "电子订单回执", "312": "进口电子订单回执",
    "404": "收款单回执", "412": "支付凭证回执", "506": "物流运单回执", "508": "运抵单回执", "510": "离境单回执",
    "512": "进口物流运单回执", "514": "物流运单状态回执", "604": "出口申报清单回执", "606": "撤销申请单回执",
    "608": "清单总分单回执", "622": "进口申报清单回执", "624": "进口撤销申请单回执", "626": "进口退货申请单回执",
    "702": "汇总申请单回执", "712": "入库明细单回执", "792": "汇总结果单", "816": "电子税单", "818": "电子税单状态",
    "900": "报文格式校验回执",
}  # fmt: skip
"""The messages of the edition by the number in their name: what is sent to customs, what it or the port sends."""


class ResponseEvent(DocumentEvent):
    """A response as customs names its fields (returnStatus, returnTime, returnInfo)."""

    code = fields.String(required=True, data_key="returnStatus", validate=SAID)
    words = fields.String(load_default="", data_key="returnInfo")
    happened_at = Moment(required=True, parse=from_compact, data_key="returnTime")
    as_of = Moment(required=True, parse=from_compact, data_key="asOf")


def texts(element: etree._Element) -> dict[str, str]:
    """The texts of the direct children by local name. BadData where one stands twice: which of them counts?"""
    found: dict[str, str] = {}
    for child in element:
        name = local_name(child)
        if name in found:
            raise BadData(f"<{name}> stands twice in <{local_name(element)}>", field=name)
        found[name] = (child.text or "").strip()
    return found


def _of_summary_result(entity: etree._Element) -> dict[str, str]:
    """792 汇总结果单: about the summary application (sumNo); with an entry id once the declaration exists."""
    heads = entity.findall("{*}SummaryResultHead")
    if len(heads) != 1:
        raise BadData(f"a SummaryResult with {len(heads)} heads, where one was agreed", field="SummaryResultHead")
    values = texts(heads[0])
    return values | {
        "guid": "",  # the result has a guid of its own, not that of our application
        "returnStatus": "792.entry" if values.get("entryId") else "792",
        "returnTime": values.get("opDate", ""),
        "returnInfo": values.get("entryId", ""),
    }


def _of_refused_message(entity: etree._Element) -> dict[str, str]:
    """900: a message failed the schema as a whole; what it says holds for every paper in it."""
    values = texts(entity)
    return values | {
        "guid": "",
        "returnStatus": "900",
        "returnInfo": f"{values.get('returnStatus', '')} {values.get('returnInfo', '')}".strip(),
    }


class ResponseReading(NamedTuple):
    """How one kind of answer is read.

    `kind` is what it is about, `entity` the element of each, `key` the elements that name the paper (`?`: may be
    missing), `identifiers` those that the authority gave it; `values` takes the entity apart.
    """

    kind: str
    entity: str
    key: tuple[str, ...]
    identifiers: tuple[str, ...] = ()
    values: Callable[[etree._Element], dict[str, str]] = texts


ANSWERS: Mapping[str, ResponseReading] = {
    "CEB304Message": ResponseReading(ORDER, "OrderReturn", ("ebcCode", "orderNo")),
    "CEB404Message": ResponseReading(RECEIPT, "ReceiptsReturn", ("ebcCode", "orderNo", "payNo?")),
    "CEB506Message": ResponseReading(WAYBILL, "LogisticsReturn", ("logisticsCode", "logisticsNo")),
    "CEB510Message": ResponseReading(DEPARTURE, "DepartureReturn", ("copNo",), ("preNo",)),
    "CEB604Message": ResponseReading(INVENTORY, "InventoryReturn", ("copNo",), ("preNo", "invtNo")),
    "CEB606Message": ResponseReading(CANCELLATION, "InvtCancelReturn", ("invtNo",)),
    "CEB608Message": ResponseReading(WAYBILL_LIST, "WayBillReturn", ("copNo",), ("preNo",)),
    "CEB702Message": ResponseReading(SUMMARY, "SummaryReturn", ("copNo",), ("preNo", "sumNo")),
    "CEB792Message": ResponseReading(
        SUMMARY_NUMBER, "SummaryResult", ("sumNo",), ("entryId", "declSeqNo"), values=_of_summary_result
    ),
    "CEB900Message": ResponseReading("message", "MessageReturn", ("oriCopMsgId",), values=_of_refused_message),
}
"""Message → how its entities are read (202205 edition, responses): the answers to the papers that we send."""


def reading_of(root: etree._Element) -> ResponseReading:
    """How a message is read. BadData, with the standard name of the message, where it is no answer to a paper here."""
    name, version = local_name(root), root.get("version", EDITION)
    if name not in ANSWERS:
        raise BadData(_why_not(name), field="MsgType")
    if version != EDITION:
        raise BadData(f"{name} has version {version!r}; only {EDITION} is known", field="version")
    return ANSWERS[name]


def _why_not(name: str) -> str:
    number = name.removeprefix("CEB").removesuffix("Message")
    if name != f"CEB{number}Message" or number not in TO_CUSTOMS | FROM_CUSTOMS:
        return f"{name} is no message of the 202205 edition; look at it, and call the port"
    if number in TO_CUSTOMS:
        return f"CEB{number} {TO_CUSTOMS[number]} is a message to customs and no answer; look at who sent it here"
    return f"CEB{number} {FROM_CUSTOMS[number]}: no paper of this kind is planned here, so it answers none of ours"


def entities(root: etree._Element) -> list[etree._Element]:
    """What stands in a message for a paper each, whatever it is called."""
    return [child for child in root if local_name(child) not in AROUND]


def read_message(root: etree._Element) -> Iterator[Told]:
    """The events of a message; each entity that cannot be read is set aside alone. BadData where it is no answer."""
    answer = reading_of(root)
    members = entities(root)
    if not members:
        raise BadData(f"{local_name(root)} without a single <{answer.entity}>", field=answer.entity)
    return each(members, lambda entity: read_entity(answer, entity))


def read_entity(answer: ResponseReading, entity: etree._Element) -> Iterator[Told]:
    """The event that one entity tells of. BadData where it is another, or lacks what its paper is known by."""
    if local_name(entity) != answer.entity:
        raise BadData(f"<{local_name(entity)}> came where <{answer.entity}> was agreed", field=answer.entity)
    values = answer.values(entity)
    missing = [name for name in answer.key if not name.endswith("?") and not values.get(name)]
    if missing:
        raise BadData(f"<{answer.entity}> lacks {', '.join(missing)}: which paper is it about?", field=missing[0])
    event = _event(answer, values)
    lines = list(_of_inventories(entity, event)) if answer.kind == SUMMARY_NUMBER and values.get("entryId") else []
    if lines:  # what it gives it gives to its inventories, each by itself
        event |= {"returnStatus": "792.rows", "answers": {}}
    yield ResponseEvent, event
    yield from ((ResponseEvent, line) for line in lines)


def _of_inventories(entity: etree._Element, event: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What a 792 says of each inventory: the declaration that it went into, and the item of each of its lines.

    `gseqno` is the item, `gnum` the line (202205 edition, SummaryResultList). Without rows it says it of the whole.
    """
    items: dict[str, dict[str, str]] = {}
    for row in map(texts, entity.findall("{*}SummaryResultList")):
        missing = next((name for name in ("invtNo", "gnum", "gseqno") if not row.get(name)), None)
        if missing:
            raise BadData(f"a row of a SummaryResult lacks {missing}", field=missing)
        items.setdefault(row["invtNo"], {})[f"item{row['gnum']}"] = row["gseqno"]
    for number, own in items.items():
        yield {
            **event,
            "source_id": hashlib.sha256(f"{event['source_id']}|{number}".encode()).hexdigest(),
            "about_kind": SUMMARY_LINE,
            "about_value": number,
            "returnStatus": "792.line",
            "answers": {"entryId": event["answers"]["entryId"], **own},
            "references": {},
        }


def _event(answer: ResponseReading, values: Mapping[str, str]) -> dict[str, Any]:
    """A response has no id of its own: the same words at the same time about the same paper are the same response."""
    about = business_key(*(values.get(name.removesuffix("?"), "") for name in answer.key))
    identifiers = {name: values[name] for name in answer.identifiers if values.get(name)}
    names = ("guid", "returnStatus", "returnTime", "returnInfo", "declSeqNo")
    said = "|".join([answer.kind, about, *(values.get(name, "") for name in names)])
    return {
        "source_id": hashlib.sha256(said.encode()).hexdigest(),
        "about_kind": answer.kind,
        "about_value": about,
        "guid": values.get("guid") or None,
        "returnStatus": values.get("returnStatus"),
        "returnInfo": values.get("returnInfo", ""),
        "returnTime": values.get("returnTime"),
        "asOf": values.get("returnTime"),
        "answers": identifiers,
        "references": {f"customs.{name}": value for name, value in identifiers.items()},
    }
