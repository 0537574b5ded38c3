"""What becomes of a booking: its changes, the events of its container, and the stock that it makes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from mocks.pace import Pace
from mocks.rail.lines import AT_ORIGIN, JOURNEYS, TRANSPORT_CODES
from mocks.rail.order import REFERENCE, Order
from mocks.rail.stream import Row, Step
from mocks.rail.timetable import HOUR, MINUTE, Train, stamp

EQUIPMENT = "45G1"  # one 40-foot high cube container for a booking (ISO 6346 size and type)
PUT_AWAY = 8 * HOUR  # from the terminal's gate to the shelf; longer than an event can be late

LATE_ONE_IN, LATE_LEAST, LATE_MOST = 3, 15 * MINUTE, 6 * HOUR
TWICE_ONE_IN, AGAIN_LEAST, AGAIN_MOST = 4, 10 * MINUTE, 12 * HOUR


@dataclass(frozen=True)
class Booking:
    """An order with everything decided about it; `train` is None where it is rejected for `reason`.

    `notes` are those of its consignments, where it has several.
    """

    order: Order
    number: str
    received_at: datetime
    decided_at: datetime
    train: Train | None
    container: str | None
    consignment_note: str | None
    reason: str | None
    notes: dict[str, str] = field(default_factory=dict)


def changes(booking: Booking) -> Iterator[Step]:
    """The booking as it was received and as it was decided."""
    yield _change(booking, "received", booking.received_at)
    yield _change(booking, "confirmed" if booking.train else "rejected", booking.decided_at)


def amended(booking: Booking, status: str, now: datetime) -> Iterator[Step]:
    """The booking with other goods, as it stands now and as it will be once it is decided."""
    step = _change(booking, status, now)
    step.row["reason"] = "发货人变更"
    yield step
    if booking.decided_at > now:
        yield _change(booking, "confirmed", booking.decided_at)


def accepted_at(booking: Booking, pace: Pace) -> datetime | None:
    """When the railway takes the goods over for carriage: they are stuffed into the container."""
    train = booking.train
    if train is None:
        return None
    hours = next(hours for code, _, _, hours in JOURNEYS[train.border, train.to] if code == "STUF")
    return pace.after(train.departure, hours * HOUR)


def cancelled(latest: Row, now: datetime) -> Step:
    """The change that ends a booking, from the latest row that was listed of it."""
    row = {name: value for name, value in latest.items() if name != "sequence"}
    row |= {"status": "cancelled", "at": stamp(now), "reason": "发货人取消"}
    return Step(row["bookingReference"], now, now, row)


def events(booking: Booking, pace: Pace) -> Iterator[Step]:
    """The container's way: plans for the train's departure and arrival when they are known, then what happens."""
    train = booking.train
    if train is None:
        return
    for code, place, facility, hours in JOURNEYS[train.border, train.to]:
        when = pace.after(train.departure, hours * HOUR)
        call = _transport_call(train, place or booking.order.sent["from"], facility)
        if code in TRANSPORT_CODES and place in (AT_ORIGIN, train.to):
            yield from _told(booking, pace, _event(booking, "PLN", code, when, call), booking.decided_at)
        yield from _told(booking, pace, _event(booking, "ACT", code, when, call), when)


def levels(booking: Booking, pace: Pace) -> Iterator[Step]:
    """Goods on the shelf of an overseas warehouse, one level for each consignment, sku and unit."""
    train, sent = booking.train, booking.order.sent
    if train is None or sent["deliveryWarehouse"] is None:
        return
    gate_out = JOURNEYS[train.border, train.to][-1][3]
    when = pace.after(train.departure, gate_out * HOUR + PUT_AWAY)
    goods: dict[tuple[str, str, str], list[Any]] = {}
    for reference, row in booking.order.goods:
        goods.setdefault((reference, row["sku"], row["unit"]), []).append(row["quantity"])
    for (reference, sku, unit), quantities in goods.items():
        level = {
            "warehouse": sent["deliveryWarehouse"],
            "sku": sku,
            "reference": reference,
            "quantity": _added_up(quantities),
            "unit": unit,
            "asOf": stamp(when),
        }
        yield Step(booking.order.reference, when, when, level)


def _change(booking: Booking, status: str, when: datetime) -> Step:
    """What was sent and what the office has to say about it, which is nothing yet when it is received."""
    train = booking.train if status == "confirmed" else None
    row = {
        **booking.order.sent,
        "bookingNumber": booking.number,
        "status": status,
        "trainNumber": train and train.number,
        "border": train and train.border,
        "departure": train and stamp(train.departure),
        "arrival": train and stamp(train.arrival),
        "container": train and booking.container,
        "consignmentNote": train and booking.consignment_note,
        "at": stamp(when),
        "reason": booking.reason if status == "rejected" else None,
    }
    if booking.notes:
        row["consignments"] = [
            {**one, "consignmentNote": train and booking.notes[one[REFERENCE]]} for one in row["consignments"]
        ]
    return Step(booking.order.reference, when, when, row)


def _transport_call(train: Train, place: str, facility: str) -> Row:
    return {
        "UNLocationCode": place,
        "facilityTypeCode": facility,
        "modeOfTransport": "RAIL",
        "exportVoyageNumber": train.number,
    }


def _event(booking: Booking, classifier: str, code: str, when: datetime, call: Row) -> Row:
    reference = booking.order.reference
    transport = code in TRANSPORT_CODES
    name = f"{reference}/{code}/{call['UNLocationCode']}/{classifier}"
    return {
        "eventID": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "eventType": "TRANSPORT" if transport else "EQUIPMENT",
        "eventDateTime": stamp(when),
        "eventClassifierCode": classifier,
        "transportEventTypeCode" if transport else "equipmentEventTypeCode": code,
        "transportCall": call,
        "equipmentReference": booking.container,
        "ISOEquipmentCode": EQUIPMENT,
        "emptyIndicatorCode": "EMPTY" if code == "GTIN" else "LADEN",  # it is stuffed at the terminal
        "documentReferences": [reference_to(reference)],
    }


def reference_to(booking: str) -> Row:
    """How an event names a booking."""
    return {"documentReferenceType": "BKG", "documentReferenceValue": booking}


def _told(booking: Booking, pace: Pace, event: Row, happens: datetime) -> Iterator[Step]:
    """An event when the platform hears of it: one in three late, one in four twice."""
    own, due = event["eventID"], happens
    if pace.draw(f"late/{own}", LATE_ONE_IN) == 0:
        due = pace.after(due, LATE_LEAST + pace.draw(f"late by/{own}", LATE_MOST - LATE_LEAST + 1))
    row = {**event, "eventCreatedDateTime": stamp(due)}
    yield Step(booking.order.reference, happens, due, row)
    if pace.draw(f"twice/{own}", TWICE_ONE_IN) == 0:
        again = pace.after(due, AGAIN_LEAST + pace.draw(f"again after/{own}", AGAIN_MOST - AGAIN_LEAST + 1))
        yield Step(booking.order.reference, happens, again, row)


def _added_up(quantities: list[Any]) -> Any:
    """Exactly, and as text where it was booked as text."""
    total = sum((Decimal(str(quantity)) for quantity in quantities), Decimal(0))
    if any(isinstance(quantity, str) for quantity in quantities):
        return str(total)
    return int(total) if total == total.to_integral_value() else float(total)
