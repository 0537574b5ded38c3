"""The audit log: who did what, when, why, and how it was before. Written here and nowhere else, and never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, select

from hub.access.actions import ACTIONS
from hub.access.acts import Act
from hub.access.caller import Caller
from hub.errors import HubError
from hub.model import AuditEntry, Enterprise

LONGEST_REASON = 1_000
"""Characters of a reason. Authorities read some: customs takes no more of one for a withdrawal (CEB605, reason)."""
LONGEST = 200
"""Characters of a subject: what strangers name must not fill the log."""


def record(
    connection: Connection,
    caller: Caller,
    action: str,
    subject: object,
    now: datetime,
    *,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    enterprise_id: int | None = None,
) -> None:
    """Notes an act in the transaction that does it: both stand, or neither.

    `action` is one of ACTIONS, else ValueError; `subject` is what it was done to, `before` what was there or what it
    came to, and `after` what is there now, where both are told; `enterprise_id` is the enterprise that it concerns,
    which reads it too. REASON_UNFIT for a reason that is too long: what it was given for is then not done.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action} is no act that the audit log knows")
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise HubError("REASON_UNFIT", most=LONGEST_REASON)
    connection.execute(
        insert(AuditEntry).values(
            at=now,
            actor=caller.name,
            role=caller.role,
            key=caller.key,
            action=action,
            subject=str(subject)[:LONGEST],
            reason=reason,
            before=dict(before or {}) if after is None else {"before": dict(before or {}), "after": dict(after)},
            enterprise_id=enterprise_id,
        )
    )


class Wanted(NamedTuple):
    """Which entries; what is empty does not matter. `enterprise` is a USCC, `before` an id that was read already."""

    enterprise: str | None = None
    action: str | None = None
    actor: str | None = None
    since: datetime | None = None
    before: int | None = None


def entries(connection: Connection, caller: Caller, wanted: Wanted, limit: int) -> Sequence[Row[Any]]:
    """What was done, the newest first: staff see all, an owner what concerns its enterprises."""
    chosen = select(AuditEntry.__table__, Enterprise.uscc).outerjoin(
        Enterprise, Enterprise.id == AuditEntry.enterprise_id
    )
    if not caller.is_staff:
        chosen = chosen.where(AuditEntry.enterprise_id.in_(caller.enterprises_for(Act.OWN)))
    same = {Enterprise.uscc: wanted.enterprise, AuditEntry.action: wanted.action, AuditEntry.actor: wanted.actor}
    chosen = chosen.where(*(column == value for column, value in same.items() if value))
    if wanted.since:
        chosen = chosen.where(AuditEntry.at >= wanted.since)
    if wanted.before is not None:
        chosen = chosen.where(AuditEntry.id < wanted.before)
    return connection.execute(chosen.order_by(AuditEntry.id.desc()).limit(limit)).all()
