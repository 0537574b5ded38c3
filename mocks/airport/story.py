"""What becomes of a booked consignment: flight and milestones, as JSON-LD of ONE Record 2025-07."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mocks.airport.flights import CARRIERS, HOME, Flight
from mocks.airport.jsonld import CODE_LISTS, CONTEXT, Node, location, moment
from mocks.airport.waybill import Consignment
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
)
PLANNED_AHEAD = ("DEP", "ARR")


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

    @property
    def iri(self) -> str:
        return f"{self.base}logistics-objects/{self.identifier}"

    def changes(self, now: datetime) -> list[datetime]:
        """When the waybill changed up to now; their count is its revision."""
        moments = [self.received_at, self.booked_at]
        if self.flight:
            moments += [self.flight.departure, self.flight.arrival]
        return [when for when in moments if when <= now]


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
    if now < booking.booked_at:
        return node
    if booking.flight is None:
        return {**node, "cargo:bookingStatus": {"@id": "cargo:REJECTED"}}
    number = {"cargo:waybillPrefix": booking.flight.prefix, "cargo:waybillNumber": booking.number}
    status = {"cargo:bookingStatus": {"@id": "cargo:CONFIRMED"}}
    return {**node, **number, **status, "cargo:referredBookingOption": _booked(booking, booking.flight, now)}


def _booked(booking: Booking, flight: Flight, now: datetime) -> Node:
    """The `cargo:Booking`; its one activity is the flight."""
    name, prefix = CARRIERS[flight.carrier]
    return {
        "@type": "cargo:Booking",
        "@id": linked(booking.base, "booking", booking.identifier),
        "cargo:waybillPrefix": prefix,
        "cargo:waybillNumber": booking.number,
        "cargo:bookingStatus": {"@id": "cargo:CONFIRMED"},
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


def events(booking: Booking, pace: Pace, now: datetime) -> list[Node]:
    """Every event so far: in no order of time, and now and then one that is listed twice."""
    told: list[Node] = []
    for event in _told(booking, pace, now):
        twice = pace.draw(f"twice/{event['@id'].rpartition('/')[2]}", LISTED_TWICE_ONE_IN) == 0
        told += [event, event] if twice else [event]
    return sorted(told, key=lambda event: uuid.UUID(event["@id"].rpartition("/")[2]).int)


def _told(booking: Booking, pace: Pace, now: datetime) -> Iterator[Node]:
    flight = booking.flight
    if flight is None or now < booking.booked_at:
        return
    anchors = {"booked": booking.booked_at, "departure": flight.departure, "arrival": flight.arrival}
    places = {"origin": HOME, "destination": flight.destination}
    for code, place, anchor, seconds, name in MILESTONES:
        when = pace.after(anchors[anchor], seconds)
        if code in PLANNED_AHEAD:
            yield _event(booking, code, name, "PLANNED", when, booking.booked_at, places[place])
        if when <= now:
            yield _event(booking, code, name, "ACTUAL", when, when, places[place])


def _event(booking: Booking, code: str, name: str, kind: str, when: datetime, made: datetime, place: str) -> Node:
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"{booking.identifier}/{code}/{kind}")
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
