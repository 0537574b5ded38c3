"""Times as authorities write them: without a zone they are Beijing's, inside they are UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from connectors.sdk.instants import BEIJING, Moment, compact, from_compact
from tests.support.together import together


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20260109090000", datetime(2026, 1, 9, 1, 0, tzinfo=UTC)),
        ("20260109073000", datetime(2026, 1, 8, 23, 30, tzinfo=UTC)),
        ("20260109090000007", datetime(2026, 1, 9, 1, 0, 0, 7000, tzinfo=UTC)),
        ("20260109090000999", datetime(2026, 1, 9, 1, 0, 0, 999000, tzinfo=UTC)),
        ("20240229235959", datetime(2024, 2, 29, 15, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_compact_form_is_beijing_time(text: str, moment: datetime) -> None:
    assert from_compact(text) == moment
    assert Moment(parse=from_compact).deserialize(text) == moment
    assert compact(moment) == text[:14]


@together(
    "text",
    [
        "",
        "20260109",
        "202601090900",
        "2026010909000",
        "202601090900000",
        "2026010909000000",
        "202601090900000000",
        "2026-01-09T09:0",
        "20260230090000",
        "20261301090000",
        "20260109250000",
        "20260109090060",
        "00000109090000",
        "2026010909000x",
        " 2026010909000",
        "20260109090000+08",
    ],
)
def test_what_is_not_quite_compact_is_no_time(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the schema says it in words
        from_compact(text)
    with pytest.raises(ValidationError, match="not a time"):
        Moment(parse=from_compact).deserialize(text)


@given(st.datetimes(min_value=datetime(1992, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 - Beijing's
def test_what_is_written_compactly_is_read_again(local: datetime) -> None:
    moment = local.replace(microsecond=0, tzinfo=BEIJING)
    assert from_compact(compact(moment)) == moment
    assert compact(moment.astimezone(UTC)) == compact(moment)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("2026-01-09T09:00:00", 1),
        ("2026-01-09 09:00", 1),
        ("2026-01-09T09:00:00+08:00", 1),
        ("2026-01-09T09:00:00Z", 9),
        ("2026-01-09T09:00:00-05:00", 14),
        (datetime(2026, 1, 9, 9, 0), 1),  # noqa: DTZ001 - that is the point
        (datetime(2026, 1, 9, 9, 0, tzinfo=timezone(timedelta(hours=1))), 8),
    ],
)
def test_a_time_without_offset_is_beijings_and_one_with_an_offset_keeps_it(typed: str | datetime, hour: int) -> None:
    read = Moment().deserialize(typed)
    assert (read, read.tzinfo) == (datetime(2026, 1, 9, hour, 0, tzinfo=UTC), UTC)
    assert Moment().serialize("at", {"at": read}) == f"2026-01-09T{hour:02d}:00:00Z"


@pytest.mark.parametrize("typed", ["", "soon", "2026-02-30T00:00:00", "2026-01-09T25:00", 3.5, [], {}, True])
def test_what_is_no_time_is_said_so(typed: object) -> None:
    with pytest.raises(ValidationError, match="not a time"):
        Moment().deserialize(typed)
