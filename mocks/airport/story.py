"""What becomes of a booked consignment: flight and milestones, as JSON-LD of ONE Record 2025-07."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mocks.airport.change import ChangeRequest
from mocks.airport.flights import CARRIERS, HOME, Flight
from mocks.airport.jsonld import CODE_LISTS, CONTEXT, Node, location, moment
from mocks.airport.waybill import Consignment, reference_of
from mocks.pace import Pace

MINUTE, HOUR = 60, 3600
BOOKED_AFTER = 5 * MINUTE
CONNECTION = 2 * HOUR  # between booking and departure
LISTED_TWICE_ONE_IN = 4

# code, place, counted from, seconds; the wording is that of the status code list
MILESTONES: tuple[tuple[str, str, str, int, str], ...] = (
    ("BKD", "origin", "booked", 0, "Consignment booked on a specific flight"),
    ("RCS", "origin", "booked", HOUR, "Consignment received from the shipper, ready for carriage"),
    ("PRE", "origin", "departure", -40 * MINUTE, "Consignment prepared for loading"),
    ("MAN", "origin", "departure", -20 * MINUTE, "Consignment manifested on a specific flight"),
    ("DEP", "origin", "departure", 0, "Consignment departed on a specific flight"),
    ("ARR", "destination", "arrival", 0, "Consignment arrived on a specific flight"),
    ("RCF", "destination", "arrival", 90 * MINUTE, "Consignment received from the flight"),
    ("NFD", "destination", "arrival", 2 * HOUR, "Consignee notified of the arrival"),
    ("DLV", "destination", "arrival", 6 * HOUR, "Consignment delivered to the consignee"),
    ("FIW", "warehouse", "arrival", 9 * HOUR, "Freight into warehouse control"),
)
STOCKED_AFTER = next(seconds for code, _, _, seconds, _ in MILESTONES if code == "FIW")
ACCEPTED_AFTER = next(seconds for code, _, _, seconds, _ in MILESTONES if code == "RCS")
PLANNED_AHEAD = ("DEP", "ARR")
AHEAD = HOUR // 2  # so long before the rest the piece flies that flies ahead


@dataclass(frozen=True)
class Booking:
    """A consignment with everything that will happen to it; `flight` is None where none could be found."""

    identifier: str
    base: str
    consignment: Consignment
    received_at: datetime
    booked_at: datetime
    flight: Flight | None
    number: str
    cancellation: ChangeRequest | None = None
    amendments: tuple[ChangeRequest, ...] = ()

    @property
    def booked(self) -> bool:
        """Whether there ever was a booking: a flight was found, and it was not called off before that was told."""
        called_off = self.cancellation is not None and self.cancellation.requested_at < self.booked_at
        return self.flight is not None and not called_off

    def happens(self, when: datetime) -> bool:
        """From the request to cancel on nothing more happens to the consignment."""
        return self.cancellation is None or when <= self.cancellation.requested_at

    @property
    def iri(self) -> str:
        return f"{self.base}logistics-objects/{self.identifier}"

    def changes(self, now: datetime) -> list[datetime]:
        """When the waybill changed up to now; their count is its revision."""
        moments = [self.received_at, self.booked_at]
        if self.flight:
            moments += [self.flight.departure, self.flight.arrival]
        moments += [request.done_at for request in self.amendments]
        told = [when for when in moments if self.happens(when)]
        if self.cancellation:
            told.append(self.cancellation.done_at)
        return [when for when in told if when <= now]


def linked(base: str, kind: str, name: str) -> str:
    """The IRI of an object of this server that follows from its name alone."""
    return f"{base}logistics-objects/{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind}/{name}')}"


def holder(base: str) -> Node:
    """The organisation that holds the objects of this server."""
    name = "Zhengzhou Xinzheng International Airport, cargo terminal"
    return {"@type": "cargo:Company", "@id": linked(base, "company", "holder"), "cargo:name": name}


def waybill(booking: Booking, now: datetime) -> Node:
    """The waybill as it was sent, with what the airport knows by now."""
    revision = len(booking.changes(now))
    node = booking.consignment.node
    node = {**node, "@context": {**node["@context"], **CONTEXT}, "@id": booking.iri}
    node |= {"api:hasRevision": revision, "api:hasLatestRevision": revision}
    status = _status(booking, now)
    if not status:
        return node
    node["cargo:bookingStatus"] = {"@id": f"cargo:{status}"}
    if booking.flight is None or not booking.booked:
        return node
    number = {"cargo:waybillPrefix": booking.flight.prefix, "cargo:waybillNumber": booking.number}
    seen = min(now, booking.cancellation.requested_at) if booking.cancellation else now
    return {**node, **number, "cargo:referredBookingOption": _booked(booking, booking.flight, status, seen)}


def held(booking: Booking, now: datetime) -> Node:
    """What the airport has of a waybill, in plain words."""
    goods = booking.consignment
    return {
        "iri": booking.iri,
        "reference": reference_of(goods.node),
        "status": _status(booking, now) or "PENDING",
        "flight": booking.flight.identifier if booking.flight and booking.booked else None,
        "pieces": goods.pieces,
        "kilograms": goods.kilograms,
        "houses": [reference_of(house) for house in goods.houses],
    }


def _status(booking: Booking, now: datetime) -> str:
    """Empty while the booking desk has nothing to say."""
    if booking.cancellation and booking.cancellation.done_at <= now:
        return "CANCELLED"
    if now < booking.booked_at or not booking.happens(booking.booked_at):
        return ""
    return "REJECTED" if booking.flight is None else "CONFIRMED"


def _booked(booking: Booking, flight: Flight, status: str, now: datetime) -> Node:
    """The `cargo:Booking`; its one activity is the flight."""
    name, prefix = CARRIERS[flight.carrier]
    return {
        "@type": "cargo:Booking",
        "@id": linked(booking.base, "booking", booking.identifier),
        "cargo:waybillPrefix": prefix,
        "cargo:waybillNumber": booking.number,
        "cargo:bookingStatus": {"@id": f"cargo:{status}"},
        "cargo:carrier": {
            "@type": "cargo:Carrier",
            "cargo:name": name,
            "cargo:airlineCode": flight.carrier,
            "cargo:prefix": prefix,
        },
        "cargo:activitySequences": [
            {
                "@type": "cargo:ActivitySequence",
                "cargo:sequenceNumber": "1",
                "cargo:activity": _movement(booking.base, flight, now),
            }
        ],
    }


def _movement(base: str, flight: Flight, now: datetime) -> Node:
    times: list[tuple[str, str, datetime, str | None]] = [
        ("OUTBOUND", "SCHEDULED", flight.departure, None),
        ("INBOUND", "SCHEDULED", flight.arrival, None),
    ]
    if flight.departure <= now:
        times.append(("OUTBOUND", "ACTUAL", flight.departure, "AD"))
    if flight.arrival <= now:
        times.append(("INBOUND", "ACTUAL", flight.arrival, "AA"))
    return {
        "@type": "cargo:TransportMovement",
        "@id": linked(base, "flight", flight.key),
        "cargo:transportIdentifier": flight.identifier,
        "cargo:departureLocation": location(HOME),
        "cargo:arrivalLocation": location(flight.destination),
        "cargo:movementTimes": [_movement_time(*time) for time in times],
    }


def _movement_time(direction: str, kind: str, when: datetime, milestone: str | None) -> Node:
    node: Node = {
        "@type": "cargo:MovementTime",
        "cargo:direction": {"@id": f"cargo:{direction}"},
        "cargo:movementTimeType": {"@id": f"cargo:{kind}"},
        "cargo:movementTimestamp": moment(when),
    }
    if milestone:
        node["cargo:movementMilestone"] = {"@id": f"{CODE_LISTS}MovementIndicator#{milestone}"}
    return node


def events(booking: Booking, pace: Pace, now: datetime, *, splits: bool = False) -> list[Node]:
    """Every event so far: in no order of time, and now and then one that is listed twice.

    Where it `splits`, one piece flies ahead, and has its own departure and arrival.
    """
    told: list[Node] = []
    for event in [*_told(booking, pace, now), *(_of_a_part(booking, pace, now) if splits else ())]:
        twice = pace.draw(f"twice/{event['@id'].rpartition('/')[2]}", LISTED_TWICE_ONE_IN) == 0
        told += [event, event] if twice else [event]
    return sorted(told, key=lambda event: uuid.UUID(event["@id"].rpartition("/")[2]).int)


def _told(booking: Booking, pace: Pace, now: datetime) -> Iterator[Node]:
    flight = booking.flight
    if flight is None or not booking.booked or now < booking.booked_at:
        return
    anchors = {"booked": booking.booked_at, "departure": flight.departure, "arrival": flight.arrival}
    places = {"origin": HOME, "destination": flight.destination, "warehouse": booking.consignment.warehouse}
    for code, place, anchor, seconds, name in MILESTONES:
        if not places[place]:
            continue
        when = pace.after(anchors[anchor], seconds)
        if code in PLANNED_AHEAD:
            yield _event(booking, code, name, "PLANNED", when, booking.booked_at, places[place])
        if when <= now and booking.happens(when):
            yield _event(booking, code, name, "ACTUAL", when, when, places[place])


def _of_a_part(booking: Booking, pace: Pace, now: datetime) -> Iterator[Node]:
    """A StatusUpdateEvent (cargo ontology after 3.2) for each step of the piece that flies ahead."""
    flight = booking.flight
    if flight is None or not booking.booked:
        return
    at = {"departure": flight.departure, "arrival": flight.arrival}
    for code, _, anchor, _, name in MILESTONES:
        if code not in PLANNED_AHEAD:
            continue
        when = pace.after(at[anchor], -AHEAD)
        if when <= now and booking.happens(when):
            place = HOME if code == "DEP" else flight.destination
            event = _event(booking, code, name, "ACTUAL", when, when, place, part="/part")
            yield event | {
                "@type": "cargo:StatusUpdateEvent",
                "cargo:partialEventIndicator": True,
                "cargo:recordedPieceCount": 1,
            }


def _event(
    booking: Booking, code: str, name: str, kind: str, when: datetime, made: datetime, place: str, part: str = ""
) -> Node:
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"{booking.identifier}/{code}/{kind}{part}")
    return {
        "@type": "cargo:LogisticsEvent",
        "@id": f"{booking.iri}/logistics-events/{own}",
        "cargo:creationDate": moment(made),
        "cargo:eventDate": moment(when),
        "cargo:eventCode": {"@id": f"{CODE_LISTS}StatusCode#{code}"},
        "cargo:eventName": name,
        "cargo:eventTimeType": {"@id": f"cargo:{kind}", "@type": "cargo:EventTimeType"},
        "cargo:partialEventIndicator": False,
        "cargo:eventFor": {"@type": "cargo:Waybill", "@id": booking.iri},
        "cargo:eventLocation": location(place),
        "cargo:recordingOrganization": {"@type": "cargo:Company", "@id": holder(booking.base)["@id"]},
    }
