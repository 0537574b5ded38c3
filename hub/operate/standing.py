"""How a job stands: its state, and its delay measured against what is promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select

from connectors.sdk.states import State
from hub.access.caller import Caller
from hub.access.visibility import visible
from hub.model import Document, Quarantined, SyncJob, SyncRun
from hub.operate.orders import job_named


class JobState(StrEnum):
    OK = "ok"
    RUNNING = "running"
    LATE = "late"
    FAILED = "failed"
    PAUSED = "paused"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Standing:
    """A job with its state. `delay` and `promise` are seconds; `row` holds last success, data as of, last error.

    `rests_until`: its authority asked to be left alone until then.
    """

    row: Row[Any]
    state: JobState
    delay: float | None
    quarantined: int
    waiting: int
    rests_until: datetime | None


def standings(connection: Connection, caller: Caller, now: datetime) -> list[Standing]:
    """All jobs that the caller may see, by name."""
    jobs = connection.execute(select(SyncJob.__table__).where(visible(SyncJob, caller)).order_by(SyncJob.name)).all()
    quarantined = _quarantined(connection)
    oldest = _oldest_waiting(connection)
    found = []
    for job in jobs:
        count, since = oldest.get(job.connector, (0, None)) if job.stream is None else (0, None)
        delay = _delay(job, since, now)
        found.append(
            Standing(
                job,
                _state(job, delay, now),
                delay,
                quarantined.get((job.connector, job.stream or ""), 0),
                count,
                job.not_before if job.not_before and job.not_before > now else None,
            )
        )
    return found


def _delay(job: Row[Any], oldest_waiting: datetime | None, now: datetime) -> float | None:
    """A stream is as late as its last success is old; a sender as late as its oldest paper that is ready."""
    if job.stream is None:
        return (now - oldest_waiting).total_seconds() if oldest_waiting else 0.0
    return (now - job.last_success_at).total_seconds() if job.last_success_at else None


def _state(job: Row[Any], delay: float | None, now: datetime) -> JobState:
    """The first row that holds."""
    conditions: Sequence[tuple[JobState, bool]] = (
        (JobState.PAUSED, job.paused_at is not None),
        (JobState.FAILED, job.failures > 0),
        (JobState.RUNNING, job.lease_until is not None and job.lease_until > now),
        (JobState.NO_DATA, job.last_success_at is None),
        (JobState.LATE, delay is not None and delay > job.promise),
    )
    return next((state for state, holds in conditions if holds), JobState.OK)


def _quarantined(connection: Connection) -> dict[tuple[str, str], int]:
    rows = connection.execute(
        select(Quarantined.connector, Quarantined.stream, func.count())
        .where(Quarantined.resolved_at.is_(None))
        .group_by(Quarantined.connector, Quarantined.stream)
    )
    return {(connector, stream): count for connector, stream, count in rows}


def _oldest_waiting(connection: Connection) -> dict[str, tuple[int, datetime | None]]:
    rows = connection.execute(
        select(Document.authority, func.count(), func.min(Document.ready_at))
        .where(Document.state == State.READY, Document.attention_since.is_(None))
        .group_by(Document.authority)
    )
    return {authority: (count, since) for authority, count, since in rows}


def runs(connection: Connection, caller: Caller, job: str | None, limit: int) -> Sequence[Row[Any]]:
    """The newest runs first; JOB_UNKNOWN if there is no such one."""
    chosen = select(SyncRun.__table__).where(visible(SyncRun, caller))
    if job is not None:
        job_named(connection, job)
        chosen = chosen.where(SyncRun.job == job)
    return connection.execute(chosen.order_by(SyncRun.started_at.desc()).limit(limit)).all()


def quarantine(connection: Connection, caller: Caller, limit: int) -> Sequence[Row[Any]]:
    """What waits in quarantine, the newest first."""
    return connection.execute(
        select(Quarantined.__table__)
        .where(visible(Quarantined, caller), Quarantined.resolved_at.is_(None))
        .order_by(Quarantined.quarantined_at.desc(), Quarantined.id.desc())
        .limit(limit)
    ).all()


COUNTERS = ("received", "merged", "unchanged", "superseded", "quarantined", "sent")


def totals(connection: Connection, caller: Caller, job: str) -> dict[str, int]:
    """The counters of a job over all runs that are kept."""
    columns = SyncRun.__table__.c
    row = connection.execute(
        select(
            func.count().label("runs"),
            func.count().filter(columns.state == "failed").label("failed"),
            *(func.coalesce(func.sum(columns[name]), 0).label(name) for name in COUNTERS),
        ).where(SyncRun.job == job, visible(SyncRun, caller))
    ).one()
    return {name: int(value) for name, value in row._mapping.items()}
