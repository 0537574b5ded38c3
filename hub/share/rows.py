"""Rows of the model as the rooms of sharing hand them on: each is read once, by column, where its statement stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import ColumnElement

from connectors.sdk.papers import Action
from connectors.sdk.states import State
from hub.model import Base

Attention = Mapping[str, object]
"""Why a person is asked: `code`, one of `hub.errors`, with its parameters."""
Corrected = Mapping[str, list[str | None]]
"""Field of a paper that is out → as it went out, as it would be now."""


class Evidence(TypedDict):
    """Where one value of a paper came from, and as of when (ISO 8601), as it is kept with the version."""

    name: str
    value: str
    source: str
    as_of: str | None


class HeardEvent(NamedTuple):
    """`DocumentEvent`."""

    source: str
    about_kind: str
    about_value: str
    as_of: datetime
    guid: str | None
    version: int | None
    code: str
    words: str
    state: State | None
    rank: int
    milestone: str | None
    attention: bool
    happened_at: datetime
    answers: Mapping[str, object]
    references: Mapping[str, str]


class KnownLeg(NamedTuple):
    """`Leg`."""

    as_of: datetime
    mode: str
    carrier: str | None
    transport_identifier: str
    transport_document: str | None
    origin: str
    destination: str
    departs_at: datetime | None
    arrives_at: datetime | None


class BankFacts(NamedTuple):
    """`BasicInformation`."""

    report_number: str
    as_of: datetime
    made_at: datetime
    payee_kind: str
    payee_code: str | None
    payee_name: str | None
    payer: str
    currency: str
    amount: Decimal
    settled_amount: Decimal | None
    settlement_rate: str | None
    settled_account: str | None
    foreign_amount: Decimal | None
    foreign_account: str | None
    other_amount: Decimal | None
    other_account: str | None
    method: str | None
    bank_reference: str
    home_charge: Decimal | None
    home_charge_currency: str | None
    abroad_charge: Decimal | None
    abroad_charge_currency: str | None


class Receipt(NamedTuple):
    """`ForexReceipt` of a trade; `undone_at` since it is that trade's no more, `bank` once the bank has told of it."""

    id: int
    as_of: datetime
    account: str
    amount: Decimal
    currency: str
    instructed_amount: Decimal | None
    charges: Decimal | None
    charges_currency: str | None
    payer: str
    payer_country: str | None
    remittance: str
    end_to_end_id: str | None
    bank_reference: str
    booked_at: datetime
    matched_at: datetime | None
    completion: Mapping[str, object] | None
    undone_at: datetime | None = None
    bank: BankFacts | None = None

    @property
    def reached(self) -> Mapping[str, datetime | None]:
        """What papers wait for and each receipt brings about by itself: when this one did."""
        return {"receipt_matched": self.matched_at, "report_number": self.bank.made_at if self.bank else None}


class Share(NamedTuple):
    """What of a receipt is for one trade, in the receipt's currency; `departed_at` of that trade."""

    receipt_id: int
    amount: Decimal
    mode: str
    order_number: str
    platform: str | None
    departed_at: datetime | None


class TariffEdition(NamedTuple):
    """`Tariff`."""

    as_of: datetime
    fetched_at: datetime
    hs_code: str
    name_zh: str
    name_en: str
    unit1: str
    unit2: str | None
    controls: str
    export_duty: Decimal | None
    valid_from: date
    valid_to: date | None


class RefundEdition(NamedTuple):
    """`RefundRate`."""

    as_of: datetime
    fetched_at: datetime
    hs_code: str
    vat_rate: Decimal
    refund_rate: Decimal
    valid_from: date
    valid_to: date | None


class Parity(NamedTuple):
    """`ExchangeRate`."""

    fetched_at: datetime
    published_at: datetime
    currency: str
    unit: int
    rate: Decimal


class KeptVersion(NamedTuple):
    """A version of a paper as it is kept, with its document and its trade."""

    document_id: int
    trade_id: int
    kind: str
    number: str
    version: int
    guid: str
    action: Action
    derived_at: datetime
    content: Mapping[str, object]
    ready_at: datetime | None
    enterprise_id: int
    cancel_reason: str | None


def columns(table: type[Base], row: type[NamedTuple]) -> list[ColumnElement[Any]]:
    """The columns of a table that a row is made of: those of its fields that have no default.

    KeyError where the table has none of that name.
    """
    return [table.__table__.c[name] for name in row._fields if name not in row._field_defaults]
