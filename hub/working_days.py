"""Working days as the State Council orders them: public holidays, and the weekends that are worked instead.

The order for a year is published in the November before (国务院办公厅关于部分节假日安排的通知). Of a year that has none
yet only weekends are known not to be worked, and whoever counts into it says so.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from chinese_calendar import is_workday

from connectors.sdk.instants import BEIJING, day_of

LAST_SECOND = time(23, 59, 59)
SATURDAY = 5


class DueDay(NamedTuple):
    """The end of the last day, by Beijing's clock; `weekends_only` where a day was counted whose year has no order."""

    due: datetime
    weekends_only: bool


def within_working_days(since: datetime, days: int) -> DueDay:
    """The end of the `days`-th working day after the day of `since`, which is not counted itself."""
    day, weekends_only = day_of(since), False
    while days:
        day += timedelta(days=1)
        works, ordered = _works(day)
        weekends_only |= not ordered
        days -= works
    return DueDay(datetime.combine(day, LAST_SECOND, BEIJING).astimezone(UTC), weekends_only)


def _works(day: date) -> tuple[bool, bool]:
    """Whether a day is worked, and whether that is ordered or only taken from the week."""
    try:
        return bool(is_workday(day)), True
    except NotImplementedError:  # no order for its year, as the library says
        return day.weekday() < SATURDAY, False
