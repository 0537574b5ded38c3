"""Who trades, who may act for whom, who may see what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.model.base import Base, Key, unique_where
from hub.model.row_states import EnterpriseState


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
    """An exporter as registered, or an application for it: typed once here, never again in a trade.

    `state` is `applied`, `approved`, `refused` or `suspended`, `reason` what staff gave for it; only an approved one
    may act. Several may apply for one USCC; one of them, approved once (`approved_at`), is registered. `partners` holds
    who works for it: platforms, logistics, declarant (报关企业), bank, and the customs office it declares at;
    `hub.entry.registration` is its schema.
    """

    __tablename__ = "enterprise"
    __table_args__ = (unique_where("uq_enterprise_registered", "uscc", where="approved_at IS NOT NULL"),)
    id: Mapped[Key]
    uscc: Mapped[str] = mapped_column(String(18), index=True)
    customs_code: Mapped[str] = mapped_column(String(10))
    name_zh: Mapped[str]
    name_en: Mapped[str]
    address_en: Mapped[str]
    telephone: Mapped[str]
    belt_id: Mapped[int | None] = mapped_column(ForeignKey("belt.id"), index=True)
    credit_class: Mapped[str] = mapped_column(String(20), default="standard")
    partners: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20), default=EnterpriseState.APPROVED)
    registered_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class Account(Base):
    """Somebody who signs in: a person, an enterprise's software, a customs broker, a member of staff."""

    __tablename__ = "account"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    belt_id: Mapped[int | None] = mapped_column(ForeignKey("belt.id"))
    created_at: Mapped[datetime]


class Mandate(Base):
    """An account may act for an enterprise: in what, since when, until when. A customs broker holds several.

    Until it is accepted it is an offer to whatever account has that name. `acts` are those of `hub.access.acts`; the
    owner has them all. One that is over stays as history.
    """

    __tablename__ = "mandate"
    id: Mapped[Key]
    account: Mapped[str] = mapped_column(String(100), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    acts: Mapped[list[Any]]
    is_owner: Mapped[bool]
    granted_at: Mapped[datetime]
    granted_by: Mapped[str]
    accepted_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


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
    """An enterprise lets a belt platform or a bank see its trades: for which purpose, until when.

    `account` is a name as it was typed: nobody learns here whether there is such an account.
    """

    __tablename__ = "consent"
    id: Mapped[Key]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    account: Mapped[str] = mapped_column(String(100), index=True)
    purpose: Mapped[str]
    granted_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class AccessEntry(Base):
    """Somebody saw things of an enterprise by its consent: who, for which purpose, what was asked, what was shown.

    `trades` is how many trades were shown or shown of, `numbers` which; `shown` counts the rows of each kind.
    """

    __tablename__ = "access_entry"
    __table_args__ = (Index("ix_access_entry_enterprise_id_at", "enterprise_id", "at"),)
    id: Mapped[Key]
    at: Mapped[datetime]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    account: Mapped[str]
    operation: Mapped[str]
    trades: Mapped[int]
    numbers: Mapped[list[Any]]
    shown: Mapped[dict[str, Any]]


class Webhook(Base):
    """Where an enterprise wants to be told: its address, and the secret that signs what is sent, encrypted.

    `account` added it, and it ends with what that account may do for the enterprise.
    """

    __tablename__ = "webhook"
    id: Mapped[Key]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    account: Mapped[str | None] = mapped_column(String(100))
    url: Mapped[str]
    secret: Mapped[str]
    events: Mapped[list[Any]]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One notice to one address. `state` is `waiting`, `delivered` or `given_up`."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index("ix_webhook_delivery_state_next_try_at", "state", "next_try_at"),)
    id: Mapped[Key]
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"), index=True)
    event: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    error: Mapped[str | None]
