"""The airport's ONE Record server: waybills left there, the booking and the events fetched again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from connectors.airport.jsonld import CARGO, MEDIA_TYPE, first_error, fragment, get, many, place, text
from connectors.sdk import Connector, State
from connectors.sdk.codecs import write_json
from connectors.sdk.states import UNKNOWN
from mocks.airport.app import create_app
from mocks.airport.story import MILESTONES
from mocks.serve import serving
from tests.connectors.parts import changed, connector, handed_over, loaded, page, sample_paper

KIND = "airport.waybill"
PAPER = sample_paper(KIND)
OBJECT = "/logistics-objects/f6d2229c-5388-4699-8dff-32e6f06951e1"
ADDRESS = f"http://127.0.0.1:8105{OBJECT}"
EVENTS = f"{ADDRESS}/logistics-events"


@pytest.fixture
def airport(httpserver: HTTPServer) -> Connector:
    """The connector, with a server of this test's own at the other end."""
    return connector("airport", base_url=httpserver.url_for("/"))


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Connector]:
    """The connector, with the stand-in airport at the other end."""
    with serving(create_app()) as address:
        yield connector("airport", base_url=address)


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
    target = connector("airport").documents[KIND]
    other = changed(PAPER, guid="0000FFFF-5388-4699-8DFF-32E6F06951E1", version=2)
    assert target.references(PAPER) == {KIND: ADDRESS}
    assert target.references(other) == {
        KIND: "http://127.0.0.1:8105/logistics-objects/0000ffff-5388-4699-8dff-32e6f06951e1"
    }


def test_after_an_unknown_outcome_the_airport_is_asked(airport: Connector, httpserver: HTTPServer) -> None:
    target = airport.documents[KIND]
    httpserver.expect_ordered_request(OBJECT, headers={"Accept": MEDIA_TYPE}).respond_with_data(status=404)
    httpserver.expect_ordered_request(OBJECT, headers={"Accept": MEDIA_TYPE}).respond_with_json({"@id": ADDRESS})
    with closing(airport.open()) as http:
        assert target.find(http, PAPER) is None
        found = target.find(http, PAPER)
    assert found is not None
    assert [record["code"] for record in loaded(target.read(found, [PAPER]))] == ["CREATED"]


def test_a_waybill_is_left_booked_and_found_at_the_stand_in(stand_in: Connector) -> None:
    record = handed_over(stand_in, PAPER)
    assert record["code"] == "CREATED"
    assert handed_over(stand_in, PAPER)["code"] == "CREATED"  # the second time it is there already
    with closing(stand_in.open()) as http:
        (waybill,) = stand_in.streams["waybills"].pages(http, "", [record["about_value"], f"{record['about_value']}0"])
        (events,) = stand_in.streams["events"].pages(http, "", [record["about_value"]])
    assert waybill.part == record["about_value"]
    assert list(stand_in.streams["waybills"].read(waybill)) == []  # the booking desk has not been at it yet
    assert list(stand_in.streams["events"].read(events)) == []


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ({"gross_weight": Decimal(0)}, "gross_weight"),
        ({"goods_description": " "}, "goods_description"),
        ({"pieces": 0}, "pieces"),
        ({"origin": "CN"}, "origin"),
        ({"destination": "US-ORD"}, "destination"),
    ],
)
def test_what_the_airport_refuses_names_our_field(stand_in: Connector, head: dict[str, Any], field: str) -> None:
    record = handed_over(stand_in, changed(PAPER, head, guid=f"{field:0<36}".replace("_", "-")))
    assert record["code"] == "INVALID"
    assert stand_in.documents[KIND].field_named(record["words"]) == field


@pytest.mark.parametrize("words", ["", "Invalid Logistics Object", "@context: must bind cargo to its namespace"])
def test_words_without_a_property_name_no_field(words: str) -> None:
    assert connector("airport").documents[KIND].field_named(words) is None


# Reading JSON-LD


def test_a_property_is_found_with_its_prefix_and_in_full() -> None:
    short: Any = {"cargo:shipment": {"cargo:goodsDescription": "wigs"}}
    full = {f"{CARGO}shipment": {f"{CARGO}goodsDescription": "wigs"}}
    path = ("cargo:shipment", "cargo:goodsDescription")
    assert get(short, *path) == get(full, *path) == "wigs"
    assert get(short, "cargo:shipment", "cargo:pieces", "cargo:upid") is None
    assert get("a link", *path) is None


@pytest.mark.parametrize(
    ("function", "value", "found"),
    [
        (many, None, []),
        (many, {"@id": "one"}, [{"@id": "one"}]),
        (many, [1, 2], [1, 2]),
        (text, {"@type": "xsd:string", "@value": "172"}, "172"),
        (text, "172", "172"),
        (text, 172, "172"),
        (text, None, None),
        (text, {"@id": "x"}, None),
        (fragment, {"@id": "https://onerecord.iata.org/ns/code-lists/StatusCode#DEP"}, "DEP"),
        (fragment, {"@id": "cargo:ACTUAL", "@type": "cargo:EventTimeType"}, "ACTUAL"),
        (fragment, f"{CARGO}INBOUND", "INBOUND"),
        (fragment, None, None),
        (place, {"cargo:locationCodes": {"cargo:code": "CGO"}}, "CGO"),
        (place, {"cargo:locationCodes": [{"cargo:code": {"@value": "ORD"}}, {"cargo:code": "USORD"}]}, "ORD"),
        (place, {"@id": "http://127.0.0.1/locations/1"}, None),
        (place, None, None),
        (first_error, {"api:hasErrorDetail": {"api:hasMessage": "one"}, "api:hasTitle": "title"}, "one"),
        (first_error, {"api:hasErrorDetail": [], "api:hasTitle": {"@value": "title"}}, "title"),
        (first_error, {}, "refused without a reason"),
    ],
)
def test_values_are_read_in_each_of_their_forms(function: Any, value: Any, found: Any) -> None:
    assert function(value) == found


# Reading waybills


def waybill(status: str | None, **properties: Any) -> list[dict[str, Any]]:
    node: dict[str, Any] = {"@id": ADDRESS, "@type": "cargo:Waybill"}
    node |= {f"cargo:{name}": value for name, value in properties.items()}
    if status:
        node["cargo:bookingStatus"] = {"@id": f"cargo:{status}"}
    return loaded(connector("airport").streams["waybills"].read(page(write_json(node), part=ADDRESS)))


def flight(*times: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "@type": "cargo:TransportMovement",
        "@id": "http://127.0.0.1:8105/flights/1",
        "cargo:transportIdentifier": "CV9744",
        "cargo:departureLocation": {"cargo:locationCodes": {"cargo:code": "CGO"}},
        "cargo:arrivalLocation": {"cargo:locationCodes": {"cargo:code": "ICN"}},
        "cargo:movementTimes": [
            {
                "cargo:direction": {"@id": f"cargo:{direction}"},
                "cargo:movementTimeType": {"@id": f"{CARGO}{kind}"},
                "cargo:movementTimestamp": {"@value": f"2026-01-09T{at}:00Z"},
            }
            for direction, kind, at in times
        ],
    }


def test_a_waybill_says_nothing_until_it_is_booked() -> None:
    assert waybill(None) == []


def test_a_rejected_booking_has_no_number_and_no_leg() -> None:
    (record,) = waybill("REJECTED")
    assert (record["code"], record["references"], record["answers"]) == ("REJECTED", {}, {})


@pytest.mark.parametrize(
    ("times", "departs", "arrives"),
    [
        ([("OUTBOUND", "SCHEDULED", "04:20"), ("INBOUND", "SCHEDULED", "15:25")], "04:20", "15:25"),
        ([("OUTBOUND", "SCHEDULED", "04:20"), ("OUTBOUND", "ACTUAL", "05:02")], "05:02", None),
        ([("INBOUND", "ACTUAL", "16:01"), ("INBOUND", "SCHEDULED", "15:25")], None, "16:01"),
        ([], None, None),
    ],
    ids=["scheduled", "departed", "arrived", "none"],
)
def test_a_leg_has_the_best_time_that_is_known(
    times: list[tuple[str, str, str]], departs: str | None, arrives: str | None
) -> None:
    booked, leg = waybill(
        "CONFIRMED",
        waybillPrefix="172",
        waybillNumber="12345675",
        activitySequences=[{"cargo:activity": flight(*times)}],
    )
    assert booked["references"] == {"airport.awb": "172-12345675"}
    assert (leg["transport_identifier"], leg["transport_document"]) == ("CV9744", "172-12345675")
    assert (leg["origin"], leg["destination"]) == ("CNCGO", "ICN")  # an airport that we have no UN/LOCODE for
    found = [moment and f"{moment:%H:%M}" for moment in (leg["departs_at"], leg["arrives_at"])]
    assert found == [departs, arrives]


# Reading events


def events(items: Any) -> list[dict[str, Any]]:
    body = write_json({"@type": "api:Collection", "api:hasItem": items})
    return loaded(connector("airport").streams["events"].read(page(body, part=EVENTS)))


def event(kind: str | None, code: str = "DEP") -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": f"{EVENTS}/1",
        "cargo:creationDate": "2026-01-09T03:05:00Z",
        "cargo:eventDate": "2026-01-09T06:25:00Z",
        "cargo:eventCode": {"@id": f"https://onerecord.iata.org/ns/code-lists/StatusCode#{code}"},
    }
    return node | ({"cargo:eventTimeType": {"@id": f"cargo:{kind}"}} if kind else {})


@pytest.mark.parametrize(
    ("kind", "time_kind", "moves_the_paper"),
    [
        ("ACTUAL", "actual", True),
        (None, "actual", True),
        ("PLANNED", "planned", False),
        ("SCHEDULED", "planned", False),
        ("ESTIMATED", "estimated", False),
        ("REQUESTED", "estimated", False),
    ],
)
def test_only_what_has_happened_moves_the_paper_on(kind: str | None, time_kind: str, moves_the_paper: bool) -> None:
    tracking, *heard = events([event(kind)])
    assert (tracking["noun"], tracking["time_kind"], tracking["about_value"]) == ("tracking_event", time_kind, ADDRESS)
    assert [one["noun"] for one in heard] == (["document_event"] if moves_the_paper else [])


def test_one_event_may_come_without_its_list_and_none_without_anything() -> None:
    assert events(event("PLANNED")) == events([event("PLANNED")])
    assert events([]) == events(None) == []


# Codes


def test_what_the_stand_in_can_say_is_ruled() -> None:
    codes = connector("airport").codes
    said = {code for code, *_ in MILESTONES} | {"CONFIRMED", "REJECTED", "CREATED", "INVALID"}
    assert {code for code in said if codes.rule(KIND, code) is UNKNOWN} == set()
    brings = {code: codes.rule(KIND, code).milestone for code in said}
    assert {code: name for code, name in brings.items() if name} == {"DEP": "departed", "ARR": "arrived"}
    assert codes.rule(KIND, "XXX") is UNKNOWN


def test_events_carry_a_paper_further_in_the_order_in_which_they_happen() -> None:
    codes = connector("airport").codes
    ranks = [codes.rule(KIND, code).rank for code in ("CREATED", "CONFIRMED", *(code for code, *_ in MILESTONES))]
    assert ranks == sorted(set(ranks))


def test_every_code_is_said_in_both_languages_and_tells_whom_it_needs() -> None:
    for ruling in connector("airport").codes.table.values():
        assert ruling.zh
        assert ruling.en
        if ruling.state is State.REJECTED or ruling.attention:
            assert ruling.way_out_zh
            assert ruling.way_out_en
