"""Running one job once: lease, ledger, the run itself, and what is said when it ends."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from connectors.sdk.errors import NeedsCredentials, Retriable
from hub.model import SyncJob
from sync import ledger
from sync.jobs import split_name
from sync.lease import JobLease, LeaseLostError, give_back, take
from sync.parts import Parts
from sync.pull import Pull
from sync.send import Send

LOG = logging.getLogger("yuhub.sync")
AFTER_REFUSED_CREDENTIALS = timedelta(minutes=5)  # more often would lock the account at the authority


def run_job(parts: Parts, job: str, slot: datetime, *, pushed: bool = False) -> str:
    """Runs a job for a slot; `ok`, `failed`, or `skipped` where it is paused, held, told to wait or was run before.

    `pushed`: reads what was pushed for a stream, and no more.
    """
    code, stream = split_name(job)
    lease = _begin(parts, job, slot, ledger.PUSHED if pushed else ledger.PULL if stream else ledger.SEND)
    if lease is None:
        return "skipped"
    try:
        connector, as_of = parts.connectors[code], None
        if stream is None:
            Send(parts, connector, lease).run()
        elif pushed:
            Pull(parts, connector, connector.streams[stream], lease).read_pushed()
        else:
            as_of = Pull(parts, connector, connector.streams[stream], lease).run()
        with parts.database.write() as connection:
            ledger.end_well(connection, lease, parts.now(), as_of, pushed=pushed)
    except LeaseLostError:
        LOG.warning("%s: another run has taken over", job)
        return "skipped"
    except BaseException as error:  # noqa: BLE001 - whatever a connector does, its job says so and the others run on
        _fail(parts, lease, error if isinstance(error, Exception) else RuntimeError(repr(error)))
        return "failed"
    finally:
        parts.under_way.pop(lease.run_id, None)
    return "ok"


def _begin(parts: Parts, job: str, slot: datetime, kind: str) -> JobLease | None:
    now = parts.now()
    with parts.database.write() as connection:
        not_before = connection.scalar(select(SyncJob.not_before).where(SyncJob.name == job))
        told_to_wait = not_before and not_before > now and kind != ledger.PUSHED  # what is here needs no asking
        if split_name(job)[0] not in parts.connectors or told_to_wait:
            return None
        lease = take(connection, job, parts.new_run_id(), now, parts.lease)
        if lease is None:
            return None
        parts.under_way[lease.run_id] = lease
        if ledger.open_run(connection, lease, kind, slot, now):
            return lease
        give_back(connection, lease)
        del parts.under_way[lease.run_id]
        return None


def _fail(parts: Parts, lease: JobLease, error: Exception) -> None:
    now = parts.now()
    wait = error.after if isinstance(error, Retriable) else None
    not_before = now + timedelta(seconds=wait) if wait else None
    if isinstance(error, NeedsCredentials):
        not_before = now + AFTER_REFUSED_CREDENTIALS
    words = code, text = ledger.describe(error, parts.connectors[split_name(lease.job)[0]].mask)
    LOG.warning("%s failed: %s: %s", lease.job, code, text, exc_info=error if code == "BUG" else None)
    with parts.database.write() as connection:
        ledger.end_badly(connection, lease, now, words, not_before)
