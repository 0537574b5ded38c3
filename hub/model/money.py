"""Money in, what it is worth, and what the tax bureau pays back; rates and tariffs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.model.base import About, Base, Key, Sourced, about_index
from hub.model.row_states import AdviceState, RemittanceMatch


class Remittance(Base, Sourced):
    """A credit from abroad. `match` is open, matched, unclear, double, reversed or void; `RemittanceAllocation`
    says for which trades it is. A void one is not told of any more by the message that it stood in.

    `candidates` are the trades that an unclear one may be for, with score and reason; `attention` is why a
    person is asked about it beside that: a code of `hub.errors` with its parameters. `completion` is what a
    person said for its declaration (申报信息), by the names of `hub.operate.completion.Completion`; the rest is
    derived. `entry_key` is the same for all remittances of one entry of a bank's statement, `identifiers` are
    what the bank calls it, `reversed_by` is the `BankAdvice` that took it back.
    """

    __tablename__ = "remittance"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_remittance_match", "match"),
        Index("ix_remittance_bank_reference", "bank_reference"),
    )
    id: Mapped[Key]
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    account: Mapped[str] = mapped_column(String(40))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    instructed_amount: Mapped[Decimal | None]
    charges: Mapped[Decimal | None]
    charges_currency: Mapped[str | None] = mapped_column(String(3))
    payer: Mapped[str]
    payer_country: Mapped[str | None] = mapped_column(String(3))
    remittance_information: Mapped[str]
    end_to_end_id: Mapped[str | None]
    bank_reference: Mapped[str]
    booked_at: Mapped[datetime]
    match: Mapped[str] = mapped_column(String(10), default=RemittanceMatch.OPEN, server_default=RemittanceMatch.OPEN)
    matched_at: Mapped[datetime | None]
    candidates: Mapped[list[Any] | None]
    attention: Mapped[dict[str, Any] | None]
    completion: Mapped[dict[str, Any] | None]
    identifiers: Mapped[list[Any] | None]
    entry_key: Mapped[str | None] = mapped_column(String(200), index=True)
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[int | None]


class BankAdvice(Base, Sourced):
    """What a bank says of money that is not money in: taken back, not booked yet, or for information.

    `status` is the entry's (BOOK, PDNG, FUTR, INFO), `direction` CRDT or DBIT, `reversal` that it takes an earlier
    entry back. `state` is open, awaited, settled, unclear or noted.
    """

    __tablename__ = "bank_advice"
    __table_args__ = (UniqueConstraint("source", "source_id"), Index("ix_bank_advice_state", "state"))
    id: Mapped[Key]
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    status: Mapped[str] = mapped_column(String(4))
    direction: Mapped[str] = mapped_column(String(4))
    reversal: Mapped[bool]
    account: Mapped[str] = mapped_column(String(40))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    payer: Mapped[str]
    payer_country: Mapped[str | None] = mapped_column(String(3))
    remittance_information: Mapped[str]
    end_to_end_id: Mapped[str | None]
    bank_reference: Mapped[str]
    identifiers: Mapped[list[Any]]
    booked_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default=AdviceState.OPEN, server_default=AdviceState.OPEN)


class RemittanceAllocation(Base):
    """So much of a remittance is for this trade. `amount` is in the remittance's currency, `covers` in the trade's.

    `how`: exact, split, combined, fees, currency (by the parity of the day), or person. One that was undone stays, with
    `undone_at`, so that each declaration keeps its remittance; where it is made again, it is the same row.
    """

    __tablename__ = "remittance_allocation"
    __table_args__ = (UniqueConstraint("remittance_id", "trade_id"),)
    id: Mapped[Key]
    remittance_id: Mapped[int] = mapped_column(ForeignKey("remittance.id"))
    trade_id: Mapped[int] = mapped_column(ForeignKey("trade.id"), index=True)
    amount: Mapped[Decimal]
    covers: Mapped[Decimal]
    how: Mapped[str] = mapped_column(String(10))
    score: Mapped[Decimal]
    allocated_by: Mapped[str]
    allocated_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class BasicInformation(Base, Sourced):
    """The bank's basic information (基础信息) of a remittance: the 申报号码, and what of its declaration is the bank's.

    Amounts are whole units of `currency`. `remittance_id` is the remittance that it is about, once that is
    certain; `match` is `open`, `matched` or `unclear`, and `weighed` the digest of what was last weighed for
    it. `revoked`: the bank took the number back.
    """

    __tablename__ = "basic_information"
    __table_args__ = (UniqueConstraint("source", "source_id"), Index("ix_basic_information_match", "match"))
    id: Mapped[Key]
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    remittance_id: Mapped[int | None] = mapped_column(ForeignKey("remittance.id"), unique=True)
    match: Mapped[str] = mapped_column(String(10), default=RemittanceMatch.OPEN, server_default=RemittanceMatch.OPEN)
    matched_at: Mapped[datetime | None]
    matched_by: Mapped[str | None]
    weighed: Mapped[str | None] = mapped_column(String(64))
    report_number: Mapped[str] = mapped_column(String(22))
    revoked: Mapped[bool]
    made_at: Mapped[datetime]
    payee_kind: Mapped[str] = mapped_column(String(10))
    payee_code: Mapped[str | None] = mapped_column(String(18))
    payee_name: Mapped[str | None]
    payer: Mapped[str]
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[Decimal]
    settled_amount: Mapped[Decimal | None]
    settlement_rate: Mapped[str | None] = mapped_column(String(14))
    settled_account: Mapped[str | None] = mapped_column(String(40))
    foreign_amount: Mapped[Decimal | None]
    foreign_account: Mapped[str | None] = mapped_column(String(40))
    other_amount: Mapped[Decimal | None]
    other_account: Mapped[str | None] = mapped_column(String(40))
    method: Mapped[str | None] = mapped_column(String(10))
    bank_reference: Mapped[str]
    home_charge: Mapped[Decimal | None]
    home_charge_currency: Mapped[str | None] = mapped_column(String(3))
    abroad_charge: Mapped[Decimal | None]
    abroad_charge_currency: Mapped[str | None] = mapped_column(String(3))


class ExchangeRate(Base, Sourced):
    """RMB central parity: `rate` yuan for `unit` units of the currency."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_exchange_rate_currency_published_at", "currency", "published_at"),
    )
    id: Mapped[Key]
    currency: Mapped[str] = mapped_column(String(3))
    unit: Mapped[int]
    rate: Mapped[Decimal]
    published_at: Mapped[datetime]


class Tariff(Base, Sourced):
    """An HS code as customs has it: legal units (JGS-20 numbers), controls, export duty, from when to when."""

    __tablename__ = "tariff"
    __table_args__ = (UniqueConstraint("source", "source_id"), Index("ix_tariff_hs_code", "hs_code"))
    id: Mapped[Key]
    hs_code: Mapped[str] = mapped_column(String(10))
    name_zh: Mapped[str]
    name_en: Mapped[str]
    unit1: Mapped[str] = mapped_column(String(20))
    unit2: Mapped[str | None] = mapped_column(String(20))
    controls: Mapped[str]
    export_duty: Mapped[Decimal | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class RefundRate(Base, Sourced):
    """VAT and refund rate of an HS code as the tax bureau has it, as fractions, from when to when."""

    __tablename__ = "refund_rate"
    __table_args__ = (UniqueConstraint("source", "source_id"), Index("ix_refund_rate_hs_code", "hs_code"))
    id: Mapped[Key]
    hs_code: Mapped[str] = mapped_column(String(10))
    vat_rate: Mapped[Decimal]
    refund_rate: Mapped[Decimal]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class TaxRefund(Base, Sourced, About):
    """How far a refund is. `status` is the bureau's: received, reviewing, approved, paid, refused."""

    __tablename__ = "tax_refund"
    __table_args__ = (UniqueConstraint("source", "source_id"), about_index("tax_refund"))
    id: Mapped[Key]
    filing_number: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal]
    reason: Mapped[str | None]
    happened_at: Mapped[datetime]
