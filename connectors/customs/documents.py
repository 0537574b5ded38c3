"""Writing papers as CEB messages, wrapping them in the DxpMsg envelope, and handing them to the data exchange."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from lxml import etree

from connectors.customs.codes import TRANSLATIONS
from connectors.customs.messages import LINE, Ceb, Wire
from connectors.sdk import BEIJING, Bug, Document, Http, Message, Page, Paper, Problem
from connectors.sdk.codecs import write_xml
from connectors.sdk.moments import compact
from connectors.sdk.papers import Value
from connectors.sdk.records import Draft

CEB = "http://www.chinaport.gov.cn/ceb"
DXP = "http://www.chinaport.gov.cn/dxp"
APP_TYPES = {"new": "1", "change": "2", "withdraw": "3"}
DECLARED = "2"  # appStatus: 1 saves a draft, 2 declares
LENGTH = re.compile(r"s(?:=(?P<exact>\d+)|<=(?P<most>\d+)|(?P<low>\d+)-(?P<high>\d+))")


class Transfer(NamedTuple):
    """Who transmits (BaseTransfer), and between which mailboxes."""

    code: str
    name: str
    dxp_id: str
    receiver_id: str


class CebDocument(Document):
    """One kind of CEB message, driven by its table."""

    says_back = False  # the protocol has no question: the same guid goes out again and the duplicate code counts

    def __init__(self, table: Ceb, transfer: Transfer) -> None:
        self.table = table
        self.transfer = transfer
        self.kinds = (table.kind,)
        self.batch = table.batch

    def references(self, paper: Paper) -> Mapping[str, str]:
        return {self.table.kind: business_key(*(str(_value(paper, paper.head, name)) for name in self.table.key))}

    def check(self, paper: Paper) -> list[Problem]:
        problems = list(_problems(self.table.fields, paper, paper.head, ""))
        for index, line in enumerate(paper.lines.get(self.table.group, ())):
            problems += _problems(self.table.row_fields, paper, line, f"{self.table.group}[{index}].")
        return problems

    def encode(self, papers: Sequence[Paper]) -> Message:
        message_id = papers[0].guid
        root = etree.Element(f"{{{CEB}}}{self.table.message}", guid=message_id, version="1.0", nsmap={"ceb": CEB})
        for paper in papers:
            self._write_entity(root, paper)
        transfer = _child(root, "BaseTransfer")
        _write(transfer, {"copCode": self.transfer.code, "copName": self.transfer.name})
        _write(transfer, {"dxpMode": "DXP", "dxpId": self.transfer.dxp_id})
        return Message(self._envelope(write_xml(root), papers[0]), "application/xml", message_id)

    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        return http.post("dxp/messages", message.body, message.content_type)

    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Draft]:
        """The data exchange only takes over; what it and customs say follows as receipts."""
        return iter(())

    def field_named(self, words: str) -> str | None:
        """Customs names a field by its label and a row by 商品序号[n]: the longest label with a value wins."""
        row = re.search(r"商品序号\[(\d+)\]", words)
        tables = [
            ("", self.table.fields),
            (f"{self.table.group}[{int(row[1]) - 1 if row else 0}].", self.table.row_fields),
        ]
        named = [
            (f"{wire.label}[" in words, len(wire.label), prefix + wire.paper)
            for prefix, wires in (reversed(tables) if row else tables)
            for wire in wires
            if wire.paper and wire.label in words and wire.label != LINE.label
        ]
        return max(named, key=lambda one: one[:2])[2] if named else None

    def _write_entity(self, root: etree._Element, paper: Paper) -> None:
        entity = _child(root, self.table.entity)
        head = _child(entity, self.table.head) if self.table.head else entity
        common = {"guid": paper.guid, "appType": APP_TYPES[paper.action]}
        _write(head, common | {"appTime": compact(paper.derived_at), "appStatus": DECLARED})
        _write_fields(head, self.table.fields, paper, paper.head)
        for line in paper.lines.get(self.table.group, ()):
            _write_fields(_child(entity, self.table.rows), self.table.row_fields, paper, line)

    def _envelope(self, body: bytes, first: Paper) -> bytes:
        namespaces: dict[Any, str] = {None: DXP}  # the envelope is written without a prefix
        root = etree.Element(f"{{{DXP}}}DxpMsg", ver="1.0", nsmap=namespaces)
        heading = _child(root, "TransInfo")
        _write(heading, {"CopMsgId": first.guid, "SenderId": self.transfer.dxp_id})
        _write(_child(heading, "ReceiverIds"), {"ReceiverId": self.transfer.receiver_id})
        created = first.derived_at.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M:%S")
        _write(heading, {"CreatTime": created, "MsgType": self.table.message})
        _write(root, {"Data": b64encode(body).decode("ascii")})
        return write_xml(root)


def business_key(*parts: str) -> str:
    """How receipts name a paper: the parts of its key, joined."""
    return "/".join(parts)


def _child(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")


def _write(parent: etree._Element, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        _child(parent, name).text = text


def _write_fields(parent: etree._Element, wires: Sequence[Wire], paper: Paper, values: Mapping[str, Value]) -> None:
    for wire in wires:
        text = _text(wire, paper, values)
        if text:
            _child(parent, wire.element).text = text
        elif wire.mandatory:
            raise Bug(f"{paper.kind} {paper.number}: {wire.element} is mandatory and empty", field=wire.paper)


def _value(paper: Paper, values: Mapping[str, Value], name: str) -> Value:
    return paper.number if name == "@number" else values.get(name)


def _text(wire: Wire, paper: Paper, values: Mapping[str, Value]) -> str:
    """The element's text; empty where there is nothing to write. KeyError where a code has no translation."""
    if wire.constant:
        return wire.constant
    value = _value(paper, values, wire.paper)
    if value is None or value == "":
        return wire.otherwise
    if wire.code:
        return TRANSLATIONS[wire.code][str(value)]
    if isinstance(value, datetime):
        return compact(value)
    if isinstance(value, date):
        return value.strftime("%Y%m%d")
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _problems(wires: Sequence[Wire], paper: Paper, values: Mapping[str, Value], place: str) -> Iterator[Problem]:
    """What the field table refuses: no translation, empty though mandatory, too long, no number."""
    for wire in wires:
        if wire.constant or wire.paper == "@number":
            continue
        field = place + wire.paper
        try:
            text = _text(wire, paper, values)
        except KeyError as unknown:
            yield Problem(field, "NO_CODE", f"{wire.label}：JGS-20 中没有 {unknown.args[0]}")
            continue
        if not text:
            if wire.mandatory:
                yield Problem(field, "MANDATORY", f"{wire.label}：必填")
            continue
        rule = broken_rule(wire.type, text)
        if rule:
            yield Problem(field, "FORMAT", f"{wire.label}：{rule}")


def broken_rule(type_: str, text: str) -> str | None:
    """The rule of a type that a text breaks, in the words of the specification; None where it fits."""
    if length := LENGTH.fullmatch(type_):
        exact, most = length["exact"], length["most"] or length["high"]
        if exact and len(text) != int(exact):
            return f"长度须为 {exact}，现为 {len(text)}"
        if most and len(text) > int(most):
            return f"长度不得超过 {most}，现为 {len(text)}"
        if length["low"] and len(text) < int(length["low"]):
            return f"长度不得少于 {length['low']}，现为 {len(text)}"
        return None
    if type_.startswith("int"):
        return None if text.isdecimal() and len(text) <= int(type_[3:]) else f"须为不超过 {type_[3:]} 位的整数"
    whole, _, fraction = text.lstrip("-").partition(".")
    return None if len(whole) <= 14 and len(fraction) <= 5 else "须为不超过 14 位整数、5 位小数"
