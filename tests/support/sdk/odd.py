"""What may stand where a value is expected: sound, nearly sound, and anything at all."""

from __future__ import annotations

import math
from collections import OrderedDict, UserDict
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st
from marshmallow import Schema, fields, missing

from connectors.sdk.instants import Moment


class Text(str):
    """A text of somebody's own kind."""

    __slots__ = ()


class Whole(int):
    """A whole number of somebody's own kind."""


class Colour(StrEnum):
    RED = "RED"


DAY = datetime.fromisoformat("2026-01-09")
ODD: list[Any] = [
    *(None, missing, True, False, 0, 1, -1, 10**30, 1.0, 1.5, math.nan, math.inf, -0.0, 1e308),
    *("", " ", "1", " 7 ", "1_000", "0x1", "1.50", "NaN", "sNaN", "-Infinity", "1e400", "9" * 5000, "٣", "\x00"),
    *("\ud800", "true", "CNY", "CNY\n", "air", "1234567890", "1234567890\n", "x" * 201, "2026-02-30", "20260130"),
    *("2026-01-09", "2026-01-09T10:00", "2026-01-09T10:00:00.5Z", "1969-12-31", "20260109100000", "20260109100000123"),
    *(b"text", b"\xff", bytearray(b"text"), Text("CNY"), Text("1"), Whole(3), Colour.RED, Decimal("1.10"), object),
    *(Decimal("NaN"), Decimal("-Infinity"), DAY, date(2026, 1, 9), DAY.replace(tzinfo=UTC), DAY.replace(year=1)),
    *([], {}, (), set(), [None], ["a", 1], {"a": "b"}, {"a": 1}, {1: "b"}, {None: None}, {b"a": "b"}, ("a",), range(2)),
    *(OrderedDict(a="b"), UserDict(a="b"), [{}], [[]], {"a": {}}, [[["a"]]]),
]  # fmt: skip
anything = st.one_of(
    st.sampled_from(ODD),
    st.text(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.binary(max_size=5),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
)
words = st.sampled_from(["a", "CNY", "air", "actual", "1234567890", "豫"]) | st.text(max_size=8)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
times = st.datetimes(DAY.replace(year=1971), DAY.replace(year=2198), timezones=st.sampled_from([None, UTC]))
numbers = st.decimals(-(10**9), 10**9, places=3)

SOUND: dict[type, st.SearchStrategy[Any]] = {
    fields.String: words,
    fields.Integer: st.integers(-3, 300) | st.integers().map(str),
    fields.Decimal: numbers | numbers.map(str) | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    fields.Boolean: st.sampled_from([True, False, "true", "no", 1, 0, "1"]),
    fields.Date: days | days.map(date.isoformat),
    Moment: times | times.map(datetime.isoformat) | times.map(lambda at: f"{at:%Y%m%d%H%M%S}"),
}


def sound(field: fields.Field[Any] | None) -> st.SearchStrategy[Any]:
    """Values that a field takes, most of them."""
    if isinstance(field, fields.Nested):
        one = values(field.schema)
        return st.lists(one, max_size=3) if field.schema.many else one
    if isinstance(field, fields.List):
        return st.lists(sound(field.inner), max_size=3)
    if isinstance(field, fields.Dict):
        return st.dictionaries(SOUND.get(type(field.key_field), words), sound(field.value_field), max_size=3)
    return SOUND.get(type(field), words)


def values(schema: Schema, odd: st.SearchStrategy[Any] = anything) -> st.SearchStrategy[Any]:
    """Values for a schema: sound ones, then with a few of them wrong, absent or too many."""
    keys = {field.data_key or name: sound(field) for name, field in schema.load_fields.items()}
    wrong = st.dictionaries(st.sampled_from([*keys, "unknown", ""]), odd, max_size=2)
    absent = st.lists(st.sampled_from([*keys]), max_size=2) if keys else st.just([])
    return st.one_of(
        st.fixed_dictionaries(keys),
        st.builds(_spoilt, st.fixed_dictionaries(keys), st.just({}), absent),
        st.builds(_spoilt, st.fixed_dictionaries(keys), wrong, absent),
    )


def _spoilt(taken: dict[str, Any], wrong: dict[str, Any], absent: list[str]) -> dict[str, Any]:
    return {name: value for name, value in (taken | wrong).items() if name not in absent}
