"""The railway platform: bookings handed over and asked about, changes, track events, stock and trains on sale."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from stdnum import iso6346

from connectors.rail.codes import BOOKING
from connectors.rail.connector import Rail
from connectors.sdk import Connector, State
from connectors.sdk.codecs import read_json
from connectors.sdk.errors import BadData
from connectors.sdk.states import UNKNOWN, fold
from mocks.rail.lines import JOURNEYS
from tests.support.connectors.ceb_codes import Heard
from tests.support.connectors.parts import (
    Meet,
    StandIn,
    asked,
    changed,
    connector,
    document,
    hand_over,
    handed_over,
    loaded,
    page,
    sample_paper,
    samples,
)

PAPER = sample_paper(BOOKING)
WITHDRAWN = sample_paper("rail.booking-withdrawn")
CODES = Rail.codes
STREAMS = connector("rail").streams


@pytest.fixture
def stand_in(meet: Meet) -> StandIn:
    return meet("rail")


@pytest.fixture
def rail(httpserver: HTTPServer) -> Connector:
    """The connector, with a server of this test's own at the other end that lets everybody in."""
    httpserver.expect_request("/oauth/token").respond_with_json({"access_token": "t", "expires_in": 3600})
    return connector("rail", base_url=httpserver.url_for("/"))


# Booking


def test_a_booking_is_handed_over_once_and_found_by_its_reference(stand_in: StandIn) -> None:
    assert asked(stand_in.connector, PAPER) is None
    first, again = handed_over(stand_in.connector, PAPER), handed_over(stand_in.connector, PAPER)
    assert [first["code"], again["code"]] == ["received", "DUPLICATE"]
    assert first["about_value"] == first["guid"] == PAPER.guid
    assert first["references"] == again["references"] != {}
    assert asked(stand_in.connector, PAPER) == ["received"]
    assert len(stand_in.ledger.entries("booking", "accepted")) == 1
    assert CODES.rule(BOOKING, "DUPLICATE").state is State.SENT


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (changed(PAPER, {"gross_weight": Decimal(0)}), "gross_weight"),
        (changed(PAPER, {"packages": 0}), "packages"),
        (changed(PAPER, {"origin": "CNSHA"}), "origin"),
        (changed(PAPER, {"destination": "Duisburg"}), "destination"),
        (changed(PAPER, {"delivery_warehouse": "HAM01"}), "delivery_warehouse"),  # it stands elsewhere
        (changed(PAPER, {"shipper": " "}), "shipper"),
        (changed(PAPER, {"consignee_address": ""}), "consignee_address"),
        (changed(PAPER, {"consignee_country": "DEU"}), "consignee_country"),
        (changed(PAPER, line={"hs_code": "94032"}), "goods[0].hs_code"),
        (changed(PAPER, line={"quantity": Decimal(0)}), "goods[0].quantity"),
        (changed(PAPER, line={"item_number": ""}), "goods[0].item_number"),
        (changed(PAPER, line={"gross_weight": Decimal("-1")}), "goods[0].gross_weight"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_platform_refuses_names_our_field(stand_in: StandIn, paper: Any, field: str) -> None:
    record = handed_over(stand_in.connector, paper)
    assert record["code"] == "INVALID"
    assert document(BOOKING).field_named(record["words"]) == field
    assert field in PAPER.head or field.partition(".")[2] in PAPER.lines["goods"][0]


@pytest.mark.parametrize("words", ["", "no room", "containers: none left"])
def test_words_without_a_field_name_none(words: str) -> None:
    assert document(BOOKING).field_named(words) is None


def test_a_booking_is_taken_back_until_its_train_has_left(stand_in: StandIn) -> None:
    handed_over(stand_in.connector, PAPER)
    taken_back = changed(WITHDRAWN, known={**WITHDRAWN.known, BOOKING: PAPER.guid})
    assert hand_over(stand_in.connector, taken_back) == [], "the change follows"
    assert [one["code"] for one in stand_in.pulls("changes") if one["noun"] == "document_event"][-1] == "cancelled"

    other = changed(PAPER, guid="9A4B7D12-3F1E-4C5B-8D60-7A2C9E1F4B33")
    handed_over(stand_in.connector, other)
    stand_in.clock.forward(timedelta(days=15))
    late = handed_over(stand_in.connector, changed(taken_back, known={BOOKING: other.guid}))
    assert (late["code"], late["about_value"]) == ("STATE", other.guid)
    ruling = CODES.rule(BOOKING, "STATE")
    assert (ruling.state, ruling.attention) == (None, True)


# The way of a container


def travelled(stand_in: StandIn) -> list[dict[str, Any]]:
    handed_over(stand_in.connector, PAPER)
    stand_in.clock.forward(timedelta(days=40))
    return stand_in.pulls("events")


def test_a_confirmed_booking_has_a_train_a_container_and_a_note(stand_in: StandIn) -> None:
    handed_over(stand_in.connector, PAPER)
    stand_in.clock.forward(timedelta(days=1))
    changes = stand_in.pulls("changes")
    assert [one["code"] for one in changes if one["noun"] == "document_event"] == ["received", "confirmed"]
    (leg,) = [one for one in changes if one["noun"] == "leg"]
    confirmed = changes[-2]
    assert iso6346.is_valid(confirmed["references"]["rail.container"]), "a container number has a check digit"
    assert leg["transport_document"] == confirmed["references"]["rail.note"]
    assert (leg["mode"], leg["origin"], leg["destination"]) == ("rail", "CNZGZ", "DEDUI")
    assert leg["departs_at"] < leg["arrives_at"]


def test_a_booking_that_is_moved_to_another_train_keeps_one_leg() -> None:
    change = json.loads(sample("changes"))["changes"][1]
    moved = change | {"trainNumber": "X8044", "at": "2026-01-10T00:00:00.000Z", "sequence": 99}
    records = loaded(STREAMS["changes"].read(page(json.dumps({"changes": [change, moved]}))))
    legs = [one for one in records if one["noun"] == "leg"]
    assert len({one["source_id"] for one in legs}) == 1
    assert legs[1]["as_of"] > legs[0]["as_of"]


def sample(name: str) -> str:
    return (samples("rail") / f"{name}.received.json").read_text("utf-8")


def test_events_come_late_out_of_order_and_twice_and_one_story_follows(stand_in: StandIn) -> None:
    events = travelled(stand_in)
    tracked = [one for one in events if one["noun"] == "tracking_event"]
    heard = [one for one in events if one["noun"] == "document_event"]
    assert len({one["source_id"] for one in tracked}) < len(tracked), "some come twice"
    happened = [one["happened_at"] for one in heard]
    assert happened != sorted(happened), "some are overtaken"
    assert {one["time_kind"] for one in tracked} == {"planned", "actual"}
    assert {one["source_id"] for one in heard} == {
        one["source_id"] for one in tracked if one["time_kind"] == "actual"
    }, "a plan moves no paper"

    in_order = sorted({one["source_id"]: one for one in heard}.values(), key=lambda one: one["happened_at"])
    codes = [one["code"] for one in in_order]
    assert codes[:4] == ["GTIN", "STUF", "LOAD", "DEPA"]
    assert codes[-3:] == ["ARRI", "DISC", "GTOT"]
    told = [
        Heard(CODES.rule(BOOKING, one["code"]).state, CODES.rule(BOOKING, one["code"]).rank, one["happened_at"])
        for one in heard
    ]
    assert fold(told, State.SENT) is fold(reversed(told), State.SENT) is State.DONE


def test_at_the_border_the_goods_change_trains_and_only_there_they_leave_the_country(stand_in: StandIn) -> None:
    heard = {one["code"]: one for one in travelled(stand_in) if one["noun"] == "document_event"}
    assert {"ARRI.BORD", "CUSR.BORD", "DISC.BORD", "LOAD.BORD", "CROS.BORD"} <= heard.keys()
    assert heard["DISC"]["happened_at"] > heard["DISC.BORD"]["happened_at"], "unloading at the end is another thing"
    brings = {code: CODES.rule(BOOKING, code).milestone for code in heard}
    assert {code: name for code, name in brings.items() if name} == {
        "CROS.BORD": "departed",
        "ARRI": "arrived",
        "GTOT": "arrived",
    }
    places = {one["place"] for one in travelled(stand_in) if one["noun"] == "tracking_event"}
    assert {"CNZGZ", "CNAKL", "PLMAA", "DEDUI"} <= places


@given(
    st.permutations(
        sorted({code + (".BORD" if place == "BORD" else "") for code, _, place, _ in JOURNEYS["CNAKL", "DEDUI"]})
    )
)
def test_in_whatever_order_a_journey_is_heard_its_end_counts(codes: list[str]) -> None:
    at = datetime(2026, 1, 9, tzinfo=UTC)
    rulings = [CODES.rule(BOOKING, code) for code in codes]
    assert UNKNOWN not in rulings
    told = [Heard(one.state, one.rank, at + timedelta(hours=place)) for place, one in enumerate(rulings)]
    assert fold(told, State.SENT) is State.DONE
    before_the_end = [one for one, code in zip(told, codes, strict=True) if code != "GTOT"]
    assert fold(before_the_end, State.SENT) is State.ACCEPTED


@pytest.mark.parametrize("code", ["", "XXXX", "DEPA.SEA", "departed"])
def test_a_code_that_is_not_in_the_table_asks_for_a_person(code: str) -> None:
    ruling = CODES.rule(BOOKING, code)
    assert (ruling.state, ruling.attention, ruling.milestone) == (None, True, None)


def test_goods_for_a_warehouse_are_on_its_shelf_in_the_end(stand_in: StandIn) -> None:
    travelled(stand_in)
    records = stand_in.pulls("stock")
    levels = [one for one in records if one["noun"] == "stock_level"]
    assert [(one["warehouse"], one["sku"], one["quantity"], one["unit"]) for one in levels] == [
        ("DUI01", "HC-CAB-4D", Decimal(120), "item"),
        ("DUI01", "HC-OFF-2D", Decimal(90), "item"),
    ]
    stocked = [one for one in records if one["noun"] == "document_event"]
    assert {(one["code"], one["about_value"]) for one in stocked} == {("STOCKED", PAPER.guid)}
    assert CODES.rule(BOOKING, "STOCKED").milestone == "stocked"
    assert {"DUI01", "HAM01", "ALA01"} == {one["code"] for one in stand_in.pulls("warehouses")}


# Trains on sale


def test_trains_are_on_sale_with_their_border_room_and_price(stand_in: StandIn) -> None:
    trains = stand_in.pulls("schedules")
    assert len(trains) > 40
    assert len({one["source_id"] for one in trains}) == len(trains)
    assert {(one["destination"], one["border"]) for one in trains} >= {("DEDUI", "CNAKL"), ("KZALA", "CNHRS")}
    assert all(one["departs_at"] < one["arrives_at"] for one in trains)
    assert all(one["capacity"] >= 0 and one["capacity_unit"] == "TEU" for one in trains)
    assert all(one["price"] > 1000 and one["currency"] == "USD" for one in trains)

    before = {one["source_id"]: one["capacity"] for one in trains}
    handed_over(stand_in.connector, PAPER)
    stand_in.clock.forward(timedelta(hours=3))
    after = {one["source_id"]: one for one in stand_in.pulls("schedules")}
    sold = [name for name, train in after.items() if name in before and train["capacity"] < before[name]]
    assert len(sold) == 1, "the room that we took is gone"
    assert after[sold[0]]["as_of"] > min(one["as_of"] for one in after.values())


def test_the_schedule_is_fetched_to_its_last_page(rail: Connector, httpserver: HTTPServer) -> None:
    first, second = (json.loads(sample("schedules"))["schedules"][number] for number in (0, 1))
    follow = "2026-02-09T08:45:00.000Z"
    query = {"from": "CNZGZ"}
    httpserver.expect_request("/schedules", query_string=query).respond_with_json(
        {"schedules": [first], "next": follow}
    )
    httpserver.expect_request("/schedules", query_string=query | {"after": follow}).respond_with_json(
        {"schedules": [second], "next": None}
    )
    trains = StandIn(rail, None, None).pulls("schedules")  # type: ignore[arg-type]
    assert [one["transport_identifier"] for one in trains] == ["X9012", "X8044"]


def test_a_schedule_that_never_ends_is_said(rail: Connector, httpserver: HTTPServer) -> None:
    (row, *_) = json.loads((samples("rail") / "schedules.received.json").read_text("utf-8"))["schedules"]
    httpserver.expect_request("/schedules").respond_with_json({"schedules": [row], "next": "2026-02-09T08:45:00.000Z"})
    with pytest.raises(BadData, match="names itself as the next"):
        StandIn(rail, None, None).pulls("schedules")  # type: ignore[arg-type]


def test_the_token_is_asked_for_and_shown(rail: Connector, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/warehouses", headers={"Authorization": "Bearer t"}).respond_with_json(
        {"warehouses": []}
    )
    assert StandIn(rail, None, None).pulls("warehouses") == []  # type: ignore[arg-type]


def test_a_booking_is_written_in_the_platforms_words() -> None:
    booking = read_json(document(BOOKING).encode([PAPER]).body)
    assert (booking["bookingReference"], booking["grossKilograms"], booking["packages"]) == (PAPER.guid, "5850", 210)
    assert booking["readyAt"] == "2026-01-10T00:00:00+00:00"


def test_an_empty_container_out_of_the_depot_has_not_arrived() -> None:
    told = json.loads((samples("rail") / "events.received.json").read_text("utf-8"))
    (out,) = [one for one in told["events"] if one.get("equipmentEventTypeCode") == "GTOT"]
    stream = connector("rail").streams["events"]

    def heard(indicator: str) -> str:
        body = json.dumps({"events": [out | {"emptyIndicatorCode": indicator}]}).encode()
        return next(str(one["code"]) for one in loaded(stream.read(page(body))) if one["noun"] == "document_event")

    assert CODES.rule(BOOKING, heard("LADEN")).milestone == "arrived"
    ruling = CODES.rule(BOOKING, heard("EMPTY"))
    assert (ruling.state, ruling.milestone, ruling.attention) == (None, None, False)
