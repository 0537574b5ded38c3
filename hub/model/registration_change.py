"""What waits for staff before it counts in a registration."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.model.base import Base, Key, unique_where


class RegistrationChange(Base):
    """Fields of a registration that are to be otherwise, by path: `before` as they stood when it was asked, `after`.

    `state` is `waiting`, `approved`, `refused`, `withdrawn` or `superseded`; at most one of an enterprise waits.
    """

    __tablename__ = "registration_change"
    __table_args__ = (unique_where("uq_registration_change_waiting", "enterprise_id", where="state = 'waiting'"),)
    id: Mapped[Key]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    asked_by: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20), index=True)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class AccountClaim(Base):
    """An enterprise says that a bank account is its own. `account` as `hub.money.accounts.normal` writes it.

    `state` is `held` (one for each account), `former` (it has another now; money still goes to it while nobody else
    holds the account), `waiting` (somebody else holds it) or `ended`.
    """

    __tablename__ = "account_claim"
    __table_args__ = (unique_where("uq_account_claim_held", "account", where="state = 'held'"),)
    id: Mapped[Key]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    account: Mapped[str] = mapped_column(String(40), index=True)
    state: Mapped[str] = mapped_column(String(20))
    claimed_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
