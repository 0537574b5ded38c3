"""Consent: an enterprise lets a belt platform see its trades, for a purpose and a time, and reads who looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from hub.access.caller import Caller, Role
from hub.errors import NotFound, ReasonMissing
from hub.model import AccessEntry, Account, Consent, Enterprise

BY_CONSENT = frozenset({Role.BELT})
"""Roles that see trades by consent and not otherwise."""


def grant(
    connection: Connection, caller: Caller, enterprise_id: int, account: str, purpose: str, ends_at: datetime | None,
    now: datetime,
) -> int:  # fmt: skip
    """A consent to an account; its id. The purpose is what the enterprise reads in its access log."""
    _owns(caller, enterprise_id)
    if not purpose.strip():
        raise ReasonMissing
    account_id = connection.scalar(select(Account.id).where(Account.name == account, Account.role.in_(BY_CONSENT)))
    if account_id is None:
        raise NotFound("account", account)
    consent_id: int = connection.execute(
        insert(Consent)
        .values(
            enterprise_id=enterprise_id,
            account_id=account_id,
            purpose=purpose.strip()[:200],
            granted_at=now,
            ends_at=ends_at,
        )
        .returning(Consent.id)
    ).scalar_one()
    return consent_id


def withdraw(connection: Connection, caller: Caller, consent_id: int, now: datetime) -> None:
    """Ends a consent at once. NotFound for somebody else's, or for one that is withdrawn already."""
    ended = connection.execute(
        update(Consent)
        .where(
            Consent.id == consent_id,
            Consent.enterprise_id.in_(caller.enterprises),
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )
    if not ended.rowcount:
        raise NotFound("consent", consent_id)


def in_force(connection: Connection, account_id: int, now: datetime) -> dict[int, int]:
    """Enterprise → consent under which an account may see its trades now."""
    rows = connection.execute(
        select(Consent.enterprise_id, Consent.id)
        .where(Consent.account_id == account_id, Consent.withdrawn_at.is_(None))
        .where(or_(Consent.ends_at.is_(None), Consent.ends_at > now))
        .order_by(Consent.id)
    )
    return {row.enterprise_id: row.id for row in rows}


def log_access(connection: Connection, caller: Caller, seen: Mapping[int, int], operation: str, now: datetime) -> None:
    """Notes which enterprises' trades a caller was shown by consent, and how many."""
    consents = dict(caller.consents)
    rows = [
        {
            "at": now,
            "enterprise_id": enterprise_id,
            "consent_id": consents[enterprise_id],
            "account": caller.name,
            "operation": operation[:100],
            "trades": trades,
        }
        for enterprise_id, trades in seen.items()
        if enterprise_id in consents
    ]
    if rows:
        connection.execute(insert(AccessEntry), rows)


def given(connection: Connection, caller: Caller) -> Sequence[Row[Any]]:
    """The consents that a caller gave, or was given; the newest first."""
    mine = or_(Consent.enterprise_id.in_(caller.enterprises), Account.name == caller.name)
    return connection.execute(
        select(Consent.__table__, Account.name.label("account"), Enterprise.uscc)
        .join(Account, Account.id == Consent.account_id)
        .join(Enterprise, Enterprise.id == Consent.enterprise_id)
        .where(mine)
        .order_by(Consent.id.desc())
    ).all()


def accesses(connection: Connection, caller: Caller, limit: int) -> Sequence[Row[Any]]:
    """Who saw the trades of the caller's enterprises by consent; the newest first."""
    return connection.execute(
        select(AccessEntry.__table__, Consent.purpose, Enterprise.uscc)
        .join(Consent, Consent.id == AccessEntry.consent_id)
        .join(Enterprise, Enterprise.id == AccessEntry.enterprise_id)
        .where(AccessEntry.enterprise_id.in_(caller.enterprises))
        .order_by(AccessEntry.at.desc(), AccessEntry.id.desc())
        .limit(limit)
    ).all()


def _owns(caller: Caller, enterprise_id: int) -> None:
    caller.must("enter")
    if enterprise_id not in caller.enterprises:
        raise NotFound("enterprise")
