"""Orders that wait and orders that were carried out: what holds each up, until when, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from hub.access.caller import Caller
from hub.model import Command, Lease, SyncJob
from hub.operate.orders import job_named
from hub.operate.outcomes import BEGUN


class OrderState(StrEnum):
    """How an order stands. The first that holds."""

    CARRIED_OUT = "carried_out"
    NO_SCHEDULER = "no_scheduler"
    PAUSED = "paused"
    UNDER_WAY = "under_way"
    RUNNING = "running"
    RESTING = "resting"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Order:
    """An order with its state. `due` is when it is carried out, where that is known."""

    row: Row[Any]
    state: OrderState
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """Whether some process is the scheduler; if none is, since when (never, where there is no time)."""

    elected: bool
    none_since: datetime | None


def clock(connection: Connection, now: datetime) -> Clock:
    """Who carries orders out: the elected scheduler, if there is one."""
    until = connection.scalar(select(Lease.until).where(Lease.name == "scheduler"))
    elected = until is not None and until > now
    return Clock(elected, None if elected else until)


def orders_given(connection: Connection, caller: Caller, now: datetime, job: str | None, limit: int) -> list[Order]:
    """Orders, the newest first; JOB_UNKNOWN if there is no such job."""
    caller.must("see jobs")
    chosen = select(Command.__table__).order_by(Command.id.desc()).limit(limit)
    if job is not None:
        job_named(connection, job)
        chosen = chosen.where(Command.job == job)
    return _with_state(connection, connection.execute(chosen).all(), now)


def orders_kept(connection: Connection, now: datetime, job: str | None = None) -> dict[str, list[Order]]:
    """Orders that wait, by job, in the order in which they were given."""
    chosen = select(Command.__table__).where(Command.obeyed_at.is_(None)).order_by(Command.id)
    if job is not None:
        chosen = chosen.where(Command.job == job)
    kept: dict[str, list[Order]] = {}
    for order in _with_state(connection, connection.execute(chosen).all(), now):
        kept.setdefault(order.row.job, []).append(order)
    return kept


def holds_up(job: Row[Any] | None, action: str, now: datetime) -> OrderState:
    """What holds an order to a job up, its scheduler aside; `NEXT` where nothing does. A rest holds up no replay."""
    if job is None:
        return OrderState.NEXT
    if job.paused_at is not None:
        return OrderState.PAUSED
    if job.lease_until is not None and job.lease_until > now:
        return OrderState.RUNNING
    if action == "run" and job.not_before is not None and job.not_before > now:
        return OrderState.RESTING
    return OrderState.NEXT


def _with_state(connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> list[Order]:
    names = {row.job for row in rows if row.obeyed_at is None}
    found = connection.execute(select(SyncJob.__table__).where(SyncJob.name.in_(names))) if names else ()
    jobs: Mapping[str, Row[Any]] = {job.name: job for job in found}
    elected = clock(connection, now).elected
    return [_order(row, jobs.get(row.job), now, elected=elected) for row in rows]


def _order(row: Row[Any], job: Row[Any] | None, now: datetime, *, elected: bool) -> Order:
    if row.obeyed_at is not None:
        return Order(row, OrderState.CARRIED_OUT, None)
    held = holds_up(job, row.action, now)
    if held is OrderState.RUNNING and row.outcome == BEGUN:
        held = OrderState.UNDER_WAY
    due = job.not_before if job is not None and held is OrderState.RESTING else None
    return Order(row, held if elected else OrderState.NO_SCHEDULER, due)
