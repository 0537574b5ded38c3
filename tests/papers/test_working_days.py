"""Five working days, by the State Council's order of holidays; of a year without one, by weekends, and said so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.sdk.instants import BEIJING
from hub.working_days import within_working_days

# worked out by hand from 国务院办公厅关于2026年部分节假日安排的通知
CASES = [
    ("2026-03-02T10:00", "2026-03-09", False),  # Monday to Monday
    ("2026-03-06T10:00", "2026-03-13", False),  # Friday
    ("2026-03-07T10:00", "2026-03-13", False),  # a Saturday counts from Monday
    ("2026-02-12T10:00", "2026-02-26", False),  # 13, 14 (a Saturday that is worked), 24, 25, 26: the Spring Festival
    ("2026-02-26T10:00", "2026-03-04", False),  # 27, 28 (worked), 2, 3, 4
    ("2026-09-29T10:00", "2026-10-12", False),  # 30, 8, 9, 10 (a Saturday that is worked), 12
    ("2025-12-30T10:00", "2026-01-07", False),  # 31, 4 (a Sunday that is worked), 5, 6, 7
    ("2026-12-24T10:00", "2026-12-31", False),
    ("2026-12-25T10:00", "2027-01-01", True),  # reaches into a year without an order: only weekends are known
    ("2027-03-01T10:00", "2027-03-08", True),
]


@pytest.mark.parametrize(("since", "day", "weekends_only"), CASES, ids=[since for since, _, _ in CASES])
def test_the_fifth_working_day_is_found(since: str, day: str, weekends_only: bool) -> None:
    found = within_working_days(datetime.fromisoformat(since).replace(tzinfo=BEIJING), 5)
    assert found.due.astimezone(BEIJING).isoformat() == f"{day}T23:59:59+08:00"
    assert found.weekends_only == weekends_only


def test_a_day_begins_and_ends_in_beijing() -> None:
    last_moment = datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)
    assert within_working_days(last_moment, 5).due == datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC)
    first_of_the_next = datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert within_working_days(first_of_the_next, 5).due == datetime(2026, 3, 10, 15, 59, 59, tzinfo=UTC)
