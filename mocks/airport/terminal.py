"""The cargo terminal: waybills that were left there, the flights they were booked on, and where to find them again."""

from __future__ import annotations

import re
import threading
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from mocks.airport.change import CANCELLED_AFTER, Cancellation, read_cancellation
from mocks.airport.flights import HOME, Flight, Timetable
from mocks.airport.jsonld import Node, Objection
from mocks.airport.story import BOOKED_AFTER, CONNECTION, STOCKED_AFTER, Booking, events, linked, waybill
from mocks.airport.warehouses import Stock
from mocks.airport.waybill import Consignment
from mocks.pace import Pace

SERIALS = 10_000_000  # seven digits, the eighth is the check digit
OBJECT_ID = r"[0-9A-Za-z][0-9A-Za-z._-]{0,127}"


class Terminal:
    """One lock guards waybills, numbers, the space on flights and the stock of the warehouses."""

    def __init__(self, pace: Pace, *, splits: bool = False) -> None:
        self._pace = pace
        self._splits = splits
        self._lock = threading.Lock()
        self._timetable = Timetable(pace)
        self._bookings: dict[str, Booking] = {}
        self._numbers: set[str] = set()
        self._behind: dict[str, str] = {}
        self._stock = Stock()

    def take(self, consignment: Consignment, base: str) -> Booking:
        """Keeps the sender's `@id` where there is one under `base`; raises 409 where it is taken."""
        identifier = _own_identifier(consignment.node, base)
        with self._lock:
            if identifier in self._bookings or identifier in self._behind:
                title = "Logistics Object with this URI already exists"
                raise Objection(409, title, [("", title)], str(consignment.node["@id"]))
            booking = self._book(consignment, identifier or str(uuid.uuid4()), base)
            self._bookings[booking.identifier] = booking
            for link in _links(booking):
                self._behind.setdefault(link, booking.identifier)
            self._expect_stock(booking)
        return booking

    def cancel(self, identifier: str, body: str) -> tuple[Cancellation, bool]:
        """The change request that calls a booking off, and whether it is new; raises 409 where it is too late."""
        with self._lock:
            booking = self._bookings.get(identifier)
            if booking is None:
                raise Objection(404, "Logistics Object not found", [("", "no waybill is held under this URI")])
            change = read_cancellation(body, booking.iri)
            if booking.cancellation:
                return booking.cancellation, False
            now = self._pace.now()
            _check_time(booking, now)
            own = uuid.uuid5(uuid.NAMESPACE_URL, f"action-request/{identifier}")
            done = self._pace.after(now, CANCELLED_AFTER)
            cancellation = Cancellation(f"{booking.base}action-requests/{own}", change, now, done)
            self._bookings[identifier] = replace(booking, cancellation=cancellation)
            self._behind[str(own)] = identifier
            self._stock.call_off(identifier)
            if booking.flight:
                self._timetable.give_back(booking.flight, booking.consignment.kilograms)
            return cancellation, True

    def action_request(self, identifier: str) -> Node | None:
        with self._lock:
            booking = self._bookings.get(self._behind.get(identifier, ""))
        cancellation = booking.cancellation if booking else None
        if cancellation is None or not cancellation.iri.endswith(f"/{identifier}"):
            return None
        return cancellation.as_node(self._pace.now())

    def stock(self, after: int, limit: int) -> dict[str, Any]:
        with self._lock:
            return self._stock.listed(after, limit, self._pace.now())

    def waybill(self, identifier: str) -> tuple[Node, datetime] | None:
        """The waybill by now and when it last changed."""
        with self._lock:
            booking = self._bookings.get(identifier)
        if booking is None:
            return None
        now = self._pace.now()
        return waybill(booking, now), max(booking.changes(now), default=booking.received_at)

    def part(self, identifier: str) -> Node | None:
        """A Booking or TransportMovement that a booked waybill refers to, by its own IRI."""
        with self._lock:
            owner = self._behind.get(identifier)
        found = self.waybill(owner) if owner else None
        return _find(found[0], identifier) if found else None

    def events(self, identifier: str) -> list[Node] | None:
        with self._lock:
            booking = self._bookings.get(identifier)
        return None if booking is None else events(booking, self._pace, self._pace.now(), splits=self._splits)

    def all_events(self) -> list[Node]:
        """Of every waybill that was left here."""
        with self._lock:
            bookings = list(self._bookings.values())
        now = self._pace.now()
        return [event for booking in bookings for event in events(booking, self._pace, now, splits=self._splits)]

    def flights(self, to: str | None, after: datetime | None, limit: int) -> dict[str, Any]:
        with self._lock:
            return self._timetable.listed(to, after, limit)

    def _book(self, consignment: Consignment, identifier: str, base: str) -> Booking:
        """Space is held from now on, though the sender hears of it only when the booking desk is done."""
        received = self._pace.now()
        booked = self._pace.after(received, BOOKED_AFTER)
        flight = None
        if consignment.origin == HOME:
            earliest = self._pace.after(booked, CONNECTION)
            flight = self._timetable.book(consignment.destination, consignment.kilograms, earliest)
        number = self._number(identifier, flight) if flight else ""
        return Booking(identifier, base, consignment, received, booked, flight, number)

    def _expect_stock(self, booking: Booking) -> None:
        goods = booking.consignment
        if goods.warehouse and booking.flight:
            at = self._pace.after(booking.flight.arrival, STOCKED_AFTER)
            self._stock.expect(booking.identifier, goods.warehouse, goods.reference or booking.iri, goods.items, at)

    def _number(self, identifier: str, flight: Flight) -> str:
        """Seven digits by draw and the check digit, their remainder modulo 7 (IATA resolution 600a)."""
        serial = self._pace.draw(f"waybill/{identifier}", SERIALS)
        while f"{flight.prefix}-{serial}" in self._numbers:
            serial = (serial + 1) % SERIALS
        self._numbers.add(f"{flight.prefix}-{serial}")
        return f"{serial:07d}{serial % 7}"


def _check_time(booking: Booking, now: datetime) -> None:
    if now < booking.booked_at or (booking.flight and now < booking.flight.departure):
        return
    message = "the flight has departed" if booking.flight else "there is no booking, it was rejected"
    raise Objection(409, "Booking can not be cancelled", [("cargo:bookingStatus", message)], booking.iri)


def _own_identifier(node: Node, base: str) -> str:
    given = node.get("@id")
    if given is None:
        return ""
    own = re.escape(f"{base}logistics-objects/")
    if not isinstance(given, str) or not (match := re.fullmatch(f"{own}({OBJECT_ID})", given)):
        raise Objection(400, "Invalid Logistics Object", [("@id", f"must be under {base}logistics-objects/")])
    return match[1]


def _links(booking: Booking) -> list[str]:
    names = [("booking", booking.identifier)] + ([("flight", booking.flight.key)] if booking.flight else [])
    return [linked(booking.base, *name).rpartition("/")[2] for name in names]


def _find(node: Any, identifier: str) -> Node | None:
    """The embedded object whose IRI ends in the identifier."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and str(node.get("@id", "")).endswith(f"/logistics-objects/{identifier}"):
        return node
    return next((found for child in children if (found := _find(child, identifier))), None)
