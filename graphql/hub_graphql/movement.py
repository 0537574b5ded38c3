"""How goods move: shipments with their legs, what can be booked, and where goods lie. Field maps."""

from __future__ import annotations

import graphene

from hub.model import Leg, Schedule, Shipment, TrackingEvent, Warehouse
from hub_graphql import explained
from hub_graphql.about_trades import AboutTrade
from hub_graphql.maps import MappedColumn, TypeMap, Worked
from hub_graphql.scalars import DateTime, Decimal

String, Int = graphene.String, graphene.Int


LEG: TypeMap = TypeMap(
    "Leg",
    Leg,
    "One movement by one means.",
    {
        "sequence": MappedColumn(Int, "Order of the leg"),
        "mode": MappedColumn(String, "air, rail, road or sea"),
        "carrier": MappedColumn(String, "Who carries", required=False),
        "transport_identifier": MappedColumn(String, "Flight or train"),
        "transport_document": MappedColumn(String, "Air waybill or consignment note", required=False),
        "origin": MappedColumn(String, "UN/LOCODE"),
        "destination": MappedColumn(String, "UN/LOCODE"),
        "departs_at": MappedColumn(DateTime, "Departure, actual once it is known", required=False),
        "arrives_at": MappedColumn(DateTime, "Arrival, actual once it is known", required=False),
        "as_of": MappedColumn(DateTime, "As of when, at the source"),
    },
)

TRACKING_EVENT: TypeMap = TypeMap(
    "TrackingEvent",
    TrackingEvent,
    "Something that happened, or is planned to, on the way.",
    {
        "code": MappedColumn(String, "Status code, such as DEP"),
        "words": MappedColumn(String, "The carrier's words"),
        "meaning": Worked(String, "What the code means, in the caller's language", explained.meaning),
        "time_kind": MappedColumn(
            String, "actual, planned, estimated, expected or requested; unknown where it is not said"
        ),
        "happened_at": MappedColumn(DateTime, "When"),
        "place": MappedColumn(String, "UN/LOCODE", required=False),
        "as_of": MappedColumn(DateTime, "As of when, at the source"),
    },
)

SHIPMENT: TypeMap = TypeMap(
    "Shipment",
    Shipment,
    "The movement of a trade.",
    {
        "mode": MappedColumn(String, "air or rail"),
        "origin": MappedColumn(String, "UN/LOCODE"),
        "destination": MappedColumn(String, "UN/LOCODE"),
        "packages": MappedColumn(Int, "Number of packages"),
        "gross_weight": MappedColumn(Decimal, "Kilograms"),
        "legs": AboutTrade(lambda: LEG, ("sequence", "id"), "The legs, in order", key="trade_id"),
        "tracking": AboutTrade(
            lambda: TRACKING_EVENT, ("happened_at", "id"), "What happened on the way", key="trade_id"
        ),
    },
)

SCHEDULE: TypeMap = TypeMap(
    "Schedule",
    Schedule,
    "A train or flight that can be booked.",
    {
        "mode": MappedColumn(String, "air or rail"),
        "transport_identifier": MappedColumn(String, "Flight or train"),
        "carrier": MappedColumn(String, "Who carries", required=False),
        "origin": MappedColumn(String, "UN/LOCODE"),
        "destination": MappedColumn(String, "UN/LOCODE"),
        "border": MappedColumn(String, "UN/LOCODE of the border crossing", required=False),
        "departs_at": MappedColumn(DateTime, "Planned departure"),
        "arrives_at": MappedColumn(DateTime, "Planned arrival"),
        "capacity": MappedColumn(Decimal, "Room that was left, in `capacityUnit`"),
        "capacity_unit": MappedColumn(String, "TEU or kg"),
        "price": MappedColumn(Decimal, "Price of one `capacityUnit`, in `currency`"),
        "currency": MappedColumn(String, "ISO 4217"),
        "source": MappedColumn(String, "Code of the authority that said so"),
        "as_of": MappedColumn(DateTime, "As of when, at the source"),
    },
)

WAREHOUSE: TypeMap = TypeMap(
    "Warehouse",
    Warehouse,
    "A bonded or overseas warehouse.",
    {
        "code": MappedColumn(String, "Code by which an entry names it in `warehouse`"),
        "name": MappedColumn(String, "Name"),
        "kind": MappedColumn(String, "bonded or overseas"),
        "place": MappedColumn(String, "UN/LOCODE"),
        "source": MappedColumn(String, "Code of the authority that serves it"),
        "as_of": MappedColumn(DateTime, "As of when, at the source"),
    },
)
