"""Overseas warehouses that the airport's consignments go to, and what came into them."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from mocks.airport.jsonld import Node, Objection, has_type, literal, many, part, stamp
from mocks.listing import page_of

# The warehouse's code and the airport (IATA) that serves it. No freighter of ours flies to DUS: Duisburg gets its goods
# by rail.
WAREHOUSES: dict[str, str] = {"LUX01": "LUX", "ORD01": "ORD", "DUI01": "DUS"}

PRODUCT_ID = ("cargo:ofProduct", "cargo:uniqueIdentifier")
QUANTITY = ("cargo:itemQuantity", "cargo:numericalValue")
UNIT = ("cargo:itemQuantity", "cargo:unit")


@dataclass(frozen=True)
class Item:
    """Goods of one kind in a piece."""

    sku: str
    unit: str
    quantity: Decimal


def warehouse_of(location: Any) -> str:
    """The warehouse that a location is; empty where it is none of ours."""
    codes = (literal(part(element, "cargo:code")) for element in many(part(location, "cargo:locationCodes")))
    return next((code for code in codes if isinstance(code, str) and code in WAREHOUSES), "")


def read_items(shipment: Node, path: str) -> list[Item]:
    """What the pieces of a shipment for a warehouse hold: it takes in nothing that it cannot count."""
    faults: list[tuple[str, str]] = []
    items: list[Item] = []
    for node in _contained(shipment):
        sku, quantity = literal(part(node, *PRODUCT_ID)), _amount(literal(part(node, *QUANTITY)))
        unit = _unit(part(node, *UNIT))
        wanted = (
            ((), has_type(node, "Item"), "an embedded Item"),
            (PRODUCT_ID, isinstance(sku, str) and bool(sku.strip()), "the SKU"),
            (QUANTITY, quantity is not None, "a number above 0"),
            (UNIT, bool(unit), "a unit"),
        )
        faults += [("/".join((path, *names)), f"{words} wanted") for names, holds, words in wanted if not holds]
        items.append(Item(str(sku), unit, quantity or Decimal()))
    if not items:
        faults.append((path, "at least one Item wanted, it goes to a warehouse"))
    if faults:
        raise Objection(400, "Invalid Logistics Object", faults)
    return items


def _contained(shipment: Node) -> Iterator[Any]:
    for piece in many(shipment.get("cargo:pieces")):
        yield from many(part(piece, "cargo:containedItems"))


def _amount(given: Any) -> Decimal | None:
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        return None
    try:
        amount = Decimal(str(given))
    except ArithmeticError:
        return None
    return amount if amount.is_finite() and amount > 0 else None


def _unit(given: Any) -> str:
    """A unit as a literal, or by the end of its IRI, `…#PCE`."""
    if isinstance(given, dict) and "@id" in given:
        given = str(given["@id"]).rpartition("#")[2].rpartition(":")[2]
    found = literal(given)
    return found.strip() if isinstance(found, str) else ""


class Stock:
    """The row of levels that only grows; whoever holds it guards it."""

    def __init__(self) -> None:
        self._expected: list[tuple[datetime, str, list[dict[str, Any]]]] = []
        self._levels: list[dict[str, Any]] = []

    def expect(self, consignment: str, warehouse: str, lots: list[tuple[str, list[Item]]], at: datetime) -> None:
        """One level for each reference, SKU and unit, however many pieces they come in."""
        counted: dict[tuple[str, str, str], Decimal] = {}
        for reference, items in lots:
            for item in items:
                key = (reference, item.sku, item.unit)
                counted[key] = counted.get(key, Decimal()) + item.quantity
        levels = [
            {
                "warehouse": warehouse,
                "sku": sku,
                "reference": reference,
                "quantity": int(quantity) if quantity == quantity.to_integral_value() else float(quantity),
                "unit": unit,
                "asOf": stamp(at),
            }
            for (reference, sku, unit), quantity in counted.items()
        ]
        heapq.heappush(self._expected, (at, consignment, levels))

    def call_off(self, consignment: str) -> None:
        self._expected = [expected for expected in self._expected if expected[1] != consignment]
        heapq.heapify(self._expected)

    def listed(self, after: int, limit: int, now: datetime) -> dict[str, Any]:
        while self._expected and self._expected[0][0] <= now:
            for level in heapq.heappop(self._expected)[2]:
                self._levels.append({"sequence": len(self._levels) + 1, **level})
        return page_of("levels", self._levels, after, limit)
