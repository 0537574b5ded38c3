"""The cargo terminal: waybills that were left there, the flights they were booked on, and where to find them again."""

from __future__ import annotations

import json
import re
import threading
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from mocks.airport.amendment import amended
from mocks.airport.change import CANCELLED_AFTER, ChangeRequest, read_cancellation
from mocks.airport.flights import HOME, Flight, Timetable
from mocks.airport.jsonld import Node, Objection, iri
from mocks.airport.story import (
    ACCEPTED_AFTER,
    BOOKED_AFTER,
    CONNECTION,
    STOCKED_AFTER,
    Booking,
    events,
    held,
    linked,
    waybill,
)
from mocks.airport.warehouses import Stock
from mocks.airport.waybill import Consignment, consignment_of
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
        self._requests: dict[str, ChangeRequest] = {}
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

    def cancel(self, identifier: str, body: str) -> tuple[ChangeRequest, bool]:
        """The change request that calls a booking off, and whether it is new; raises 409 where it is too late."""
        with self._lock:
            booking = self._find(identifier)
            change = read_cancellation(body, booking.iri)
            if booking.cancellation:
                return booking.cancellation, False
            now = self._pace.now()
            _check_time(booking, now)
            request = self._request(booking, "", change, now, self._pace.after(now, CANCELLED_AFTER))
            self._bookings[identifier] = replace(booking, cancellation=request)
            self._stock.call_off(identifier)
            if booking.flight:
                self._timetable.give_back(booking.flight, booking.consignment.kilograms)
            return request, True

    def amend(self, identifier: str, body: str) -> tuple[ChangeRequest, bool]:
        """The change request for other goods, done at once, and whether it is new: the last one again is not.

        Raises 409 once the consignment is accepted for carriage, or where the flight has no room for more.
        """
        with self._lock:
            booking, now = self._find(identifier), self._pace.now()
            if booking.amendments and booking.amendments[-1].change == json.loads(body):
                return booking.amendments[-1], False
            flight = self._flight_to_be_changed(booking, now)
            change, node = amended(booking.consignment.node, body, booking.iri)
            goods = consignment_of(node)
            if not self._timetable.weigh_again(flight, booking.consignment.kilograms, goods.kilograms):
                raise _too_late(booking, "the flight has no room for more")
            request = self._request(booking, f"/{len(booking.amendments) + 1}", change, now, now)
            booking = replace(booking, consignment=goods, amendments=(*booking.amendments, request))
            self._bookings[identifier] = booking
            self._stock.call_off(identifier)
            self._expect_stock(booking)
            return request, True

    def _flight_to_be_changed(self, booking: Booking, now: datetime) -> Flight:
        if booking.flight is None or booking.cancellation:
            raise _too_late(booking, "there is no booking, it was rejected or cancelled")
        if now >= self._pace.after(booking.booked_at, ACCEPTED_AFTER):
            raise _too_late(booking, "the consignment is accepted for carriage")
        return booking.flight

    def _find(self, identifier: str) -> Booking:
        booking = self._bookings.get(identifier)
        if booking is None:
            raise Objection(404, "Logistics Object not found", [("", "no waybill is held under this URI")])
        return booking

    def _request(self, booking: Booking, turn: str, change: Node, now: datetime, done: datetime) -> ChangeRequest:
        own = str(uuid.uuid5(uuid.NAMESPACE_URL, f"action-request/{booking.identifier}{turn}"))
        request = ChangeRequest(f"{booking.base}action-requests/{own}", change, now, done)
        self._requests[own] = request
        return request

    def action_request(self, identifier: str) -> Node | None:
        with self._lock:
            request = self._requests.get(identifier)
        return request.as_node(self._pace.now()) if request else None

    def holdings(self) -> dict[str, Any]:
        """Waybills by their air waybill numbers, or by their IRIs while they have none."""
        now = self._pace.now()
        with self._lock:
            return {"waybills": {_number_of(one, now): held(one, now) for one in self._bookings.values()}}

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
            lots = [(reference or booking.iri, items) for reference, items in goods.lots]
            self._stock.expect(booking.identifier, goods.warehouse, lots, at)

    def _number(self, identifier: str, flight: Flight) -> str:
        """Seven digits by draw and the check digit, their remainder modulo 7 (IATA resolution 600a)."""
        serial = self._pace.draw(f"waybill/{identifier}", SERIALS)
        while f"{flight.prefix}-{serial}" in self._numbers:
            serial = (serial + 1) % SERIALS
        self._numbers.add(f"{flight.prefix}-{serial}")
        return f"{serial:07d}{serial % 7}"


def _number_of(booking: Booking, now: datetime) -> str:
    told = booking.flight and booking.booked and booking.booked_at <= now
    return f"{booking.flight.prefix}-{booking.number}" if booking.flight and told else booking.iri


def _too_late(booking: Booking, message: str) -> Objection:
    return Objection(409, "Booking can not be changed", [("", message)], booking.iri)


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
    houses = [iri(house) for house in booking.consignment.houses if iri(house).startswith(booking.base)]
    return [one.rpartition("/")[2] for one in (*(linked(booking.base, *name) for name in names), *houses)]


def _find(node: Any, identifier: str) -> Node | None:
    """The embedded object whose IRI ends in the identifier."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and str(node.get("@id", "")).endswith(f"/logistics-objects/{identifier}"):
        return node
    return next((found for child in children if (found := _find(child, identifier))), None)
