"""The envelopes around a CEB message: 202205 edition, DxpMsg (terminal node) and DxpMsgSv (transport node)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from lxml import etree

from mocks.customs.check import UNREADABLE, FormError, check_parts
from mocks.customs.form import DSIG, DXP, Group
from mocks.customs.messages import AROUND, fields_of
from mocks.customs.numbers import BEIJING

LARGEST = 16 * 1024 * 1024
END_NODE = "41000001"
START_NODE = "46000001"

COPY_ID, SENDER, RECEIVER, *REST = fields_of(AROUND["TransInfo"], DXP)
RECEIVERS = Group("ReceiverIds", (RECEIVER,), namespace=DXP)
TRANSFER_HEADING = Group("TransInfo", (COPY_ID, SENDER, RECEIVERS, *REST), namespace=DXP)
DXP_MSG = Group(
    "DxpMsg",
    (
        TRANSFER_HEADING,
        Group("Data", opaque=True, namespace=DXP),
        Group("AddInfo", least=0, opaque=True, namespace=DXP),
        Group("Signature", least=0, opaque=True, namespace=DSIG),
    ),
    namespace=DXP,
)


class EnvelopeError(Exception):
    """Not a DxpMsg that could be delivered; nobody's queue hears of it, only the caller does."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One DxpMsg on its way to customs; `content` is what stands in `Data`, still in base64."""

    id: str
    sender: str
    message_type: str
    content: str

    def open(self) -> bytes:
        """The CEB message inside; a `FormError` where there is no base64."""
        try:
            return base64.b64decode("".join(self.content.split()), validate=True)
        except (binascii.Error, ValueError):
            raise FormError("DxpMsg/Data:内容不是BASE64编码,0001报文格式错误", UNREADABLE) from None


def parse(document: bytes) -> etree._Element:
    """Reads XML that strangers wrote. UTF-8 only, so that a document type cannot hide in another encoding."""
    if len(document) > LARGEST:
        raise ValueError("报文超过最大长度")
    if b"\x00" in document or b"<!DOCTYPE" in document:
        raise ValueError("报文不能包含文档类型定义")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,  # one text may be longer than libxml2 likes; the size is capped above and there is no DTD
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError(f"报文不是合法的XML:{error}") from None


def read_envelope(body: bytes) -> Envelope:
    """Reads a DxpMsg. What the envelope says must be whole; what is inside is looked at later."""
    try:
        root = parse(body)
        if root.tag != DXP_MSG.tag or root.get("ver") != "1.0":
            raise EnvelopeError("根节点不是DxpMsg 1.0")
        check_parts(root, DXP_MSG, "DxpMsg")
    except (ValueError, FormError) as error:
        raise EnvelopeError(str(error)) from None

    def text(name: str) -> str:
        return root.findtext(f".//{{{DXP}}}{name}") or ""

    return Envelope(text("CopMsgId"), text("SenderId"), text("MsgType"), text("Data"))


def write_transport(
    *, message_id: str, receiver: str, sender: str, message_type: str, guid: str, content: str, at: datetime
) -> str:
    """One DxpMsgSv: the transport node's own heading, then the DxpMsg that the receiver unpacks."""
    created = at.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M:%S")
    encoded = base64.b64encode(content.encode()).decode()
    return (
        f'<DxpMsgSv xmlns="{DXP}"><SvNo><MsgId>{message_id}</MsgId><SubMsgId>0</SubMsgId>'
        f"<SendTime>{created}</SendTime><EndNode>{END_NODE}</EndNode><StaNode>{START_NODE}</StaNode></SvNo>"
        f'<DxpMsg ver="1.0"><TransInfo><CopMsgId>{guid}</CopMsgId><SenderId>{sender}</SenderId>'
        f"<ReceiverIds><ReceiverId>{escape(receiver)}</ReceiverId></ReceiverIds>"
        f"<CreatTime>{created}</CreatTime><MsgType>{message_type}</MsgType></TransInfo>"
        f"<Data>{encoded}</Data><AddInfo><FileName>{message_type}_{guid}.xml</FileName><BizKey>"
        f'<Key name="DealFlag">1</Key><Key name="RetType">1</Key></BizKey></AddInfo></DxpMsg></DxpMsgSv>'
    )
