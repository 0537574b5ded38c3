"""The airport's ONE Record server: waybills left there, refused, found again, and what its codes mean."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from connectors.airport.codes import IN_STOCK, REFERENCE
from connectors.airport.connector import Airport
from connectors.airport.jsonld import MEDIA_TYPE
from connectors.sdk import Bug, Connector
from connectors.sdk.codecs import read_json
from connectors.sdk.states import UNKNOWN
from mocks.airport.story import MILESTONES
from tests.support.connectors.parts import Meet, StandIn, asked, changed, connector, document, handed_over, sample_paper

KIND = "airport.waybill"
PAPER = sample_paper(KIND)
OBJECT = "/logistics-objects/f6d2229c-5388-4699-8dff-32e6f06951e1"
ADDRESS = f"http://127.0.0.1:8105{OBJECT}"
TRADE = "YH26010900000001K"
CODES = Airport.codes


@pytest.fixture
def airport(httpserver: HTTPServer) -> Connector:
    """The connector, with a server of this test's own at the other end."""
    return connector("airport", base_url=httpserver.url_for("/"))


@pytest.fixture
def stand_in(meet: Meet) -> StandIn:
    return meet("airport")


# Leaving a waybill


@pytest.mark.parametrize(
    ("status", "code"), [(201, "CREATED"), (409, "CREATED"), (400, "INVALID")], ids=["created", "there", "refused"]
)
def test_the_answer_to_a_waybill_is_about_the_address_that_we_chose(
    airport: Connector, httpserver: HTTPServer, status: int, code: str
) -> None:
    httpserver.expect_oneshot_request(
        "/logistics-objects/",
        method="POST",
        headers={"Authorization": "Bearer airport-demo-token", "Content-Type": MEDIA_TYPE, "Accept": MEDIA_TYPE},
    ).respond_with_json({"api:hasTitle": "Invalid Logistics Object"}, status=status)
    record = handed_over(airport, PAPER)
    assert (record["code"], record["guid"]) == (code, PAPER.guid)
    assert record["about_value"] == httpserver.url_for(OBJECT)
    assert record["words"] == ("Invalid Logistics Object" if status == 400 else "")


def test_another_version_has_another_address() -> None:
    other = changed(PAPER, guid="0000FFFF-5388-4699-8DFF-32E6F06951E1", version=2)
    assert document(KIND).references(PAPER) == {KIND: ADDRESS, REFERENCE: TRADE}
    assert document(KIND).references(other) == {
        KIND: "http://127.0.0.1:8105/logistics-objects/0000ffff-5388-4699-8dff-32e6f06951e1",
        REFERENCE: TRADE,  # by which a warehouse knows the goods, whatever version brought them
    }


@pytest.mark.parametrize("offset", [0, 8])
def test_a_moment_is_written_in_iso_8601(offset: int) -> None:
    ready = datetime(2026, 1, 9, offset, 0, tzinfo=timezone(timedelta(hours=offset)))
    waybill = read_json(document(KIND).encode([changed(PAPER, {"ready_at": ready})]).body)
    assert waybill["cargo:shippingInfo"] == f"ready at {ready.isoformat()}"
    assert datetime.fromisoformat(waybill["cargo:shippingInfo"].removeprefix("ready at ")) == ready


def test_after_an_unknown_outcome_the_airport_is_asked(airport: Connector, httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request(OBJECT, headers={"Accept": MEDIA_TYPE}).respond_with_data(status=404)
    httpserver.expect_ordered_request(OBJECT, headers={"Accept": MEDIA_TYPE}).respond_with_json(
        {"@id": ADDRESS, "@type": "cargo:Waybill"}
    )
    assert [asked(airport, PAPER) for _ in range(2)] == [None, ["CREATED"]]


def test_a_waybill_is_left_booked_and_found_at_the_stand_in(stand_in: StandIn) -> None:
    assert asked(stand_in.connector, PAPER) is None
    record = handed_over(stand_in.connector, PAPER)
    assert record["code"] == "CREATED"
    assert handed_over(stand_in.connector, PAPER)["code"] == "CREATED"  # the second time it is there already
    address = record["about_value"]
    for stream in ("waybills", "events"):
        assert stand_in.pulls(stream, address, f"{address}0") == []  # the booking desk has not been at it yet
    stand_in.clock.forward(timedelta(minutes=6))
    booked, leg = stand_in.pulls("waybills", address, f"{address}0")
    assert (booked["code"], booked["about_value"], leg["sequence"]) == ("CONFIRMED", address, 1)
    assert booked["references"] == {"airport.awb": leg["transport_document"]}


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ({"gross_weight": Decimal(0)}, "gross_weight"),
        ({"goods_description": " "}, "goods_description"),
        ({"pieces": 0}, "pieces"),
        ({"delivery_warehouse": "LUX01"}, "delivery_warehouse"),  # no place at the airport of arrival
    ],
)
def test_what_the_airport_refuses_names_our_field(stand_in: StandIn, head: dict[str, Any], field: str) -> None:
    record = handed_over(stand_in.connector, changed(PAPER, head))
    assert record["code"] == "INVALID"
    assert document(KIND).field_named(record["words"]) == field


def test_a_place_whose_iata_code_is_not_known_is_refused_and_not_guessed() -> None:
    assert document(KIND).check(PAPER) == []
    for end, place in (("origin", "CNZGZ"), ("destination", "USLAX")):
        (problem,) = document(KIND).check(changed(PAPER, {end: place}))
        assert (problem.field, problem.code, problem.rule_en) == (end, "NO_CODE", f"{end}: no IATA code of {place}")
        with pytest.raises(Bug, match=place):
            document(KIND).encode([changed(PAPER, {end: place})])


@pytest.mark.parametrize("words", ["", "Invalid Logistics Object", "@context: must bind cargo to its namespace"])
def test_words_without_a_property_name_no_field(words: str) -> None:
    assert connector("airport").submissions[KIND].field_named(words) is None


@pytest.mark.parametrize(
    ("element", "field"),
    [
        ("departureLocation", "origin"),
        ("involvedParties", "consignee"),
        ("declaredValueForCustoms", "declared_value"),
        ("shippingInfo", "ready_at"),
        ("shipment/cargo:deliveryLocation", "delivery_warehouse"),
        ("waybillType", None),
    ],
)
def test_a_property_leads_to_our_field(element: str, field: str | None) -> None:
    assert document(KIND).field_named(f"cargo:{element}: wanted") == field


# Codes


ROUTINE = ("DPU", "DOC", "CRC", "CCD", "TGC", "TFD", "TRM", "RCT", "FIW", "FOW", "DDL")
"""Of the Cargo-IMP list: things that happen on many a way and change nothing for the paper."""


def test_what_the_stand_in_can_say_is_ruled() -> None:
    said = {code for code, *_ in MILESTONES} | {IN_STOCK}
    said |= {"CONFIRMED", "REJECTED", "CANCELLED", "CREATED", "INVALID", "STATE"}
    assert {code for code in said if CODES.rule(KIND, code) is UNKNOWN} == set()
    brings = {code: CODES.rule(KIND, code).milestone for code in said}
    assert {code: name for code, name in brings.items() if name} == {
        "DEP": "departed",
        "ARR": "arrived",
        IN_STOCK: "stocked",
    }


def test_events_carry_a_paper_further_in_the_order_in_which_they_happen() -> None:
    way = ["CREATED", "CONFIRMED", *(code for code, *_ in MILESTONES if code != "FIW"), IN_STOCK]
    ranks = [CODES.rule(KIND, code).rank for code in way]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize("code", ROUTINE)
def test_a_routine_word_moves_nothing_and_asks_for_nobody(code: str) -> None:
    ruling = CODES.rule(KIND, code)
    assert ruling is not UNKNOWN
    assert (ruling.state, ruling.milestone, ruling.attention) == (None, None, False)


@pytest.mark.parametrize("code", ["DIS", "XXX", ""])
def test_what_is_wrong_or_unknown_asks_for_a_person(code: str) -> None:
    ruling = CODES.rule(KIND, code)
    assert (ruling.state, ruling.attention) == (None, True)
