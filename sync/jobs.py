"""Jobs: one for each stream that is pulled and each connector that sends, by the manifests; and the hub's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select

from connectors.sdk.connector import Connector
from connectors.sdk.manifest import JobSpec
from hub.model import SyncJob, SyncRun
from hub.model.operation import OWN
from hub.model.upsert import insert_into

SEND = "send"
ADVANCE, NOTICES, OBEY = f"{OWN}.advance", f"{OWN}.notices", f"{OWN}.obey"
PUSHES, HOUSEKEEPING, VERIFY = f"{OWN}.pushes", f"{OWN}.housekeeping", f"{OWN}.verify"
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
OWN_JOBS: Mapping[str, JobSpec] = {
    ADVANCE: JobSpec(5 * SECOND, MINUTE),
    NOTICES: JobSpec(5 * SECOND, MINUTE),
    OBEY: JobSpec(SECOND, MINUTE),
    PUSHES: JobSpec(SECOND, MINUTE),
    HOUSEKEEPING: JobSpec(15 * SECOND, 2 * MINUTE),
    VERIFY: JobSpec(DAY, 2 * DAY),
}
"""The hub's own work: touched trades move on, notices go out, orders of staff are obeyed, pushes are read, what is kept
and counted is verified.
"""


def job_name(connector: str, stream: str | None) -> str:
    return f"{connector}.{stream or SEND}"


def split_name(job: str) -> tuple[str, str | None]:
    """Connector and stream; no stream means that it sends."""
    connector, _, stream = job.partition(".")
    return connector, None if stream == SEND else stream


def write_jobs(connection: Connection, connectors: Mapping[str, Connector], pace: float) -> None:
    """Brings the job rows up to the manifests; what staff changed (paused, cursor) stays."""
    rows = [_row(code, stream, spec, pace) for code, stream, spec in _specs(connectors)]
    statement = insert_into(connection, SyncJob)
    changing = {name: statement.excluded[name] for name in ("every", "promise", "connector", "stream")}
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changing), rows)
    names = [row["name"] for row in rows]
    never_run = ~select(SyncRun.id).where(SyncRun.job == SyncJob.name).exists()
    connection.execute(delete(SyncJob).where(SyncJob.name.not_in(names), never_run))


def jobs_to_try_again(connection: Connection, now: datetime, rest: timedelta) -> list[str]:
    """Jobs that failed, or whose process died in the middle, and have rested since: their next slot may be hours away.

    Not those that are paused, or that were told to wait.
    """
    broke_off = and_(SyncJob.lease_run.is_not(None), SyncJob.lease_until < now)
    rested = and_(SyncJob.last_started_at < now - rest, or_(SyncJob.not_before.is_(None), SyncJob.not_before <= now))
    chosen = select(SyncJob.name).where(SyncJob.paused_at.is_(None), rested, or_(SyncJob.failures > 0, broke_off))
    return list(connection.scalars(chosen.order_by(SyncJob.name)))


def _specs(connectors: Mapping[str, Connector]) -> Iterator[tuple[str, str | None, JobSpec]]:
    for name, spec in OWN_JOBS.items():
        yield *split_name(name), spec
    for code, connector in connectors.items():
        for stream, spec in connector.manifest.streams.items():
            yield code, stream, spec
        if connector.manifest.send:
            yield code, None, connector.manifest.send


def _row(code: str, stream: str | None, spec: JobSpec, pace: float) -> dict[str, Any]:
    every = spec.every / pace
    if code == OWN:
        every = max(every, min(spec.every, SECOND))  # nothing is gained by asking more often
    return {
        "name": job_name(code, stream),
        "connector": code,
        "stream": stream,
        "every": every.total_seconds(),
        "promise": spec.promise.total_seconds(),
    }
