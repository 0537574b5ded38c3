"""What a table can hold. A record that does not fit is set aside before it can break the page it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, String

from hub.model import Base, Reference
from hub.model.types import Exact

LONGEST_KIND, LONGEST_IDENTIFIER = Reference.kind.type.length, Reference.value.type.length
LARGEST_WHOLE = 2**31 - 1
LARGEST_EXACT = Decimal(10) ** 13

UNKEPT = re.compile("[\0\ud800-\udfff]")
"""What no text of PostgreSQL can hold: NUL, and halves of a surrogate pair."""
UNKEPT_REASON = "characters that cannot be kept"

Limit = Callable[[Any], str | None]


def overflow(table: type[Base], row: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first column that a row does not fit, and why; None where it fits."""
    for name, limit in _limits(table):
        value = row.get(name)
        reason = limit(value) if value is not None else None
        if reason:
            return name, reason
    for kind, identifier in (row.get("references") or {}).items():
        reason = _text(LONGEST_KIND)(kind) or _text(LONGEST_IDENTIFIER)(str(identifier))
        if reason:
            return f"references.{kind[:LONGEST_KIND]}", reason
    return None


@cache
def _limits(table: type[Base]) -> tuple[tuple[str, Limit], ...]:
    found: list[tuple[str, Limit]] = []
    for column in table.__table__.columns:
        if isinstance(column.type, String):
            found.append((column.name, _text(column.type.length)))
        elif isinstance(column.type, Exact):
            found.append((column.name, _exact))
        elif isinstance(column.type, Integer | BigInteger):
            found.append((column.name, _whole))
        elif isinstance(column.type, JSON):
            found.append((column.name, _json))
    return tuple(found)


def _text(longest: int | None) -> Limit:
    def limit(value: Any) -> str | None:
        if longest is not None and len(value) > longest:
            return f"{len(value)} characters, at most {longest}"
        return UNKEPT_REASON if UNKEPT.search(value) else None

    return limit


def legible(value: Any) -> Any:
    """A JSON value with U+FFFD in place of every character that cannot be kept."""
    if isinstance(value, str):
        return UNKEPT.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {legible(name): legible(inner) for name, inner in value.items()}
    return [legible(inner) for inner in value] if isinstance(value, list) else value


def _json(value: Any) -> str | None:
    return None if legible(value) == value else UNKEPT_REASON


def _exact(value: Decimal) -> str | None:
    if not value.is_finite() or abs(value) >= LARGEST_EXACT:
        return f"a number below {LARGEST_EXACT:f}"
    return None


def _whole(value: int) -> str | None:
    return None if abs(value) <= LARGEST_WHOLE else f"a whole number up to {LARGEST_WHOLE}"
