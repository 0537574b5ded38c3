"""Track events as DCSA has them, in both editions: who is meant, where it was, and what each of the 36 codes does."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.rail.codes import AT_BORDER, BOOKING, EQUIPMENT, OF_DOCUMENTS, SHIPMENT, TRANSPORT, VARIANTS
from connectors.rail.connector import Rail
from connectors.sdk.states import UNKNOWN, State
from connectors.sdk.testing.samples import as_json, loaded
from mocks.rail.app import create_app
from mocks.rail.editions import as_3
from tests.support.connectors.parts import StandIn, changed, connector, handed_over, page, sample_paper, samples
from tests.support.together import together
from tests.support.world import Clock, ClockPace, Street

CASE = Path(__file__).parent / "cases" / "rail" / "R03-two-bookings.json"
(EVENT,) = json.loads(CASE.read_text("utf-8"))["events"]
ONE = EVENT | {"documentReferences": EVENT["documentReferences"][:1]}
STREAM = connector("rail").streams["events"]
CODES = Rail.codes
PAPER = sample_paper(BOOKING)


def read(*events: Any) -> list[dict[str, Any]]:
    return loaded(STREAM.read(page(json.dumps({"events": events}))))


def without(event: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in names}


# Who is meant


def test_each_booking_of_an_event_hears() -> None:
    told = read(EVENT)
    assert [(one["noun"], one["about_value"]) for one in told] == [
        ("tracking_event", "A"), ("document_event", "A"), ("tracking_event", "B"), ("document_event", "B"),
    ]  # fmt: skip
    keys = {one["about_value"]: one["source_id"] for one in told}
    assert keys == {"A": f"{EVENT['eventID']}/A", "B": f"{EVENT['eventID']}/B"}
    turned = EVENT | {"documentReferences": EVENT["documentReferences"][::-1]}
    assert {one["source_id"] for one in read(turned)} == set(keys.values()), "in whatever order they are named"


def test_an_event_of_one_booking_keeps_its_own_key() -> None:
    twice = ONE | {"documentReferences": ONE["documentReferences"] * 2}
    for event in (ONE, twice):
        assert [(one["about_value"], one["source_id"]) for one in read(event)] == [("A", EVENT["eventID"])] * 2


REFERENCES: dict[str, dict[str, Any]] = {
    "documentReferences": {"documentReferences": [{"documentReferenceType": "BKG", "documentReferenceValue": "A"}]},
    "relatedDocumentReferences": {"relatedDocumentReferences": [{"type": "BKG", "value": "A"}]},
    "references": {"references": [{"referenceType": "BKG", "referenceValue": "A"}]},
    "references of 3.x": {"references": [{"type": "EQ", "value": "X"}, {"type": "BKG", "value": "A"}]},
    "old names in the new list": {"documentReferences": [{"type": "BKG", "value": "A"}]},
    "all of them": {
        "documentReferences": [{"documentReferenceType": "BKG", "documentReferenceValue": "A"}],
        "relatedDocumentReferences": [{"type": "BKG", "value": "A"}, {"type": "TRD", "value": "T"}],
    },
    "the request's reference alone": {"relatedDocumentReferences": [{"type": "CBR", "value": "A"}]},
    "the document itself": {"documentTypeCode": "BKG", "documentReference": "A"},
    "the document itself in 2.x": {"documentTypeCode": "BKG", "documentID": "A"},
}


@pytest.mark.parametrize("how", REFERENCES)
def test_a_booking_is_found_in_every_list_of_references(how: str) -> None:
    assert {one["about_value"] for one in read(without(EVENT, "documentReferences") | REFERENCES[how])} == {"A"}


@pytest.mark.parametrize(
    ("event", "reason", "field"),
    [
        (without(EVENT, "documentReferences"), "names no booking", "documentReferences"),
        (EVENT | {"documentReferences": []}, "names no booking", "documentReferences"),
        (EVENT | {"documentReferences": [{"documentReferenceType": "TRD", "documentReferenceValue": "T"}]},
         "names no booking", "documentReferences"),
        (EVENT | {"documentReferences": [{"documentReferenceType": "BKG", "documentReferenceValue": ""}]},
         "names no booking", "documentReferences"),
        (EVENT | {"documentReferences": "A"}, "is no list", "documentReferences"),
        (EVENT | {"eventClassifierCode": "GUE"}, "eventClassifierCode GUE is unknown", "eventClassifierCode"),
        ({"sequence": 2, "metadata": {"eventID": "r", "retractedEventID": "gone"}}, "takes back the event gone",
         "retractedEventID"),
        ("an event", "a JSON object was agreed, and str came", ""),
        (None, "a JSON object was agreed, and NoneType came", ""),
    ],
)  # fmt: skip
def test_an_event_that_is_not_understood_waits_alone_with_its_reason(event: Any, reason: str, field: str) -> None:
    read_around = read(ONE, event, ONE)
    assert [one["noun"] for one in read_around] == [
        "tracking_event", "document_event", "aside", "tracking_event", "document_event",
    ]  # fmt: skip
    assert reason in read_around[2]["reason"]
    assert read_around[2]["field"] == field


# When


@pytest.mark.parametrize(
    ("classifier", "kind"),
    [("ACT", "actual"), ("PLN", "planned"), ("EST", "estimated"), ("REQ", "requested"), (None, "unknown"),
     ("", "unknown")],
)  # fmt: skip
def test_only_what_is_said_to_have_happened_moves_the_paper_on(classifier: str | None, kind: str) -> None:
    tracking, *heard = read(ONE | {"eventClassifierCode": classifier})
    assert (tracking["time_kind"], len(heard)) == (kind, 1 if kind == "actual" else 0)


# Where


CALL = EVENT["transportCall"]
PLACES: dict[str, tuple[dict[str, Any], str | None, str]] = {
    "on the call": ({"transportCall": CALL}, "CNZGZ", ""),
    "in the call's location": ({"transportCall": {"location": {"UNLocationCode": "CNZGZ"}}}, "CNZGZ", ""),
    "in the facility of the call's location": (
        {"transportCall": {"location": {"locationName": "Yard", "facility": {"UNLocationCode": "CNZGZ"}}}}, "CNZGZ", ""
    ),
    "in the event's location": ({"transportCall": None, "eventLocation": {"UNLocationCode": "CNZGZ"}}, "CNZGZ", ""),
    "in the location of 3.x": ({"transportCall": None, "location": {"UNLocationCode": "CNZGZ"}}, "CNZGZ", ""),
    "by a facility code of the BIC": (
        {"transportCall": {"location": {"facilityCode": "CNZGZPUTI", "facilityCodeListProvider": "BIC"}}}, "CNZGZ", ""
    ),
    "by a facility code of SMDG beside the place": (
        {"transportCall": {"UNLocationCode": "DEHAM", "facilityCode": "CTA", "facilityCodeListProvider": "SMDG"}},
        "DEHAM", "",
    ),
    "by a facility code that names no place": (
        {"transportCall": {"facilityCode": "CTA", "facilityCodeListProvider": "SMDG"}}, None, "CTA"
    ),
    "by an address": (
        {"transportCall": {"location": {"locationType": "ADDR", "address": {"name": "Yard 4", "city": "Duisburg"}}}},
        None, "Yard 4, Duisburg",
    ),
    "by its coordinates": (
        {"eventLocation": {"latitude": "45.1", "longitude": "82.5"}, "transportCall": {}}, None, "45.1, 82.5"
    ),
    "nowhere": ({"transportCall": None}, None, ""),
}  # fmt: skip


@pytest.mark.parametrize("where", PLACES)
def test_a_place_is_read_wherever_an_edition_puts_it(where: str) -> None:
    change, place, words = PLACES[where]
    tracking, _ = read(ONE | change)
    assert (tracking["place"], tracking["words"]) == (place, "; ".join(filter(None, ("TGHU1234567", words))))


@pytest.mark.parametrize("kind", ["BORD", "BOCR"])
@pytest.mark.parametrize(
    "change",
    [
        lambda kind: {"facilityTypeCode": kind},
        lambda kind: {"transportCall": {"facilityTypeCode": kind}},
        lambda kind: {"transportCall": {"location": {"facilityTypeCode": kind}}},
        lambda kind: {"transportCall": {"location": {"facility": {"facilityTypeCode": kind}}}},
        lambda kind: {"transportCall": None, "eventLocation": {"facilityTypeCode": kind}},
    ],
)
def test_a_border_is_a_border_wherever_it_is_said(change: Any, kind: str) -> None:
    _, heard = read(ONE | change(kind))
    assert heard["code"] == "LOAD.BORD"


def test_the_train_is_read_in_both_editions() -> None:
    for call in ({"exportVoyageNumber": "X8024"}, {"carrierExportVoyageNumber": "X8024"}, {"railService": "X8024"}):
        assert read(ONE | {"transportCall": call})[0]["transport_identifier"] == "X8024"


# The codes


def test_all_36_codes_of_dcsa_are_known_in_both_languages() -> None:
    """Event domain 3.2: 17 of equipment, 17 of documents, 2 of transport."""
    assert (len(EQUIPMENT), len(SHIPMENT), len(TRANSPORT)) == (17, 17, 2)
    assert set(SHIPMENT) == set(OF_DOCUMENTS)
    assert set(AT_BORDER) < {*EQUIPMENT, *TRANSPORT}
    for code in (*EQUIPMENT, *SHIPMENT, *TRANSPORT, *VARIANTS):
        ruling = CODES.rule(BOOKING, code)
        assert ruling is not UNKNOWN, code
        assert ruling.zh, code
        assert ruling.en, code
        assert not ruling.attention or (ruling.way_out_zh and ruling.way_out_en), code


def heard(**event: Any) -> dict[str, Any]:
    _, said = read(without(ONE, "equipmentEventTypeCode") | event)
    return said


KINDS = {
    **dict.fromkeys(EQUIPMENT, ("EQUIPMENT", "equipmentEventTypeCode")),
    **dict.fromkeys(TRANSPORT, ("TRANSPORT", "transportEventTypeCode")),
}
"""What carries goods; documents are told apart below."""


@together("code", KINDS)
@together("facility", ["RAMP", "BORD", "WAYP"])
@together("indicator", ["LADEN", "EMPTY"])
def test_whatever_a_container_does_is_known(code: str, facility: str, indicator: str) -> None:
    type_, name = KINDS[code]
    said = heard(
        eventType=type_, emptyIndicatorCode=indicator, transportCall={"facilityTypeCode": facility}, **{name: code}
    )
    assert said["code"].startswith(code)
    ruling = CODES.rule(BOOKING, said["code"])
    assert ruling is not UNKNOWN
    assert not ruling.attention, "it says nothing that a person would have to see to"


@pytest.mark.parametrize(
    ("code", "event", "becomes"),
    [
        ("GTOT", {"transportCall": {"UNLocationCode": "DEDUI"}}, "GTOT"),
        ("GTOT", {"emptyIndicatorCode": "EMPTY"}, "GTOT.EMPTY"),
        ("GTOT", {"isTransshipmentMove": True}, "GTOT.WAYP"),
        ("CROS", {"transportCall": {"facilityTypeCode": "BORD"}}, "CROS.BORD"),
        ("CROS", {"transportCall": {"facilityTypeCode": "BORD"}, "emptyIndicatorCode": "EMPTY"}, "CROS.EMPTY"),
        ("GTIN", {"emptyIndicatorCode": "EMPTY"}, "GTIN"),
        ("DISC", {"isTransshipmentMove": True, "transportCall": {"facilityTypeCode": "BORD"}}, "DISC.BORD"),
    ],
)
def test_a_code_means_another_thing_without_goods_and_on_the_way(
    code: str, event: dict[str, Any], becomes: str
) -> None:
    assert heard(equipmentEventTypeCode=code, **event)["code"] == becomes
    ruling = CODES.rule(BOOKING, becomes)
    assert bool(ruling.milestone) == (becomes in ("GTOT", "CROS.BORD"))


@pytest.mark.parametrize(
    ("code", "call", "becomes"),
    [
        ("ARRI", {"modeOfTransport": "TRUCK", "UNLocationCode": "DEDUI"}, "ARRI.WAYP"),
        ("ARRI", {"modeOfTransport": "TRUCK", "facilityTypeCode": "BORD"}, "ARRI.WAYP"),
        ("ARRI", {"modeOfTransport": "RAIL", "UNLocationCode": "DEDUI"}, "ARRI"),
        ("ARRI", {"UNLocationCode": "DEDUI"}, "ARRI"),
        ("ARRI", {"modeOfTransport": "RAIL", "UNLocationCode": "CNZGZ"}, "ARRI.WAYP"),
        ("DEPA", {"modeOfTransport": "VESSEL"}, "DEPA.WAYP"),
        ("DEPA", {"modeOfTransport": "RAIL", "UNLocationCode": "CNZGZ"}, "DEPA"),
        ("GTOT", {"modeOfTransport": "TRUCK", "UNLocationCode": "DEDUI"}, "GTOT"),
        ("GTOT", {"location": {"facility": {"UNLocationCode": "CNZGZ"}}}, "GTOT.WAYP"),
        ("GTIN", {"modeOfTransport": "TRUCK", "UNLocationCode": "CNZGZ"}, "GTIN"),
    ],
)
def test_neither_a_truck_nor_the_origin_makes_goods_arrive(code: str, call: dict[str, Any], becomes: str) -> None:
    type_, name = KINDS[code]
    assert heard(eventType=type_, transportCall=call, **{name: code})["code"] == becomes
    ruling = CODES.rule(BOOKING, becomes)
    assert becomes == code or (ruling.state, ruling.milestone) == (None, None)


def test_what_is_null_in_one_part_of_an_event_is_said_in_another() -> None:
    payload = without(ONE, "eventID", "sequence")
    (tracking, _) = read({"metadata": {"eventID": "m", "eventClassifierCode": None}, "payload": payload})
    assert (tracking["source_id"], tracking["time_kind"]) == ("m", "actual")


@together("code", SHIPMENT)
@together("paper", ["BKG", "CBR", "TRD", "SHI", "CUC", None])
def test_only_what_is_said_of_the_booking_rules_the_booking(code: str, paper: str | None) -> None:
    said = heard(
        eventType="SHIPMENT", shipmentEventTypeCode=code, documentTypeCode=paper, documentReference="A", reason="why"
    )
    is_booking = paper in ("BKG", "CBR")
    assert said["code"] == (code if is_booking else f"{code}.DOC")
    assert "why" in said["words"]
    ruling = CODES.rule(BOOKING, said["code"])
    assert ruling is not UNKNOWN
    assert is_booking or ruling.state is None
    assert (ruling.milestone, bool(ruling.zh)) == (None, True)


def test_what_is_said_of_a_booking_leads_where_it_should() -> None:
    states = {code: CODES.rule(BOOKING, code).state for code in SHIPMENT}
    assert states["REJE"] is State.REJECTED
    assert states["CANC"] is State.CANCELLED
    assert states["HOLD"] is State.HELD
    assert {states[code] for code in ("CONF", "APPR", "RELS")} == {State.ACCEPTED}
    hold, release = (CODES.rule(BOOKING, code) for code in ("HOLD", "RELS"))
    assert hold.rank == release.rank, "the later of the two counts"


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"eventType": "OPERATIONS", "operationsEventTypeCode": "CANC"}, "CANC.OPS"),
        ({"eventType": "OPERATIONS", "operationsEventTypeCode": "ARRI"}, "ARRI.OPS"),
        ({"eventType": "REEFER", "reeferEventTypeCode": "MEAS"}, "MEAS"),
        ({"eventType": "IOT", "iotEventTypeCode": "DETC"}, "DETC"),
        ({"eventType": "EQUIPMENT", "eventTypeCode": "LOAD"}, "LOAD"),
        ({"equipmentEventTypeCode": "LOAD", "transportEventTypeCode": "DEPA", "eventType": "EQUIPMENT"}, "LOAD"),
    ],
)
def test_other_kinds_of_event_are_told_apart(event: dict[str, Any], code: str) -> None:
    said = heard(**event)
    assert said["code"] == code
    assert CODES.rule(BOOKING, code) is not UNKNOWN


def test_a_code_that_nobody_knows_asks_a_person() -> None:
    said = heard(equipmentEventTypeCode="XYZA")
    assert CODES.rule(BOOKING, said["code"]) is UNKNOWN


# The platform's other ways to say it


def test_the_sample_says_the_same_in_edition_3() -> None:
    folder = samples("rail")
    received, expected = (json.loads((folder / f"events.{end}.json").read_text()) for end in ("received", "records"))
    told = [as_json(one) for one in read(*map(as_3, received["events"]))]
    assert told == expected["records"]


def meet(street: Street, **more: Any) -> StandIn:
    clock = Clock()
    app = street.doors["rail"].app = create_app(ClockPace(clock=clock), **more)
    return StandIn(connector("rail", now=clock, base_url=street.addresses["rail"]), clock, app.extensions["ledger"])


def test_a_platform_of_edition_3_tells_the_same_story(street: Street) -> None:
    stories = []
    for edition in (2, 3):
        stand_in = meet(street, edition=edition)
        handed_over(stand_in.connector, PAPER)
        stand_in.clock.forward(timedelta(days=40))
        told = stand_in.pulls("events")
        stories.append([as_json(one) for one in told])
        assert not [one for one in told if one["noun"] == "aside"]
    assert stories[0] == stories[1]
    street.clear()


def test_bookings_that_share_a_container_all_hear_of_it(street: Street) -> None:
    stand_in = meet(street, shared=True)
    other = changed(PAPER, guid="0000FFFF-5388-4699-8DFF-32E6F06951E1")
    for paper in (PAPER, other):
        handed_over(stand_in.connector, paper)
    stand_in.clock.forward(timedelta(days=40))
    told = [one for one in stand_in.pulls("events") if one["noun"] == "document_event"]
    codes = {
        paper.guid: sorted({(one["code"], one["happened_at"]) for one in told if one["about_value"] == paper.guid})
        for paper in (PAPER, other)
    }
    assert codes[PAPER.guid] == codes[other.guid]
    assert {code for code, _ in codes[PAPER.guid]} >= {"GTIN", "DEPA", "CROS.BORD", "ARRI", "GTOT"}
    keys = {(one["source_id"], one["about_value"]) for one in told}
    assert len({key for key, _ in keys}) == len(keys), "each booking has records of its own"
    street.clear()
