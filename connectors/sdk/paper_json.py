"""Papers as JSON: every value a text, and back with the types of its schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from connectors.sdk.instants import day_of
from connectors.sdk.papers import FieldSchema, FieldType, PaperSchema, Value


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _day(value: Any) -> date:
    """A day; of a point in time, the day in Beijing."""
    if isinstance(value, datetime):
        return day_of(value)
    return value if isinstance(value, date) else date.fromisoformat(value)


COERCE: Mapping[FieldType, Callable[[Any], Value]] = {
    "text": str,
    "count": int,
    "amount": Decimal,
    "quantity": Decimal,
    "day": _day,
    "moment": _moment,
}


def write_value(value: Value) -> str | None:
    """A paper's value as text, for keeping as JSON."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def read_content(
    schema: PaperSchema, content: Mapping[str, Any]
) -> tuple[dict[str, Value], dict[str, list[dict[str, Value]]]]:
    """The head and the lines of a kept paper, with their types."""
    lines: dict[str, Sequence[Mapping[str, str]]] = content["lines"]
    return (
        _read(schema.head, content["head"]),
        {group: [_read(schema.lines[group], line) for line in written] for group, written in lines.items()},
    )


def _read(schema: Mapping[str, FieldSchema], values: Mapping[str, str]) -> dict[str, Value]:
    return {name: COERCE[schema[name].type](value) for name, value in values.items()}
