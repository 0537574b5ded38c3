"""Whether an enterprise may act: only one that is approved. One that applied, was refused or is suspended reads."""

from __future__ import annotations

from sqlalchemy import Connection, select

from hub.access.caller import Caller
from hub.errors import HubError
from hub.model import Enterprise
from hub.model.states import EnterpriseState


def must_act(connection: Connection, caller: Caller, enterprise_id: int | None) -> None:
    """ENTERPRISE_NOT_APPROVED where the caller acts for an enterprise that may not; staff act for none."""
    if caller.is_staff or enterprise_id is None:
        return
    row = connection.execute(select(Enterprise.uscc, Enterprise.state).where(Enterprise.id == enterprise_id)).one()
    if row.state != EnterpriseState.APPROVED:
        raise HubError("ENTERPRISE_NOT_APPROVED", uscc=row.uscc, state=row.state)
