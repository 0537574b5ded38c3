"""How one cell of a declaration may look. A shape returns what it read; its `ValueError` says what it wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pycountry

Shape = Callable[[Any], Any]

PLACES = 5
COUNTRIES = frozenset(country.alpha_3 for country in pycountry.countries) - {"UMI"}
"""The countries of 国别（地区）代码表: those of ISO 3166-1 but for one."""
NUMBER = re.compile(rf"\d{{1,14}}(\.\d{{1,{PLACES}}})?", re.ASCII)


def text(longest: int) -> Shape:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError("应为非空文本")
        if len(value) > longest:
            raise ValueError(f"长度[{len(value)}]超过最大长度[{longest}]")
        return value.strip()

    return read


def pattern(expression: str, wanted: str) -> Shape:
    compiled = re.compile(expression, re.ASCII)

    def read(value: Any) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise ValueError(f"应为{wanted}")
        return value

    return read


def country(value: Any) -> str:
    """Three letters of 国别（地区）代码表."""
    if not isinstance(value, str) or value not in COUNTRIES:
        raise ValueError("应为国别（地区）代码表中的3位字母代码")
    return value


def one_of(*choices: str) -> Shape:
    return pattern("|".join(map(re.escape, choices)), "或".join(choices))


def number(*, above_zero: bool = False) -> Shape:
    """A decimal as text or as a JSON number; never a float, so that a cent is a cent."""

    def read(value: Any) -> Decimal:
        given = str(value) if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool) else ""
        if not NUMBER.fullmatch(given):
            raise ValueError(f"应为数值,小数不超过{PLACES}位")
        if above_zero and not Decimal(given):
            raise ValueError("应大于0")
        return Decimal(given)

    return read


def count(value: Any) -> int:
    """A whole number from 1, as text or as a JSON number."""
    given = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"\d{1,9}", given, re.ASCII) or int(given) < 1:
        raise ValueError("应为不小于1的整数")
    return int(given)


def day(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("应为日期YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("应为日期YYYY-MM-DD") from None


NOTATIONS: tuple[tuple[re.Pattern[str], Callable[..., Shape]], ...] = (
    (re.compile(r"s1-(\d+)"), lambda longest: text(int(longest))),
    (re.compile(r"digits=(\d+)"), lambda long: pattern(rf"\d{{{long}}}", f"{long}位数字")),
    (re.compile(r"letters=(\d+)"), lambda long: pattern(rf"[A-Z]{{{long}}}", f"{long}位大写字母")),
    (re.compile(r"country"), lambda: country),
    (re.compile(r"count"), lambda: count),
    (re.compile(r"day"), lambda: day),
)


def shape_of(row: dict[str, Any]) -> Shape:
    """How the cell of a row of the field file may look."""
    if "values" in row:
        return one_of(*row["values"])
    if "pattern" in row:
        return pattern(row["pattern"], row["wanted"])
    if row["type"] == "N14,5":
        return number(above_zero=row.get("above_zero", False))
    for notation, make in NOTATIONS:
        if match := notation.fullmatch(row["type"]):
            return make(*match.groups())
    raise LookupError(row["type"])
