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

HEADING: Columns = (
    ("bookingReference", matches(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}"), "1 to 64 letters, digits, dots, _ and -"),
    ("from", UN_LOCODE, "a UN/LOCODE"),
    ("to", UN_LOCODE, "a UN/LOCODE"),
    ("readyAt", is_moment, "a date and time with its offset (ISO 8601)"),
    ("packages", is_count, "a whole number above 0"),
    ("grossKilograms", is_amount, "a number above 0"),
)
SHIPPER: Columns = (("name", is_text, "text"), ("address", is_text, "text"))
CONSIGNEE: Columns = (*SHIPPER, ("country", matches(r"[A-Z]{2}"), "a country of two letters (ISO 3166)"))
GOODS: Columns = (
    ("line", is_count, "a whole number above 0"),
    ("sku", is_text, "text"),
    ("description", is_text, "text"),
    ("hsCode", matches(r"\d{6}|\d{8}|\d{10}"), "6, 8 or 10 digits"),
    ("quantity", is_amount, "a number above 0"),
    ("unit", is_text, "text"),
    ("grossKilograms", is_amount, "a number above 0"),
)


def read_order(body: str) -> Order:
    """Raises the first objection; cells come before what they owe each other."""
    given = read_object(body)
    sent = _read_row(HEADING, given, "")
    sent["shipper"] = _read_row(SHIPPER, given.get("shipper"), "shipper")
    sent["consignee"] = _read_row(CONSIGNEE, given.get("consignee"), "consignee")
    sent["goods"] = _read_goods(given.get("goods"))
    sent["deliveryWarehouse"] = given.get("deliveryWarehouse")
    _check_route(sent)
    return Order(sent, datetime.fromisoformat(sent["readyAt"]))


def _read_goods(given: Any) -> list[Row]:
    if not isinstance(given, list) or not given:
        raise Objection("SHAPE", "goods", "at least one row wanted")
    rows = [_read_row(GOODS, row, f"goods[{index}]") for index, row in enumerate(given)]
    seen: set[int] = set()
    for index, row in enumerate(rows):
        if row["line"] in seen:
            raise Objection("LINE", f"goods[{index}].line", f"line {row['line']} stands here twice")
        seen.add(row["line"])
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
