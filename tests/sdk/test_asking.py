"""What a stream is asked: instants in UTC, and a window that something can lie in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from connectors.sdk import BEIJING, Ask
from tests.support.world import MORNING


def test_nothing_that_is_said_asks_for_everything() -> None:
    assert Ask() == Ask(cursor="", since=None, until=None, watched=())
    assert not Ask().by_time
    assert Ask(since=MORNING).by_time


@pytest.mark.parametrize("odd", [datetime(2026, 1, 9), MORNING.astimezone(BEIJING)])  # noqa: DTZ001 - that is the point
def test_a_time_that_is_not_utc_is_refused(odd: datetime) -> None:
    with pytest.raises(ValueError, match="in UTC"):
        Ask(until=odd)


@pytest.mark.parametrize("length", [timedelta(0), timedelta(seconds=-1)])
def test_a_window_in_which_nothing_can_lie_is_refused(length: timedelta) -> None:
    with pytest.raises(ValueError, match="since comes before until"):
        Ask(since=MORNING, until=MORNING + length)
