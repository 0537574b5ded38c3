"""What a sender must tell the platform to have a container booked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from mocks.objection import Objection, read_object
from mocks.rail.lines import DESTINATIONS, ORIGINS, WAREHOUSES

Row = dict[str, Any]
Columns = tuple[tuple[str, Callable[[Any], bool], str], ...]

LONGEST_TEXT = 500
ABOVE, WHOLE_ABOVE = "a number above 0", "a whole number above 0"
SURROGATES = re.compile("[\ud800-\udfff]")  # JSON can escape half a character, and then nobody can write it out


@dataclass(frozen=True)
class Order:
    """A booking as it was sent: `sent` holds the fields of the contract and nothing else."""

    sent: Row
    ready_at: datetime

    @property
    def reference(self) -> str:
        return str(self.sent["bookingReference"])

    @property
    def goods(self) -> list[tuple[str, Row]]:
        """Each row of goods with the reference of its consignment, or of the booking where it is one consignment."""
        consignments = self.sent.get("consignments") or [self.sent | {REFERENCE: self.reference}]
        return [(str(one[REFERENCE]), row) for one in consignments for row in one["goods"]]

    @property
    def kilograms(self) -> Decimal:
        return Decimal(str(self.sent["grossKilograms"]))


def is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT and not SURROGATES.search(value)


def matches(expression: str) -> Callable[[Any], bool]:
    compiled = re.compile(expression, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def is_amount(value: Any) -> bool:
    """Above 0, as text or as a JSON number, with at most five places."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return False
    return bool(re.fullmatch(r"\d{1,16}(\.\d{1,5})?", str(value), re.ASCII)) and Decimal(value) > 0


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000


def is_moment(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9-]{10}T[0-9:.]+(Z|[+-][0-9:]{4,5})", value):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


UN_LOCODE = matches(r"[A-Z]{2}[A-Z2-9]{3}")

REFERENCE = "consignmentReference"
OWN_NUMBER = (matches(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}"), "1 to 64 letters, digits, dots, _ and -")
MEASURES: Columns = (("packages", is_count, WHOLE_ABOVE), ("grossKilograms", is_amount, ABOVE))
HEADING: Columns = (
    ("bookingReference", *OWN_NUMBER),
    ("from", UN_LOCODE, "a UN/LOCODE"),
    ("to", UN_LOCODE, "a UN/LOCODE"),
    ("readyAt", is_moment, "a date and time with its offset (ISO 8601)"),
    *MEASURES,
)
CONSIGNMENT: Columns = ((REFERENCE, *OWN_NUMBER), *MEASURES)
SHIPPER: Columns = (("name", is_text, "text"), ("address", is_text, "text"))
CONSIGNEE: Columns = (*SHIPPER, ("country", matches(r"[A-Z]{2}"), "a country of two letters (ISO 3166)"))
GOODS: Columns = (
    ("line", is_count, WHOLE_ABOVE),
    ("sku", is_text, "text"),
    ("description", is_text, "text"),
    ("hsCode", matches(r"\d{6}|\d{8}|\d{10}"), "6, 8 or 10 digits"),
    ("quantity", is_amount, ABOVE),
    ("unit", is_text, "text"),
    ("grossKilograms", is_amount, ABOVE),
)


def read_order(body: str) -> Order:
    """Raises the first objection; cells come before what they owe each other."""
    given = read_object(body)
    sent = _read_row(HEADING, given, "")
    sent["shipper"] = _read_row(SHIPPER, given.get("shipper"), "shipper")
    sent["consignee"] = _read_row(CONSIGNEE, given.get("consignee"), "consignee")
    if given.get("consignments") is None:
        sent["goods"] = _read_goods(given.get("goods"), "goods")
    else:
        sent["consignments"] = _read_consignments(given["consignments"], given.get("goods"))
        _check_sums(sent)
    sent["deliveryWarehouse"] = given.get("deliveryWarehouse")
    _check_route(sent)
    return Order(sent, datetime.fromisoformat(sent["readyAt"]))


def _read_consignments(given: Any, goods: Any) -> list[Row]:
    """What several shippers send in one booking; the goods are then those of the consignments."""
    if goods is not None:
        raise Objection("SHAPE", "goods", "goods stand in the consignments")
    if not isinstance(given, list) or not given:
        raise Objection("SHAPE", "consignments", "at least one consignment wanted")
    rows = []
    for index, one in enumerate(given):
        path = f"consignments[{index}]"
        row = _read_row(CONSIGNMENT, one, path)
        row["shipper"] = _read_row(SHIPPER, one.get("shipper"), f"{path}.shipper")
        row["goods"] = _read_goods(one.get("goods"), f"{path}.goods")
        rows.append(row)
    _check_once(rows, REFERENCE, "consignments")
    return rows


def _check_sums(sent: Row) -> None:
    """A booking holds what its consignments hold."""
    for name, _, _ in MEASURES:
        total = sum((Decimal(str(one[name])) for one in sent["consignments"]), Decimal())
        if total != Decimal(str(sent[name])):
            raise Objection("SUM", name, f"the consignments add up to {total}")


def _check_once(rows: list[Row], name: str, path: str) -> None:
    seen: set[Any] = set()
    for index, row in enumerate(rows):
        if row[name] in seen:
            raise Objection(name.upper(), f"{path}[{index}].{name}", f"{name} {row[name]} stands here twice")
        seen.add(row[name])


def _read_goods(given: Any, path: str) -> list[Row]:
    if not isinstance(given, list) or not given:
        raise Objection("SHAPE", path, "at least one row wanted")
    rows = [_read_row(GOODS, row, f"{path}[{index}]") for index, row in enumerate(given)]
    _check_once(rows, "line", path)
    return rows


def _read_row(columns: Columns, given: Any, path: str) -> Row:
    if not isinstance(given, dict):
        raise Objection("SHAPE", path, "an object wanted")
    row: Row = {}
    for name, holds, wanted in columns:
        value, field = given.get(name), f"{path}.{name}".lstrip(".")
        if value is None:
            raise Objection("MISSING", field, "mandatory")
        if not holds(value):
            raise Objection("FORMAT", field, f"{wanted} wanted")
        row[name] = float(value) if isinstance(value, Decimal) else value
    return row


def _check_route(sent: Row) -> None:
    if sent["from"] not in ORIGINS:
        raise Objection("ROUTE", "from", f"trains leave from {' and '.join(ORIGINS)}")
    if sent["to"] not in DESTINATIONS:
        raise Objection("ROUTE", "to", f"trains go to {', '.join(DESTINATIONS)}")
    warehouse = sent["deliveryWarehouse"]
    if warehouse is None:
        return
    if not isinstance(warehouse, str) or warehouse not in WAREHOUSES:
        raise Objection("WAREHOUSE", "deliveryWarehouse", f"one of {', '.join(WAREHOUSES)} wanted, or null")
    name, place = WAREHOUSES[warehouse]
    if place != sent["to"]:
        raise Objection("WAREHOUSE", "deliveryWarehouse", f"{name} is in {place}, the train goes to {sent['to']}")
