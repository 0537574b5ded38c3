"""Our mailbox at the data exchange: each member of a page is read by itself, and one that is not read stops nothing."""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from connectors.customs.answers import ANSWERS, FROM_CUSTOMS, TO_CUSTOMS
from connectors.sdk import Page
from connectors.sdk.members import Aside
from connectors.sdk.states import UNKNOWN
from connectors.sdk.testing.samples import ASIDE
from tests.connectors.ceb_receipts import SAID, entity, envelopes, mailbox, order_return, written
from tests.connectors.ceb_samples import SAMPLES, from_tables, sample_of, side_of
from tests.connectors.parts import connector, loaded, page

CASES = Path(__file__).resolve().parents[1] / "cases" / "customs"
STREAM = connector("customs").streams["receipts"]
CODES = connector("customs").codes
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


# The cases


def test_an_answer_about_an_arrival_is_set_aside_alone_and_the_order_is_heard_of() -> None:
    (read,), (aside,) = told(case("C01"))
    assert (read["about_kind"], read["about_value"], read["code"]) == ("customs.order", ABOUT, "120")
    assert aside["reason"].startswith("CEB508 运抵单回执: no paper of this kind is planned here")


def test_a_message_that_is_not_base64_is_set_aside_alone() -> None:
    (read,), (aside,) = told(case("C03"))
    assert (read["about_value"], aside["reason"]) == (ABOUT, "the Data of a DxpMsg is not base64")


def test_a_refused_cancellation_rules_the_cancellation_alone() -> None:
    (read,), aside = told(case("C05"))
    assert aside == []
    assert (read["about_kind"], read["about_value"], read["code"]) == (
        "customs.cancellation",
        "46042026E021708005",
        "-623005",
    )
    ruling, returned = (CODES.rule(read["about_kind"], code) for code in (read["code"], "100"))
    assert (ruling.state, ruling.rank, ruling.attention) == (returned.state, returned.rank, returned.attention)
    assert (ruling.state, ruling.attention) == (None, True)


# Whole messages


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


@pytest.mark.parametrize(("content", "reason"), MESSAGES.values(), ids=MESSAGES)
def test_a_message_that_cannot_be_read_is_set_aside_alone(content: str, reason: str) -> None:
    for contents in ((content, encoded(GOOD)), (encoded(GOOD), content)):
        read, (aside,) = told(page(envelopes(*contents)))
        assert [one["about_value"] for one in read] == [ABOUT]
        assert reason in aside["reason"]
        assert "the connector's fault" not in aside["reason"]


@pytest.mark.parametrize("encoding", ["GBK", "GB18030", "GB2312"])
def test_what_says_that_it_is_gbk_is_read_as_gbk(encoding: str) -> None:
    message = written("CEB304Message", order_return(returnInfo="退单：毛重有误"), encoding=encoding)
    (read,), aside = told(mailbox(message))
    assert (read["words"], aside) == ("退单：毛重有误", [])


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


@pytest.mark.parametrize(("envelope", "reason"), ENVELOPES.values(), ids=ENVELOPES)
def test_an_envelope_that_cannot_be_opened_is_set_aside_alone(envelope: str, reason: str) -> None:
    body = envelopes(encoded(GOOD)).replace("</DxpMessages>", f"{envelope}</DxpMessages>")
    (read,), (aside,) = told(page(body))
    assert read["about_value"] == ABOUT
    assert reason in aside["reason"]


def test_a_member_that_is_set_aside_is_shown_as_a_person_can_read_it() -> None:
    odd = written("CEB508Message", entity("ArrivalReturn", {"copNo": "OP-1", "returnInfo": "海关审结"}))
    kinds = [one for one in STREAM.read(mailbox(odd)) if isinstance(one, Aside)]
    assert "海关审结" in kinds[0].raw
    lacking = written("CEB304Message", order_return(orderNo=""))
    (aside,) = STREAM.read(mailbox(lacking))
    assert isinstance(aside, Aside)
    assert aside.raw.startswith("<ceb:OrderReturn")
    assert aside.field == "orderNo"


# Entities of one message


ENTITIES: dict[str, tuple[str, str]] = {
    "lacks the order": (order_return(orderNo=""), "<OrderReturn> lacks orderNo"),
    "lacks all it is known by": (entity("OrderReturn", SAID), "<OrderReturn> lacks ebcCode, orderNo"),
    "has nothing in it": (entity("OrderReturn", {}), "<OrderReturn> lacks ebcCode, orderNo"),
    "is another entity": (entity("LogisticsReturn", SAID), "<LogisticsReturn> came where <OrderReturn> was agreed"),
    "says one thing twice": (
        order_return().replace("</ceb:OrderReturn>", "<ceb:returnStatus>100</ceb:returnStatus></ceb:OrderReturn>"),
        "<returnStatus> stands twice in <OrderReturn>",
    ),
}


@pytest.mark.parametrize(("odd", "reason"), ENTITIES.values(), ids=ENTITIES)
def test_an_entity_that_cannot_be_read_is_set_aside_alone(odd: str, reason: str) -> None:
    read, (aside,) = told(mailbox(written("CEB304Message", order_return(), odd, order_return(orderNo="XC-43"))))
    assert [one["about_value"] for one in read] == [ABOUT, "411096500K/XC-43"]
    assert reason in aside["reason"]


def test_who_transmits_a_message_and_its_signature_are_no_entities() -> None:
    beside = "<ceb:BaseTransfer/>" + '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'
    read, aside = told(mailbox(written("CEB304Message", order_return(), beside)))
    assert (len(read), aside) == (1, [])


# Every kind of the edition


def test_every_answer_of_the_edition_is_read_or_set_aside_alone_under_its_name() -> None:
    assert set(SAMPLES) == set(FROM_CUSTOMS)
    for number in SAMPLES:
        read, aside = told(mailbox(sample_of(number), GOOD))
        assert read[-1]["about_value"] == ABOUT
        if f"CEB{number}Message" in ANSWERS:
            assert (len(read), aside) == (2, []), number
            assert CODES.rule(read[0]["about_kind"], read[0]["code"]) is not UNKNOWN, number
        else:
            assert (len(read), len(aside)) == (1, 1), number
            assert aside[0]["reason"].startswith(f"CEB{number} {FROM_CUSTOMS[number]}: no paper of this kind"), number


@pytest.mark.skipif("YUHUB_CEB_XSD_DIR" not in os.environ, reason="the official schemas are not at hand")
@pytest.mark.parametrize("number", SAMPLES)
def test_the_samples_fit_the_official_schema(number: str) -> None:
    schema = etree.XMLSchema(file=side_of(os.environ["YUHUB_CEB_XSD_DIR"], number))
    for sample in (sample_of(number), from_tables(number)):
        schema.assertValid(etree.fromstring(sample))


def test_all_of_them_on_one_page_hold_up_none() -> None:
    read, aside = told(mailbox(*map(sample_of, SAMPLES)))
    assert len(read) == len(ANSWERS)
    assert len(read) + len(aside) == len(SAMPLES)


@pytest.mark.parametrize("number", TO_CUSTOMS)
def test_what_is_sent_to_customs_is_no_answer(number: str) -> None:
    _, (aside,) = told(mailbox(written(f"CEB{number}Message", "<ceb:Thing/>")))
    assert aside["reason"].startswith(f"CEB{number} {TO_CUSTOMS[number]} is a message to customs and no answer")


# Parts of a message that one may see


def test_a_receipt_is_cut_out_of_a_page_with_bad_members() -> None:
    good = written("CEB304Message", order_return(orderNo=""), order_return(), order_return(orderNo="XC-43"))
    odd = written("CEB508Message", entity("ArrivalReturn", {"copNo": "OP-1", **SAID}))
    body = page(envelopes("%%%", encoded(odd), encoded("<html/>"), encoded(good)))
    (first, second), aside = told(body)
    assert len(aside) == 4
    for record, own, other in ((first, "XC-42", "XC-43"), (second, "XC-43", "XC-42")):
        cut = STREAM.excerpt(body, record["source_id"])
        assert cut is not None
        root = etree.fromstring(cut[0])
        assert [one.findtext("{*}orderNo") for one in root] == [own]
        assert other.encode() not in cut[0]
    assert STREAM.excerpt(body, "of nobody") is None
