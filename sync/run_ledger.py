"""The run ledger: each run of a job, what it received and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from connectors.sdk.errors import ConnectorError
from connectors.sdk.inside.masking import Mask
from hub.model import RawReading, SyncJob, SyncRun
from hub.model.row_states import RunState
from hub.model.upsert import insert_into, insert_new
from sync.lease import JobLease, give_back
from sync.merge import MergeCounts

PULL, SEND, REPLAY, PUSHED = "incremental", "send", "replay", "pushed"


def open_run(connection: Connection, lease: JobLease, kind: str, slot: datetime, now: datetime) -> bool:
    """Writes the run down; False where the same slot of the job was run before."""
    values = {
        "id": lease.run_id,
        "job": lease.job,
        "kind": kind,
        "slot": slot,
        "state": RunState.RUNNING,
        "started_at": now,
    }
    return connection.scalar(insert_new(connection, SyncRun).values(**values).returning(SyncRun.id)) is not None


def count(
    connection: Connection, run_id: str, counts: MergeCounts, *, raw_id: str = "", pages: int = 0, sent: int = 0
) -> None:
    """Adds to a run's counters, and to those of the message that was read, in the transaction of what is counted."""
    if raw_id:
        statement, told = insert_into(connection, RawReading), {"times": 1, **asdict(counts)}
        more = {name: getattr(RawReading, name) + statement.excluded[name] for name in told}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["run_id", "raw_id"], set_=more),
            [{"run_id": run_id, "raw_id": raw_id, **told}],
        )
    columns: dict[str, Any] = {name: getattr(SyncRun, name) + number for name, number in asdict(counts).items()}
    connection.execute(
        update(SyncRun)
        .where(SyncRun.id == run_id)
        .values(**columns, pages=SyncRun.pages + pages, sent=SyncRun.sent + sent)
    )


def end_well(
    connection: Connection, lease: JobLease, now: datetime, data_as_of: datetime | None, *, pushed: bool = False
) -> None:
    """Of a run that read what was `pushed`: how fresh the stream is, and what ails it, those that fetch say."""
    connection.execute(update(SyncRun).where(SyncRun.id == lease.run_id).values(state=RunState.OK, ended_at=now))
    columns: dict[str, Any] = {"last_success_at": now, "failures": 0, "error_code": None, "error": None}
    if data_as_of:
        columns["data_as_of"] = data_as_of
    give_back(connection, lease, **{} if pushed else columns | {"not_before": None})


def end_badly(
    connection: Connection, lease: JobLease, now: datetime, words: tuple[str, str], not_before: datetime | None
) -> None:
    """The run failed: said on the run and on the job, in the code and words of the error."""
    code, text = words
    connection.execute(
        update(SyncRun)
        .where(SyncRun.id == lease.run_id)
        .values(state=RunState.FAILED, ended_at=now, error_code=code, error=text)
    )
    give_back(
        connection,
        lease,
        failures=SyncJob.failures + 1,
        error_code=code,
        error=text,
        not_before=not_before,
    )


def describe_error(error: Exception, mask: Mask) -> tuple[str, str]:
    """Code and words of an error, fit for staff; what is not a connector's error is a bug of ours."""
    if isinstance(error, ConnectorError):
        return error.code, mask(error.text)
    return "BUG", mask(f"{type(error).__name__}: {error}")[:500]


def close_left(connection: Connection, leases: Iterable[JobLease], now: datetime) -> None:
    """Runs that this process leaves in the middle because it ends. They can write nothing more, and others may begin.

    What they handed to an authority and got no answer about keeps its claim: it may have arrived.
    """
    for lease in leases:
        connection.execute(
            update(SyncJob)
            .where(SyncJob.name == lease.job, SyncJob.lease_token == lease.token)
            .values(lease_until=None, lease_run=None, lease_token=SyncJob.lease_token + 1)
        )
        connection.execute(
            update(SyncRun)
            .where(SyncRun.id == lease.run_id, SyncRun.state == RunState.RUNNING)
            .values(
                state=RunState.FAILED,
                ended_at=now,
                error_code="ENDED",
                error="the hub ended in the middle; the next run goes on from the last committed page",
            )
        )


def close_abandoned(connection: Connection, now: datetime) -> int:
    """Runs whose process died: their lease ended without them. Returns how many."""
    held = select(SyncJob.lease_run).where(SyncJob.lease_until >= now, SyncJob.lease_run.is_not(None))
    abandoned = connection.execute(
        update(SyncRun)
        .where(SyncRun.state == RunState.RUNNING, SyncRun.id.not_in(held))
        .values(
            state=RunState.FAILED,
            ended_at=now,
            error_code="ABANDONED",
            error="the process ended in the middle; the next run goes on from the last committed page",
        )
    )
    return abandoned.rowcount
