"""Values as people type them: numbers, texts, identifiers, codes; each says which rule it breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import ValidationError, fields
from stdnum.cn import uscc

from connectors.sdk import units
from connectors.sdk.characters import UNWRITABLE, is_blank, is_half_width
from hub.rules.entry_rules import LARGEST

LONGEST_NUMBER = 40


class ValueProblem(ValidationError):
    """A rule that a value broke: the code of `hub.errors`, with what fills its words."""

    def __init__(self, code: str, **parameters: Any) -> None:
        super().__init__([{"code": code, "parameters": parameters}])


class Number(fields.Field[Decimal]):
    """An exact decimal, typed as text or as a whole number, in the digits 0 to 9.

    It is judged by its digits before anything is reckoned with it: `1e1000000` would take a machine's memory.
    """

    def __init__(
        self,
        *,
        decimals: int = 5,
        least: Decimal = Decimal(0),
        above: bool = False,
        below: Decimal = LARGEST,
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.decimals, self.least, self.above, self.below = decimals, least, above, below

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> Decimal:
        number = self._read(value)
        if number < self.least or (self.above and number == self.least):
            raise ValueProblem("BAD_VALUE", cause="not above" if self.above else "too small", least=str(self.least))
        if number >= self.below:
            raise ValueProblem("BAD_VALUE", cause="too large", most=f"{self.below:f}")
        return number

    def _read(self, value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise ValueProblem("BAD_VALUE", cause="number")
        if isinstance(value, int) and abs(value) >= LARGEST:
            raise ValueProblem("BAD_VALUE", cause="too large", most=f"{self.below:f}")
        text = str(value).strip()
        must_be_half_width(text)
        try:
            number = Decimal(text) if len(text) <= LONGEST_NUMBER and "_" not in text else Decimal("NaN")
        except InvalidOperation:
            raise ValueProblem("BAD_VALUE", cause="number") from None
        _, digits, exponent = number.as_tuple()
        if not isinstance(exponent, int):
            raise ValueProblem("BAD_VALUE", cause="number")
        if not any(digits):
            return Decimal(0)
        trailing = len(digits) - len("".join(map(str, digits)).rstrip("0"))
        if -(exponent + trailing) > self.decimals:
            raise ValueProblem("BAD_VALUE", cause="decimals", most=self.decimals)
        if number.adjusted() >= LARGEST.adjusted():
            raise ValueProblem("BAD_VALUE", cause="too large", most=f"{self.below:f}")
        return number

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **settings: Any) -> str | None:
        return None if value is None else format(value.normalize(), "f")  # 120 and 120.00 are the same content


class Count(fields.Integer):
    """A whole number, typed as such or as digits (files know only text)."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> int:
        must_be_half_width(value)
        digits = isinstance(value, str) and value.strip().isdecimal() and len(value) <= 9
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9
        if not (digits or whole):
            raise ValueProblem("BAD_VALUE", cause="whole number")
        return int(value)


def must_be_half_width(value: Any) -> None:
    if isinstance(value, str) and not is_half_width(value):
        raise ValueProblem("BAD_VALUE", cause="half width")


class Words(fields.String):
    """Text of a person: trimmed, of bounded length, of the characters that XML has. Blanks alone are no text."""

    def __init__(self, longest: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> Any:
        typed = str(super()._deserialize(value, attr, data, **settings))
        text = typed.strip()
        if len(text) > self.longest:
            raise ValueProblem("BAD_VALUE", cause="too long", length=len(text), most=self.longest)
        if UNWRITABLE.search(text):
            raise ValueProblem("BAD_VALUE", cause="control characters")
        if not is_blank(text):
            return text
        if self.required:
            raise ValueProblem("REQUIRED")
        if typed:
            raise ValueProblem("BAD_VALUE", cause="blank")
        return None


class Identifier(Words):
    """A number or code that somebody gave: an order number, an account. Full-width digits would make it another."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> Any:
        text = super()._deserialize(value, attr, data, **settings)
        must_be_half_width(text)
        return text


class CodeField(fields.String):
    """A code of a fixed form or of a list."""

    def __init__(self, pattern: str = "", cause: str = "", **settings: Any) -> None:
        super().__init__(**settings)
        self.pattern, self.cause = re.compile(pattern), cause

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **settings)).strip()
        if self.cause and not self.pattern.fullmatch(text):
            raise ValueProblem("BAD_VALUE", cause=self.cause)
        return text


class UnitField(fields.String):
    """A unit of measure, kept as the word that papers carry: 个, `pcs`, ＰＣＳ and 007 are all `piece`.

    A word is what it says in any width; a code is an identifier, whose digits are 0 to 9.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **settings)).strip()
        must_be_half_width("".join(filter(str.isdecimal, text)))
        if unit := units.spelled(text):
            return unit.word
        near = units.nearest(text)
        raise unknown("unit", text, "海关计量单位", "customs' units", [f"{one.zh} {one.word}" for one in near])


class CreditCode(fields.String):
    """统一社会信用代码, GB 32100-2015: kept without hyphens and in capitals, however it was typed."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **settings))[:40]
        must_be_half_width(text)
        if not uscc.is_valid(text):
            raise ValueProblem("CHECK_DIGIT", value=text)
        return str(uscc.compact(text))


def unknown(what: str, value: str, standard_zh: str, standard_en: str, nearest: list[str]) -> ValueProblem:
    """That a value is not in a code list, with those of it that are nearest."""
    zh, en = (f"（相近：{'、'.join(nearest)}）", f" (nearest: {', '.join(nearest)})") if nearest else ("", "")
    return ValueProblem(
        "UNKNOWN_CODE", value=value[:40], what=what, standard=standard_zh + zh, standard_en=standard_en + en
    )


def known(
    what: str, standard: str, is_known: Callable[[str], bool], nearest: Callable[[str], list[str]] = lambda _: []
) -> Callable[[str], None]:
    """A check against a code list."""

    def check(value: str) -> None:
        if not is_known(value):
            raise unknown(what, value, standard, standard, nearest(value))

    return check


def one_of(*choices: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in choices:
            raise ValueProblem("BAD_VALUE", cause="one of", choices=", ".join(choices))

    return check


def between(least: int, most: int) -> Callable[[Any], None]:
    """A check of how many there are, or how large a count is."""

    def check(value: Any) -> None:
        count = len(value) if isinstance(value, list | dict) else value
        if not least <= count <= most:
            raise ValueProblem("BAD_VALUE", cause="count", least=least, most=most, count=count)

    return check
