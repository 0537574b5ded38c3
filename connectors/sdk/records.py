"""What a connector may emit: one schema per noun, with our tables' own names.

A stream's schema subclasses the record and gives only the authority's names (`data_key`), after `read` has flattened
XML or JSON-LD. The natural key of a record is (source, source_id); `as_of` is the authority's own time for it: a row
only yields to a newer one. `about_kind` and `about_value` name what it is about; the reference table finds the trade.
"""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields, validate

from connectors.sdk.instants import Moment

HS_CODE = validate.Regexp(r"^\d{10}$", error="an HS code here has 10 digits")
SAID = validate.Length(min=1, error="an empty code says nothing")
CURRENCY = validate.Regexp(r"^[A-Z]{3}$", error="an ISO 4217 code has three capital letters")
REPORT_NUMBER = validate.Regexp(
    r"^\d{6}[0-9A-Z]{6}\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[NP-W]\d{3}\Z",
    error="a 申报号码 has 22 characters: region 6, bank 4, branch 2, yymmdd, a letter N or P to W and 3 digits",
)
WHOLE = validate.Range(min=1, error="an amount here is above zero, in whole units of its currency")
PAYER = validate.Regexp(r"^\(J[WN]\)[\s\S]+\Z", error="begins with (JW), abroad, or (JN), at home")
RATE = validate.Regexp(r"^\d{1,5}(\.\d{1,8})?\Z", error="a rate has up to five digits, and eight after the point")


class Record(Schema):
    """Base of all records. `noun` is the table that it goes to."""

    class Meta:
        unknown = EXCLUDE  # authorities add fields; a missing or retyped one is what must be noticed

    noun: ClassVar[str] = ""

    source_id = fields.String(required=True, validate=validate.Length(min=1, max=200))
    as_of = Moment(required=True)


class AboutRecord(Record):
    """A record that is about a paper or a trade of ours."""

    about_kind = fields.String(required=True)
    about_value = fields.String(required=True, validate=validate.Length(min=1, max=200))


class DocumentEvent(AboutRecord):
    """What an authority said about a paper.

    `guid` is that of the answer: the guid of the version of the paper that it answers, where the authority repeats it.
    One that is not ours leaves it to a guid of ours in brackets in `words`, and then to `happened_at`, which version is
    meant; without any, it is the one that is current when it is heard. `answers` are values that later papers need;
    `references` are the identifiers that the authority gave the paper, by kind.
    """

    noun = "document_event"

    guid = fields.String(load_default=None, allow_none=True)
    code = fields.String(required=True, validate=SAID)
    words = fields.String(load_default="")
    happened_at = Moment(required=True)
    answers: fields.Dict = fields.Dict(keys=fields.String(), load_default=dict)
    references: fields.Dict = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)


TIME_KINDS = ("actual", "planned", "estimated", "expected", "requested", "unknown")


class TrackingEvent(AboutRecord):
    """Something happened, or is to, on the way. `place` is an UN/LOCODE or, failing that, an IATA code.

    `time_kind` says what the time is; it is unknown where the source does not say, and has then not happened for us.
    """

    noun = "tracking_event"

    code = fields.String(required=True)
    words = fields.String(load_default="")
    happened_at = Moment(required=True)
    time_kind = fields.String(load_default="unknown", validate=validate.OneOf(TIME_KINDS))
    place = fields.String(load_default=None, allow_none=True)
    transport_identifier = fields.String(load_default=None, allow_none=True)


class Leg(AboutRecord):
    """One movement by one means: flight or train, from where to where, when. `sequence` is its place on the way."""

    noun = "leg"

    sequence = fields.Integer(required=True)
    mode = fields.String(required=True, validate=validate.OneOf(["air", "rail", "road", "sea"]))
    carrier = fields.String(load_default=None, allow_none=True)
    transport_identifier = fields.String(required=True)
    transport_document = fields.String(load_default=None, allow_none=True)
    origin = fields.String(required=True)
    destination = fields.String(required=True)
    departs_at = Moment(load_default=None, allow_none=True)
    arrives_at = Moment(load_default=None, allow_none=True)


class Remittance(Record):
    """Money that came in. `amount` is what was credited, `instructed_amount` what the payer sent before fees.

    `charges` are what banks kept of it; without `charges_currency` they are in the remittance's. `payer` and
    `bank_reference` are empty where the bank names none. `identifiers` are all that the bank gives of this payment, by
    which a later reversal finds it; `entry_key` is the same for all remittances of one entry of a statement.
    `remittance_information` is what the payer wrote, "" where that is nothing: one that never reads it is noticed.
    """

    noun = "remittance"

    account = fields.String(required=True)
    amount = fields.Decimal(required=True)
    currency = fields.String(required=True, validate=CURRENCY)
    instructed_amount = fields.Decimal(load_default=None, allow_none=True)
    charges = fields.Decimal(load_default=None, allow_none=True)
    charges_currency = fields.String(load_default=None, allow_none=True, validate=CURRENCY)
    payer = fields.String(required=True)
    payer_country = fields.String(load_default=None, allow_none=True)
    remittance_information = fields.String(required=True)
    end_to_end_id = fields.String(load_default=None, allow_none=True)
    bank_reference = fields.String(required=True)
    identifiers: fields.List[str] = fields.List(fields.String(), load_default=None, allow_none=True)
    entry_key = fields.String(load_default=None, allow_none=True)
    booked_at = Moment(required=True)


class BasicInformation(Record):
    """The bank's basic information (基础信息) of a remittance: what its declaration repeats after the bank.

    `report_number` is the 申报号码 that the bank gave it at `made_at`; `revoked`: the bank has taken it back. Amounts
    are whole units: `amount` came in, of it `settled_amount` was sold for yuan at `settlement_rate`, `foreign_amount`
    kept in foreign currency, `other_amount` neither; each went to its account. `payer` begins with (JW) abroad or (JN)
    at home, `payee_kind` is C (firm), D or F (persons at home, from abroad), `method` one of L G C T D M O.
    """

    noun = "basic_information"

    report_number = fields.String(required=True, validate=REPORT_NUMBER)
    revoked = fields.Boolean(load_default=False)
    made_at = Moment(required=True)
    payee_kind = fields.String(required=True, validate=validate.OneOf(["C", "D", "F"]))
    payee_code = fields.String(load_default=None, allow_none=True)
    payee_name = fields.String(load_default=None, allow_none=True)
    payer = fields.String(required=True, validate=PAYER)
    currency = fields.String(required=True, validate=CURRENCY)
    amount = fields.Decimal(required=True, validate=WHOLE)
    settled_amount = fields.Decimal(load_default=None, allow_none=True, validate=WHOLE)
    settlement_rate = fields.String(load_default=None, allow_none=True, validate=RATE)
    settled_account = fields.String(load_default=None, allow_none=True)
    foreign_amount = fields.Decimal(load_default=None, allow_none=True, validate=WHOLE)
    foreign_account = fields.String(load_default=None, allow_none=True)
    other_amount = fields.Decimal(load_default=None, allow_none=True, validate=WHOLE)
    other_account = fields.String(load_default=None, allow_none=True)
    method = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([*"LGCTDMO"]))
    bank_reference = fields.String(required=True, validate=SAID)
    home_charge = fields.Decimal(load_default=None, allow_none=True, validate=WHOLE)
    home_charge_currency = fields.String(load_default=None, allow_none=True, validate=CURRENCY)
    abroad_charge = fields.Decimal(load_default=None, allow_none=True, validate=WHOLE)
    abroad_charge_currency = fields.String(load_default=None, allow_none=True, validate=CURRENCY)


class BankAdvice(Record):
    """What a bank says of money that is not money in: taken back, not booked yet, or for information.

    `status` is the entry's (ISO 20022: BOOK, PDNG, FUTR, INFO), `direction` CRDT or DBIT; `reversal` says that it takes
    an earlier entry back. `booked_at` is the day of booking, else of value. `identifiers` name what it is about.
    """

    noun = "bank_advice"

    status = fields.String(required=True, validate=validate.OneOf(["BOOK", "PDNG", "FUTR", "INFO"]))
    direction = fields.String(required=True, validate=validate.OneOf(["CRDT", "DBIT"]))
    reversal = fields.Boolean(load_default=False)
    account = fields.String(required=True)
    amount = fields.Decimal(required=True)
    currency = fields.String(required=True, validate=CURRENCY)
    payer = fields.String(load_default="")
    payer_country = fields.String(load_default=None, allow_none=True)
    remittance_information = fields.String(load_default="")
    end_to_end_id = fields.String(load_default=None, allow_none=True)
    bank_reference = fields.String(load_default="")
    identifiers: fields.List[str] = fields.List(fields.String(), load_default=list)
    booked_at = Moment(load_default=None, allow_none=True)


class ExchangeRate(Record):
    """RMB central parity: so many yuan for `unit` units of the currency."""

    noun = "exchange_rate"

    currency = fields.String(required=True, validate=CURRENCY)
    unit = fields.Integer(required=True, validate=validate.Range(min=1))
    rate = fields.Decimal(required=True)
    published_at = Moment(required=True)


class Tariff(Record):
    """What customs says of an HS code: legal units and controls. `valid_to` is the last day, or open."""

    noun = "tariff"

    hs_code = fields.String(required=True, validate=HS_CODE)
    name_zh = fields.String(required=True)
    name_en = fields.String(load_default="")
    unit1 = fields.String(required=True)
    unit2 = fields.String(load_default=None, allow_none=True)
    controls = fields.String(load_default="")
    export_duty = fields.Decimal(load_default=None, allow_none=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(load_default=None, allow_none=True)


class RefundRate(Record):
    """VAT rate and export refund rate of an HS code, as fractions (0.13)."""

    noun = "refund_rate"

    hs_code = fields.String(required=True, validate=HS_CODE)
    vat_rate = fields.Decimal(required=True)
    refund_rate = fields.Decimal(required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(load_default=None, allow_none=True)


class Schedule(Record):
    """A train or flight that can be booked. `capacity` is what is free, in `capacity_unit` (TEU, kg)."""

    noun = "schedule"

    mode = fields.String(required=True, validate=validate.OneOf(["air", "rail"]))
    transport_identifier = fields.String(required=True)
    carrier = fields.String(load_default=None, allow_none=True)
    origin = fields.String(required=True)
    destination = fields.String(required=True)
    border = fields.String(load_default=None, allow_none=True)
    departs_at = Moment(required=True)
    arrives_at = Moment(required=True)
    capacity = fields.Decimal(required=True)
    capacity_unit = fields.String(required=True)
    price = fields.Decimal(required=True)
    currency = fields.String(required=True, validate=CURRENCY)


class Warehouse(Record):
    """A bonded or overseas warehouse; `place` is an UN/LOCODE."""

    noun = "warehouse"

    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    place = fields.String(required=True)


class StockLevel(AboutRecord):
    """How much of an article lies in a warehouse, as of when; it came there with a paper of ours."""

    noun = "stock_level"

    warehouse = fields.String(required=True)
    sku = fields.String(required=True)
    quantity = fields.Decimal(required=True)
    unit = fields.String(required=True)


class TaxRefund(AboutRecord):
    """How far a refund is: filed, reviewed, approved, paid."""

    noun = "tax_refund"

    filing_number = fields.String(required=True)
    status = fields.String(required=True)
    amount = fields.Decimal(required=True)
    reason = fields.String(load_default="", allow_none=True)
    happened_at = Moment(required=True)


RECORDS: dict[str, type[Record]] = {
    record.noun: record
    for record in (
        DocumentEvent,
        TrackingEvent,
        Leg,
        Remittance,
        BasicInformation,
        BankAdvice,
        ExchangeRate,
        Tariff,
        RefundRate,
        TaxRefund,
        Schedule,
        Warehouse,
        StockLevel,
    )
}
"""Every noun that a connector may emit."""

Draft = tuple[type[Record], dict[str, Any]]
"""A record as the authority names its fields, with the schema that reads it."""
