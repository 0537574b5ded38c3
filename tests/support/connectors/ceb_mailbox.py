"""Mail of customs, sound and odd."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

from connectors.sdk import Page
from connectors.sdk.testing.samples import ASIDE
from tests.support.connectors.ceb_receipts import envelopes, order_return, written
from tests.support.connectors.parts import connector, loaded, page

CASES = Path(__file__).resolve().parents[2] / "cases" / "customs"
STREAM = connector("customs").streams["receipts"]
GOOD = written("CEB304Message", order_return())
ABOUT = "411096500K/XC-42"


def told(one: Page) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What a page is read to, and what of it is set aside."""
    records = loaded(STREAM.read(one))
    return [one for one in records if one["noun"] != ASIDE], [one for one in records if one["noun"] == ASIDE]


def encoded(content: bytes | str) -> str:
    return b64encode(content.encode() if isinstance(content, str) else content).decode()


def case(name: str) -> Page:
    (file,) = CASES.glob(f"{name}-*.xml")
    return page(file.read_bytes())


def undeclared(text: str, encoding: str) -> bytes:
    """A message in an encoding of which it says nothing."""
    return written("CEB304Message", order_return(returnInfo=text)).partition(b"?>")[2].decode().encode(encoding)


MESSAGES: dict[str, tuple[str, str]] = {
    "broken base64": ("%%%", "the Data of a DxpMsg is not base64"),
    "base64 without its end": (encoded(GOOD)[:-1], "the Data of a DxpMsg is not base64"),
    "letters that base64 has not": ("海关", "the Data of a DxpMsg is not base64"),
    "empty": ("", "the Data of a DxpMsg is empty"),
    "blank": (" \n\t ", "the Data of a DxpMsg is empty"),
    "XML that is not encoded": (GOOD.partition(b"?>")[2].decode(), "must hold one Data with base64 in it"),
    "nothing in the base64": (encoded("  "), "not well-formed XML"),
    "no end": (encoded(b"<ceb:CEB304Message>"), "not well-formed XML"),
    "text": (encoded("系统繁忙，请稍后再试"), "not well-formed XML"),
    "JSON": (encoded('{"guid": "1"}'), "not well-formed XML"),
    "two roots": (encoded(GOOD + GOOD.partition(b"?>")[2]), "not well-formed XML"),
    "entities": (encoded(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "document type"),
    "GBK of which it says nothing": (encoded(undeclared("退单：毛重有误", "GBK")), "it is not UTF-8, it may be GBK"),
    "GBK that calls itself UTF-8": (
        encoded(written("CEB304Message", order_return(returnInfo="退单")).decode().encode("GBK")),
        "it is not UTF-8, it may be GBK",
    ),
    "an encoding that nobody knows": (
        encoded(GOOD.replace(b'encoding="UTF-8"', b'encoding="x-chinese"')),
        "not well-formed XML",
    ),
    "an unknown root": (encoded("<html><body/></html>"), "html is no message of the 202205 edition"),
    "a kind of no edition": (encoded(written("CEB504Message", order_return())), "CEB504Message is no message"),
    "a number alone": (encoded("<CEB304/>"), "CEB304 is no message of the 202205 edition"),
    "another version": (
        encoded(GOOD.replace(b' version="1.0" xmlns', b' version="2.0" xmlns')),
        "CEB304Message has version '2.0'; only 1.0 is known",
    ),
    "a message of ours": (
        encoded(written("CEB303Message", "<ceb:Order/>")),
        "CEB303 电子订单 is a message to customs and no answer",
    ),
    "no entity": (encoded(written("CEB304Message")), "CEB304Message without a single <OrderReturn>"),
    "an envelope in an envelope": (encoded(envelopes(encoded(GOOD))), "DxpMessages is no message"),
}
ENVELOPES: dict[str, tuple[str, str]] = {
    "no Data": (
        '<DxpMsgSv><SvNo><MsgId>9</MsgId></SvNo><DxpMsg ver="1.0"><TransInfo/></DxpMsg></DxpMsgSv>',
        "one Data",
    ),
    "two Data": ("<DxpMsg><Data>QQ==</Data><Data>QQ==</Data></DxpMsg>", "one Data"),
    "no DxpMsg": ("<DxpMsgSv><SvNo><MsgId>9</MsgId></SvNo></DxpMsgSv>", "<DxpMsgSv> came without a DxpMsg"),
    "something else": ("<DxpError><Code>0999</Code></DxpError>", "<DxpError> came without a DxpMsg"),
    "another version": ('<DxpMsg ver="2.0"><Data>QQ==</Data></DxpMsg>', "a DxpMsg has version '2.0'"),
}
