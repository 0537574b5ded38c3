"""What we pull from the airport: each open waybill as it stands there now, and its logistics events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from connectors.airport.codes import REFERENCE, WAYBILL
from connectors.airport.events import event_place, read_logistics_event
from connectors.airport.expanded import Unresolved
from connectors.airport.jsonld import MEDIA_TYPE, Graph, Node, walk_nodes
from connectors.sdk import Aside, Ask, BadData, Http, Page, Stream, each
from connectors.sdk.hook import is_pushed
from connectors.sdk.json_service import JsonRows
from connectors.sdk.members import Told, member_shown
from connectors.sdk.paging import by_cursor, by_object, key_of, last_of
from connectors.sdk.records import DocumentEvent, Leg, StockLevel, TrackingEvent

PAGE = 100
WHOLE = "cargo:Waybill"
EVENTS = "/logistics-events"
TIMES = ("ACTUAL", "ESTIMATED", "SCHEDULED")
NOTIFICATION, COLLECTION = "api:Notification", "api:Collection"
EVENT_TYPES = ("cargo:LogisticsEvent", "cargo:StatusUpdateEvent")
EVENT_RECEIVED = "LOGISTICS_EVENT_RECEIVED"
ASKED_FOR = ("PENDING", "ACCEPTED", "REJECTED", "FAILED", "REVOKED")
NEWS = frozenset(
    {
        EVENT_RECEIVED,
        *(f"LOGISTICS_OBJECT_{what}" for what in ("CREATED", "UPDATED", "AVAILABLE", "ACCESS_GRANTED")),
        *(f"{kind}_REQUEST_{state}" for kind in ("CHANGE", "ACCESS_DELEGATION", "SUBSCRIPTION") for state in ASKED_FOR),
        *(f"VERIFICATION_REQUEST_{state}" for state in (*ASKED_FOR, "ACKNOWLEDGED")),
    }
)
"""api:NotificationEventType (API 2.3.0)."""


class Waybills(Stream):
    """Open waybills: number, booking and flight appear on them once they are booked."""

    name = "waybills"
    records = (DocumentEvent, Leg)
    watches = WAYBILL

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_object(http, ask.watched, {"Accept": MEDIA_TYPE})

    def read(self, page: Page) -> Iterator[Told]:
        return _read(page, self._told)

    def _told(self, page: Page, graph: Graph) -> Iterator[Told]:
        """Its status and its legs each by itself: a flight that cannot be read hides no booking."""
        waybill = graph.agreed(WHOLE, page.part)
        yield from _each([waybill], lambda one: _status(page, one))
        of_sequence: Counter[str] = Counter()
        for movement, sequence in walk_nodes(waybill, "cargo:sequenceNumber", within=WHOLE):
            if movement.is_a("cargo:TransportMovement"):
                number = sequence or "1"
                of_sequence[number] += 1
                # on another flight it is the same leg
                key = key_of(page.part, "leg", number, of_sequence[number])
                numbered = {"source_id": key, "sequence": number}
                yield from _each([movement], partial(_leg, page, waybill, numbered))


class LogisticsEvents(Stream):
    """Logistics events of open waybills (RCS, MAN, DEP, ARR …). The actual ones move the paper on.

    A notification says that an object has a new event, not which: the object is asked about.
    """

    name = "events"
    records = (TrackingEvent, DocumentEvent)
    watches = WAYBILL

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_object(http, [f"{address}{EVENTS}" for address in ask.watched], {"Accept": MEDIA_TYPE})

    def named(self, page: Page) -> Sequence[str]:
        try:
            notification = Graph.read(page.body, page.url).agreed(NOTIFICATION)
            if notification.code("api:hasEventType") != EVENT_RECEIVED:
                return ()
        except BadData:
            return ()  # `read` says what is wrong with it
        about = [one.id for one in notification.all("api:hasLogisticsObject")]
        about += [one.id.rpartition(f"{EVENTS}/")[0] for one in notification.all("api:hasLogisticsEvent")]
        return [*dict.fromkeys(iri for iri in about if iri)]

    def read(self, page: Page) -> Iterator[Told]:
        return _read(page, self._news if is_pushed(page) else self._told)

    def _news(self, page: Page, graph: Graph) -> Iterator[Told]:
        """A notification holds no record; one of a type that is not in the standard waits for a person."""
        yield from _each([graph.agreed(NOTIFICATION)], _check_type)

    def _told(self, page: Page, graph: Graph) -> Iterator[Told]:
        """Each event of the collection, or of a graph that holds events and no collection; others are set aside."""
        collections, events = graph.some(COLLECTION), graph.some(*EVENT_TYPES)
        items = [item for one in collections for item in one.all("api:hasItem")]
        if not collections and not events:
            graph.agreed(COLLECTION)
        asked = page.part.removesuffix(EVENTS)
        read = items if collections else events
        yield from _each(read, lambda one: read_logistics_event(one, asked, page.received_at))
        yield from _each(_not_among(read, graph), _why_not)
        yield from _each(collections, partial(_check_total, set_aside=len(graph.odd)))


class AirportStock(JsonRows):
    """What came into overseas warehouses that the airport's partners run."""

    name = "stock"
    records = (StockLevel,)
    rows = "levels"

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        last = last_of("levels", "sequence")
        return by_cursor(
            http, "warehouse-stock", ask.cursor, last, lambda after: {"after": after or "0", "limit": PAGE}
        )

    def read_row(self, level: dict[str, Any], page: Page) -> Iterator[Told]:
        about = {"about_kind": REFERENCE, "about_value": level.get("reference"), "as_of": level.get("asOf")}
        key = key_of(level.get("warehouse"), level.get("sku"), level.get("reference"))
        unit = level.get("unit")
        listed = unit.rpartition("#")[2] if isinstance(unit, str) else unit
        yield StockLevel, level | about | {"source_id": key, "unit": listed}


def _read(page: Page, read: Callable[[Page, Graph], Iterable[Told]]) -> Iterator[Told]:
    """What is read of a document. One that cannot be read as JSON-LD here is set aside alone: it is one object's."""
    try:
        graph = Graph.read(page.body, page.part or page.url)
    except Unresolved as error:
        yield Aside(error.text, member_shown(page.body), error.field or "")
        return
    yield from (Aside(reason, member_shown(member)) for member, reason in graph.odd)
    yield from read(page, graph)


def _each(nodes: Sequence[Node], read: Callable[[Node], Iterable[Told]]) -> Iterator[Told]:
    """`each` over nodes; one that is set aside shows all that the document says of it."""
    if nodes:
        elsewhere = nodes[0].elsewhere
        yield from each((one.whole for one in nodes), lambda said: read(Node(said, elsewhere)))


def _not_among(read: Sequence[Node], graph: Graph) -> list[Node]:
    """What stands at the top of a document, tells of an event and was not read."""
    known = {one.key for one in read}
    others = {one.key: one for one in graph.top if one.key not in known and one.all("cargo:eventCode")}
    return [*others.values()]


def _why_not(event: Node) -> Iterator[Told]:
    if any(map(event.is_a, EVENT_TYPES)):
        raise BadData("an event came that the collection does not name", field="hasItem")
    raise BadData("an eventCode stands on what is no logistics event", field="eventCode")


def _check_type(notification: Node) -> Iterator[Told]:
    kind = notification.code("api:hasEventType", of=("NotificationEventType", "api"))
    if kind not in NEWS:
        raise BadData(f"hasEventType {kind} is unknown", field="hasEventType")
    return iter(())


def _check_total(collection: Node, set_aside: int) -> Iterator[Told]:
    """What a collection counts and does not show would be missed without a word."""
    total, came = collection.text("api:hasTotalItems") or "", len(collection.all("api:hasItem"))
    if total.isdecimal() and int(total[:9]) > came + set_aside:
        raise BadData(f"the collection counts {total} and shows {came}", field="hasTotalItems")
    return iter(())


def _status(page: Page, waybill: Node) -> Iterator[Told]:
    """The status of the booking, as it stands on the waybill or on the booking itself; none until it is booked."""
    holder = next((one for one, _ in walk_nodes(waybill, within=WHOLE) if one.all("cargo:bookingStatus")), None)
    if holder is None:
        return
    status = holder.code("cargo:bookingStatus", of=("BookingStatus",))
    if status is None:
        raise BadData("this is no status", field="bookingStatus")
    number = awb(waybill) or awb(holder)
    yield (
        DocumentEvent,
        {
            "source_id": f"{page.part}#{status}",
            "as_of": page.received_at,
            "about_kind": WAYBILL,
            "about_value": page.part,
            "code": status,
            "words": holder.text("cargo:bookingStatus", "cargo:note") or "",
            "happened_at": page.received_at,
            "references": {"airport.awb": number} if number else {},
            "answers": {"awb": number} if number else {},
        },
    )


def awb(waybill: Node) -> str | None:
    """`172-12345675`; None before it is assigned."""
    prefix, number = waybill.text("cargo:waybillPrefix"), waybill.text("cargo:waybillNumber")
    return f"{prefix}-{number}" if prefix and number else None


def _leg(page: Page, waybill: Node, numbered: dict[str, Any], movement: Node) -> Iterator[Told]:
    carrier = next((one for one, _ in walk_nodes(waybill, within=WHOLE) if one.is_a("cargo:Carrier")), None)
    yield (
        Leg,
        numbered
        | {
            "as_of": page.received_at,
            "about_kind": WAYBILL,
            "about_value": page.part,
            "mode": "air",
            "carrier": carrier.text("cargo:name") if carrier else None,
            "transport_identifier": movement.text("cargo:transportIdentifier"),
            "transport_document": awb(waybill),
            "origin": event_place(movement.one("cargo:departureLocation")),
            "destination": event_place(movement.one("cargo:arrivalLocation")),
            "departs_at": _time(movement, "OUTBOUND"),
            "arrives_at": _time(movement, "INBOUND"),
        },
    )


def _time(movement: Node, direction: str) -> str | None:
    """The movement's time in a direction: the actual one where it is known, else what is estimated or scheduled."""
    times = [
        (TIMES.index(kind) if (kind := time.code("cargo:movementTimeType")) in TIMES else len(TIMES), said)
        for time in movement.all("cargo:movementTimes")
        if time.code("cargo:direction") == direction and (said := time.text("cargo:movementTimestamp"))
    ]
    return min(times)[1] if times else None
