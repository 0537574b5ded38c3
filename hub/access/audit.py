"""The audit log: who did what, when, why, and how it was before. Written here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from hub.access.caller import Caller
from hub.model import AuditEntry

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
    enterprise_id: int | None = None,
) -> None:
    """Notes an act in the transaction that does it: both stand, or neither.

    `action` is `<noun>.<verb>`, `subject` what it was done to, `before` what was there; `enterprise_id` is the
    enterprise that it concerns, which reads it too.
    """
    connection.execute(
        insert(AuditEntry).values(
            at=now,
            actor=caller.name,
            role=caller.role,
            key=caller.key,
            action=action,
            subject=str(subject)[:LONGEST],
            reason=reason.strip(),
            before=dict(before or {}),
            enterprise_id=enterprise_id,
        )
    )
