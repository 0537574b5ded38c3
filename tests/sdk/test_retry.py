"""When to try again: a pure decision, with full jitter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sdk.inside.retry import Retry, wait_asked_for
from tests.support.together import together

NOON = datetime(2026, 1, 9, 4, 0, tzinfo=UTC)
ATTEMPTS = st.integers(min_value=1, max_value=200)
CHANCES = st.floats(min_value=0, max_value=1, exclude_max=True)
SECONDS = st.floats(min_value=0.001, max_value=3600)


@given(base=SECONDS, longest=SECONDS, attempt=ATTEMPTS, chance=CHANCES)
def test_a_wait_lies_between_nothing_and_the_longest(base: float, longest: float, attempt: int, chance: float) -> None:
    assert 0 <= Retry(base=base, longest_wait=longest).wait(attempt, chance) <= longest


@given(base=SECONDS, longest=SECONDS, attempt=ATTEMPTS, chance=CHANCES)
def test_jitter_is_full(base: float, longest: float, attempt: int, chance: float) -> None:
    """Any wait from zero up to the ceiling is as likely as any other, so that many who failed together part ways."""
    retry = Retry(base=base, longest_wait=longest)
    ceiling = retry.wait(attempt, 1.0)
    assert retry.wait(attempt, 0.0) == 0
    assert retry.wait(attempt, chance) == pytest.approx(chance * ceiling)


def test_the_ceiling_doubles_until_the_longest_wait() -> None:
    retry = Retry(base=0.5, longest_wait=5.0)
    assert [retry.wait(attempt, 1.0) for attempt in range(1, 8)] == [0.5, 1, 2, 4, 5, 5, 5]


@given(seconds=st.integers(min_value=-86_400, max_value=30 * 86_400))
def test_a_date_asks_for_the_time_until_then_and_never_for_less_than_nothing(seconds: int) -> None:
    moment = NOON + timedelta(seconds=seconds)
    assert wait_asked_for(format_datetime(moment, usegmt=True), NOON) == min(6 * 3600, max(0, seconds))


@together(
    ("header", "wait"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 120 ", 120.0),
        ("Fri, 09 Jan 2026 12:00:30 +0800", 30.0),
        ("Fri, 09 Jan 2026 04:00:30", 30.0),  # without a zone it is GMT
        (None, None),
        ("", None),
        ("1.5", None),
        ("-5", None),
        ("2m", None),
        ("tomorrow", None),
        ("Fri, 32 Jan 2026 04:00:30 GMT", None),
        ("²", None),
    ],
)
def test_what_the_header_asks_for(header: str | None, wait: float | None) -> None:
    assert wait_asked_for(header, NOON) == wait
