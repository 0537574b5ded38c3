"""An `api:Change` of the goods of a waybill (ONE Record 2025-07): its weight, its pieces, the house waybills in it.

The standard changes an embedded object through its own IRI. That the shipment's properties may be named as those of
its waybill, and that a house waybill leaves with its pieces, is practice.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from mocks.airport.change import OPERATION, added, faults_of_heading, named
from mocks.airport.jsonld import CARGO, Node, Objection, iri, literal, many, part
from mocks.airport.waybill import HOUSES, SHIPMENT, WEIGHT

PIECES = "cargo:pieces"
GOODS = {f"{CARGO}{name}": f"cargo:{name}" for name in ("totalGrossWeight", "pieces", "houseWaybills")}


def is_about_goods(body: str) -> bool:
    """Whether a change names goods, so that it is no cancellation."""
    try:
        change = json.loads(body)
    except (ValueError, RecursionError):
        return False
    operations = many(change.get(OPERATION)) if isinstance(change, dict) else []
    return any(named(part(operation, "api:p")) in GOODS for operation in operations)


def amended(node: Node, body: str, waybill: str) -> tuple[Node, Node]:
    """The change, and the waybill with it; the waybill that was is left alone."""
    change: Node = json.loads(body)
    node = copy.deepcopy(node)
    subjects = {"", waybill, iri(node[SHIPMENT])}
    faults = list(faults_of_heading(change, waybill))
    for operation in many(change.get(OPERATION)):
        if named(part(operation, "api:s")) not in subjects:
            faults.append((f"{OPERATION}/api:s", "must be the waybill or its shipment"))
        elif (name := GOODS.get(named(part(operation, "api:p")))) is None:
            faults.append((f"{OPERATION}/api:p", "goods only, where goods are changed"))
        elif fault := _apply(node, name, operation):
            faults.append((f"{OPERATION}/api:o", fault))
    if faults:
        raise Objection(400, "Invalid Change", faults, waybill)
    return change, node


def _apply(node: Node, name: str, operation: Any) -> str:
    """Does an operation; words where it cannot be done."""
    first = next(iter(many(part(operation, "api:o"))), None)
    value = part(first, "api:hasValue") or first
    adds = added(operation)
    if name == WEIGHT:
        if adds:
            node[SHIPMENT][WEIGHT]["cargo:numericalValue"] = literal(value)
        return ""
    holder = node if name == HOUSES else node[SHIPMENT]
    held = many(holder.get(name))
    found = next((one for one in held if iri(one) and iri(one) == named(value)), None)
    if adds:
        if name == HOUSES or not named(value):
            return "house waybills and pieces without an IRI are not added to a booking; send another waybill"
        holder[name] = [*held, {"@id": named(value)}]
        return ""
    if found is None:
        return f"{named(value) or 'nothing'} is not in this waybill"
    holder[name] = [one for one in held if one is not found]
    if name == HOUSES:
        left = set(map(iri, many(part(found, SHIPMENT, PIECES)))) - {""}
        node[SHIPMENT][PIECES] = [one for one in many(node[SHIPMENT][PIECES]) if iri(one) not in left]
    return ""
