"""What a table can hold. A record that does not fit is set aside before it can break the page it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Integer, String

from hub.model import Base
from hub.model.types import Exact

LARGEST_WHOLE = 2**31 - 1
LARGEST_EXACT = Decimal(10) ** 13
UNFIT = re.compile("[\0\ud800-\udfff]")

Limit = Callable[[Any], str | None]


def overflow(table: type[Base], row: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first column that a row does not fit, and why; None where it fits."""
    for name, limit in _limits(table):
        value = row.get(name)
        reason = limit(value) if value is not None else None
        if reason:
            return name, reason
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
    return tuple(found)


def _text(longest: int | None) -> Limit:
    def limit(value: Any) -> str | None:
        if longest is not None and len(value) > longest:
            return f"{len(value)} characters, at most {longest}"
        if UNFIT.search(value):
            return "characters that cannot be kept"
        return None

    return limit


def _exact(value: Decimal) -> str | None:
    if not value.is_finite() or abs(value) >= LARGEST_EXACT:
        return f"a number below {LARGEST_EXACT:f}"
    return None


def _whole(value: int) -> str | None:
    return None if abs(value) <= LARGEST_WHOLE else f"a whole number up to {LARGEST_WHOLE}"
