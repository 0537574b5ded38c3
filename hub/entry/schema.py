"""The one schema of a trade: GraphQL, files and forms all come through it. Names are camelCase, as they are typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_dump
from stdnum.cn import uscc

from connectors.sdk import countries, units
from connectors.sdk.moments import Moment
from hub.entry.packagings import PACKAGINGS
from hub.share.money import is_country, is_currency

LARGEST = Decimal(10) ** 12
LONGEST_NUMBER = 40
INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they make a text read otherwise
SPACES = str.maketrans({"\u3000": " ", "\xa0": " "})


class Problem(ValidationError):
    """A rule that a value broke: the code of `hub.errors`, with what fills its words."""

    def __init__(self, code: str, **parameters: Any) -> None:
        super().__init__([{"code": code, "parameters": parameters}])


class Number(fields.Field[Decimal]):
    """An exact decimal, typed as text or as a whole number. Full-width digits are read as what they mean.

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
            raise Problem("BAD_VALUE", cause="not above" if self.above else "too small", least=str(self.least))
        if number >= self.below:
            raise Problem("BAD_VALUE", cause="too large", most=f"{self.below:f}")
        return number

    def _read(self, value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise Problem("BAD_VALUE", cause="number")
        if isinstance(value, int) and abs(value) >= LARGEST:
            raise Problem("BAD_VALUE", cause="too large", most=f"{self.below:f}")
        text = str(value).strip()
        try:
            number = Decimal(text) if len(text) <= LONGEST_NUMBER and "_" not in text else Decimal("NaN")
        except InvalidOperation:
            raise Problem("BAD_VALUE", cause="number") from None
        _, digits, exponent = number.as_tuple()
        if not isinstance(exponent, int):
            raise Problem("BAD_VALUE", cause="number")
        if not any(digits):
            return Decimal(0)
        trailing = len(digits) - len("".join(map(str, digits)).rstrip("0"))
        if -(exponent + trailing) > self.decimals:
            raise Problem("BAD_VALUE", cause="decimals", most=self.decimals)
        if number.adjusted() >= LARGEST.adjusted():
            raise Problem("BAD_VALUE", cause="too large", most=f"{self.below:f}")
        return number

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **settings: Any) -> str | None:
        return None if value is None else format(value.normalize(), "f")  # 120 and 120.00 are the same content


class Count(fields.Integer):
    """A whole number, typed as such or as digits (files know only text)."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> int:
        digits = isinstance(value, str) and value.strip().isdecimal() and len(value) <= 9
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9
        if not (digits or whole):
            raise Problem("BAD_VALUE", cause="whole number")
        return int(value)


class Words(fields.String):
    """Text of a person: trimmed, without control characters, of bounded length. An empty one is no text."""

    def __init__(self, longest: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> Any:
        text = str(super()._deserialize(value, attr, data, **settings)).translate(SPACES).strip()
        if not text:
            if self.required:
                raise Problem("REQUIRED")
            return None
        if len(text) > self.longest:
            raise Problem("BAD_VALUE", cause="too long", length=len(text), most=self.longest)
        if any(unicodedata.category(letter) in ("Cc", "Cs", "Cn") or letter in OVERRIDES for letter in text):
            raise Problem("BAD_VALUE", cause="control characters")
        return text


class Code(fields.String):
    """A code of a fixed form or of a list."""

    def __init__(self, pattern: str = "", cause: str = "", **settings: Any) -> None:
        super().__init__(**settings)
        self.pattern, self.cause = re.compile(pattern), cause

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **settings)).strip()
        if self.cause and not self.pattern.fullmatch(text):
            raise Problem("BAD_VALUE", cause=self.cause)
        return text


class Unit(fields.String):
    """A unit of measure, kept as the word that papers carry: 个, `pcs` and 007 are all `piece`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **settings)).strip()
        if unit := units.spelled(text):
            return unit.word
        near = units.nearest(text)
        raise unknown("unit", text, "海关计量单位", "customs' units", [f"{one.zh} {one.word}" for one in near])


class CreditCode(fields.String):
    """统一社会信用代码, GB 32100-2015: kept without hyphens and in capitals, however it was typed."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **settings))[:40]
        if not uscc.is_valid(text):
            raise Problem("CHECK_DIGIT", value=text)
        return str(uscc.compact(text))


def unknown(what: str, value: str, standard_zh: str, standard_en: str, nearest: list[str]) -> Problem:
    """That a value is not in a code list, with those of it that are nearest."""
    zh, en = (f"（相近：{'、'.join(nearest)}）", f" (nearest: {', '.join(nearest)})") if nearest else ("", "")
    return Problem("UNKNOWN_CODE", value=value[:40], what=what, standard=standard_zh + zh, standard_en=standard_en + en)


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
            raise Problem("BAD_VALUE", cause="one of", choices=", ".join(choices))

    return check


def between(least: int, most: int) -> Callable[[Any], None]:
    """A check of how many there are, or how large a count is."""

    def check(value: Any) -> None:
        count = len(value) if isinstance(value, list) else value
        if not least <= count <= most:
            raise Problem("BAD_VALUE", cause="count", least=least, most=most, count=count)

    return check


COUNTRY = known("country", "ISO 3166-1 alpha-2", is_country, countries.nearest)
CURRENCY = known("currency", "ISO 4217", is_currency)
HS_CODE = r"[0-9]{10}"
LOCODE = r"[A-Z]{2}[A-Z2-9]{3}"
STATED = ("legalQuantity", "legalQuantity2")
"""What is only typed where customs' table does not tell it: of a line, by its first and its second legal unit."""
MOST_LINES, MOST_PURCHASES = 100, 500


class Strict(Schema):
    class Meta:
        unknown = RAISE


class Buyer(Strict):
    name = Words(200, required=True)
    country = Code(required=True, validate=COUNTRY)
    address = Words(300, required=True)


class Names(Strict):
    zh = Words(250, required=True)
    en = Words(250, required=True)


class Goods(Strict):
    """One line. Weights are kilograms of the whole line; the price is for one unit, in the trade's currency.

    `legalQuantity` and `legalQuantity2` are the quantity in the first and second legal unit of the HS code (法定数量).
    They are asked for where they follow neither from what was sold nor from the net weight.
    """

    sku = Words(60, required=True)
    hsCode = Code(HS_CODE, "hs code", required=True)
    name = fields.Nested(Names, required=True)
    specification = Words(500, required=True)
    barcode = Words(50, load_default=None, allow_none=True)
    quantity = Number(required=True, above=True)
    unit = Unit(required=True)
    unitPrice = Number(required=True)
    origin = Code(load_default="CN", validate=COUNTRY)
    netWeight = Number(required=True, above=True)
    grossWeight = Number(required=True, above=True)
    legalQuantity = Number(load_default=None, allow_none=True, above=True)
    legalQuantity2 = Number(load_default=None, allow_none=True, above=True)

    @post_dump
    def without_unstated(self, kept: dict[str, Any], **settings: Any) -> dict[str, Any]:
        """A quantity that nobody stated leaves no trace: the same content as before these fields is still the same."""
        return {name: value for name, value in kept.items() if value is not None or name not in STATED}


class Payment(Strict):
    """How the buyer paid: by which provider, under which transaction, when."""

    provider = Words(100, required=True)
    transaction = Words(60, required=True)
    paidAt = Moment(required=True)


class Transport(Strict):
    wish = Code(required=True, validate=one_of("air", "rail"))
    from_ = Code(LOCODE, "locode", required=True, data_key="from", attribute="from")
    to = Code(LOCODE, "locode", required=True)
    readyAt = Moment(required=True)


class Purchase(Strict):
    """A VAT invoice for a goods line: amount without tax in yuan; without a quantity it is for the whole line."""

    invoice = Words(30, required=True)
    seller = CreditCode(required=True)
    issuedOn = fields.Date(required=True)
    line = Count(required=True)
    quantity = Number(load_default=None, allow_none=True, above=True)
    amount = Number(required=True, decimals=2, above=True)
    vatRate = Number(required=True, decimals=2, below=Decimal(1))


class TradeEntry(Strict):
    """A trade, typed once. Which of the optional parts are needed follows from the papers of its mode.

    `warehouse` is the code of the overseas warehouse that the goods go to (9810). Under CFR and CPT the prices of the
    goods hold `freight`, under CIF, CIP, DAP, DPU and DDP `insurance`, too; under the other terms they come on top.
    """

    orderNumber = Words(60, required=True)
    mode = Code(required=True)
    statisticsFlag = Code(load_default="B", validate=one_of("A", "B"))
    platform = Words(100, load_default=None, allow_none=True)
    warehouse = Words(40, load_default=None, allow_none=True)
    currency = Code(required=True, validate=CURRENCY)
    terms = Code(load_default="FOB", validate=one_of(*INCOTERMS))
    buyer = fields.Nested(Buyer, required=True)
    goods = fields.List(fields.Nested(Goods), required=True, validate=between(1, MOST_LINES))
    freight = Number(load_default=Decimal(0))
    insurance = Number(load_default=Decimal(0))
    discount = Number(load_default=Decimal(0))
    payment = fields.Nested(Payment, load_default=None, allow_none=True)
    transport = fields.Nested(Transport, required=True)
    packages = Count(load_default=1, validate=between(1, 99_999))
    packaging = Code(load_default="carton", validate=one_of(*PACKAGINGS))
    purchases = fields.List(fields.Nested(Purchase), load_default=list, validate=between(0, MOST_PURCHASES))


TRADE_ENTRY = TradeEntry()
