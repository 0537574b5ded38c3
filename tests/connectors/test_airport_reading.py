"""What the airport's ONE Record server says: JSON-LD in each of its forms, waybills and events."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.airport.codes import IN_STOCK
from connectors.airport.jsonld import CARGO, first_error, fragment, get, many, place, text
from connectors.sdk.codecs import write_json
from tests.connectors.parts import connector, loaded, page

ADDRESS = "http://127.0.0.1:8105/logistics-objects/f6d2229c-5388-4699-8dff-32e6f06951e1"
EVENTS = f"{ADDRESS}/logistics-events"


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


def test_each_leg_has_the_number_of_its_place_in_the_journey() -> None:
    """The number stands above the movement, as text, in whatever order the sequences come."""
    sequences = [
        {
            "cargo:sequenceNumber": number,
            "cargo:activity": flight() | {"@id": f"http://127.0.0.1:8105/flights/{number}"},
        }
        for number in ("2", "1", "3")
    ]
    _, *legs = waybill("CONFIRMED", referredBookingOption={"cargo:activitySequences": sequences})
    assert [leg["sequence"] for leg in legs] == [2, 1, 3]
    assert len({leg["source_id"] for leg in legs}) == 3


def test_booked_on_another_flight_it_is_the_same_leg() -> None:
    _, first = waybill("CONFIRMED", activitySequences={"cargo:activity": flight()})
    another = flight() | {"@id": "http://127.0.0.1:8105/flights/another"}
    _, then = waybill("CONFIRMED", activitySequences={"cargo:activity": another})
    assert then["source_id"] == first["source_id"]


def test_several_legs_without_a_number_stay_several() -> None:
    _, *legs = waybill("CONFIRMED", activitySequences={"cargo:activity": [flight(), flight() | {"@id": "http://x/2"}]})
    assert len({leg["source_id"] for leg in legs}) == 2


def test_a_leg_without_a_number_is_the_first() -> None:
    _, leg = waybill("CONFIRMED", activitySequences={"cargo:activity": flight()})
    assert leg["sequence"] == 1


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


@pytest.mark.parametrize(("place", "code"), [("CGO", "FIW"), ("DOH", "FIW"), (None, "FIW"), ("ORD01", IN_STOCK)])
def test_only_in_a_warehouse_is_freight_in_stock(place: str | None, code: str) -> None:
    """Airports, too, take freight into warehouse control: before it flies, and where it changes planes."""
    at = {"cargo:eventLocation": {"cargo:locationCodes": [{"cargo:code": place}]}} if place else {}
    tracking, heard = events([event("ACTUAL", "FIW") | at])
    assert (tracking["code"], heard["code"]) == ("FIW", code)
