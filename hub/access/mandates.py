"""Mandates: which account acts for which enterprise, with which acts. What is over counts at once, by time alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, String, and_, cast, exists, insert, or_, select

from hub.access.acts import OWNERS, Act, in_full
from hub.model import Mandate, Webhook

OFFERED_FOR = timedelta(days=30)
"""An offer that nobody accepts lapses."""


def stands(now: datetime) -> ColumnElement[bool]:
    """Not over: neither ended by somebody nor by its own end, accepted or not."""
    return and_(Mandate.ended_at.is_(None), or_(Mandate.ends_at.is_(None), Mandate.ends_at > now))


def mandate_in_force(now: datetime) -> ColumnElement[bool]:
    return and_(Mandate.accepted_at.is_not(None), stands(now))


def offered(now: datetime) -> ColumnElement[bool]:
    """Waits for the account that it names, whether there is one or not."""
    return and_(Mandate.accepted_at.is_(None), stands(now), Mandate.granted_at > now - OFFERED_FOR)


def held(connection: Connection, account: str, now: datetime) -> Mapping[int, frozenset[Act]]:
    """Enterprise → what an account may do for it now."""
    rows = connection.execute(
        select(Mandate.enterprise_id, Mandate.acts, Mandate.is_owner)
        .where(Mandate.account == account, mandate_in_force(now))
        .order_by(Mandate.id)
    )
    return {row.enterprise_id: OWNERS if row.is_owner else frozenset(map(Act, row.acts)) for row in rows}


def has_owner(connection: Connection, enterprise_id: int, now: datetime, but: str = "") -> bool:
    """Whether an enterprise has an owner, besides the account `but`."""
    owner = select(Mandate.id).where(
        Mandate.enterprise_id == enterprise_id,
        Mandate.is_owner.is_(True),
        Mandate.account != but,
        mandate_in_force(now),
    )
    return connection.scalar(owner.limit(1)) is not None


def give(
    connection: Connection, account: str, enterprise_id: int, acts: Collection[Act], now: datetime, by: str, *,
    owner: bool = False, accepted: bool = True, ends_at: datetime | None = None,
) -> None:  # fmt: skip
    """Writes a mandate; one that is not `accepted` is an offer."""
    connection.execute(
        insert(Mandate).values(
            account=account,
            enterprise_id=enterprise_id,
            acts=[] if owner else [act.value for act in in_full(acts)],
            is_owner=owner,
            granted_at=now,
            granted_by=by,
            accepted_at=now if accepted else None,
            ends_at=ends_at,
        )
    )


def may_be_told(now: datetime) -> ColumnElement[bool]:
    """Of webhooks: those of the enterprise itself, and of accounts whose mandate for it allows them still."""
    names_webhooks = cast(Mandate.acts, String).like(f'%"{Act.WEBHOOKS.value}"%')
    allowed = exists().where(
        Mandate.account == Webhook.account,
        Mandate.enterprise_id == Webhook.enterprise_id,
        or_(Mandate.is_owner.is_(True), names_webhooks),
        mandate_in_force(now),
    )
    return or_(Webhook.account.is_(None), allowed)
