"""Which enterprise is meant, and whether the caller may do that for it. One answer for every door."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, select
from stdnum.cn.uscc import is_valid

from hub.access.acts import COVERS, Act
from hub.access.caller import Caller
from hub.errors import HubError, NotFound
from hub.model import Base, Enterprise


def enterprise_meant(
    connection: Connection, caller: Caller, act: Act, uscc: str | None, *, lock: bool = False
) -> Row[Any]:
    """The enterprise that is named, or the only one that the caller may do this for; with `lock`, held till the end.

    ENTERPRISE_UNNAMED where there are several, ACT_NOT_GRANTED where the caller acts for it without this act, NotFound
    where it does not act for it.
    """
    if uscc:
        wanted = _named(connection, caller, act, uscc)
    else:
        ids = caller.enterprises_for(act)
        if not ids and caller.mandates:
            raise _lacking(connection, act, caller.mandates)
        if len(ids) > 1:
            raise HubError("ENTERPRISE_UNNAMED", known=uscc_of(connection, ids))
        wanted = ids[0] if ids else 0
    chosen = select(Enterprise.__table__).where(Enterprise.id == wanted)
    row = connection.execute(chosen.with_for_update() if lock else chosen).one_or_none()
    if row is None:
        raise NotFound("enterprise", uscc or "")
    return row


def registered_id(connection: Connection, uscc: str) -> int | None:
    """The enterprise that is registered under this USCC: approved once, whatever became of it."""
    these = Enterprise.uscc == uscc, Enterprise.approved_at.is_not(None)
    return connection.scalar(select(Enterprise.id).where(*these))


def find_registered(connection: Connection, uscc: str) -> int:
    """The same; NotFound where there is none."""
    if (found := registered_id(connection, uscc)) is None:
        raise NotFound("enterprise", uscc)
    return found


def require(connection: Connection, caller: Caller, act: Act, enterprise_id: int | None, missing: NotFound) -> None:
    """Staff, and who may do this for the enterprise; ACT_NOT_GRANTED for who acts for it otherwise, else `missing`."""
    if caller.is_staff or caller.may(act, enterprise_id):
        return
    raise _lacking_or(connection, caller, act, enterprise_id, missing)


def refusal(
    connection: Connection, caller: Caller, act: Act, table: type[Base], id_: int, missing: NotFound
) -> HubError:
    """Why the caller does not come to a row: its mandate for the row's enterprise lacks the act, or it is not there."""
    columns = table.__table__.c
    enterprise_id = connection.scalar(select(columns.enterprise_id).where(columns.id == id_))
    return _lacking_or(connection, caller, act, enterprise_id, missing)


def require_somewhere(connection: Connection, caller: Caller, act: Act) -> None:
    """ACT_NOT_GRANTED for who acts for somebody, but does this for nobody: it is not told that there is nothing."""
    if caller.mandates and not caller.enterprises_for(act):
        raise _lacking(connection, act, caller.mandates)


def _named(connection: Connection, caller: Caller, act: Act, uscc: str) -> int:
    """Among what is registered or applied for under one USCC, that which the caller acts for."""
    missing = NotFound("enterprise", uscc)
    mine = Enterprise.uscc == uscc, Enterprise.id.in_(list(caller.mandates))
    registered_first = select(Enterprise.id).where(*mine).order_by(Enterprise.approved_at.is_(None), Enterprise.id)
    enterprise_id = connection.scalar(registered_first.limit(1)) if is_valid(uscc) else None
    if not caller.may(act, enterprise_id):
        raise _lacking_or(connection, caller, act, enterprise_id, missing)
    return int(enterprise_id or 0)


def _lacking_or(
    connection: Connection, caller: Caller, act: Act, enterprise_id: int | None, missing: NotFound
) -> HubError:
    if enterprise_id is not None and enterprise_id in caller.mandates:
        return _lacking(connection, act, [enterprise_id])
    return missing


def _lacking(connection: Connection, act: Act, enterprises: Collection[int]) -> HubError:
    zh, en = COVERS[act]
    return HubError("ACT_NOT_GRANTED", act=act.value, covers=zh, covers_en=en, uscc=uscc_of(connection, enterprises))


def uscc_of(connection: Connection, enterprises: Collection[int]) -> str:
    chosen = select(Enterprise.uscc).where(Enterprise.id.in_(list(enterprises))).order_by(Enterprise.uscc)
    return ", ".join(connection.scalars(chosen))
