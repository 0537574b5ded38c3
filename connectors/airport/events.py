"""One logistics event (ONE Record cargo ontology 3.x, LogisticsEvent and its StatusUpdateEvent)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from connectors.airport.codes import CODES, IN_STOCK, PARTIAL, PLACES, UNITS, WAYBILL
from connectors.airport.jsonld import Node
from connectors.sdk import BadData
from connectors.sdk.members import Told
from connectors.sdk.records import DocumentEvent, TrackingEvent

TIME_KINDS = {
    "ACTUAL": "actual",
    "PLANNED": "planned",
    "SCHEDULED": "planned",
    "ESTIMATED": "estimated",
    "EXPECTED": "expected",
    "REQUESTED": "requested",
}
"""cargo:EventTimeType, and SCHEDULED, which its own description names."""
STATUS_LISTS = ("StatusCode", "EventCode", "cXML 1.18", "1.18")
"""What the list is called that eventCode is of; codes of other lists may stand beside it."""
PARTS = ("Piece", "PieceDg", "PieceLiveAnimals", "Item", "ItemDg", "LoadingUnit", "LoadingMaterial", "ULD")
LONGEST_PLACE = 5  # an UN/LOCODE; whatever is longer is words
IATA, LOCODE = re.compile("[A-Z]{3}"), re.compile("[A-Z]{2}[A-Z2-9]{3}")


def read_logistics_event(event: Node, waybill: str, received_at: datetime) -> Iterator[Told]:
    """The event as tracking; what has happened to all of the consignment also moves the paper on.

    BadData where its code, its kind of time or whether it is partial is said and not understood.
    """
    if event.is_literal:
        raise BadData("a logistics event was agreed, and a literal came")
    status = event.code("cargo:eventCode", of=STATUS_LISTS)
    kind, places, partial = _time_kind(event), _places(event), _is_partial(event)
    place = places[0] if len(places) == 1 and len(places[0]) <= LONGEST_PLACE else None
    words = (event.text("cargo:eventName"), _amount(event), "" if place else ", ".join(places))
    common: dict[str, Any] = {
        "source_id": event.id or None,
        "as_of": event.text("cargo:creationDate") or received_at,
        "about_kind": WAYBILL,
        "about_value": waybill,
        "words": "; ".join(filter(None, words)),
        "happened_at": event.text("cargo:eventDate"),
    }
    where = {
        "place": place,
        "transport_identifier": event.text("cargo:transportMovementReference", "cargo:transportIdentifier"),
    }
    code = f"{status}{PARTIAL}" if partial and status else status
    yield TrackingEvent, common | where | {"code": code, "time_kind": kind}
    if kind == "actual" and not (partial and _moves(status)):
        yield DocumentEvent, common | {"code": _meant(status, event)}


def event_place(location: Node | None) -> str | None:
    """A place by its codes, which all mean the same one: UN/LOCODE, else the code as it stands."""
    codes = [PLACES.get(one.code, one.code) for one in location.codes("cargo:locationCodes")] if location else []
    return next((code for code in codes if LOCODE.fullmatch(code)), codes[0] if codes else None)


def _time_kind(event: Node) -> str:
    """`unknown` where the event does not say: that it has happened is not taken for granted."""
    said = event.code("cargo:eventTimeType", of=("EventTimeType",))
    if said is not None and said not in TIME_KINDS:
        raise BadData(f"eventTimeType {said} is unknown", field="eventTimeType")
    return TIME_KINDS[said] if said else "unknown"


def _is_partial(event: Node) -> bool:
    """Whether it is about some of the goods only: it says so, or names nothing but pieces that it is for."""
    return event.flag("cargo:partialEventIndicator") or bool(_parts(event))


def _parts(event: Node) -> list[Node]:
    """The pieces and the like that it is for, where it is for nothing else."""
    about = event.all("cargo:eventFor") or event.all("cargo:linkedObject")
    return about if all(any(one.is_a(f"cargo:{part}") for part in PARTS) for one in about) else []


def _moves(status: str | None) -> bool:
    """Whether a code would move the paper on. Of some of the goods it must not; a discrepancy is still one."""
    ruling = CODES.rule(WAYBILL, status or "")
    return ruling.state is not None or not ruling.attention


def _meant(status: str | None, event: Node) -> str | None:
    """Freight comes into warehouse control at airports, too, on the way; only in a warehouse is it in stock."""
    if status != "FIW":
        return status
    locations = event.all("cargo:eventLocation")
    in_warehouse = bool(locations) and all(
        any(not IATA.fullmatch(one.code) and not LOCODE.fullmatch(one.code) for one in at.codes("cargo:locationCodes"))
        for at in locations
    )
    return IN_STOCK if in_warehouse else status


def _places(event: Node) -> list[str]:
    found = [event_place(location) for location in event.all("cargo:eventLocation")]
    return [*dict.fromkeys(place for place in found if place)]


def _amount(event: Node) -> str:
    """How much it is about, where it says so: `3 件，300.5 千克 / 3 pieces, 300.5 kg`."""
    counted = len({one.id for one in _parts(event) if one.id and one.is_a("cargo:Piece")})
    pieces = event.text("cargo:recordedPieceCount") or (str(counted) if counted else "")
    weight = event.one("cargo:recordedWeight")
    kilograms = weight.text("cargo:numericalValue") if weight else None
    unit = weight.code("cargo:unit") if weight else None
    zh, en = UNITS.get(unit or "", (unit or "", unit or ""))
    in_zh = [f"{pieces} 件"] * bool(pieces) + [f"{kilograms} {zh}".strip()] * bool(kilograms)
    in_en = [f"{pieces} pieces"] * bool(pieces) + [f"{kilograms} {en}".strip()] * bool(kilograms)
    return f"{'，'.join(in_zh)} / {', '.join(in_en)}" if in_zh else ""
