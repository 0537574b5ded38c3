"""Which credit a reversal takes back, by what the bank calls it; where that is not one, nobody guesses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from hub.share.reversals import is_booked, taken_back

DAY = datetime(2026, 1, 20, tzinfo=UTC)


def receipt(*identifiers: str, amount: str = "1000", day: int = 0, **more: Any) -> Any:
    values = {
        "account": "A", "currency": "USD", "amount": Decimal(amount), "booked_at": DAY + timedelta(days=day),
        "bank_reference": identifiers[0] if identifiers else "", "end_to_end_id": None, "entry_key": None,
        "identifiers": list(identifiers), "payer": "ACME", "remittance": "",
    }  # fmt: skip
    return SimpleNamespace(**values | more)


def chosen(reversal: Any, *receipts: Any) -> list[int] | None:
    """The places of the receipts that it takes back."""
    found = taken_back(reversal, receipts)
    return None if found is None else [receipts.index(one) for one in found]


@pytest.mark.parametrize(
    "reversal",
    [
        receipt("R1"),
        receipt("X", "R1"),
        receipt("X", "E-1"),
        receipt("R1-RV"),
        receipt("R1/REV"),
        receipt("R1RV"),
        receipt("RV-R1"),
        receipt("X", "E-1-RV"),
        receipt("X", remittance="REVERSAL OF R1, WRONG ACCOUNT"),
    ],
)
def test_a_reversal_finds_its_credit_by_what_it_is_called(reversal: Any) -> None:
    assert chosen(reversal, receipt("R0", "E-0"), receipt("R1", "E-1"), receipt("R2", "E-2")) == [1]


@pytest.mark.parametrize(
    "other",
    [
        receipt("R2"),
        receipt("R11"),
        receipt("AR1"),
        receipt("R"),
        receipt(),
        receipt("R1", amount="999.99"),
        receipt("R1", currency="EUR"),
        receipt("R1", account="B"),
        receipt("R1", day=1),
    ],
    ids=["another", "longer number", "longer word", "one letter", "unnamed", "amount", "currency", "account", "later"],
)
def test_no_other_credit_is_taken_for_it(other: Any) -> None:
    assert chosen(receipt("R1-RV", "R1"), other) is None


def test_where_two_fit_alike_a_person_is_asked() -> None:
    assert chosen(receipt("R1-RV"), receipt("R1"), receipt("R1")) is None
    assert chosen(receipt("X", "E-1"), receipt("R1", "E-1"), receipt("R2", "E-1")) is None


def test_the_banks_own_reference_counts_before_what_others_share() -> None:
    assert chosen(receipt("R2", "E-1"), receipt("R1", "E-1"), receipt("R2", "E-1")) == [1]
    assert chosen(receipt("R1-2-RV"), receipt("R1-1", "R1"), receipt("R1-2", "R1")) == [1], "the longest that is named"


def test_a_batch_is_taken_back_whole_or_in_part() -> None:
    batch = [receipt("B1-1", "B1", amount="700", entry_key="K"), receipt("B1-2", "B1", amount="300", entry_key="K")]
    assert chosen(receipt("B1-RV"), *batch) == [0, 1]
    assert chosen(receipt("B1-2-RV", amount="300"), *batch) == [1]
    assert chosen(receipt("B1-RV", amount="500"), *batch) is None, "a part of it that no receipt is"


def test_a_receipt_from_before_identifiers_were_kept_is_found_by_its_references() -> None:
    old = receipt("R1", identifiers=None, end_to_end_id="E-1")
    assert chosen(receipt("X", "E-1"), old) == [0]


@pytest.mark.parametrize(
    ("booked", "so"),
    [
        (receipt("R1", amount="995"), True),
        (receipt("R2"), True),
        (receipt("R2", payer="OTHER"), False),
        (receipt("R1", account="B"), False),
    ],
    ids=["by reference", "alike in all", "another's", "another account"],
)
def test_pending_money_is_known_again_when_it_is_booked(booked: Any, so: bool) -> None:
    assert is_booked(receipt("R1"), booked) is so
