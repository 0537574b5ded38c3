"""Goods on their way and in stock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.model.base import About, Base, Key, Sourced, about_index


class Shipment(Base):
    """The movement of one trade, made of legs. Places are UN/LOCODEs."""

    __tablename__ = "shipment"
    id: Mapped[Key]
    trade_id: Mapped[int] = mapped_column(ForeignKey("trade.id"), unique=True)
    mode: Mapped[str] = mapped_column(String(10))
    origin: Mapped[str] = mapped_column(String(5))
    destination: Mapped[str] = mapped_column(String(5))
    packages: Mapped[int]
    gross_weight: Mapped[Decimal]


class Leg(Base, Sourced, About):
    """One movement by one means: carrier, flight or train, waybill or container, times as the carrier gave them."""

    __tablename__ = "leg"
    __table_args__ = (UniqueConstraint("source", "source_id"), about_index("leg"))
    id: Mapped[Key]
    sequence: Mapped[int]
    mode: Mapped[str] = mapped_column(String(10))
    carrier: Mapped[str | None]
    transport_identifier: Mapped[str] = mapped_column(String(32))
    transport_document: Mapped[str | None] = mapped_column(String(37))
    origin: Mapped[str] = mapped_column(String(5))
    destination: Mapped[str] = mapped_column(String(5))
    departs_at: Mapped[datetime | None]
    arrives_at: Mapped[datetime | None]


class TrackingEvent(Base, Sourced, About):
    """Something that happened, or is to, on the way. `time_kind` is actual, planned, estimated, expected, requested or,
    where the source does not say, unknown.
    """

    __tablename__ = "tracking_event"
    __table_args__ = (UniqueConstraint("source", "source_id"), about_index("tracking_event"))
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20))
    words: Mapped[str]
    happened_at: Mapped[datetime]
    time_kind: Mapped[str] = mapped_column(String(10))
    place: Mapped[str | None] = mapped_column(String(5))
    transport_identifier: Mapped[str | None] = mapped_column(String(32))


class Schedule(Base, Sourced):
    """A train or flight that can be booked: when, how much room, at which price."""

    __tablename__ = "schedule"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_schedule_origin_destination_departs_at", "origin", "destination", "departs_at"),
    )
    id: Mapped[Key]
    mode: Mapped[str] = mapped_column(String(10))
    transport_identifier: Mapped[str] = mapped_column(String(32))
    carrier: Mapped[str | None]
    origin: Mapped[str] = mapped_column(String(5))
    destination: Mapped[str] = mapped_column(String(5))
    border: Mapped[str | None] = mapped_column(String(5))
    departs_at: Mapped[datetime]
    arrives_at: Mapped[datetime]
    capacity: Mapped[Decimal]
    capacity_unit: Mapped[str] = mapped_column(String(10))
    price: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))


class Warehouse(Base, Sourced):
    """A bonded or overseas warehouse."""

    __tablename__ = "warehouse"
    __table_args__ = (UniqueConstraint("source", "source_id"),)
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(5))


class StockLevel(Base, Sourced, About):
    """How much of an article lies in a warehouse, as of when; it came there with a paper of ours."""

    __tablename__ = "stock_level"
    __table_args__ = (UniqueConstraint("source", "source_id"), about_index("stock_level"))
    id: Mapped[Key]
    warehouse: Mapped[str] = mapped_column(String(40), index=True)
    sku: Mapped[str]
    quantity: Mapped[Decimal]
    unit: Mapped[str] = mapped_column(String(20))
