"""One track event, in the forms of DCSA Track & Trace 2.x (flat) and 3.x (metadata and payload)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.rail.codes import (
    BOOKING,
    BORDER,
    EMPTY,
    ENDS,
    HAS_OTHER_WAYS,
    ORIGIN,
    OTHER_PAPER,
    PORT_CALL,
    TURNS_ON_GOODS,
    TURNS_ON_TRAIN,
    WAYPOINT,
)
from connectors.sdk import BadData
from connectors.sdk.codecs import as_object
from connectors.sdk.members import Told
from connectors.sdk.paging import key_of
from connectors.sdk.records import DocumentEvent, TrackingEvent

Row = Mapping[str, Any]

TIME_KINDS = {"ACT": "actual", "PLN": "planned", "EST": "estimated", "REQ": "requested"}
CODE_NAMES = ("transport", "equipment", "shipment", "operations", "iot", "reefer")
BOOKINGS = ("BKG", "CBR")
"""Document types that are a booking: its number, else the reference of the request."""
BORDERS, WAYPOINTS = ("BORD", "BOCR"), ("WAYP",)
REFERENCES = {
    "documentReferences": ("documentReferenceType", "documentReferenceValue"),
    "relatedDocumentReferences": ("type", "value"),
    "references": ("referenceType", "referenceValue"),
}
"""Where an event lists what it is about, and how type and value are called there; 3.x says `type` and `value`."""
TRAINS = (
    "exportVoyageNumber", "carrierExportVoyageNumber", "railService", "carrierVoyageNumber",
    "universalExportVoyageReference",
)  # fmt: skip
REASONS = ("reason", "changeRemark", "remark", "delayReasonCode")
LOCODE_LENGTH = 5


def read_track_event(row: Row) -> Iterator[Told]:
    """Tracking for each booking that it names; what has happened moves the paper on.

    One booking leaves the event its own id as the key, several make one key each. BadData where it names none, where it
    takes back another event, or where its kind of time is not known.
    """
    event = _flat(row)
    kind, call, bookings = _time_kind(event), _object(event, "transportCall"), _bookings(event)
    place, elsewhere = _place(event)
    train = next((call[name] for name in TRAINS if call.get(name)), None)
    common = {
        "as_of": event.get("eventCreatedDateTime"),
        "about_kind": BOOKING,
        "code": _code(event),
        "words": _words(event, elsewhere),
        "happened_at": event.get("eventDateTime"),
    }
    own = event.get("eventID")
    for booking in bookings:
        about = {"about_value": booking, "source_id": own if len(bookings) == 1 else key_of(own, booking)}
        yield TrackingEvent, common | about | {"time_kind": kind, "place": place, "transport_identifier": train}
        if kind == "actual":
            yield DocumentEvent, common | about


def _flat(event: Row) -> Row:
    """3.x keeps apart who says it and what is said; 2.x does not. What is null in one part may be said in another."""
    parts = (event, _object(event, "payload"), _object(event, "metadata"))
    flat = {name: value for part in parts for name, value in part.items() if value is not None}
    if flat.get("retractedEventID"):
        raise BadData(f"it takes back the event {flat['retractedEventID']}", field="retractedEventID")
    return flat


def _time_kind(event: Row) -> str:
    """`unknown` where the event does not say: that it has happened is not taken for granted."""
    said = event.get("eventClassifierCode")
    if said in (None, ""):
        return "unknown"
    if not isinstance(said, str) or said not in TIME_KINDS:
        raise BadData(f"eventClassifierCode {said} is unknown", field="eventClassifierCode")
    return TIME_KINDS[said]


def _bookings(event: Row) -> list[str]:
    """Each booking once, in the order of the event."""
    named: list[tuple[Any, Any]] = [
        (event.get("documentTypeCode"), event.get("documentReference") or event.get("documentID"))
    ]
    for name, (type_name, value_name) in REFERENCES.items():
        rows = event.get(name) or []
        if not isinstance(rows, list):
            raise BadData(f"{name} is no list", field=name)
        for row in map(as_object, rows):
            named.append((row.get(type_name) or row.get("type"), row.get(value_name) or row.get("value")))
    for kind in BOOKINGS:
        found = dict.fromkeys(str(value) for type_, value in named if type_ == kind and isinstance(value, str | int))
        found.pop("", None)
        if found:
            return list(found)
    raise BadData("the event names no booking", field="documentReferences")


def _code(event: Row) -> str | None:
    """The event's code, and behind it what makes another thing of it."""
    type_ = str(event.get("eventType") or "").lower()
    names = sorted(CODE_NAMES, key=lambda name: name != type_)  # what the event calls itself comes first
    said = [(name, code) for name in names if (code := event.get(f"{name}EventTypeCode"))]
    if not said and event.get("eventTypeCode"):
        said = [(type_, event["eventTypeCode"])]
    name, code = said[0] if said else ("", None)
    if not isinstance(code, str):
        return None
    if name == "shipment":
        return code if event.get("documentTypeCode") in BOOKINGS else code + OTHER_PAPER
    return code + PORT_CALL if name == "operations" else code + _where(event, code)


def _where(event: Row, code: str) -> str:
    facility = next((kind for one in _spots(event) if (kind := one.get("facilityTypeCode"))), None)
    if code in TURNS_ON_GOODS and event.get("emptyIndicatorCode") == "EMPTY":
        return EMPTY
    if code in TURNS_ON_TRAIN and _mode(event) not in ("", "RAIL"):
        return WAYPOINT
    if facility in BORDERS:
        return BORDER
    before_it = code in ENDS and _place(event)[0] == ORIGIN
    on_the_way = before_it or facility in WAYPOINTS or event.get("isTransshipmentMove") is True
    return WAYPOINT if on_the_way and code in HAS_OTHER_WAYS else ""


def _mode(event: Row) -> str:
    """By what it goes; empty where the event does not say."""
    return str(next((mode for one in _spots(event) if (mode := one.get("modeOfTransport"))), "")).upper()


def _spots(event: Row) -> list[Row]:
    """Wherever an event may say where it is, the newer editions first."""
    call = _object(event, "transportCall")
    outer = [_object(event, "eventLocation"), _object(event, "location"), _object(call, "location"), call]
    return [event, *(inner for one in outer for inner in (one, _object(one, "facility")))]


def _place(event: Row) -> tuple[str | None, str]:
    """The UN/LOCODE, or failing that in words whatever else is said of the place.

    A facility code of the BIC begins with the UN/LOCODE; one of SMDG stands beside it.
    """
    spots = _spots(event)
    if locode := next((code for one in spots if (code := one.get("UNLocationCode"))), None):
        return locode, ""
    for one in spots:
        if one.get("facilityCode") and one.get("facilityCodeListProvider") == "BIC":
            return str(one["facilityCode"])[:LOCODE_LENGTH], ""
    for one in spots:
        if said := _in_words(one):
            return None, said
    return None, ""


def _in_words(spot: Row) -> str:
    address = spot.get("address")
    parts = [spot.get("locationName"), spot.get("otherFacility")]
    parts += [address.get(name) for name in ("name", "city", "country")] if isinstance(address, dict) else [address]
    parts += [spot.get("facilityCode"), spot.get("latitude"), spot.get("longitude")]
    return ", ".join(str(part) for part in parts if part not in (None, "") and not isinstance(part, dict | list))


def _words(event: Row, elsewhere: str) -> str:
    """The container, then the reason and a place without a code, then a document that is not the booking."""
    paper = event.get("documentTypeCode")
    about = [paper, event.get("documentReference") or event.get("documentID")] if paper not in (None, *BOOKINGS) else []
    said = [event.get("equipmentReference"), *(event.get(name) for name in REASONS), elsewhere, *about]
    return "; ".join(str(one) for one in said if one not in (None, "") and not isinstance(one, dict | list))


def _object(row: Row, name: str) -> Row:
    inner = row.get(name)
    return inner if isinstance(inner, dict) else {}
