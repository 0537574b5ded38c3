"""What somebody could use up by trying again and again: registrations."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import Connection, func, select

from connectors.sdk.codecs import write_json
from hub.access.caller import Caller
from hub.access.knocking import address_of
from hub.access.porter import porter
from hub.access.rates import HOUR
from hub.errors import HubError
from hub.model import Enterprise
from hub.model.states import EnterpriseState

LARGEST_REGISTRATION = 32 * 1024
"""Bytes of what a stranger may leave here. An enterprise that is in may name more partners later."""
TRY_LATER = HOUR


def may_apply(connection: Connection, caller: Caller, typed: dict[str, Any]) -> None:
    """Counts an application. BODY_TOO_LARGE, TooManyRequests or REGISTRATIONS_FULL where this one is too much.

    An enterprise that renews its own registration is none: it is known. Who applies anew is not yet.
    """
    mine = select(Enterprise.id).where(
        Enterprise.id.in_(list(caller.mandates)),
        Enterprise.uscc == typed.get("uscc"),
        Enterprise.approved_at.is_not(None),
    )
    if caller.is_staff or connection.scalar(mine) is not None:
        return
    if len(write_json(typed)) > LARGEST_REGISTRATION:
        raise HubError("BODY_TOO_LARGE", limit=LARGEST_REGISTRATION)
    porter().rates.spend("registration", address_of(request), porter().registrations)
    waiting = select(func.count(Enterprise.id)).where(Enterprise.state == EnterpriseState.APPLIED)
    if (connection.scalar(waiting) or 0) >= porter().most_undecided:
        raise HubError("REGISTRATIONS_FULL", limit=porter().most_undecided, wait=TRY_LATER)


def has_applied(caller: Caller) -> None:
    """Counts a new enterprise. TooManyRequests, and it is to be taken back, where there were enough in this hour."""
    if not caller.is_staff:
        porter().rates.spend("new enterprise", "", porter().registrations_in_all)
