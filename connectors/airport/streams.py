"""What we pull from the airport: each open waybill as it stands there now, and its logistics events."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from connectors.airport.codes import IN_STOCK, PLACES, REFERENCE, WAYBILL
from connectors.airport.jsonld import MEDIA_TYPE, agreed, fragment, get, is_a, many, place, text, walk
from connectors.sdk import Http, Page, Stream
from connectors.sdk.codecs import read_json
from connectors.sdk.hook import is_pushed
from connectors.sdk.paging import by_cursor, by_object, key_of
from connectors.sdk.records import DocumentEvent, Draft, Leg, StockLevel, TrackingEvent

PAGE = 100
EVENTS = "/logistics-events"
NOTIFICATION = "api:Notification"
AIRPORT = re.compile("[A-Z]{3}")  # IATA; a warehouse has a code of its own
EVENT_RECEIVED = "LOGISTICS_EVENT_RECEIVED"
TIME_KINDS = {"ACTUAL": "actual", "PLANNED": "planned", "SCHEDULED": "planned", "ESTIMATED": "estimated"}


class Waybills(Stream):
    """Open waybills: number, booking and flight appear on them once they are booked."""

    name = "waybills"
    records = (DocumentEvent, Leg)
    watches = WAYBILL

    def pages(self, http: Http, cursor: str, watched: Sequence[str]) -> Iterator[Page]:
        return by_object(http, list(watched), {"Accept": MEDIA_TYPE})

    def read(self, page: Page) -> Iterator[Draft]:
        waybill = agreed(read_json(page.body), "cargo:Waybill")
        status = fragment(get(waybill, "cargo:bookingStatus"))
        if status is None:
            return
        number = awb(waybill)
        yield (
            DocumentEvent,
            {
                "source_id": f"{page.part}#{status}",
                "as_of": page.received_at,
                "about_kind": WAYBILL,
                "about_value": page.part,
                "code": status,
                "words": text(get(waybill, "cargo:bookingStatus", "cargo:note")) or "",
                "happened_at": page.received_at,
                "references": {"airport.awb": number} if number else {},
                "answers": {"awb": number} if number else {},
            },
        )
        of_sequence: Counter[str] = Counter()
        for sequence, movement in _movements(waybill):
            of_sequence[sequence] += 1
            leg = _leg(page, waybill, movement, number)
            key = key_of(page.part, "leg", sequence, of_sequence[sequence])  # on another flight it is the same leg
            yield Leg, leg | {"source_id": key, "sequence": sequence}


class Events(Stream):
    """Logistics events of open waybills (RCS, MAN, DEP, ARR …). The actual ones move the paper on.

    A notification says that an object has a new event, not which: the object is asked about.
    """

    name = "events"
    records = (TrackingEvent, DocumentEvent)
    watches = WAYBILL

    def pages(self, http: Http, cursor: str, watched: Sequence[str]) -> Iterator[Page]:
        return by_object(http, [f"{address}{EVENTS}" for address in watched], {"Accept": MEDIA_TYPE})

    def named(self, page: Page) -> Sequence[str]:
        notification = agreed(read_json(page.body), NOTIFICATION)
        if fragment(get(notification, "api:hasEventType")) != EVENT_RECEIVED:
            return ()
        return [iri for one in many(get(notification, "api:hasLogisticsObject")) if (iri := get(one, "@id"))]

    def read(self, page: Page) -> Iterator[Draft]:
        told = agreed(read_json(page.body), NOTIFICATION if is_pushed(page) else "api:Collection")
        for event in many(get(told, "api:hasItem")):
            kind = TIME_KINDS.get(fragment(get(event, "cargo:eventTimeType")) or "ACTUAL", "estimated")
            where = place(get(event, "cargo:eventLocation"))
            common = {
                "source_id": event.get("@id"),
                "as_of": text(get(event, "cargo:creationDate")),
                "about_kind": WAYBILL,
                "about_value": page.part.removesuffix(EVENTS),
                "code": fragment(get(event, "cargo:eventCode")),
                "words": text(get(event, "cargo:eventName")) or "",
                "happened_at": text(get(event, "cargo:eventDate")),
            }
            yield TrackingEvent, common | {"time_kind": kind, "place": PLACES.get(where or "", where)}
            if kind == "actual":
                yield DocumentEvent, common | {"code": _meant(common["code"], where)}


class Stock(Stream):
    """What came into overseas warehouses that the airport's partners run."""

    name = "stock"
    records = (StockLevel,)

    def pages(self, http: Http, cursor: str, watched: Sequence[str]) -> Iterator[Page]:
        return by_cursor(
            http, "warehouse-stock", cursor, _last_sequence, lambda after: {"after": after or "0", "limit": PAGE}
        )

    def read(self, page: Page) -> Iterator[Draft]:
        for level in read_json(page.body)["levels"]:
            about = {"about_kind": REFERENCE, "about_value": level.get("reference"), "as_of": level.get("asOf")}
            key = key_of(level.get("warehouse"), level.get("sku"), level.get("reference"))
            yield StockLevel, level | about | {"source_id": key, "unit": str(level.get("unit")).rpartition("#")[2]}


def _meant(code: str | None, where: str | None) -> str | None:
    """Freight comes into warehouse control at airports, too, on the way; only in a warehouse is it in stock."""
    return IN_STOCK if code == "FIW" and where and not AIRPORT.fullmatch(where) else code


def _last_sequence(page: Page) -> str | None:
    levels = read_json(page.body)["levels"]
    return str(levels[-1]["sequence"]) if levels else None


def _movements(node: Any, sequence: str = "1") -> Iterator[tuple[str, Any]]:
    """The movements of a booking, each with the sequence number that stands nearest above it."""
    if isinstance(node, list):
        for inner in node:
            yield from _movements(inner, sequence)
    elif isinstance(node, dict):
        sequence = text(get(node, "cargo:sequenceNumber")) or sequence
        if is_a(node, "cargo:TransportMovement"):
            yield sequence, node
        for inner in node.values():
            yield from _movements(inner, sequence)


def awb(waybill: Any) -> str | None:
    """`172-12345675`; None before it is assigned."""
    prefix, number = text(get(waybill, "cargo:waybillPrefix")), text(get(waybill, "cargo:waybillNumber"))
    return f"{prefix}-{number}" if prefix and number else None


def _leg(page: Page, waybill: Any, movement: Any, number: str | None) -> dict[str, Any]:
    ends = [place(get(movement, name)) or "" for name in ("cargo:departureLocation", "cargo:arrivalLocation")]
    carrier = next(walk(waybill, "cargo:Carrier"), None)
    return {
        "as_of": page.received_at,
        "about_kind": WAYBILL,
        "about_value": page.part,
        "mode": "air",
        "carrier": text(get(carrier, "cargo:name")),
        "transport_identifier": text(get(movement, "cargo:transportIdentifier")),
        "transport_document": number,
        "origin": PLACES.get(ends[0], ends[0]),
        "destination": PLACES.get(ends[1], ends[1]),
        "departs_at": _time(movement, "OUTBOUND"),
        "arrives_at": _time(movement, "INBOUND"),
    }


def _time(movement: Any, direction: str) -> str | None:
    """The movement's time in a direction: the actual one where it is known, else what is scheduled."""
    times = [
        (fragment(get(time, "cargo:movementTimeType")) != "ACTUAL", text(get(time, "cargo:movementTimestamp")))
        for time in many(get(movement, "cargo:movementTimes"))
        if fragment(get(time, "cargo:direction")) == direction
    ]
    return min(times)[1] if times else None
