"""What the airport's ONE Record server says about waybills, and of what happens to them."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.airport.codes import IN_STOCK, STATUSES, WAYBILL
from connectors.airport.connector import Airport
from connectors.airport.expanded import CARGO
from connectors.sdk.codecs import write_json
from connectors.sdk.states import UNKNOWN
from connectors.sdk.testing.samples import RECEIVED_AT
from tests.support.connectors.parts import connector, loaded, page
from tests.support.together import together

ADDRESS = "http://127.0.0.1:8105/logistics-objects/f6d2229c-5388-4699-8dff-32e6f06951e1"
EVENTS = f"{ADDRESS}/logistics-events"


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
    "status",
    [
        {"@id": "cargo:CONFIRMED"},
        {"@id": f"{CARGO}CONFIRMED", "@type": "cargo:BookingStatus"},
        "cargo:CONFIRMED",
        "CONFIRMED",
        f"{CARGO}CONFIRMED",
        {"@type": "cargo:CodeListElement", "cargo:code": "CONFIRMED"},
    ],
)
def test_a_booking_status_is_read_in_each_of_its_forms_on_the_waybill_and_on_the_booking(status: Any) -> None:
    """By the ontology it belongs to the cargo:Booking."""
    (there,) = waybill(None, bookingStatus=status)
    booked = {"@type": "cargo:Booking", "cargo:bookingStatus": status, "cargo:waybillPrefix": "172"}
    (below,) = waybill(None, referredBookingOption=booked | {"cargo:waybillNumber": "12345675"})
    assert there["code"] == below["code"] == "CONFIRMED"
    assert below["references"] == {"airport.awb": "172-12345675"}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (["CONFIRMED", "REJECTED"], "several of bookingStatus: CONFIRMED, REJECTED"),
        ({"@id": "https://air.example/states#CONFIRMED"}, "of another list"),
        ({"cargo:note": "who knows"}, "this is no status"),
    ],
)
def test_a_status_that_is_not_understood_hides_no_leg(status: Any, reason: str) -> None:
    aside, leg = waybill(None, bookingStatus=status, activitySequences={"cargo:activity": flight()})
    assert (aside["noun"], aside["field"], leg["noun"]) == ("aside", "bookingStatus", "leg")
    assert reason in aside["reason"]


def test_a_leg_that_cannot_be_read_hides_no_booking() -> None:
    odd = flight() | {"cargo:transportIdentifier": ["CV1", "CV2"]}
    booked, aside = waybill("CONFIRMED", activitySequences={"cargo:activity": odd})
    assert (booked["code"], aside["noun"], aside["field"]) == ("CONFIRMED", "aside", "transportIdentifier")


def test_the_flights_of_a_house_waybill_are_not_those_of_the_master() -> None:
    house = {"@type": "cargo:Waybill", "cargo:activitySequences": {"cargo:activity": flight()}}
    assert [one["noun"] for one in waybill("CONFIRMED", houseWaybills=house)] == ["document_event"]


@pytest.mark.parametrize(
    ("times", "departs", "arrives"),
    [
        ([("OUTBOUND", "SCHEDULED", "04:20"), ("INBOUND", "SCHEDULED", "15:25")], "04:20", "15:25"),
        ([("OUTBOUND", "SCHEDULED", "04:20"), ("OUTBOUND", "ACTUAL", "05:02")], "05:02", None),
        ([("OUTBOUND", "SCHEDULED", "04:20"), ("OUTBOUND", "ESTIMATED", "06:30")], "06:30", None),
        ([("INBOUND", "ACTUAL", "16:01"), ("INBOUND", "SCHEDULED", "15:25")], None, "16:01"),
        ([], None, None),
    ],
    ids=["scheduled", "departed", "estimated", "arrived", "none"],
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
    ("kind", "time_kind"),
    [
        ("ACTUAL", "actual"),
        ("PLANNED", "planned"),
        ("SCHEDULED", "planned"),
        ("ESTIMATED", "estimated"),
        ("EXPECTED", "expected"),
        ("REQUESTED", "requested"),
        (None, "unknown"),
    ],
)
def test_only_what_is_said_to_have_happened_moves_the_paper_on(kind: str | None, time_kind: str) -> None:
    tracking, *heard = events([event(kind)])
    assert (tracking["noun"], tracking["time_kind"], tracking["about_value"]) == ("tracking_event", time_kind, ADDRESS)
    assert [one["noun"] for one in heard] == (["document_event"] if kind == "ACTUAL" else [])


def unloaded(items: Any) -> list[Any]:
    body = write_json({"@type": "api:Collection", "api:hasItem": items})
    return list(connector("airport").streams["events"].read(page(body, part=EVENTS)))


def test_one_event_may_come_without_its_list_and_none_without_anything() -> None:
    assert events(event("PLANNED")) == events([event("PLANNED")])
    assert events([]) == events(None) == []


def at(*codes: str) -> dict[str, Any]:
    return {"@type": "cargo:Location", "cargo:locationCodes": [{"cargo:code": code} for code in codes]}


@pytest.mark.parametrize(
    ("locations", "code"),
    [
        ([at("CGO")], "FIW"),
        ([at("CNCGO")], "FIW"),
        ([at("DOH")], "FIW"),
        ([], "FIW"),
        ([at("ORD", "USORD")], "FIW"),
        ([at("ORD01")], IN_STOCK),
        ([at("ORD", "ORD01")], IN_STOCK),
        ([at("ORD"), at("ORD01")], "FIW"),
    ],
)
def test_only_in_a_warehouse_is_freight_in_stock(locations: list[Any], code: str) -> None:
    """Airports, too, take freight into warehouse control: before it flies, and where it changes planes."""
    tracking, heard = events([event("ACTUAL", "FIW") | {"cargo:eventLocation": locations}])
    assert (tracking["code"], heard["code"]) == ("FIW", code)


@pytest.mark.parametrize(
    ("locations", "place", "words"),
    [
        ([at("CGO")], "CNCGO", ""),
        ([at("CGO", "CNCGO")], "CNCGO", ""),
        ([at("ICN")], "ICN", ""),
        ([at("T2", "ICN", "KRICN")], "KRICN", ""),
        ([at("CGO"), at("CNCGO")], "CNCGO", ""),
        ([at("CGO"), at("LUX")], None, "CNCGO, LULUX"),
        ([at("FREIGHT HALL 4")], None, "FREIGHT HALL 4"),
        ([{"@id": "http://127.0.0.1:8105/locations/1"}], None, ""),
        ([{"cargo:locationCodes": "CGO"}], "CNCGO", ""),
        ([{"cargo:locationCodes": {"@id": "https://air.example/IATA#CGO"}}], "CNCGO", ""),
    ],
)
def test_a_place_is_an_un_locode_where_one_is_said_and_never_one_of_several(
    locations: list[Any], place: str | None, words: str
) -> None:
    tracking, _ = events([event("ACTUAL") | {"cargo:eventLocation": locations}])
    assert (tracking["place"], tracking["words"]) == (place, words)


STATUS = "https://onerecord.iata.org/ns/code-lists/StatusCode"


@together(
    "code",
    [
        {"@id": f"{STATUS}#DEP"},
        {"@id": f"{STATUS}#DEP", "@type": "cargo:CodeListElement"},
        {"@id": "https://onerecord.iata.org/ns/coreCodeLists#StatusCode_DEP"},
        {"@id": "https://air.example/statusCodes#DEP"},
        {"@type": "cargo:CodeListElement", "cargo:code": "DEP"},
        {"@type": "cargo:CodeListElement", "cargo:code": "DEP", "cargo:codeListName": "StatusCode"},
        {"cargo:code": {"@value": "DEP"}, "cargo:codeListReference": STATUS},
        "DEP",
        {"@value": "DEP"},
        f"{STATUS}#DEP",
        [{"@id": f"{STATUS}#DEP"}, "DEP"],
        [{"@id": f"{STATUS}#DEP"}, {"@id": "https://air.example/milestones#OUT"}],
    ],
)
def test_an_event_code_is_read_in_each_of_its_forms(code: Any) -> None:
    tracking, heard = events([event("ACTUAL") | {"cargo:eventCode": code}])
    assert (tracking["code"], heard["code"]) == ("DEP", "DEP")


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"cargo:eventTimeType": "cargo:GUESSED"}, "eventTimeType GUESSED is unknown", "eventTimeType"),
        ({"cargo:eventTimeType": ["ACTUAL", "PLANNED"]}, "several of eventTimeType", "eventTimeType"),
        ({"cargo:eventTimeType": {"@id": "https://air.example/kinds#ACTUAL"}}, "of another list", "eventTimeType"),
        ({"cargo:eventCode": {"@id": "https://air.example/milestones#DEP"}}, "of another list", "eventCode"),
        ({"cargo:eventCode": ["DEP", "ARR"]}, "several of eventCode: DEP, ARR", "eventCode"),
        ({"cargo:partialEventIndicator": "perhaps"}, "perhaps came where true or false", "partialEventIndicator"),
        ({"cargo:partialEventIndicator": {"@id": "http://x/"}}, "true or false was agreed", "partialEventIndicator"),
        ({"cargo:eventDate": ["2026-01-09T06:25:00Z", "2026-01-09T06:26:00Z"]}, "said several times", "eventDate"),
    ],
)
def test_an_event_that_is_not_understood_waits_alone_with_its_reason(
    change: dict[str, Any], reason: str, field: str
) -> None:
    read = events([event("PLANNED"), event("ACTUAL") | {"@id": f"{EVENTS}/2"} | change, event("PLANNED")])
    assert [one["noun"] for one in read] == ["tracking_event", "aside", "tracking_event"]
    assert reason in read[1]["reason"]
    assert read[1]["field"] == field


def test_what_is_no_event_at_all_waits_alone() -> None:
    read = unloaded([event("PLANNED"), "an event", 7])
    assert [type(one).__name__ for one in read] == ["tuple", "Aside", "Aside"]


@pytest.mark.parametrize(("given", "codes"), [("DIS_OFLD", ["DIS_OFLD"]), ("XYZ", ["XYZ"]), ("RCS", []), ("DLV", [])])
def test_a_discrepancy_of_some_of_the_goods_still_asks_a_person(given: str, codes: list[str]) -> None:
    tracking, *heard = events([event("ACTUAL", given) | {"cargo:partialEventIndicator": True}])
    assert tracking["code"] == f"{given}.PARTIAL"
    assert [one["code"] for one in heard] == codes


@together(
    ("partial", "moves"),
    [(True, False), ("true", False), ("1", False), (1, False), ({"@type": "xsd:boolean", "@value": "true"}, False),
     (False, True), ("false", True), (0, True), (None, True)],
)  # fmt: skip
@together("code", ["DEP", "ARR", "DLV"])
def test_some_of_the_goods_move_no_paper_on(code: str, partial: Any, moves: bool) -> None:
    tracking, *heard = events([event("ACTUAL", code) | {"cargo:partialEventIndicator": partial}])
    assert tracking["code"] == (code if moves else f"{code}.PARTIAL")
    assert [one["code"] for one in heard] == ([code] if moves else [])
    ruling = Airport.codes.rule(WAYBILL, f"{code}.PARTIAL")
    assert (ruling.state, ruling.milestone, ruling.attention, bool(ruling.zh)) == (None, None, False, True)


def piece(number: int) -> dict[str, Any]:
    return {"@type": "cargo:Piece", "@id": f"http://127.0.0.1:8105/logistics-objects/piece-{number}"}


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ([{"@type": "cargo:Shipment", "@id": "http://127.0.0.1:8105/logistics-objects/s"}], "DEP"),
        ([{"@type": "cargo:Waybill", "@id": ADDRESS}], "DEP"),
        ([{"@id": "http://127.0.0.1:8105/logistics-objects/s"}], "DEP"),
        ([{"@type": "cargo:Shipment", "@id": "http://127.0.0.1:8105/logistics-objects/s"}, piece(1)], "DEP"),
        ([piece(1), piece(2)], "DEP.PARTIAL"),
        ([{"@type": "cargo:ULD", "@id": "http://127.0.0.1:8105/logistics-objects/u"}], "DEP.PARTIAL"),
    ],
)
def test_what_happens_to_pieces_alone_is_not_said_of_the_whole(about: list[Any], code: str) -> None:
    tracking, *heard = events([event("ACTUAL") | {"cargo:eventFor": about}])
    assert (tracking["code"], len(heard)) == (code, 1 if code == "DEP" else 0)
    assert tracking["words"] == ("2 件 / 2 pieces" if len(about) == 2 and not heard else "")


def test_what_has_flown_is_shown_in_both_languages() -> None:
    update = {
        "@type": "cargo:StatusUpdateEvent",
        "cargo:eventName": "Departed",
        "cargo:partialEventIndicator": True,
        "cargo:recordedPieceCount": 3,
        "cargo:recordedWeight": {
            "@type": "cargo:Value",
            "cargo:numericalValue": 120.50,
            "cargo:unit": {"@id": "https://vocabulary.uncefact.org/UnitMeasureCode#KGM"},
        },
        "cargo:transportMovementReference": flight(),
    }
    (tracking,) = events([event("ACTUAL") | update])
    assert tracking["words"] == "Departed; 3 件，120.5 千克 / 3 pieces, 120.5 kg"
    assert tracking["transport_identifier"] == "CV9744"


def test_an_event_without_a_time_of_its_own_counts_from_when_it_came() -> None:
    """creationDate may be absent, eventDate may not (API 2.3.0)."""
    told = event("ACTUAL")
    del told["cargo:creationDate"]
    assert [one["as_of"] for one in events([told])] == [RECEIVED_AT, RECEIVED_AT]


def test_what_a_collection_counts_and_does_not_show_is_missed() -> None:
    body = {"@type": "api:Collection", "api:hasTotalItems": 3, "api:hasItem": [event("PLANNED")]}
    tracking, missed = loaded(connector("airport").streams["events"].read(page(write_json(body), part=EVENTS)))
    assert (tracking["noun"], missed["noun"]) == ("tracking_event", "aside")
    assert missed["reason"] == "the collection counts 3 and shows 1"


def test_the_whole_list_of_status_codes_is_known() -> None:
    """cXML 1.18 as ONE Record 2025-07 has it: 37, and the plain DIS of Cargo-IMP messages."""
    assert len(STATUSES) == 37 + 1
    assert all(Airport.codes.rule(WAYBILL, code) is not UNKNOWN for code in STATUSES)
