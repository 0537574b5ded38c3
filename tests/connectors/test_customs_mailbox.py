"""Our mailbox at the data exchange: each member of a page is read by itself, and one that is not read stops nothing."""

from __future__ import annotations

import os

import pytest
from lxml import etree

from connectors.customs.responses import ANSWERS, FROM_CUSTOMS, TO_CUSTOMS
from connectors.sdk.members import Aside
from connectors.sdk.states import UNKNOWN
from tests.support.connectors.ceb_mailbox import ABOUT, ENVELOPES, GOOD, MESSAGES, STREAM, case, encoded, told
from tests.support.connectors.ceb_responses import SAID, entity, envelopes, mailbox, order_return, written
from tests.support.connectors.ceb_samples import SAMPLES, from_tables, sample_of, side_of
from tests.support.connectors.parts import connector, page
from tests.support.together import together

CODES = connector("customs").codes


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


@together(("content", "reason"), MESSAGES.values(), ids=MESSAGES)
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


WITH_ROWS = ("792",) if "YUHUB_CEB_XSD_DIR" in os.environ else ()
"""Of what the official schema allows, this says something of one inventory beside the whole."""


def test_every_answer_of_the_edition_is_read_or_set_aside_alone_under_its_name() -> None:
    assert set(SAMPLES) == set(FROM_CUSTOMS)
    for number in SAMPLES:
        read, aside = told(mailbox(sample_of(number), GOOD))
        assert read[-1]["about_value"] == ABOUT
        if f"CEB{number}Message" in ANSWERS:
            assert (len(read), aside) == (2 + (number in WITH_ROWS), []), number
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
    assert len(read) == len(ANSWERS) + len(WITH_ROWS)
    assert len(read) + len(aside) == len(SAMPLES) + len(WITH_ROWS)


@together("number", TO_CUSTOMS)
def test_what_is_sent_to_customs_is_no_answer(number: str) -> None:
    _, (aside,) = told(mailbox(written(f"CEB{number}Message", "<ceb:Thing/>")))
    assert aside["reason"].startswith(f"CEB{number} {TO_CUSTOMS[number]} is a message to customs and no answer")


# Parts of a message that one may see


def test_a_response_is_cut_out_of_a_page_with_bad_members() -> None:
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
