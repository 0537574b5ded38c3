"""How one cell of a refund form may look. A shape returns what it read; its `ValueError` says what it wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from stdnum.cn import uscc

Shape = Callable[[Any], Any]

HUNDREDTH = Decimal("0.01")
VAT_RATES = frozenset(map(Decimal, ("13", "9", "6", "3", "1", "0")))


def text(longest: int) -> Shape:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            raise ValueError(f"text of 1 to {longest} characters wanted")
        return value.strip()

    return read


def pattern(expression: str, wanted: str) -> Shape:
    compiled = re.compile(expression, re.ASCII)

    def read(value: Any) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise ValueError(f"{wanted} wanted")
        return value

    return read


def one_of(*choices: str) -> Shape:
    return pattern("|".join(map(re.escape, choices)), " or ".join(choices))


def number(places: int, *, least: str = "0", above: str | None = None) -> Shape:
    """A decimal as text or as a JSON number; never a float, so that a cent is a cent."""
    written = re.compile(rf"\d{{1,16}}(\.\d{{1,{places}}})?", re.ASCII)

    def read(value: Any) -> Decimal:
        given = str(value) if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool) else ""
        if not written.fullmatch(given):
            raise ValueError(f"a decimal number with at most {places} places wanted")
        amount = Decimal(given)
        if amount < Decimal(least) or (above is not None and amount <= Decimal(above)):
            raise ValueError(f"a number above {above} wanted" if above else f"a number of at least {least} wanted")
        return amount

    return read


def day(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("a date YYYY-MM-DD wanted")
    return date.fromisoformat(value)


def credit_code(value: Any) -> str:
    """统一社会信用代码, 18 characters with a check character (GB 32100)."""
    if not isinstance(value, str) or not uscc.is_valid(value) or uscc.compact(value) != value:
        raise ValueError("a unified social credit code with its check character wanted")
    return value


def vat_rate(value: Any) -> Decimal:
    rate: Decimal = number(2)(value)
    if rate not in VAT_RATES:
        raise ValueError("a VAT rate of 13, 9, 6, 3, 1 or 0 wanted")
    return rate
