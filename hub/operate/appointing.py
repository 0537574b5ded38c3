"""Appointing brokers and ending what they may do. An offer answers alike whether there is such an account or not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select, true, update
from stdnum.cn.uscc import is_valid

from hub.access.acts import Act, in_full
from hub.access.audit import write_audit
from hub.access.caller import Caller
from hub.access.mandates import give, has_owner, mandate_in_force, offered, stands
from hub.errors import HubError, NotFound
from hub.model import Enterprise, Mandate, Webhook
from hub.notices.queue import MANDATE_ENDED, remove_webhook


def appoint(
    connection: Connection, caller: Caller, enterprise_id: int, account: str, acts: Collection[Act],
    ends_at: datetime | None, now: datetime,
) -> None:  # fmt: skip
    """Offers an account a mandate, which it accepts; one that it holds already is changed at once.

    OWNER_STAYS for an owner, the caller included.
    """
    standing = _standing(connection, enterprise_id, account, now)
    if any(row.is_owner for row in standing) or account == caller.name:
        raise HubError("OWNER_STAYS", account=account)
    accepted = any(row.accepted_at for row in standing)
    _replace(connection, standing, enterprise_id, account, acts, now, caller.name, accepted=accepted, ends_at=ends_at)
    action = "mandate.change" if accepted else "mandate.offer"
    before, after = _acts(standing), _given(acts, ends_at)
    write_audit(connection, caller, action, account, now, before=before, after=after, enterprise_id=enterprise_id)


def accept(connection: Connection, caller: Caller, uscc: str, now: datetime) -> None:
    """Takes up what an enterprise offered. NotFound where it offered nothing, or that has lapsed."""
    _refuse_no_uscc(uscc)
    row = connection.execute(
        select(Mandate.id, Mandate.enterprise_id)
        .join(Enterprise, Enterprise.id == Mandate.enterprise_id)
        .where(Enterprise.uscc == uscc, Mandate.account == caller.name, offered(now))
        .order_by(Mandate.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound("mandate", uscc)
    connection.execute(update(Mandate).where(Mandate.id == row.id).values(accepted_at=now))
    write_audit(connection, caller, "mandate.accept", caller.name, now, enterprise_id=row.enterprise_id)


def leave(connection: Connection, caller: Caller, uscc: str, now: datetime) -> None:
    """Gives up what the caller may do for an enterprise, or turns an offer down. An owner cannot."""
    _refuse_no_uscc(uscc)
    enterprise_id = connection.scalar(
        select(Mandate.enterprise_id)
        .join(Enterprise, Enterprise.id == Mandate.enterprise_id)
        .where(Enterprise.uscc == uscc, Mandate.account == caller.name, or_(mandate_in_force(now), offered(now)))
        .limit(1)
    )
    if enterprise_id is None:
        raise NotFound("mandate", uscc)
    end(connection, caller, enterprise_id, caller.name, now)


def end(
    connection: Connection, caller: Caller, enterprise_id: int, account: str, now: datetime, *, owner: bool = False,
    reason: str = "",
) -> None:  # fmt: skip
    """Ends at once what an account may do for an enterprise, and what hangs on it. Trades that it entered stay.

    OWNER_STAYS for an owner, unless an administrator says so (`owner`); LAST_OWNER for the only one.
    """
    standing = _standing(connection, enterprise_id, account, now)
    if not standing:
        raise NotFound("mandate", account)
    if any(row.is_owner for row in standing):
        if not owner:
            raise HubError("OWNER_STAYS", account=account)
        if not has_owner(connection, enterprise_id, now, but=account):
            raise HubError("LAST_OWNER", account=account)
    _close(connection, standing, now)
    _take_webhooks(connection, enterprise_id, account, now)
    before = _acts(standing) | {"owner": standing[0].is_owner}
    write_audit(
        connection, caller, "mandate.end", account, now, reason=reason, before=before, enterprise_id=enterprise_id
    )


def grant(
    connection: Connection, caller: Caller, enterprise_id: int, account: str, acts: Collection[Act],
    ends_at: datetime | None, now: datetime, *, owner: bool,
) -> None:  # fmt: skip
    """An administrator gives a mandate that needs no accepting, in place of what the account held."""
    standing = _standing(connection, enterprise_id, account, now)
    loses = any(row.is_owner for row in standing) and not owner
    if loses and not has_owner(connection, enterprise_id, now, but=account):
        raise HubError("LAST_OWNER", account=account)
    _replace(connection, standing, enterprise_id, account, acts, now, caller.name, owner=owner, ends_at=ends_at)
    before, after = _acts(standing), _given(acts, ends_at, owner=owner)
    write_audit(
        connection, caller, "mandate.grant", account, now, before=before, after=after, enterprise_id=enterprise_id
    )


def mandates(connection: Connection, caller: Caller, limit: int) -> Sequence[Row[Any]]:
    """Who acts for the caller's enterprises and for whom the caller acts, over ones included; the newest first."""
    mine: ColumnElement[bool] = or_(
        Mandate.account == caller.name, Mandate.enterprise_id.in_(caller.enterprises_for(Act.OWN))
    )
    return connection.execute(
        select(Mandate.__table__, Enterprise.uscc.label("enterprise"), Enterprise.name_zh.label("enterprise_name"))
        .join(Enterprise, Enterprise.id == Mandate.enterprise_id)
        .where(true() if caller.is_staff else mine)
        .order_by(Mandate.id.desc())
        .limit(limit)
    ).all()


def _refuse_no_uscc(typed: str) -> None:
    if not is_valid(typed):
        raise NotFound("mandate", typed)


def _standing(connection: Connection, enterprise_id: int, account: str, now: datetime) -> Sequence[Row[Any]]:
    """What an account holds or is offered; the enterprise is locked until the transaction ends."""
    connection.execute(select(Enterprise.id).where(Enterprise.id == enterprise_id).with_for_update())
    return connection.execute(
        select(Mandate.__table__)
        .where(Mandate.enterprise_id == enterprise_id, Mandate.account == account, stands(now))
        .order_by(Mandate.id)
    ).all()


def _replace(
    connection: Connection, standing: Sequence[Row[Any]], enterprise_id: int, account: str, acts: Collection[Act],
    now: datetime, by: str, *, owner: bool = False, accepted: bool = True, ends_at: datetime | None,
) -> None:  # fmt: skip
    """Gives a mandate in place of those that stand. Webhooks go where it allows none, or where none was in force:

    those of a mandate that ran out do not come back.
    """
    _close(connection, standing, now)
    give(connection, account, enterprise_id, acts, now, by, owner=owner, accepted=accepted, ends_at=ends_at)
    keeps = any(row.accepted_at for row in standing) and (owner or Act.WEBHOOKS in acts)
    if not keeps:
        _take_webhooks(connection, enterprise_id, account, now)


def _acts(standing: Sequence[Row[Any]]) -> dict[str, Any]:
    return {"acts": sorted({act for row in standing for act in row.acts})}


def _given(acts: Collection[Act], ends_at: datetime | None, *, owner: bool = False) -> dict[str, Any]:
    what: dict[str, Any] = {"owner": True} if owner else {"acts": sorted(in_full(acts))}
    return what | ({"endsAt": ends_at.isoformat()} if ends_at else {})


def _close(connection: Connection, standing: Sequence[Row[Any]], now: datetime) -> None:
    connection.execute(update(Mandate).where(Mandate.id.in_([row.id for row in standing])).values(ended_at=now))


def _take_webhooks(connection: Connection, enterprise_id: int, account: str, now: datetime) -> None:
    """Webhooks of an account for an enterprise go, and what waits for them is given up."""
    theirs = select(Webhook.id).where(Webhook.enterprise_id == enterprise_id, Webhook.account == account)
    for webhook_id in connection.scalars(theirs.where(Webhook.removed_at.is_(None))).all():
        remove_webhook(connection, webhook_id, now, MANDATE_ENDED)
