"""Running numbers and the numbers that people quote: none is given twice, and a slip of the pen is noticed."""

from __future__ import annotations

import string
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from hub.model import Database
from hub.model.migrate import bring_up
from hub.share.series import allot, trade_number

NIGHT = datetime(2026, 1, 8, 16, 30, tzinfo=UTC)  # half past midnight of the 9th in Beijing
NUMBERS = st.builds(
    trade_number,
    st.integers(min_value=1, max_value=10**9),
    st.integers(0, 20_000).map(lambda days: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)),
)
PLACES = st.integers(min_value=0, max_value=16)
LETTERS = st.one_of(st.sampled_from(string.digits + string.ascii_letters), st.characters())


def is_trade_number(text: str) -> bool:
    """As whoever reads one off a paper checks it: ISO 7064, MOD 37,36."""
    return len(text) == 17 and text.startswith("YH") and bool(mod_37_36.is_valid(text))


def test_a_number_carries_the_day_in_beijing_and_the_serial() -> None:
    assert trade_number(1, NIGHT)[:16] == "YH26010900000001"
    assert trade_number(12_345_678, NIGHT)[:16] == "YH26010912345678"
    assert trade_number(100_000_001, NIGHT)[:16] == "YH26010900000001"  # no two on one day are so far apart


@given(NUMBERS)
def test_a_number_is_known_as_one(number: str) -> None:
    assert is_trade_number(number)
    assert len(number) == 17


@given(NUMBERS, PLACES, LETTERS)
def test_one_wrong_letter_is_noticed(number: str, place: int, letter: str) -> None:
    wrong = number[:place] + letter + number[place + 1 :]
    assert is_trade_number(wrong) == (wrong == number)


@given(NUMBERS, PLACES, LETTERS)
def test_a_letter_too_many_or_too_few_is_noticed(number: str, place: int, letter: str) -> None:
    assert not is_trade_number(number[:place] + number[place + 1 :])
    assert not is_trade_number(number[:place] + letter + number[place:])


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    bring_up(made)
    yield made
    made.close()


def test_a_series_begins_with_one_and_goes_on(database: Database) -> None:
    with database.write() as connection:
        assert [allot(connection, "trade", count) for count in (1, 3, 1)] == [1, 2, 5]
        assert allot(connection, "another", 2) == 1


def test_what_is_rolled_back_is_allotted_again(database: Database) -> None:
    with database.write() as connection, connection.begin_nested() as step:
        assert allot(connection, "trade", 5) == 1
        step.rollback()
    with database.write() as connection:
        assert allot(connection, "trade", 1) == 1


def test_many_at_once_are_given_every_number_once(database: Database) -> None:
    def take(count: int) -> range:
        with database.write() as connection:
            first = allot(connection, "trade", count)
        return range(first, first + count)

    counts = [1, 2, 3, 5, 1] * 16
    with ThreadPoolExecutor(8) as pool:
        given_out = [number for numbers in pool.map(take, counts) for number in numbers]
    assert sorted(given_out) == list(range(1, sum(counts) + 1))
