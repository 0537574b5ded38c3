"""Writing papers as CEB messages, wrapping them in the DxpMsg envelope, and handing them to the data exchange."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from lxml import etree

from connectors.customs.codes import TRANSLATIONS, no_code
from connectors.customs.messages import WITHDRAWN_BY, Ceb, Wire
from connectors.sdk import BEIJING, Bug, Http, Message, Page, Paper, Problem, Signer, Submission
from connectors.sdk.characters import UNWRITABLE
from connectors.sdk.codecs import children, read_xml, write_xml
from connectors.sdk.instants import compact
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


class CebSubmission(Submission):
    """One kind of CEB message, driven by its table; signed before it goes into the envelope, where there is a key."""

    says_back = False  # the protocol has no question: the same guid goes out again and the duplicate code counts

    def __init__(self, table: Ceb, transfer: Transfer, signer: Signer | None = None) -> None:
        self.table = table
        self.transfer = transfer
        self.signer = signer
        self.kinds = (table.kind,)
        self.batch = table.batch

    def references(self, paper: Paper) -> Mapping[str, str]:
        if paper.action == "withdraw" and self.table.kind in WITHDRAWN_BY:
            return {"customs.cancellation": paper.known.get("customs.invtNo", "")}
        return {self.table.kind: business_key(*(str(_value(paper, paper.head, name) or "") for name in self.table.key))}

    def check(self, paper: Paper) -> list[Problem]:
        problems = list(_problems(self.table.fields, paper, paper.head, ""))
        for index, line in enumerate(paper.lines.get(self.table.group, ())):
            problems += _problems(self.table.row_fields, paper, line, f"{self.table.group}[{index}].")
        return problems

    def encode(self, papers: Sequence[Paper]) -> Message:
        table = self.table
        if papers[0].action == "withdraw":
            table = WITHDRAWN_BY.get(table.kind, table)
        message_id = message_id_of(papers)
        root = etree.Element(f"{{{CEB}}}{table.message}", guid=message_id, version="1.0", nsmap={"ceb": CEB})
        for paper in papers:
            _write_entity(root, table, paper)
        transfer = _child(root, "BaseTransfer")
        _write(transfer, {"copCode": self.transfer.code, "copName": self.transfer.name})
        _write(transfer, {"dxpMode": "DXP", "dxpId": self.transfer.dxp_id})
        body = self.signer.sign(write_xml(root)) if self.signer else write_xml(root)
        return Message(self._envelope(body, table, papers[0], message_id), "application/xml", message_id)

    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        answer = http.post("dxp/messages", message.body, message.content_type, answers=(400,))
        if answer.status == 400:
            error = children(read_xml(answer.body))
            raise Bug(f"the data exchange cannot read our envelope: {error.get('Code')} {error.get('Message')}")
        return answer

    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Draft]:
        """The data exchange only takes over; what it and customs say follows as responses. BadData if it did not."""
        read_xml(answer.body, "DxpReceipt")
        return iter(())

    def letter(self, message: Message) -> bytes:
        """The CEB message: inside its DxpMsg it is base64, which tells a reader nothing."""
        return b64decode(read_xml(message.body).findtext("{*}Data") or "")

    def field_named(self, words: str) -> str | None:
        """Customs names a field by its label and a row by 序号[n]: the longest label with a value wins."""
        row = re.search(r"序号\[(\d+)\]", words)
        tables = [
            ("", self.table.fields),
            (f"{self.table.group}[{int(row[1]) - 1 if row else 0}].", self.table.row_fields),
        ]
        named = [
            (f"{wire.label}[" in words, len(wire.label), prefix + wire.paper)
            for prefix, wires in (reversed(tables) if row else tables)
            for wire in wires
            if wire.paper and wire.label in words and not wire.label.endswith("序号")
        ]
        return max(named, key=lambda one: one[:2])[2] if named else None

    def _envelope(self, body: bytes, table: Ceb, first: Paper, message_id: str) -> bytes:
        namespaces: dict[Any, str] = {None: DXP}  # the envelope is written without a prefix
        root = etree.Element(f"{{{DXP}}}DxpMsg", ver="1.0", nsmap=namespaces)
        heading = _child(root, "TransInfo")
        _write(heading, {"CopMsgId": message_id, "SenderId": self.transfer.dxp_id})
        _write(_child(heading, "ReceiverIds"), {"ReceiverId": self.transfer.receiver_id})
        created = first.derived_at.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M:%S")
        _write(heading, {"CreatTime": created, "MsgType": table.message})
        _write(root, {"Data": b64encode(body).decode("ascii")})
        return write_xml(root)


def _write_entity(root: etree._Element, table: Ceb, paper: Paper) -> None:
    entity = _child(root, table.entity)
    head = _child(entity, table.head) if table.head else entity
    app_type = "1" if table in WITHDRAWN_BY.values() else APP_TYPES[paper.action]
    _write(head, {"guid": paper.guid, "appType": app_type})
    _write(head, {"appTime": compact(paper.derived_at), "appStatus": DECLARED})
    _write_fields(head, table.fields, paper, paper.head)
    for line in paper.lines.get(table.group, ()) if table.group else ():
        _write_fields(_child(entity, table.rows), table.row_fields, paper, line)


def message_id_of(papers: Sequence[Paper]) -> str:
    """The guid of a message: the paper's own where it carries one, else one that follows from all of them.

    The same papers again make the same message; other papers never do.
    """
    guids = [paper.guid for paper in papers]
    return guids[0] if len(guids) == 1 else str(uuid5(NAMESPACE_OID, "/".join(guids))).upper()


def business_key(*parts: str) -> str:
    """How responses name a paper: the parts of its key, joined."""
    return "/".join(parts)


def _child(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")


def _write(parent: etree._Element, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        _child(parent, name).text = text


def _write_fields(parent: etree._Element, wires: Sequence[Wire], paper: Paper, values: Mapping[str, Value]) -> None:
    for wire in wires:
        try:
            text = _text(wire, paper, values)
            if text:
                _child(parent, wire.element).text = text
        except (KeyError, ValueError) as error:
            raise Bug(
                f"{paper.kind} {paper.number}: {wire.element} cannot be written: {error}", field=wire.paper
            ) from None
        if not text and wire.mandatory:
            raise Bug(f"{paper.kind} {paper.number}: {wire.element} is mandatory and empty", field=wire.paper)


def _value(paper: Paper, values: Mapping[str, Value], name: str) -> Value:
    if not name.startswith("@"):
        return values.get(name)
    return {"@number": paper.number, "@reason": paper.reason}.get(name) or paper.known.get(name[1:])


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
        if wire.constant or wire.paper.startswith("@"):
            continue
        field, zh, en = place + wire.paper, f"{wire.label}：", f"{wire.element}: "
        try:
            text = _text(wire, paper, values)
        except KeyError as unknown:
            why = no_code(wire.code, unknown.args[0])
            yield Problem(field, "NO_CODE", zh + why[0], en + why[1])
            continue
        if text:
            rule = broken_rule(wire.type, text)
            if rule:
                yield Problem(field, "FORMAT", zh + rule[0], en + rule[1])
        elif wire.mandatory:
            yield Problem(field, "MANDATORY", f"{zh}必填", f"{en}mandatory")


def broken_rule(type_: str, text: str) -> tuple[str, str] | None:
    """The rule of a type that a text breaks, in Chinese and English; None where it fits."""
    if UNWRITABLE.search(text):
        return "不得含控制字符", "control characters are not allowed"
    if length := LENGTH.fullmatch(type_):
        exact, most, least = length["exact"], length["most"] or length["high"], length["low"]
        if exact and len(text) != int(exact):
            return f"长度须为 {exact}，现为 {len(text)}", f"exactly {exact} characters, not {len(text)}"
        if most and len(text) > int(most):
            return f"长度不得超过 {most}，现为 {len(text)}", f"at most {most} characters, not {len(text)}"
        if least and len(text) < int(least):
            return f"长度不得少于 {least}，现为 {len(text)}", f"at least {least} characters, not {len(text)}"
        return None
    if type_.startswith("int"):
        most = type_[3:]
        fits = text.isascii() and text.isdecimal() and len(text) <= int(most)
        return None if fits else (f"须为不超过 {most} 位的整数", f"a whole number of at most {most} digits")
    whole, _, fraction = text.lstrip("-").partition(".")
    fits = len(whole) <= 14 and len(fraction) <= 5
    return None if fits else ("须为不超过 14 位整数、5 位小数", "at most 14 digits and 5 decimals")
