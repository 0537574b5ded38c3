"""How goods move: shipments with their legs, what can be booked, and where goods lie. Field maps."""

from __future__ import annotations

import graphene

from hub.model import Leg, Schedule, Shipment, TrackingEvent, Warehouse
from hub_graphql import worked
from hub_graphql.maps import Column, ToMany, TypeMap, Worked
from hub_graphql.scalars import DateTime, Decimal

String, Int = graphene.String, graphene.Int


LEG: TypeMap = TypeMap(
    "Leg",
    Leg,
    "One movement by one means.",
    {
        "sequence": Column(Int, "Order of the leg"),
        "mode": Column(String, "air, rail, road or sea"),
        "carrier": Column(String, "Who carries", required=False),
        "transport_identifier": Column(String, "Flight or train"),
        "transport_document": Column(String, "Air waybill or consignment note", required=False),
        "origin": Column(String, "UN/LOCODE"),
        "destination": Column(String, "UN/LOCODE"),
        "departs_at": Column(DateTime, "Departure, actual once it is known", required=False),
        "arrives_at": Column(DateTime, "Arrival, actual once it is known", required=False),
        "as_of": Column(DateTime, "As of when, at the source"),
    },
)

TRACKING_EVENT: TypeMap = TypeMap(
    "TrackingEvent",
    TrackingEvent,
    "Something that happened, or is planned to, on the way.",
    {
        "code": Column(String, "Status code, such as DEP"),
        "words": Column(String, "The carrier's words"),
        "meaning": Worked(String, "What the code means, in the caller's language", worked.meaning),
        "time_kind": Column(String, "actual, planned, estimated, expected or requested; unknown where it is not said"),
        "happened_at": Column(DateTime, "When"),
        "place": Column(String, "UN/LOCODE", required=False),
        "as_of": Column(DateTime, "As of when, at the source"),
    },
)

SHIPMENT: TypeMap = TypeMap(
    "Shipment",
    Shipment,
    "The movement of a trade.",
    {
        "mode": Column(String, "air or rail"),
        "origin": Column(String, "UN/LOCODE"),
        "destination": Column(String, "UN/LOCODE"),
        "packages": Column(Int, "Number of packages"),
        "gross_weight": Column(Decimal, "Kilograms"),
        "legs": ToMany(lambda: LEG, "trade_id", ("sequence", "id"), "The legs, in order", key="trade_id"),
        "tracking": ToMany(
            lambda: TRACKING_EVENT, "trade_id", ("happened_at", "id"), "What happened on the way", key="trade_id"
        ),
    },
)

SCHEDULE: TypeMap = TypeMap(
    "Schedule",
    Schedule,
    "A train or flight that can be booked.",
    {
        "mode": Column(String, "air or rail"),
        "transport_identifier": Column(String, "Flight or train"),
        "carrier": Column(String, "Who carries", required=False),
        "origin": Column(String, "UN/LOCODE"),
        "destination": Column(String, "UN/LOCODE"),
        "border": Column(String, "UN/LOCODE of the border crossing", required=False),
        "departs_at": Column(DateTime, "Planned departure"),
        "arrives_at": Column(DateTime, "Planned arrival"),
        "capacity": Column(Decimal, "Room that was left, in `capacityUnit`"),
        "capacity_unit": Column(String, "TEU or kg"),
        "price": Column(Decimal, "Price of one `capacityUnit`, in `currency`"),
        "currency": Column(String, "ISO 4217"),
        "source": Column(String, "Code of the authority that said so"),
        "as_of": Column(DateTime, "As of when, at the source"),
    },
)

WAREHOUSE: TypeMap = TypeMap(
    "Warehouse",
    Warehouse,
    "A bonded or overseas warehouse.",
    {
        "code": Column(String, "Code by which an entry names it in `warehouse`"),
        "name": Column(String, "Name"),
        "kind": Column(String, "bonded or overseas"),
        "place": Column(String, "UN/LOCODE"),
        "source": Column(String, "Code of the authority that serves it"),
        "as_of": Column(DateTime, "As of when, at the source"),
    },
)
