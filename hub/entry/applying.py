"""Applying for an enterprise. Whoever applies learns nothing of who is registered, and acts for nobody yet."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from hub.access import Caller, Role, issue_key
from hub.access.acts import Act
from hub.access.audit import write_audit
from hub.access.mandates import give
from hub.access.meant import registered_id
from hub.entry.registration import insert_enterprise
from hub.model import Enterprise, Mandate
from hub.model.row_states import EnterpriseState

REPLACED = "replaced by a later application of the same account"


class Applied(NamedTuple):
    """An application: its id, who made it, and the key of a new account, shown once."""

    id: int
    account: str
    key: str | None


def apply_for(connection: Connection, caller: Caller, values: Mapping[str, Any], now: datetime) -> Applied:
    """An application, as `read_registration` read it, beside whatever there is of the same USCC; staff choose.

    The account is a new one with a name of the hub's own, unless the caller's own application is made anew. The
    enterprise that is registered reads in the audit log that somebody applied.
    """
    mine = select(Enterprise.id).where(
        Enterprise.uscc == values["uscc"],
        Enterprise.id.in_(caller.enterprises_for(Act.OWN)),
        Enterprise.approved_at.is_(None),
    )
    earlier = connection.scalars(mine.with_for_update()).all()  # staff may be deciding on it in this moment
    application = insert_enterprise(connection, values, EnterpriseState.APPLIED, now)
    if earlier:
        account, key = caller.name, None
        _replace(connection, account, earlier, application, now)
    else:
        account = new_account_name("applicant")
        key = issue_key(connection, account, Role.ENTERPRISE, [application], now, caller)
    registered = registered_id(connection, values["uscc"])
    write_audit(
        connection, caller, "enterprise.apply", values["uscc"], now, before={"application": application},
        enterprise_id=registered or application,
    )  # fmt: skip
    return Applied(application, account, key)


def new_account_name(kind: str) -> str:
    """A name of the hub's own, which tells nothing and meets no other."""
    return f"{kind}-{secrets.token_hex(8)}"


def _replace(connection: Connection, account: str, earlier: Any, application: int, now: datetime) -> None:
    """Staff who have read the earlier one decide on that, not on what has taken its place."""
    ended = {"state": EnterpriseState.REFUSED, "reason": REPLACED}
    connection.execute(update(Enterprise).where(Enterprise.id.in_(earlier)).values(**ended))
    theirs = Mandate.account == account, Mandate.enterprise_id.in_(earlier), Mandate.ended_at.is_(None)
    connection.execute(update(Mandate).where(*theirs).values(ended_at=now))
    give(connection, account, application, (), now, account, owner=True)
