"""Time as authorities write it: always aware, always UTC inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, fields

BEIJING = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1970, 2199


def day_of(moment: datetime) -> date:
    """The day in Beijing: tariffs, rates and deadlines change there, not at midnight UTC."""
    return moment.astimezone(BEIJING).date()


class Moment(fields.Field[datetime]):
    """A point in time. ISO 8601 unless `parse` reads an authority's own form; without an offset it is Beijing time."""

    def __init__(self, *, parse: Callable[[str], datetime] = datetime.fromisoformat, **settings: Any) -> None:
        super().__init__(**settings)
        self.parse = parse

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> datetime:
        return self.read(value)

    def read(self, value: Any) -> datetime:
        """The moment that a value names. ValidationError where it names none."""
        try:
            moment = value if isinstance(value, datetime) else self.parse(str(value)[:64])
        except (ValueError, OverflowError):
            raise ValidationError(f"not a time: {str(value)[:40]!r}") from None
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValidationError(f"not a time of our age: {str(value)[:40]!r}")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=BEIJING)
        return moment.astimezone(UTC)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **settings: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_compact(text: str) -> datetime:
    """Reads YYYYMMDDhhmmss, with or without milliseconds, as the customs messages write Beijing time."""
    if len(text) not in (14, 17) or not text.isdecimal():
        raise ValueError(text)
    moment = datetime.fromisoformat(f"{text[:8]}T{text[8:14]}")
    return moment.replace(microsecond=int(text[14:] or 0) * 1000, tzinfo=BEIJING)


def compact(moment: datetime) -> str:
    """Writes YYYYMMDDhhmmss in Beijing time."""
    return moment.astimezone(BEIJING).strftime("%Y%m%d%H%M%S")
