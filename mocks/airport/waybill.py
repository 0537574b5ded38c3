"""What a `cargo:Waybill` must bring along to be booked (ONE Record 2025-07, Waybill and Shipment)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mocks.airport.jsonld import CARGO, Node, Objection, has_type, iri, literal, many, part
from mocks.airport.warehouses import WAREHOUSES, Item, read_items, warehouse_of

WAYBILL_TYPES = frozenset(CARGO + name for name in ("DIRECT", "HOUSE", "MASTER"))
EXACT = 0.001  # kilograms
HEAVIEST = 1_000_000  # kilograms; nothing that flies carries more

# UN/LOCODE of a city or of an airport under another name than IATA's; the rest carries the IATA code behind the country
CITY_AIRPORTS = {"CNZGZ": "CGO", "USCHI": "ORD", "USNYC": "JFK", "GBLON": "LHR", "JPTYO": "NRT", "KRSEL": "ICN"}


Lot = tuple[str, list[Item]]


@dataclass(frozen=True)
class Consignment:
    """What the booking desk reads from a waybill.

    `lots` are read only where it goes to a warehouse: whose goods are whose, by reference.
    """

    node: Node
    origin: str
    destination: str
    kilograms: float
    warehouse: str = ""
    lots: list[Lot] = field(default_factory=list)

    @property
    def pieces(self) -> int:
        return len(many(self.node[SHIPMENT]["cargo:pieces"]))

    @property
    def houses(self) -> list[Node]:
        return many(self.node.get(HOUSES))


def reference_of(node: Node) -> str:
    """The sender's own reference of a waybill; its IRI where there is none."""
    given = literal(node.get("cargo:shippingRefNo"))
    return given if isinstance(given, str) else iri(node)


def airport(node: Any) -> str:
    """IATA code of a location; `locationCodes` takes IATA (3 letters) and UN/LOCODE (5 letters) alike."""
    for element in many(part(node, "cargo:locationCodes")):
        code = literal(part(element, "cargo:code"))
        if isinstance(code, str) and re.fullmatch(r"[A-Z]{3}|[A-Z]{2}[A-Z2-9]{3}", code):
            return CITY_AIRPORTS.get(code, code[-3:])
    return ""


def kilograms(value: Any) -> float | None:
    given = literal(value)
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        return None
    try:
        weight = float(given)
    except (ValueError, OverflowError):
        return None
    return weight if math.isfinite(weight) and 0 < weight <= HEAVIEST else None


def _is_text(value: Any) -> bool:
    given = literal(value)
    return isinstance(given, str) and bool(given.strip())


def _are_pieces(value: Any) -> bool:
    """Embedded pieces or links to them; their number is the number of pieces."""
    pieces = many(value)
    return bool(pieces) and all(has_type(piece, "Piece") or bool(iri(piece)) for piece in pieces)


SHIPMENT = "cargo:shipment"
WEIGHT = "cargo:totalGrossWeight"
HOUSES = "cargo:houseWaybills"
DELIVERY = "cargo:deliveryLocation"
ITEMS = f"{SHIPMENT}/cargo:pieces/cargo:containedItems"

# path, what must hold there, the words for a person
Check = tuple[tuple[str, ...], Callable[[Any], bool], str]
CHECKS: tuple[Check, ...] = (
    (("cargo:waybillType",), lambda v: iri(v) in WAYBILL_TYPES, "cargo:DIRECT, cargo:HOUSE or cargo:MASTER"),
    (("cargo:departureLocation",), lambda v: has_type(v, "Location") and bool(airport(v)), "a Location with its code"),
    (("cargo:arrivalLocation",), lambda v: has_type(v, "Location") and bool(airport(v)), "a Location with its code"),
    ((SHIPMENT,), lambda v: has_type(v, "Shipment"), "an embedded Shipment"),
    ((SHIPMENT, "cargo:goodsDescription"), _is_text, "the goods in words"),
    ((SHIPMENT, WEIGHT), lambda v: has_type(v, "Value"), "a Value"),
    ((SHIPMENT, WEIGHT, "cargo:numericalValue"), lambda v: kilograms(v) is not None, "a number above 0"),
    ((SHIPMENT, WEIGHT, "cargo:unit"), lambda v: iri(v).endswith("#KGM"), "kilograms, MeasurementUnitCode#KGM"),
    ((SHIPMENT, "cargo:pieces"), _are_pieces, "at least one Piece"),
)


# Each shipper of a master waybill has a house waybill of his own inside it.
OF_A_HOUSE: tuple[Check, ...] = (
    (("cargo:waybillType",), lambda v: iri(v) == f"{CARGO}HOUSE", "cargo:HOUSE"),
    *(check for check in CHECKS if check[0][0] == SHIPMENT),
)


def read_waybill(body: str) -> Consignment:
    """All broken checks in one `api:Error`, so that a sender can mend them in one go."""
    try:
        node = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise Objection(400, "Invalid Logistics Object", [("", f"not JSON: {broken}")]) from broken
    return consignment_of(node)


def consignment_of(node: Any) -> Consignment:
    """What stands in a waybill; Objection with all that is wrong with it."""
    faults = _faults(node)
    if faults:
        raise Objection(400, "Invalid Logistics Object", faults, iri(node) if isinstance(node, dict) else "")
    weight = kilograms(part(node, SHIPMENT, WEIGHT, "cargo:numericalValue"))
    origin, destination = airport(node["cargo:departureLocation"]), airport(node["cargo:arrivalLocation"])
    warehouse = _warehouse(node[SHIPMENT].get(DELIVERY), destination)
    own = many(node.get(HOUSES)) or [node]
    lots = [(reference_of(one), read_items(one[SHIPMENT], ITEMS)) for one in own] if warehouse else []
    return Consignment(node, origin, destination, weight or 0.0, warehouse, lots)


def _warehouse(delivery: Any, destination: str) -> str:
    """The warehouse to deliver to; a code of any kind must be a place at the airport of arrival."""
    warehouse = warehouse_of(delivery)
    coded = bool(many(part(delivery, "cargo:locationCodes")))
    if coded and (WAREHOUSES.get(warehouse) or airport(delivery)) != destination:
        message = f"no place at {destination}, where the waybill ends"
        raise Objection(400, "Invalid Logistics Object", [(f"{SHIPMENT}/{DELIVERY}", message)])
    return warehouse


def _faults(node: Any) -> list[tuple[str, str]]:
    if not isinstance(node, dict) or "@graph" in node:
        return [("", "one object without @graph wanted")]
    context = node.get("@context")
    if not isinstance(context, dict) or context.get("cargo") != CARGO:
        return [("@context", f"must bind cargo to {CARGO}")]
    if not has_type(node, "Waybill"):
        return [("@type", "only cargo:Waybill is taken here")]
    faults = [("/".join(path), f"{wanted} wanted") for path, holds, wanted in CHECKS if not holds(part(node, *path))]
    for turn, house in enumerate(many(node.get(HOUSES)), start=1):
        if not has_type(house, "Waybill"):
            faults.append((HOUSES, f"number {turn}: an embedded Waybill wanted"))
            continue
        for path, holds, wanted in OF_A_HOUSE:
            if not holds(part(house, *path)):
                faults.append(("/".join((HOUSES, *path)), f"number {turn}: {wanted} wanted"))
    return faults or _sums(node)


def _sums(node: Node) -> list[tuple[str, str]]:
    """What a master waybill and its house waybills owe each other."""
    houses = many(node.get(HOUSES))
    if not houses:
        return []
    faults = []
    if iri(node["cargo:waybillType"]) != f"{CARGO}MASTER":
        faults.append(("cargo:waybillType", "cargo:MASTER wanted, it has house waybills"))
    weights = [kilograms(part(one, SHIPMENT, WEIGHT, "cargo:numericalValue")) or 0.0 for one in (node, *houses)]
    if abs(weights[0] - sum(weights[1:])) > EXACT:
        faults.append((f"{SHIPMENT}/{WEIGHT}", f"the house waybills add up to {sum(weights[1:]):g} kilograms"))
    pieces = [len(many(one[SHIPMENT]["cargo:pieces"])) for one in (node, *houses)]
    if pieces[0] != sum(pieces[1:]):
        faults.append((f"{SHIPMENT}/cargo:pieces", f"the house waybills have {sum(pieces[1:])} pieces"))
    names = [iri(house) for house in houses if iri(house)]
    if len(names) != len(set(names)):
        faults.append((HOUSES, "the same @id stands here twice"))
    return faults
