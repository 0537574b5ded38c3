"""Taking papers back: what goes out for each kind an authority lets go, what its answers mean, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from lxml import etree
from pytest_httpserver import HTTPServer

from connectors.sdk import BadData, Bug, Connector, Paper, State
from connectors.sdk.codecs import read_json
from hub.papers.joining import kinds_of
from tests.support.connectors.ceb_form import at, opened
from tests.support.connectors.parts import (
    CONNECTORS,
    Meet,
    StandIn,
    asked,
    changed,
    connector,
    document,
    hand_over,
    sample_paper,
)

GUID = "5D0E7E0B-6E0B-4A53-8A0C-3F2B1E7D9C44"
JSON, JSON_LD, XML = "application/json", "application/ld+json", "application/xml"
BY_APP_TYPE = ("customs.order", "customs.receipt", "customs.waybill", "customs.waybill_list")


def withdrawn(kind: str) -> Paper:
    if kind in BY_APP_TYPE:
        paper = sample_paper(kind)
        known = document(kind).references(paper)
        return changed(paper, action="withdraw", version=2, guid=GUID, known=known, reason="买方取消订单")
    return sample_paper(f"{kind}-withdrawn")


class Talk(NamedTuple):
    """How a withdrawal is handed over, and what the paper is called in the answer."""

    method: str
    path: str
    content_type: str
    about: str = ""


TALKS = {
    "airport.waybill": Talk("PATCH", "/logistics-objects/f6d2229c-5388-4699-8dff-32e6f06951e1", JSON_LD),
    "customs.declaration": Talk(
        "POST", "/declarations/by-number/YH26010900000003G-01/cancel", JSON, "YH26010900000003G-01"
    ),
    "customs.inventory": Talk("POST", "/dxp/messages", XML),
    "customs.order": Talk("POST", "/dxp/messages", XML),
    "customs.receipt": Talk("POST", "/dxp/messages", XML),
    "customs.waybill": Talk("POST", "/dxp/messages", XML),
    "customs.waybill_list": Talk("POST", "/dxp/messages", XML),
    "rail.booking": Talk(
        "POST",
        "/bookings/by-reference/F52180D1-AE8E-477B-AA26-609BE8B248BD/cancel",
        JSON,
        "F52180D1-AE8E-477B-AA26-609BE8B248BD",
    ),
    "tax.refund": Talk("POST", "/refunds/by-relation/20260100100000001/withdraw", JSON, "20260100100000001"),
}
ACKNOWLEDGED = {
    "airport.waybill": "",
    "customs.declaration": '{"copNo": "YH26010900000003G-01"}',
    **dict.fromkeys(("customs.inventory", *BY_APP_TYPE), "<DxpReceipt/>"),
    "rail.booking": '{"bookingNumber": "ZB26010900001"}',
    "tax.refund": '{"filingNumber": "4100202601000001"}',
}
"""What each authority answers when it took a withdrawal in; the airport says it by 201 alone."""
REFUSABLE = ["airport.waybill", "customs.declaration", "rail.booking", "tax.refund"]
"""Whose authority says at once that it is too late; customs' messages are answered by responses."""


def at_this(server: HTTPServer, kind: str) -> Connector:
    """A connector with a server of this test's own at the other end, which lets it in."""
    server.expect_request("/oauth/token").respond_with_json({"access_token": "token", "expires_in": 600})
    return connector(kind.partition(".")[0], base_url=server.url_for("/"))


def at_home(source: Connector, paper: Paper) -> Paper:
    """The paper with what the authority calls it at the address where it is now."""
    base = source.settings["base_url"].rstrip("/")
    known = {name: value.replace("http://127.0.0.1:8105", base) for name, value in paper.known.items()}
    return changed(paper, known=known)


def test_these_kinds_can_be_taken_back_and_no_other() -> None:
    assert {kind for kind, one in kinds_of(CONNECTORS).items() if one.withdraws} == set(TALKS)


# What goes out


@pytest.mark.parametrize(("kind", "talk"), TALKS.items(), ids=TALKS)
def test_a_withdrawal_goes_where_it_belongs(httpserver: HTTPServer, kind: str, talk: Talk) -> None:
    source = at_this(httpserver, kind)
    paper = at_home(source, withdrawn(kind))
    message = source.submissions[kind].encode([paper])
    httpserver.expect_request(
        talk.path, method=talk.method, data=message.body, headers={"Content-Type": talk.content_type}
    ).respond_with_data(ACKNOWLEDGED[kind], status=201)
    hand_over(source, paper)
    assert [request.path for request, _ in httpserver.log if request.path != "/oauth/token"] == [talk.path]


@pytest.mark.parametrize("kind", BY_APP_TYPE)
def test_a_paper_of_the_three_is_taken_back_by_itself_with_another_app_type(kind: str) -> None:
    new, back = (opened(document(kind).encode([paper]).body) for paper in (sample_paper(kind), withdrawn(kind)))
    before = {element.tag: element.text for element in new.iter() if not len(element)}
    after = {element.tag: element.text for element in back.iter() if not len(element)}
    assert {etree.QName(tag).localname: text for tag, text in after.items() if before[tag] != text} == {
        "guid": GUID,
        "appType": "3",
    }
    assert [element.tag for element in new.iter()] == [element.tag for element in back.iter()]
    assert document(kind).references(withdrawn(kind)) == document(kind).references(sample_paper(kind))


def test_an_inventory_is_taken_back_by_a_message_of_its_own() -> None:
    paper = withdrawn("customs.inventory")
    message = document(paper.kind).encode([paper])
    assert etree.fromstring(message.body).findtext("{*}TransInfo/{*}MsgType") == "CEB605Message"
    root = opened(message.body)
    assert root.get("guid") == message.message_id == paper.guid
    found = {name: at(root, f"InvtCancel/{name}") for name in ("appType", "invtNo", "reason", "copNo")}
    assert {name: element.text for name, element in found.items() if element is not None} == {
        "appType": "1",  # a new cancellation, not a deletion of one
        "invtNo": "46042026E021708009",
        "reason": "买方取消订单",
        "copNo": paper.number,
    }
    assert document(paper.kind).references(paper) == {"customs.cancellation": "46042026E021708009"}


def test_a_cancelled_waybill_keeps_the_address_that_it_has() -> None:
    """The withdrawal has a guid of its own; its address would be that of nothing."""
    assert document("airport.waybill").references(withdrawn("airport.waybill")) == {}


@pytest.mark.parametrize("kind", ["customs.declaration", "rail.booking", "tax.refund"])
def test_the_reason_goes_along(kind: str) -> None:
    assert read_json(document(kind).encode([withdrawn(kind)]).body) == {"reason": "买方取消订单"}


# What the answer means


@pytest.mark.parametrize(
    ("kind", "status"),
    [(kind, status) for kind in TALKS for status in ((201,) if kind == "airport.waybill" else (200, 201, 202))],
)
def test_that_a_withdrawal_was_taken_says_nothing_yet_of_the_paper(
    httpserver: HTTPServer, kind: str, status: int
) -> None:
    source = at_this(httpserver, kind)
    httpserver.expect_request(TALKS[kind].path).respond_with_data(ACKNOWLEDGED[kind], status=status)
    assert hand_over(source, at_home(source, withdrawn(kind))) == []


@pytest.mark.parametrize("kind", TALKS)
@pytest.mark.parametrize("body", ['{"code": "9999", "message": "系统繁忙"}', "<Error><Code>9999</Code></Error>", ""])
def test_a_success_with_an_error_inside_is_no_acknowledgement(httpserver: HTTPServer, kind: str, body: str) -> None:
    source = at_this(httpserver, kind)
    httpserver.expect_request(TALKS[kind].path).respond_with_data(body, status=200)
    with pytest.raises(BadData):
        hand_over(source, at_home(source, withdrawn(kind)))


@pytest.mark.parametrize("kind", REFUSABLE)
def test_what_is_past_withdrawing_asks_for_a_person_and_stays_as_it_is(httpserver: HTTPServer, kind: str) -> None:
    source = at_this(httpserver, kind)
    paper = at_home(source, withdrawn(kind))
    httpserver.expect_request(TALKS[kind].path).respond_with_json({"code": "STATE", "field": "status"}, status=409)
    (record,) = hand_over(source, paper)
    assert (record["about_kind"], record["code"], record["guid"]) == (kind, "STATE", paper.guid)
    assert record["about_value"] == (TALKS[kind].about or paper.known[kind])
    ruling = source.codes.rule(kind, "STATE")
    assert (ruling.state, ruling.milestone, ruling.attention) == (None, None, True)


@pytest.mark.parametrize(
    ("status", "said", "code", "asks"),
    [
        (422, {"code": "INVALID", "field": "reason", "message": "必填"}, "cancel.INVALID", True),
        (409, {"code": "DUPLICATE"}, "cancel.DUPLICATE", False),
    ],
)
def test_a_request_to_cancel_that_is_refused_leaves_the_declaration_as_it_is(
    httpserver: HTTPServer, status: int, said: dict[str, str], code: str, asks: bool
) -> None:
    kind = "customs.declaration"
    httpserver.expect_request(TALKS[kind].path).respond_with_json(said, status=status)
    source = at_this(httpserver, kind)
    (record,) = hand_over(source, withdrawn(kind))
    assert (record["about_kind"], record["code"]) == (kind, code)
    ruling = source.codes.rule(kind, code)
    assert (ruling.state, ruling.attention) == (None, asks)


# After an unknown outcome


@pytest.mark.parametrize("kind", TALKS)
def test_whether_a_withdrawal_arrived_is_not_asked_but_asked_for_again(httpserver: HTTPServer, kind: str) -> None:
    """What the authority has under the paper's name is the paper itself, and asking twice does no harm."""
    source = at_this(httpserver, kind)
    httpserver.clear_log()
    assert asked(source, at_home(source, withdrawn(kind))) is None
    assert httpserver.log == []


# With the stand-ins, from the paper to its end


class Course(NamedTuple):
    """How the withdrawal of a paper is followed: which stream tells of it, what it says, when it is too late."""

    stream: str
    said: str
    too_late: timedelta


COURSES = {
    "airport.waybill": Course("waybills", "CANCELLED", timedelta(days=10)),
    "customs.declaration": Course("declarations", "cancelled", timedelta(hours=2)),
    "rail.booking": Course("changes", "cancelled", timedelta(days=20)),
    "tax.refund": Course("results", "withdrawn", timedelta(hours=3)),
}


def handed_in(stand_in: StandIn, kind: str) -> Paper:
    """Hands the sample in; its withdrawal."""
    new = sample_paper(kind)
    (record,) = hand_over(stand_in.connector, new)
    return changed(withdrawn(kind), known={record["about_kind"]: record["about_value"]})


def codes(stand_in: StandIn, kind: str, paper: Paper) -> list[str]:
    watched = [paper.known[kind]] if stand_in.connector.streams[COURSES[kind].stream].watches else []
    records = stand_in.pulls(COURSES[kind].stream, *watched)
    return [record["code"] for record in records if record["noun"] == "document_event"]


@pytest.mark.parametrize(("kind", "course"), COURSES.items(), ids=COURSES)
def test_a_withdrawn_paper_is_called_off_and_asking_twice_does_no_harm(meet: Meet, kind: str, course: Course) -> None:
    stand_in = meet(kind.partition(".")[0])
    paper = handed_in(stand_in, kind)
    for _ in range(2):
        assert hand_over(stand_in.connector, paper) == []
    stand_in.clock.forward(timedelta(minutes=30))
    said = codes(stand_in, kind, paper)
    assert set(said) - {"received"} == {course.said}
    ruling = stand_in.connector.codes.rule(kind, course.said)
    assert (ruling.state, ruling.attention) == (State.CANCELLED, False)
    stand_in.clock.forward(timedelta(days=30))
    assert set(codes(stand_in, kind, paper)) == set(said)  # and nothing becomes of it


@pytest.mark.parametrize(("kind", "course"), COURSES.items(), ids=COURSES)
def test_a_withdrawal_that_comes_too_late_is_refused(meet: Meet, kind: str, course: Course) -> None:
    stand_in = meet(kind.partition(".")[0])
    paper = handed_in(stand_in, kind)
    stand_in.clock.forward(course.too_late)
    (record,) = hand_over(stand_in.connector, paper)
    assert (record["code"], record["about_value"]) == ("STATE", paper.known[kind])
    assert course.said not in codes(stand_in, kind, paper)


CLOSED = timedelta(hours=2)
AT_CUSTOMS: list[tuple[str, Callable[[StandIn], Any], State | None]] = [
    ("customs.order", lambda stand_in: None, State.DONE),
    ("customs.receipt", lambda stand_in: None, State.DONE),
    ("customs.waybill", lambda stand_in: None, State.DONE),
    ("customs.inventory", lambda stand_in: None, State.CANCELLED),
    ("customs.inventory", lambda stand_in: stand_in.clock.forward(CLOSED), None),
]


@pytest.mark.parametrize(
    ("kind", "meanwhile", "state"),
    AT_CUSTOMS,
    ids=["order", "receipt", "waybill", "inventory", "inventory that is closed"],
)
def test_customs_answers_a_withdrawal_by_responses(
    meet: Meet, kind: str, meanwhile: Callable[[StandIn], Any], state: State | None
) -> None:
    """What becomes of the withdrawal itself: once it is done, or the cancellation concluded, the paper is gone.

    Where it is refused, a person is asked, and the paper stays as it is.
    """
    stand_in = meet("customs")
    earlier = ("customs.order", "customs.receipt", "customs.waybill")
    for other in (*earlier, "customs.inventory") if kind == "customs.inventory" else earlier:
        hand_over(stand_in.connector, sample_paper(other))
        stand_in.clock.forward(timedelta(minutes=2))
    meanwhile(stand_in)
    (stored, *_) = [event for event in responses(stand_in, kind) if event["code"] in ("120", "399")]
    paper = changed(withdrawn(kind), known=stored["references"])
    hand_over(stand_in.connector, paper)
    stand_in.clock.forward(timedelta(minutes=2))
    (about,) = document(kind).references(paper).items()
    heard = [event for event in responses(stand_in, about[0]) if event["guid"] == paper.guid]
    assert {(event["about_kind"], event["about_value"]) for event in heard} == {about}
    rulings = [stand_in.connector.codes.rule(about[0], event["code"]) for event in heard]
    assert max(rulings, key=lambda ruling: ruling.rank).state is state
    assert any(ruling.attention for ruling in rulings) is (state is None)


def responses(stand_in: StandIn, kind: str) -> list[dict[str, Any]]:
    return [event for event in stand_in.pulls("responses") if event["about_kind"] == kind]


def test_an_inventory_whose_number_is_not_known_cannot_be_written() -> None:
    with pytest.raises(Bug, match="invtNo is mandatory and empty"):
        document("customs.inventory").encode([changed(withdrawn("customs.inventory"), known={})])
