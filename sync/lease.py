"""Leases: who may run a job now. A token that grows with every lease fences off whoever lost it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, update

from hub.model import SyncJob


class LeaseLostError(Exception):
    """Another run has the job now: whatever this one was about to write is not written."""


@dataclass(frozen=True, slots=True)
class JobLease:
    job: str
    run_id: str
    token: int


def take(connection: Connection, job: str, run_id: str, now: datetime, length: timedelta) -> JobLease | None:
    """The lease of a job, or None where somebody holds it or the job is paused."""
    token = connection.scalar(
        update(SyncJob)
        .where(SyncJob.name == job, SyncJob.paused_at.is_(None))
        .where(or_(SyncJob.lease_until.is_(None), SyncJob.lease_until < now))
        .values(lease_run=run_id, lease_token=SyncJob.lease_token + 1, lease_until=now + length, last_started_at=now)
        .returning(SyncJob.lease_token)
    )
    return None if token is None else JobLease(job, run_id, token)


def hold(connection: Connection, lease: JobLease, now: datetime, length: timedelta, **columns: Any) -> None:
    """Prolongs the lease and writes `columns` of the job with it. LeaseLostError where another run has taken over."""
    held = connection.execute(
        update(SyncJob)
        .where(SyncJob.name == lease.job, SyncJob.lease_token == lease.token)
        .values(lease_until=now + length, **columns)
    )
    if held.rowcount != 1:
        raise LeaseLostError(lease.job)


def give_back(connection: Connection, lease: JobLease, **columns: Any) -> None:
    """Ends the lease. Nothing happens where it was lost."""
    connection.execute(
        update(SyncJob)
        .where(SyncJob.name == lease.job, SyncJob.lease_token == lease.token)
        .values(lease_until=None, lease_run=None, **columns)
    )
