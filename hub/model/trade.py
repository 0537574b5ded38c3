"""What was entered once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.model.base import Base, Key
from hub.model.row_states import Occasion, TradeState


class Trade(Base):
    """One trade of one enterprise; its id is that of its subject.

    `entry` is what was typed, normalised (the papers are derived from it); the columns beside it serve queries. `state`
    is `running`, `attention` (a person is awaited), `finished` or `cancelled`.
    `parcel` is carrier and parcel number where the carrier gave one;
    `refund_batch` is month and batch of its refund filing (申报年月, 申报批次), once it is numbered.
    """

    __tablename__ = "trade"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "order_number"),
        Index("ix_trade_entered_at_id", "entered_at", "id"),
        Index("ix_trade_state_entered_at", "state", "entered_at"),
    )
    id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(17), unique=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    order_number: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[TradeState]
    mode: Mapped[str] = mapped_column(String(4))
    currency: Mapped[str] = mapped_column(String(3))
    terms: Mapped[str] = mapped_column(String(3))
    buyer_name: Mapped[str]
    buyer_country: Mapped[str] = mapped_column(String(2))
    goods_value: Mapped[Decimal]
    freight: Mapped[Decimal]
    insurance: Mapped[Decimal]
    discount: Mapped[Decimal]
    total: Mapped[Decimal]
    origin: Mapped[str] = mapped_column(String(5))
    destination: Mapped[str] = mapped_column(String(5))
    entry: Mapped[dict[str, Any]]
    typed: Mapped[int]
    typed_again: Mapped[int] = mapped_column(default=0)
    cancel_requested_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    parcel: Mapped[str | None] = mapped_column(String(51), index=True)
    refund_batch: Mapped[str | None] = mapped_column(String(9))
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class TradeVersion(Base):
    """What had been typed before an amendment, and who amended it."""

    __tablename__ = "trade_version"
    trade_id: Mapped[int] = mapped_column(ForeignKey("trade.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    entry: Mapped[dict[str, Any]]
    changed: Mapped[list[Any]]
    amended_by: Mapped[str]
    amended_at: Mapped[datetime]


class Judgement(Base):
    """What the rules said of a version of a trade: when it was entered or amended, and before papers of it went out.

    `verdicts` has, rule by rule, the edition (the day since which it holds), the day that chose it, whether that is a
    forecast, a digest of what the rule read, and what it found.
    """

    __tablename__ = "judgement"
    id: Mapped[Key]
    trade_id: Mapped[int] = mapped_column(ForeignKey("trade.id"), index=True)
    version: Mapped[int]
    occasion: Mapped[Occasion]
    judged_at: Mapped[datetime]
    verdicts: Mapped[list[Any]]


class GoodsLine(Base):
    """One line of goods. Weights are kilograms of the whole line, `unit_price` is in the trade's currency."""

    __tablename__ = "goods_line"
    __table_args__ = (UniqueConstraint("trade_id", "line"),)
    id: Mapped[Key]
    trade_id: Mapped[int] = mapped_column(ForeignKey("trade.id"))
    line: Mapped[int]
    sku: Mapped[str]
    hs_code: Mapped[str] = mapped_column(String(10), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    specification: Mapped[str]
    quantity: Mapped[Decimal]
    unit: Mapped[str] = mapped_column(String(20))
    unit_price: Mapped[Decimal]
    amount: Mapped[Decimal]
    origin: Mapped[str] = mapped_column(String(2))
    net_weight: Mapped[Decimal]
    gross_weight: Mapped[Decimal]


class PurchaseInvoice(Base):
    """A VAT invoice behind a line: what the refund is computed from. `amount` is without tax, in yuan."""

    __tablename__ = "purchase_invoice"
    __table_args__ = (UniqueConstraint("trade_id", "invoice", "line"),)
    id: Mapped[Key]
    trade_id: Mapped[int] = mapped_column(ForeignKey("trade.id"))
    invoice: Mapped[str]
    seller: Mapped[str] = mapped_column(String(18))
    issued_on: Mapped[date]
    line: Mapped[int]
    quantity: Mapped[Decimal]
    amount: Mapped[Decimal]
    vat_rate: Mapped[Decimal]


class Series(Base):
    """Running numbers, by name."""

    __tablename__ = "series"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    last: Mapped[int]
