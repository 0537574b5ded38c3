"""Running one job once: lease, ledger, the run itself, and what is said when it ends."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from connectors.sdk.errors import NeedsCredentials, Retriable
from hub.model import SyncJob
from sync import run_ledger
from sync.jobs import split_name
from sync.lease import JobLease, LeaseLostError, give_back, take
from sync.pull import Pull
from sync.send import Send
from sync.services import Services

LOG = logging.getLogger("yuhub.sync")
AFTER_REFUSED_CREDENTIALS = timedelta(minutes=5)  # more often would lock the account at the authority


def run_job(services: Services, job: str, slot: datetime, *, pushed: bool = False) -> str:
    """Runs a job for a slot; `ok`, `failed`, or `skipped` where it is paused, held, told to wait or was run before.

    `pushed`: reads what was pushed for a stream, and no more.
    """
    code, stream = split_name(job)
    lease = _begin(services, job, slot, run_ledger.PUSHED if pushed else run_ledger.PULL if stream else run_ledger.SEND)
    if lease is None:
        return "skipped"
    try:
        connector, as_of = services.connectors[code], None
        if stream is None:
            Send(services, connector, lease).run()
        elif pushed:
            Pull(services, connector, connector.streams[stream], lease).read_pushed()
        else:
            as_of = Pull(services, connector, connector.streams[stream], lease).run()
        with services.database.write() as connection:
            run_ledger.end_well(connection, lease, services.now(), as_of, pushed=pushed)
    except LeaseLostError:
        LOG.warning("%s: another run has taken over", job)
        return "skipped"
    except BaseException as error:  # noqa: BLE001 - whatever a connector does, its job says so and the others run on
        _fail(services, lease, error if isinstance(error, Exception) else RuntimeError(repr(error)))
        return "failed"
    finally:
        services.under_way.pop(lease.run_id, None)
    return "ok"


def _begin(services: Services, job: str, slot: datetime, kind: str) -> JobLease | None:
    now = services.now()
    with services.database.write() as connection:
        not_before = connection.scalar(select(SyncJob.not_before).where(SyncJob.name == job))
        told_to_wait = not_before and not_before > now and kind != run_ledger.PUSHED  # what is here needs no asking
        if split_name(job)[0] not in services.connectors or told_to_wait:
            return None
        lease = take(connection, job, services.new_run_id(), now, services.lease)
        if lease is None:
            return None
        services.under_way[lease.run_id] = lease
        if run_ledger.open_run(connection, lease, kind, slot, now):
            return lease
        give_back(connection, lease)
        del services.under_way[lease.run_id]
        return None


def _fail(services: Services, lease: JobLease, error: Exception) -> None:
    now = services.now()
    wait = error.after if isinstance(error, Retriable) else None
    not_before = now + timedelta(seconds=wait) if wait else None
    if isinstance(error, NeedsCredentials):
        not_before = now + AFTER_REFUSED_CREDENTIALS
    words = code, text = run_ledger.describe_error(error, services.connectors[split_name(lease.job)[0]].mask)
    LOG.warning("%s failed: %s: %s", lease.job, code, text, exc_info=error if code == "BUG" else None)
    with services.database.write() as connection:
        run_ledger.end_badly(connection, lease, now, words, not_before)
