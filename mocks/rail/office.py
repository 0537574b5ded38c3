"""The booking office: orders that were left there, trains and containers for them, and the lists that follow."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from stdnum import iso6346

from mocks.objection import Objection
from mocks.pace import Pace
from mocks.rail.journey import Booking, accepted_at, amended, cancelled, changes, events, levels, reference_to
from mocks.rail.order import REFERENCE, Order
from mocks.rail.stream import Row, Step, Stream
from mocks.rail.timetable import HOUR, Timetable

DECIDED_AFTER = 2 * HOUR
HEAVIEST = Decimal(26_000)  # kilograms in one container
CONTAINER_TEU = 2
OWNER = "TBJU"  # China Railway Container
SERIALS = 1_000_000
CHINA_RAILWAY = "33"  # UIC country code, as it begins box 62 of the CIM note
TOO_HEAVY = "超过单箱限重26吨"
NO_TRAIN = "30天内无可用班列"


KEPT = ("from", "to", "readyAt", "deliveryWarehouse")


class Office:
    """One lock guards everything; what is due is settled at the start of every question."""

    def __init__(self, pace: Pace, *, shared: bool = False) -> None:
        self._pace = pace
        self._shared = shared
        self._loads: dict[str, tuple[Booking, list[Step]]] = {}
        self._lock = threading.Lock()
        self._timetable = Timetable(pace)
        self._bookings: dict[str, Booking] = {}
        self._latest: dict[str, Row] = {}
        self._containers: set[str] = set()
        self._notes = count(1)
        self._streams = {name: Stream(name) for name in ("changes", "events", "levels")}

    def take(self, order: Order) -> tuple[str, bool]:
        """The booking number, and whether it is new: a reference is booked once, whatever became of it."""
        with self._lock:
            now = self._settle(self._pace.now())
            if earlier := self._bookings.get(order.reference):
                return earlier.number, False
            booking = self._join(self._decide(order, now))
            self._bookings[order.reference] = booking
            self._streams["changes"].add(changes(booking))
            self._streams["events"].add(self._events(booking, now))
            self._streams["levels"].add(levels(booking, self._pace))
            self._settle(now)
            return booking.number, True

    def change(self, order: Order) -> tuple[str, bool]:
        """The booking number, and whether anything is different: packages, weight, goods, consignments.

        The goods of a booking can be changed until the railway has accepted them for carriage.
        """
        with self._lock:
            now = self._settle(self._pace.now())
            booking = self._find(order.reference)
            if order.sent == booking.order.sent:
                return booking.number, False
            self._check_change(booking, order, now)
            booking = replace(booking, order=order, notes=self._notes_for(order, now, booking.notes))
            self._bookings[order.reference] = booking
            for name in ("changes", "levels"):
                self._streams[name].call_off(order.reference, now)
            status = str(self._latest[order.reference]["status"])
            self._streams["changes"].add(amended(booking, status, now))
            self._streams["levels"].add(levels(booking, self._pace))
            self._settle(now)
            return booking.number, True

    def _check_change(self, booking: Booking, order: Order, now: datetime) -> None:
        accepted = accepted_at(booking, self._pace)
        if accepted is None or self._latest[order.reference]["status"] == "cancelled":
            raise Objection("STATE", "status", "it was rejected or cancelled", 409)
        if accepted <= now:
            raise Objection("STATE", "status", "the goods are accepted for carriage", 409)
        for name in KEPT:
            if order.sent[name] != booking.order.sent[name]:
                raise Objection("CHANGE", name, f"stays {booking.order.sent[name]}; cancel, and book again")
        if order.kilograms > HEAVIEST:
            raise Objection("WEIGHT", "grossKilograms", TOO_HEAVY)

    def holdings(self) -> dict[str, Any]:
        """Bookings by their numbers."""
        with self._lock:
            self._settle(self._pace.now())
            return {"bookings": {row["bookingNumber"]: held(row) for row in self._latest.values()}}

    def _find(self, reference: str) -> Booking:
        booking = self._bookings.get(reference)
        if booking is None:
            raise Objection("UNKNOWN", "bookingReference", "nothing is booked under this reference", 404)
        return booking

    def cancel(self, reference: str) -> tuple[str, bool]:
        """The booking number, and whether this ended it; an ended booking stays ended."""
        with self._lock:
            now = self._settle(self._pace.now())
            booking = self._find(reference)
            latest = self._latest[reference]
            if latest["status"] == "cancelled":
                return booking.number, False
            if latest["status"] == "rejected" or (booking.train and booking.train.departure <= now):
                message = "it was rejected" if latest["status"] == "rejected" else "the train has left"
                raise Objection("STATE", "status", message, 409)
            for stream in self._streams.values():
                stream.call_off(reference, now)
            self._streams["changes"].add([cancelled(latest, now)])
            self._settle(now)
            if booking.train:
                self._timetable.give_back(booking.train, CONTAINER_TEU)
            return booking.number, True

    def number(self, reference: str) -> str:
        with self._lock:
            booking = self._bookings.get(reference)
        return booking.number if booking else ""

    def booking(self, reference: str) -> Row | None:
        """The booking as it stands: the latest of its changes."""
        with self._lock:
            self._settle(self._pace.now())
            latest = self._latest.get(reference)
        return latest and {name: value for name, value in latest.items() if name != "sequence"}

    def page(self, stream: str, after: int, limit: int) -> dict[str, Any]:
        with self._lock:
            self._settle(self._pace.now())
            return self._streams[stream].page(after, limit)

    def schedules(self, origin: str | None, to: str | None, after: datetime | None, limit: int) -> dict[str, Any]:
        with self._lock:
            return self._timetable.listed(origin, to, after, limit)

    def _join(self, booking: Booking) -> Booking:
        """Whoever comes second to a train shares the container that waits for it; it goes the way of the first one."""
        first = self._loads.get(booking.train.key) if self._shared and booking.train else None
        return replace(booking, container=first[0].container) if first else booking

    def _events(self, booking: Booking, now: datetime) -> list[Step]:
        """What its container will do. One that joined is named from now on in the events of the first."""
        first = self._loads.get(booking.train.key) if self._shared and booking.train else None
        for step in first[1] if first else ():
            reference = reference_to(booking.order.reference)
            if step.due > now and reference not in step.row["documentReferences"]:
                step.row["documentReferences"] = [*step.row["documentReferences"], reference]
        if first:
            return []
        steps = list(events(booking, self._pace))
        if booking.train:
            self._loads[booking.train.key] = booking, steps
        return steps

    def _settle(self, now: datetime) -> datetime:
        for row in self._streams["changes"].settle(now):
            self._latest[row["bookingReference"]] = row
        self._streams["events"].settle(now)
        self._streams["levels"].settle(now)
        return now

    def _decide(self, order: Order, now: datetime) -> Booking:
        """Room is held from now on, though the sender hears of it only when the office is done."""
        serial = len(self._bookings) + 1
        number = f"ZYH{now:%Y%m%d}{serial:06d}"
        decided = self._pace.after(now, DECIDED_AFTER)
        if order.kilograms > HEAVIEST:
            return Booking(order, number, now, decided, None, None, None, TOO_HEAVY)
        train = self._timetable.book(order.sent["to"], CONTAINER_TEU, max(order.ready_at, now))
        if train is None:
            return Booking(order, number, now, decided, None, None, None, NO_TRAIN)
        container, note = self._container(order.reference), self._note(now)
        return Booking(order, number, now, decided, train, container, note, None, self._notes_for(order, now, {}))

    def _note(self, now: datetime) -> str:
        return f"{CHINA_RAILWAY}{now:%y}{next(self._notes):08d}"

    def _notes_for(self, order: Order, now: datetime, known: dict[str, str]) -> dict[str, str]:
        """A consignment note for each consignment; one that stays keeps its own."""
        references = [str(one[REFERENCE]) for one in order.sent.get("consignments", ())]
        return {reference: known.get(reference) or self._note(now) for reference in references}

    def _container(self, reference: str) -> str:
        """Owner code with equipment category, six digits by draw and the check digit of ISO 6346."""
        serial = self._pace.draw(f"container/{reference}", SERIALS)
        while f"{OWNER}{serial:06d}" in self._containers:
            serial = (serial + 1) % SERIALS
        bare = f"{OWNER}{serial:06d}"
        self._containers.add(bare)
        return bare + str(iso6346.calc_check_digit(bare))


def held(row: Row) -> dict[str, Any]:
    """What the railway has of a booking, from the latest that it told of it."""
    names = ("bookingReference", "status", "trainNumber", "container", "consignmentNote", "packages", "grossKilograms")
    notes = {str(one[REFERENCE]): one["consignmentNote"] for one in row.get("consignments", ())}
    return {**{name: row[name] for name in names}, "consignments": notes}
