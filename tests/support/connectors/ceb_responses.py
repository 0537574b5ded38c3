"""Responses of customs as it writes them: CEB messages around entities, in the envelopes of our mailbox."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.sdk import Page
from tests.support.connectors.parts import connector, loaded, page

CEB = "http://www.chinaport.gov.cn/ceb"
GUID = "83677E57-B833-4CFE-963A-523177456E0F"
SAID = {"returnStatus": "2", "returnTime": "20260109090002015", "returnInfo": f"新增申报成功[{GUID}]"}
AT = datetime(2026, 1, 9, 1, 0, 2, 15_000, tzinfo=UTC)


def written(message: str, *entities: str, prefixed: bool = True, encoding: str = "UTF-8") -> bytes:
    """A CEB message around entities, with a prefix or in the default namespace; both forms are in use."""
    tag, namespace = (f"ceb:{message}", "xmlns:ceb") if prefixed else (message, "xmlns")
    content = "".join(entities)
    content = content if prefixed else content.replace("<ceb:", "<").replace("</ceb:", "</")
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><{tag} guid="{GUID}" version="1.0" {namespace}="{CEB}">'
        f"{content}</{tag}>"
    )
    return text.encode(encoding)


def entity(name: str, values: Mapping[str, str], head: str = "") -> str:
    escaped = {key: value.replace("<", "&lt;") for key, value in values.items()}
    inner = "".join(f"<ceb:{key}>{value}</ceb:{key}>" for key, value in escaped.items())
    inner = f"<ceb:{head}>{inner}</ceb:{head}>" if head else inner
    return f"<ceb:{name}>{inner}</ceb:{name}>"


def order_return(**changes: str) -> str:
    return entity("OrderReturn", {"guid": GUID, "ebcCode": "411096500K", "orderNo": "XC-42", **SAID, **changes})


def mailbox(*messages: bytes) -> Page:
    return page(envelopes(*(b64encode(message).decode("ascii") for message in messages)))


def envelopes(*contents: str, first: int = 1) -> str:
    """A page of the mailbox; the MsgIds count up."""
    told = "".join(
        f'<DxpMsgSv xmlns="http://www.chinaport.gov.cn/dxp"><SvNo><MsgId>{number}</MsgId></SvNo>'
        f'<DxpMsg ver="1.0"><TransInfo><CopMsgId>{number}</CopMsgId></TransInfo><Data>{content}</Data></DxpMsg>'
        f"</DxpMsgSv>"
        for number, content in enumerate(contents, start=first)
    )
    return f"<DxpMessages>{told}</DxpMessages>"


def read(*messages: bytes) -> list[dict[str, Any]]:
    return loaded(connector("customs").streams["responses"].read(mailbox(*messages)))
