"""A table that one test walks hides no row: each that fails is named, whatever it fails by."""

from __future__ import annotations

import inspect

import pytest

from tests.support.together import together


@together("number, wanted", [(1, 1), (2, 3), (4, 4), (5, 6)])
def compare(number: int, wanted: int) -> None:
    with pytest.raises(ZeroDivisionError):
        _ = number / (number - wanted)


def test_every_row_that_fails_is_named_and_those_behind_it_are_asked() -> None:
    with pytest.raises(BaseExceptionGroup) as caught:
        compare()
    assert caught.value.message == "2 of 4: 2, 3; 5, 6"
    assert [str(one) for one in caught.value.exceptions] == ["DID NOT RAISE ZeroDivisionError"] * 2


@pytest.mark.parametrize("rows", [[], [1, 2]])
def test_a_table_without_rows_or_with_too_few_names_is_none(rows: list[int]) -> None:
    with pytest.raises(ValueError, match=f"{len(rows)} rows"):
        together("row", rows, ids=["one"])


def test_what_is_no_column_of_the_table_stays_a_fixture() -> None:
    def check(row: int, tmp_path: object) -> None: ...

    walk = together("row", [1])(check)
    assert [*inspect.signature(walk).parameters] == ["tmp_path"]
