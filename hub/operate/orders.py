"""Orders of staff: permission and reason are checked, the command and the audit entry are written together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from connectors.sdk.moments import BEIJING
from hub.access.audit import record
from hub.access.caller import Caller
from hub.errors import JobLeftOut, JobPaused, JobUnknown, ReasonMissing
from hub.model import Command, SyncJob
from hub.operate.outcomes import DONE

Known = Collection[str]
"""Codes of the connectors that are there; those that are left out carry nothing out."""


def run_now(connection: Connection, caller: Caller, known: Known, job: str, reason: str, now: datetime) -> None:
    """Has a job run as soon as nothing holds it up: a rest that its authority asked for, or a run under way.

    JobPaused where nobody has resumed it, JobLeftOut where its connector is.
    """
    caller.must("order jobs")
    _refuse_idle(connection, known, job)
    _order(connection, caller, "run", job, reason, now, {})


def replay(
    connection: Connection, caller: Caller, known: Known, job: str, reason: str, now: datetime, everything: bool
) -> None:
    """Has kept messages read again: those with quarantined records, or `everything` of the stream.

    It raises as `run_now`.
    """
    caller.must("order jobs")
    _refuse_idle(connection, known, job)
    _order(connection, caller, "replay", job, reason, now, {"all": everything})


def pause(connection: Connection, caller: Caller, known: Known, job: str, reason: str, now: datetime) -> None:
    """Stops a job from starting; a run under way ends its page. It stays paused until somebody resumes it."""
    _order(connection, caller, "pause", job, reason, now, {}, paused_at=now, paused_reason=reason)


def resume(connection: Connection, caller: Caller, known: Known, job: str, reason: str, now: datetime) -> None:
    """Lets a job start again, at once even where its authority had asked to wait."""
    fresh = {"paused_at": None, "paused_reason": None, "not_before": None, "pages_aside": 0}
    _order(connection, caller, "resume", job, reason, now, {}, **fresh)


def _order(
    connection: Connection,
    caller: Caller,
    action: str,
    job: str,
    reason: str,
    now: datetime,
    parameters: dict[str, Any],
    **columns: Any,
) -> None:
    """Writes the order down. One that only changes the job's row is carried out with it."""
    caller.must("order jobs")
    if not reason.strip():
        raise ReasonMissing
    before = job_named(connection, job)
    connection.execute(
        insert(Command).values(
            action=action,
            job=job,
            parameters=parameters,
            reason=reason.strip(),
            ordered_by=caller.name,
            ordered_at=now,
            obeyed_at=now if columns else None,
            outcome=DONE if columns else None,
        )
    )
    if columns:
        connection.execute(update(SyncJob).where(SyncJob.name == job).values(**columns))
    was = {"paused": before.paused_at is not None, "failures": before.failures, "cursor": before.cursor}
    record(connection, caller, f"job.{action}", job, now, reason=reason, before=was)


def _refuse_idle(connection: Connection, known: Known, job: str) -> None:
    """An order that nothing would come of is refused, and says who has to do what first."""
    row = job_named(connection, job)
    if row.connector not in known:
        raise JobLeftOut(job=job, connector=row.connector)
    if row.paused_at is None:
        return
    by = connection.scalar(
        select(Command.ordered_by)
        .where(Command.job == job, Command.action == "pause", Command.ordered_at == row.paused_at)
        .order_by(Command.id.desc())
        .limit(1)
    )
    since = f"{row.paused_at.astimezone(BEIJING):%F %T}"
    raise JobPaused(
        job=job, by=by or "枢纽自身", by_en=by or "the hub itself", since=since, why=row.paused_reason or "—"
    )


def job_named(connection: Connection, job: str) -> Row[Any]:
    """JobUnknown names those that there are."""
    row = connection.execute(select(SyncJob.__table__).where(SyncJob.name == job)).one_or_none()
    if row is None:
        known = ", ".join(connection.scalars(select(SyncJob.name).order_by(SyncJob.name)))
        raise JobUnknown(job=job[:100], known=known)
    return row
