"""Amounts at the minor unit of their currency, and nothing lost on the way from the lines to the total."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.iso_codes import PLACES_OF, is_country, is_currency, minor_unit, places
from hub.papers.computations.goods import goods_total, line_amount, trade_total


@pytest.mark.parametrize(
    ("currency", "decimals", "unit"),
    [
        ("JPY", 0, "1"),
        ("KRW", 0, "1"),
        ("VND", 0, "1"),
        ("USD", 2, "0.01"),
        ("CNY", 2, "0.01"),
        ("EUR", 2, "0.01"),
        ("HUF", 2, "0.01"),
        ("KWD", 3, "0.001"),
        ("TND", 3, "0.001"),
        ("CLF", 4, "0.0001"),
    ],
)
def test_the_minor_unit_of_a_currency(currency: str, decimals: int, unit: str) -> None:
    assert places(currency) == decimals
    assert minor_unit(currency).as_tuple() == Decimal(unit).as_tuple()


def test_only_currencies_of_the_standard_are_an_exception() -> None:
    assert {code for code in PLACES_OF if pycountry.currencies.get(alpha_3=code) is None} == set()
    assert all(places(code) != 2 for code in PLACES_OF)


@pytest.mark.parametrize("code", ["", "RMB", "US", "USDT", "€", "156", "\x00"])
def test_what_is_no_currency(code: str) -> None:
    assert not is_currency(code)
    assert is_currency("USD")


@pytest.mark.parametrize("code", ["", "UK", "EU", "USA", "840", "中国", "\x00"])
def test_what_is_no_country(code: str) -> None:
    assert not is_country(code)
    assert is_country("GB")


@pytest.mark.parametrize(
    ("quantity", "price", "currency", "amount"),
    [
        ("40", "64.50", "USD", "2580.00"),
        ("3", "0.335", "USD", "1.01"),  # 1.005: half a cent is rounded up
        ("3", "0.335", "JPY", "1"),
        ("1", "0.5", "JPY", "1"),
        ("1", "1.5", "JPY", "2"),
        ("1", "2.5", "JPY", "3"),
        ("1", "0.0005", "KWD", "0.001"),
        ("0.33333", "0.00001", "USD", "0.00"),
        ("99999.99999", "99999.99999", "USD", "9999999998.00"),
    ],
)
def test_a_line_is_worth_its_quantity_times_its_price(quantity: str, price: str, currency: str, amount: str) -> None:
    worth = line_amount({"currency": currency}, {"quantity": quantity, "unitPrice": price})
    assert worth.as_tuple() == Decimal(amount).as_tuple()


CENTS = st.integers(min_value=0, max_value=10**9).map(lambda cents: Decimal(cents).scaleb(-2))
LINES: st.SearchStrategy[dict[str, Decimal]] = st.builds(
    dict, quantity=st.integers(1, 10**5).map(Decimal), unitPrice=CENTS
)


@given(st.lists(LINES, min_size=1, max_size=20), CENTS, CENTS, CENTS)
def test_the_total_is_the_sum_of_what_was_typed(
    goods: list[Any], freight: Decimal, insurance: Decimal, discount: Decimal
) -> None:
    charges = {"freight": freight, "insurance": insurance, "discount": discount}
    entry = {"currency": "USD", "terms": "FOB", "goods": goods, **charges}
    cents = sum(int(line["quantity"]) * int(line["unitPrice"] * 100) for line in goods)
    assert goods_total(entry) * 100 == cents
    assert trade_total(entry) * 100 == cents + int(freight * 100) + int(insurance * 100) - int(discount * 100)
    as_kept = entry | {name: str(value) for name, value in charges.items()}
    assert trade_total(as_kept) == trade_total(entry)
