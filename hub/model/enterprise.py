"""Who trades, who may act for whom, who may see what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.model.base import Base, Key


class Belt(Base):
    """An industry belt (产业带): its HS chapters and its place."""

    __tablename__ = "belt"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    place: Mapped[str]
    hs_chapters: Mapped[list[Any]]


class Enterprise(Base):
    """An exporter as registered: typed once here, never again in a trade.

    `partners` holds who works for it: platforms, logistics, declarant (报关企业), bank, and the customs office it
    declares at; `hub.entry.registration` is its schema.
    """

    __tablename__ = "enterprise"
    id: Mapped[Key]
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    customs_code: Mapped[str] = mapped_column(String(10))
    name_zh: Mapped[str]
    name_en: Mapped[str]
    address_en: Mapped[str]
    telephone: Mapped[str]
    belt_id: Mapped[int | None] = mapped_column(ForeignKey("belt.id"), index=True)
    credit_class: Mapped[str] = mapped_column(String(20), default="standard")
    partners: Mapped[dict[str, Any]]
    registered_at: Mapped[datetime]


class Account(Base):
    """Somebody who signs in: a person, an enterprise's software, a customs broker, a member of staff."""

    __tablename__ = "account"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]


class Mandate(Base):
    """An account may act for an enterprise; a customs broker holds several."""

    __tablename__ = "mandate"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), primary_key=True)


class ApiKey(Base):
    """A key of an account. Only its digest is kept; the prefix finds the row and names the key in logs."""

    __tablename__ = "api_key"
    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    prefix: Mapped[str] = mapped_column(String(12), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Consent(Base):
    """An enterprise lets somebody see its trades: for which purpose, until when."""

    __tablename__ = "consent"
    id: Mapped[Key]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str]
    granted_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
