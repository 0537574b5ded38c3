"""The one schema of a trade: GraphQL, files and forms all come through it. Names are camelCase, as they are typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, fields, post_dump

from connectors.sdk import countries
from connectors.sdk.instants import Moment
from hub.entry.packagings import PACKAGINGS
from hub.entry.value_fields import (
    CodeField,
    Count,
    CreditCode,
    Identifier,
    Number,
    UnitField,
    Words,
    between,
    known,
    one_of,
)
from hub.iso_codes import is_country, is_currency

INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")

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


class Firm(Strict):
    """Somebody as registered with customs: ten-character registration code or 统一社会信用代码, and name."""

    code = Identifier(18, required=True)
    name = Words(100, required=True)


class Buyer(Strict):
    name = Words(200, required=True)
    country = CodeField(required=True, validate=COUNTRY)
    address = Words(300, required=True)


class GoodsNames(Strict):
    zh = Words(250, required=True)
    en = Words(250, required=True)


class Goods(Strict):
    """One line. Weights are kilograms of the whole line; the price is for one unit, in the trade's currency.

    `legalQuantity` and `legalQuantity2` are the quantity in the first and second legal unit of the HS code (法定数量).
    They are asked for where they follow neither from what was sold nor from the net weight.

    A line without `barcode` has none: customs' forms then say 无.
    """

    sku = Identifier(60, required=True)
    hsCode = CodeField(HS_CODE, "hs code", required=True)
    name = fields.Nested(GoodsNames, required=True)
    specification = Words(500, required=True)
    barcode = Identifier(50, load_default=None, allow_none=True)
    quantity = Number(required=True, above=True)
    unit = UnitField(required=True)
    unitPrice = Number(required=True)
    origin = CodeField(required=True, validate=COUNTRY)
    netWeight = Number(required=True, above=True)
    grossWeight = Number(required=True, above=True)
    legalQuantity = Number(load_default=None, allow_none=True, above=True)
    legalQuantity2 = Number(load_default=None, allow_none=True, above=True)

    @post_dump
    def without_unstated(self, kept: dict[str, Any], **settings: Any) -> dict[str, Any]:
        """A quantity that nobody stated leaves no trace: the same content as before these fields is still the same."""
        return {name: value for name, value in kept.items() if value is not None or name not in STATED}


class Payment(Strict):
    """How the buyer paid: by which provider, under which transaction, and when that had the money (到账时间)."""

    provider = Words(100, required=True)
    transaction = Identifier(60, required=True)
    paidAt = Moment(required=True)


class Transport(Strict):
    wish = CodeField(required=True, validate=one_of("air", "rail"))
    from_ = CodeField(LOCODE, "locode", required=True, data_key="from", attribute="from")
    to = CodeField(LOCODE, "locode", required=True)
    readyAt = Moment(required=True)


class Purchase(Strict):
    """A special VAT invoice (增值税专用发票, no other voucher) for a goods line: amount without tax in yuan.

    Without a quantity it is for the whole line. Goods bought otherwise are not refunded through the hub.
    """

    invoice = Identifier(30, required=True)
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

    What an authority's form asks for is typed, 0 where there is none; nothing is put in its place. `statisticsFlag` is
    for the inventory (A simplified, B summary). `warehouse` and `warehouseName` are code and name of the overseas
    warehouse that the goods go to (9810). `destinationCountry` is needed where the port lies in another country than
    the buyer. `producer` (生产销售单位) is needed where it is another than the registration says. `parcelNumber` is the
    carrier's (面单号), where the registration says that it gives them. `exportInvoice` is the number of the export
    invoice; the refund waits for it.
    """

    orderNumber = Identifier(60, required=True)
    mode = CodeField(required=True)
    statisticsFlag = CodeField(load_default=None, allow_none=True, validate=one_of("A", "B"))
    platform = Words(100, load_default=None, allow_none=True)
    warehouse = Identifier(40, load_default=None, allow_none=True)
    warehouseName = Words(100, load_default=None, allow_none=True)
    currency = CodeField(required=True, validate=CURRENCY)
    terms = CodeField(required=True, validate=one_of(*INCOTERMS))
    buyer = fields.Nested(Buyer, required=True)
    destinationCountry = CodeField(load_default=None, allow_none=True, validate=COUNTRY)
    producer = fields.Nested(Firm, load_default=None, allow_none=True)
    goods = fields.List(fields.Nested(Goods), required=True, validate=between(1, MOST_LINES))
    freight = Number(required=True)
    insurance = Number(required=True)
    discount = Number(required=True)
    payment = fields.Nested(Payment, load_default=None, allow_none=True)
    transport = fields.Nested(Transport, required=True)
    parcelNumber = Identifier(32, load_default=None, allow_none=True)
    packages = Count(required=True, validate=between(1, 99_999))
    packaging = CodeField(required=True, validate=one_of(*PACKAGINGS))
    exportInvoice = Identifier(60, load_default=None, allow_none=True)
    purchases = fields.List(fields.Nested(Purchase), load_default=list, validate=between(0, MOST_PURCHASES))


TRADE_ENTRY = TradeEntry()
