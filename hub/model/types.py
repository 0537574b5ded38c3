"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

SCALE = 5
STEP = Decimal(1).scaleb(-SCALE)


class Exact(TypeDecorator[Decimal]):
    """A decimal that loses no digit: NUMERIC on PostgreSQL, an INTEGER of hundred-thousandths on SQLite.

    SQLite would keep a NUMERIC as a floating-point number.
    """

    impl = Numeric(24, SCALE)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Numeric(24, SCALE) if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = Decimal(value).quantize(STEP, rounding=ROUND_HALF_EVEN)
        return exact if dialect.name == "postgresql" else int(exact.scaleb(SCALE))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value) if dialect.name == "postgresql" else Decimal(value).scaleb(-SCALE)


class Instant(TypeDecorator[datetime]):
    """A point in time, aware and in UTC: TIMESTAMPTZ on PostgreSQL, sortable text of fixed width on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone may not be stored: {value}")
        return value if dialect.name == "postgresql" else write_instant(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC)


def word_column(kind: type[StrEnum], length: int = 20) -> Enum:
    """Words of a closed list, kept as text; another one is a LookupError where it is read."""
    return Enum(kind, length=length, native_enum=False, values_callable=lambda kind: [one.value for one in kind])


def write_instant(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, always 27 characters."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON value."""
Identity = BigInteger().with_variant(Integer(), "sqlite")
"""An internal key. SQLite numbers rows by itself only where the type is spelled INTEGER."""
