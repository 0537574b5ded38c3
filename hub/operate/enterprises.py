"""Letting customs brokers act for enterprises; what staff may decide of one."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, delete, select

from hub.access.caller import Caller, Role
from hub.errors import NotFound
from hub.model import Account, Mandate
from hub.model.states import EnterpriseState
from hub.model.upsert import insert_new


class Decision(StrEnum):
    """Of staff, and the state that the enterprise is in from then on."""

    APPROVED = EnterpriseState.APPROVED
    REFUSED = EnterpriseState.REFUSED
    SUSPENDED = EnterpriseState.SUSPENDED


def appoint(connection: Connection, caller: Caller, enterprise_id: int, broker: str) -> None:
    """Lets an account (a customs broker's) act for an enterprise, beside whomever it acts for already."""
    connection.execute(
        insert_new(connection, Mandate).values(
            account_id=_broker(connection, caller, enterprise_id, broker), enterprise_id=enterprise_id
        )
    )


def dismiss(connection: Connection, caller: Caller, enterprise_id: int, broker: str) -> None:
    """Ends a broker's mandate at once. NotFound for one that has none, as for one that there is not."""
    account_id = _broker(connection, caller, enterprise_id, broker)
    ended = connection.execute(
        delete(Mandate).where(Mandate.account_id == account_id, Mandate.enterprise_id == enterprise_id)
    )
    if not ended.rowcount:
        raise NotFound("account", broker)


def _broker(connection: Connection, caller: Caller, enterprise_id: int, broker: str) -> int:
    caller.must("enter")
    if enterprise_id not in caller.enterprises:
        raise NotFound("enterprise")
    account_id = connection.scalar(select(Account.id).where(Account.name == broker, Account.role == Role.ENTERPRISE))
    if account_id is None or broker == caller.name:
        raise NotFound("account", broker)
    return account_id
