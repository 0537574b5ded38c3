"""Which credit a reversal takes back, by what the bank calls it; where that is not one, nobody guesses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from hub.money.reversals import credits_taken_back, is_booked

DAY = datetime(2026, 1, 20, tzinfo=UTC)


def remittance(*identifiers: str, amount: str = "1000", day: int = 0, **more: Any) -> Any:
    values = {
        "account": "A", "currency": "USD", "amount": Decimal(amount), "booked_at": DAY + timedelta(days=day),
        "bank_reference": identifiers[0] if identifiers else "", "end_to_end_id": None, "entry_key": None,
        "identifiers": list(identifiers), "payer": "ACME", "remittance_information": "",
    }  # fmt: skip
    return SimpleNamespace(**values | more)


def chosen(reversal: Any, *remittances: Any) -> list[int] | None:
    """The places of the remittances that it takes back."""
    found = credits_taken_back(reversal, remittances)
    return None if found is None else [remittances.index(one) for one in found]


@pytest.mark.parametrize(
    "reversal",
    [
        remittance("R1"),
        remittance("X", "R1"),
        remittance("X", "E-1"),
        remittance("R1-RV"),
        remittance("R1/REV"),
        remittance("R1RV"),
        remittance("RV-R1"),
        remittance("X", "E-1-RV"),
        remittance("X", remittance_information="REVERSAL OF R1, WRONG ACCOUNT"),
    ],
)
def test_a_reversal_finds_its_credit_by_what_it_is_called(reversal: Any) -> None:
    assert chosen(reversal, remittance("R0", "E-0"), remittance("R1", "E-1"), remittance("R2", "E-2")) == [1]


@pytest.mark.parametrize(
    "other",
    [
        remittance("R2"),
        remittance("R11"),
        remittance("AR1"),
        remittance("R"),
        remittance(),
        remittance("R1", amount="999.99"),
        remittance("R1", currency="EUR"),
        remittance("R1", account="B"),
        remittance("R1", day=1),
    ],
    ids=["another", "longer number", "longer word", "one letter", "unnamed", "amount", "currency", "account", "later"],
)
def test_no_other_credit_is_taken_for_it(other: Any) -> None:
    assert chosen(remittance("R1-RV", "R1"), other) is None


def test_where_two_fit_alike_a_person_is_asked() -> None:
    assert chosen(remittance("R1-RV"), remittance("R1"), remittance("R1")) is None
    assert chosen(remittance("X", "E-1"), remittance("R1", "E-1"), remittance("R2", "E-1")) is None


def test_the_banks_own_reference_counts_before_what_others_share() -> None:
    assert chosen(remittance("R2", "E-1"), remittance("R1", "E-1"), remittance("R2", "E-1")) == [1]
    assert chosen(remittance("R1-2-RV"), remittance("R1-1", "R1"), remittance("R1-2", "R1")) == [1], (
        "the longest that is named"
    )


def test_a_batch_is_taken_back_whole_or_in_part() -> None:
    batch = [
        remittance("B1-1", "B1", amount="700", entry_key="K"),
        remittance("B1-2", "B1", amount="300", entry_key="K"),
    ]
    assert chosen(remittance("B1-RV"), *batch) == [0, 1]
    assert chosen(remittance("B1-2-RV", amount="300"), *batch) == [1]
    assert chosen(remittance("B1-RV", amount="500"), *batch) is None, "a part of it that no remittance is"


def test_a_remittance_from_before_identifiers_were_kept_is_found_by_its_references() -> None:
    old = remittance("R1", identifiers=None, end_to_end_id="E-1")
    assert chosen(remittance("X", "E-1"), old) == [0]


@pytest.mark.parametrize(
    ("booked", "so"),
    [
        (remittance("R1", amount="995"), True),
        (remittance("R2"), True),
        (remittance("R2", payer="OTHER"), False),
        (remittance("R1", account="B"), False),
    ],
    ids=["by reference", "alike in all", "another's", "another account"],
)
def test_pending_money_is_known_again_when_it_is_booked(booked: Any, so: bool) -> None:
    assert is_booked(remittance("R1"), booked) is so
