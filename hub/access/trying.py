"""What somebody could use up, or find out, by trying again and again: registrations, and the names of accounts."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import Connection, func, select

from connectors.sdk.codecs import write_json
from hub.access.caller import Caller
from hub.access.knocking import address_of
from hub.access.porter import porter
from hub.access.rates import HOUR, Rate
from hub.errors import BodyTooLarge, EnterpriseNotApproved, RegistrationsFull
from hub.model import Enterprise
from hub.model.states import EnterpriseState

NAMES = Rate(60, HOUR)
"""Accounts that a caller may name to let them see or do something."""
LARGEST_REGISTRATION = 32 * 1024
"""Bytes of what a stranger may leave here. An enterprise that is in may name more partners later."""
TRY_LATER = HOUR


def may_apply(connection: Connection, caller: Caller, typed: dict[str, Any]) -> None:
    """Counts an application. BodyTooLarge, TooManyRequests or RegistrationsFull where this one is too much.

    An enterprise that renews its own registration is none: it is known. Who applies anew is not yet.
    """
    mine = select(Enterprise.id).where(
        Enterprise.id.in_(caller.enterprises),
        Enterprise.uscc == typed.get("uscc"),
        Enterprise.approved_at.is_not(None),
    )
    if caller.is_staff or connection.scalar(mine) is not None:
        return
    if len(write_json(typed)) > LARGEST_REGISTRATION:
        raise BodyTooLarge(limit=LARGEST_REGISTRATION)
    porter().rates.spend("registration", address_of(request), porter().registrations)
    waiting = select(func.count(Enterprise.id)).where(Enterprise.state == EnterpriseState.APPLIED)
    if (connection.scalar(waiting) or 0) >= porter().most_undecided:
        raise RegistrationsFull(limit=porter().most_undecided, wait=TRY_LATER)


def has_applied(caller: Caller) -> None:
    """Counts a new enterprise. TooManyRequests, and it is to be taken back, where there were enough in this hour."""
    if not caller.is_staff:
        porter().rates.spend("new enterprise", "", porter().registrations_in_all)


def may_name_accounts(connection: Connection, caller: Caller, enterprise_id: int) -> None:
    """Counts a name that is tried. EnterpriseNotApproved where nobody of us knows yet who tries."""
    row = connection.execute(
        select(Enterprise.uscc, Enterprise.state).where(
            Enterprise.id == enterprise_id, Enterprise.id.in_(caller.enterprises)
        )
    ).one_or_none()
    if row and row.state != EnterpriseState.APPROVED:
        raise EnterpriseNotApproved(uscc=row.uscc, state=row.state)
    porter().rates.spend("account", caller.name, NAMES)
