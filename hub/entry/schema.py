"""The one schema of a trade: GraphQL, files and forms all come through it. Names are camelCase, as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate
from stdnum.cn import uscc

from connectors.sdk.moments import Moment
from hub.entry.units import PACKAGINGS, UNITS
from hub.share.money import is_country, is_currency

LARGEST = Decimal(10) ** 12
INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")


class Problem(ValidationError):
    """A rule that a value broke: the code of `hub.errors`, with what fills its words."""

    def __init__(self, code: str, **parameters: Any) -> None:
        super().__init__([{"code": code, "parameters": parameters}])


class Number(fields.Field[Decimal]):
    """An exact decimal, typed as text or as a whole number. Full-width digits are read as what they mean."""

    def __init__(self, *, decimals: int = 5, least: Decimal = Decimal(0), above: bool = False, **settings: Any) -> None:
        super().__init__(**settings)
        self.decimals, self.least, self.above = decimals, least, above

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise Problem("BAD_VALUE", cause='a decimal number as text, such as "64.50"')
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise Problem("BAD_VALUE", cause=f"{str(value)[:40]!r} is no decimal number") from None
        if not number.is_finite() or abs(number) >= LARGEST:
            raise Problem("BAD_VALUE", cause=f"a number below {LARGEST:f}")
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.decimals:
            raise Problem("BAD_VALUE", cause=f"at most {self.decimals} decimals")
        if number < self.least or (self.above and number == self.least):
            raise Problem("BAD_VALUE", cause=f"{'more than' if self.above else 'at least'} {self.least}")
        return number

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **settings: Any) -> str | None:
        return None if value is None else format(value.normalize(), "f")  # 120 and 120.00 are the same content


class Count(fields.Integer):
    """A whole number, typed as such or as digits (files know only text)."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> int:
        if isinstance(value, bool) or not (
            isinstance(value, int) or (isinstance(value, str) and value.strip().isdecimal())
        ):
            raise Problem("BAD_VALUE", cause="a whole number")
        return int(value)


class Words(fields.String):
    """Text of a person: trimmed, not empty, without control characters, of bounded length."""

    def __init__(self, longest: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **settings: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **settings)).strip()
        if not text and self.required:
            raise Problem("REQUIRED")
        if len(text) > self.longest:
            raise Problem("BAD_VALUE", cause=f"{len(text)} characters, at most {self.longest}")
        if not all(letter.isprintable() for letter in text):
            raise Problem("BAD_VALUE", cause="control characters are not allowed")
        return text


def known(what: str, standard: str, is_known: Any) -> Any:
    """A check against a code list."""

    def check(value: str) -> None:
        if not is_known(value):
            raise Problem("UNKNOWN_CODE", value=value, what=what, standard=standard)

    return check


def credit_code(value: str) -> None:
    """统一社会信用代码, GB 32100-2015: 18 characters with a check character."""
    if not uscc.is_valid(value):
        raise Problem("CHECK_DIGIT", value=value)


COUNTRY = known("country", "ISO 3166-1 alpha-2", is_country)
CURRENCY = known("currency", "ISO 4217", is_currency)
UNIT = known("unit", ", ".join(UNITS), UNITS.__contains__)
HS_CODE = validate.Regexp(r"^[0-9]{10}$", error="an HS code has 10 digits here")
LOCODE = validate.Regexp(r"^[A-Z]{2}[A-Z2-9]{3}$", error="an UN/LOCODE has 5 characters, such as CNCGO")


class Strict(Schema):
    class Meta:
        unknown = RAISE


class Buyer(Strict):
    name = Words(200, required=True)
    country = fields.String(required=True, validate=COUNTRY)
    address = Words(300, required=True)


class Names(Strict):
    zh = Words(250, required=True)
    en = Words(250, required=True)


class Goods(Strict):
    """One line. Weights are kilograms of the whole line; the price is for one unit, in the trade's currency."""

    sku = Words(60, required=True)
    hsCode = fields.String(required=True, validate=HS_CODE)
    name = fields.Nested(Names, required=True)
    specification = Words(500, required=True)
    barcode = Words(50, load_default=None, allow_none=True)
    quantity = Number(required=True, above=True)
    unit = fields.String(required=True, validate=UNIT)
    unitPrice = Number(required=True)
    origin = fields.String(load_default="CN", validate=COUNTRY)
    netWeight = Number(required=True, above=True)
    grossWeight = Number(required=True, above=True)


class Payment(Strict):
    """How the buyer paid: by which provider, under which transaction, when."""

    provider = Words(100, required=True)
    transaction = Words(60, required=True)
    paidAt = Moment(required=True)


class Transport(Strict):
    wish = fields.String(required=True, validate=validate.OneOf(["air", "rail"]))
    from_ = fields.String(required=True, validate=LOCODE, data_key="from", attribute="from")
    to = fields.String(required=True, validate=LOCODE)
    readyAt = Moment(required=True)


class Purchase(Strict):
    """A VAT invoice for a goods line: amount without tax in yuan; without a quantity it is for the whole line."""

    invoice = Words(30, required=True)
    seller = fields.String(required=True, validate=credit_code)
    issuedOn = fields.Date(required=True)
    line = Count(required=True)
    quantity = Number(load_default=None, allow_none=True, above=True)
    amount = Number(required=True, decimals=2, above=True)
    vatRate = Number(required=True, decimals=2)


class TradeEntry(Strict):
    """A trade, typed once. Which of the optional parts are needed follows from the papers of its mode.

    `warehouse` is the code of the overseas warehouse that the goods go to (9810).
    """

    orderNumber = Words(60, required=True)
    mode = fields.String(required=True)
    statisticsFlag = fields.String(load_default="B", validate=validate.OneOf(["A", "B"]))
    platform = Words(100, load_default=None, allow_none=True)
    warehouse = Words(40, load_default=None, allow_none=True)
    currency = fields.String(required=True, validate=CURRENCY)
    terms = fields.String(load_default="FOB", validate=validate.OneOf(INCOTERMS))
    buyer = fields.Nested(Buyer, required=True)
    goods = fields.List(fields.Nested(Goods), required=True, validate=validate.Length(min=1, max=100))
    freight = Number(load_default=Decimal(0))
    insurance = Number(load_default=Decimal(0))
    discount = Number(load_default=Decimal(0))
    payment = fields.Nested(Payment, load_default=None, allow_none=True)
    transport = fields.Nested(Transport, required=True)
    packages = Count(load_default=1, validate=validate.Range(min=1, max=99_999))
    packaging = fields.String(load_default="carton", validate=validate.OneOf(PACKAGINGS))
    purchases = fields.List(fields.Nested(Purchase), load_default=list, validate=validate.Length(max=500))


TRADE_ENTRY = TradeEntry()
