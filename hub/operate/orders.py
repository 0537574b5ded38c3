"""Orders of staff: permission and reason are checked, the command and the audit entry are written together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from connectors.sdk.instants import BEIJING
from hub.access.audit import write_audit
from hub.access.caller import Caller
from hub.errors import HubError
from hub.model import Command, SyncJob
from hub.model.operation import OWN
from hub.operate.outcomes import BEGUN, DONE

Known = Collection[str]
"""Codes of the connectors that are there; those that are left out carry nothing out."""


def run_now(connection: Connection, caller: Caller, known: Known, job: str, reason: str, now: datetime) -> None:
    """Has a job run as soon as nothing holds it up: a rest that its authority asked for, or a run under way.

    JOB_PAUSED where nobody has resumed it, JOB_LEFT_OUT where its connector is, JOB_ORDERED where the same order waits.
    """
    caller.must("order jobs")
    _refuse_idle(connection, known, job)
    _refuse_twice(connection, "run", job, {}, now)
    _order(connection, caller, "run", job, reason, now, {})


def replay(
    connection: Connection, caller: Caller, known: Known, job: str, reason: str, now: datetime, everything: bool
) -> None:
    """Has kept messages read again: those with quarantined records, or `everything` of the stream.

    It raises as `run_now`.
    """
    caller.must("order jobs")
    _refuse_idle(connection, known, job)
    parameters = {"all": everything}
    _refuse_twice(connection, "replay", job, parameters, now)
    _order(connection, caller, "replay", job, reason, now, parameters)


OBEY = f"{OWN}.obey"


def pause(connection: Connection, caller: Caller, known: Known, job: str, reason: str, now: datetime) -> None:
    """Stops a job from starting; a run under way ends its page. It stays paused until somebody resumes it.

    JOB_PAUSED_ALREADY where it is paused, JOB_OBEYS where it is the one that would have to resume it.
    """
    caller.must("order jobs")
    if job == OBEY:
        raise HubError("JOB_OBEYS", job=job)
    row = job_named(connection, job)
    if row.paused_at is not None:
        raise HubError("JOB_PAUSED_ALREADY", **_pause(connection, row))
    _order(connection, caller, "pause", job, reason, now, {}, paused_at=now, paused_reason=reason)


def resume(connection: Connection, caller: Caller, known: Known, job: str, reason: str, now: datetime) -> None:
    """Lets a job start again, at once even where its authority had asked to wait.

    JOB_NOT_PAUSED where it may start anyway.
    """
    caller.must("order jobs")
    row = job_named(connection, job)
    if row.paused_at is None and (row.not_before is None or row.not_before <= now):
        raise HubError("JOB_NOT_PAUSED", job=job, **_resumed(connection, job))
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
        raise HubError("REASON_MISSING")
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
    write_audit(connection, caller, f"job.{action}", job, now, reason=reason, before=was)


def _refuse_idle(connection: Connection, known: Known, job: str) -> None:
    """An order that nothing would come of is refused, and says who has to do what first."""
    row = job_named(connection, job)
    if row.connector not in (OWN, *known):
        raise HubError("JOB_LEFT_OUT", job=job, connector=row.connector)
    if row.paused_at is not None:
        raise HubError("JOB_PAUSED", **_pause(connection, row))


def _pause(connection: Connection, row: Row[Any]) -> dict[str, str]:
    """Who paused a job, when and why."""
    by = connection.scalar(
        select(Command.ordered_by)
        .where(Command.job == row.name, Command.action == "pause", Command.ordered_at == row.paused_at)
        .order_by(Command.id.desc())
        .limit(1)
    )
    return {
        "job": row.name,
        "by": by or "枢纽自身",
        "by_en": by or "the hub itself",
        "since": _moment(row.paused_at),
        "why": row.paused_reason or "—",
    }


def _resumed(connection: Connection, job: str) -> dict[str, str]:
    """Since when a job may start."""
    orders = select(Command.ordered_at).where(Command.job == job, Command.action == "resume")
    at = connection.scalar(orders.order_by(Command.id.desc()).limit(1))
    if at is None:
        return {"since": "从未有人恢复过它", "since_en": "nobody ever resumed it"}
    return {"since": f"已于北京时间 {_moment(at)} 恢复", "since_en": f"it was resumed at {_moment(at)} Beijing time"}


def _refuse_twice(connection: Connection, action: str, job: str, parameters: Mapping[str, Any], now: datetime) -> None:
    """The same order, given while the first waits, would be carried out twice in a row.

    One that is being carried out may have passed what the next is given for.
    """
    waiting = select(Command.__table__).where(Command.job == job, Command.action == action, Command.obeyed_at.is_(None))
    for one in connection.execute(waiting.order_by(Command.id)):
        if one.parameters == parameters and one.outcome != BEGUN:
            until = job_named(connection, job).not_before if action == "run" else None
            due = _moment(until) if until and until > now else ""
            raise HubError(
                "JOB_ORDERED",
                job=job,
                by=one.ordered_by,
                since=_moment(one.ordered_at),
                why=one.reason,
                due=due and f"，北京时间 {due} 执行",
                due_en=due and f", and runs at {due} Beijing time",
            )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%F %T}"


def job_named(connection: Connection, job: str) -> Row[Any]:
    """JOB_UNKNOWN names those that there are."""
    row = connection.execute(select(SyncJob.__table__).where(SyncJob.name == job)).one_or_none()
    if row is None:
        known = ", ".join(connection.scalars(select(SyncJob.name).order_by(SyncJob.name)))
        raise HubError("JOB_UNKNOWN", job=job[:100], known=known)
    return row
