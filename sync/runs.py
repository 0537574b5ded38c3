"""Running one job once: lease, ledger, the run itself, and what is said when it ends."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from connectors.sdk.errors import NeedsCredentials
from hub.model import SyncJob
from hub.share.advance import advance_touched, anything_touched
from hub.share.receipts import anything_open, match_receipts
from sync import ledger
from sync.jobs import split_name
from sync.lease import JobLease, LeaseLostError, give_back, take
from sync.parts import Parts
from sync.pull import Pull
from sync.send import Send

LOG = logging.getLogger("yuhub.sync")
AFTER_REFUSED_CREDENTIALS = timedelta(minutes=5)  # more often would lock the account at the authority


def run_job(parts: Parts, job: str, slot: datetime) -> str:
    """Runs a job for a slot; `ok`, `failed`, or `skipped` where it is paused, held, told to wait or was run before."""
    lease = _begin(parts, job, slot)
    if lease is None:
        return "skipped"
    connector_code, stream = split_name(job)
    connector = parts.connectors[connector_code]
    as_of: datetime | None = None
    try:
        if stream is None:
            Send(parts, connector, lease).run()
        else:
            as_of = Pull(parts, connector, connector.streams[stream], lease).run()
    except LeaseLostError:
        LOG.warning("%s: another run has taken over", job)
        return "skipped"
    except Exception as error:  # noqa: BLE001 - whatever a connector does, its job says so and the others run on
        _fail(parts, lease, error)
        return "failed"
    finally:
        follow_up(parts)
    with parts.database.write() as connection:
        ledger.end_well(connection, lease, parts.now(), as_of)
    return "ok"


def follow_up(parts: Parts) -> None:
    """What comes after anything that was heard: receipts find their trades, touched trades move on."""
    with parts.database.read() as connection:
        if not (anything_open(connection) or anything_touched(connection)):
            return
    with parts.database.write() as connection:
        match_receipts(connection, parts.now())
    advance_touched(parts.database, parts.desk)


def _begin(parts: Parts, job: str, slot: datetime) -> JobLease | None:
    now = parts.now()
    connector_code, stream = split_name(job)
    with parts.database.write() as connection:
        not_before = connection.scalar(select(SyncJob.not_before).where(SyncJob.name == job))
        if connector_code not in parts.connectors or (not_before and not_before > now):
            return None
        lease = take(connection, job, parts.new_run_id(), now, parts.lease)
        if lease is None:
            return None
        kind = ledger.SEND if stream is None else ledger.PULL
        if ledger.open_run(connection, lease, kind, slot, now):
            return lease
        give_back(connection, lease)
        return None


def _fail(parts: Parts, lease: JobLease, error: Exception) -> None:
    now = parts.now()
    wait = ledger.wait_asked(error)
    not_before = now + timedelta(seconds=wait) if wait else None
    if isinstance(error, NeedsCredentials):
        not_before = now + AFTER_REFUSED_CREDENTIALS
    code, text = ledger.describe(error)
    LOG.warning("%s failed: %s: %s", lease.job, code, text, exc_info=error if code == "BUG" else None)
    with parts.database.write() as connection:
        ledger.end_badly(connection, lease, now, error, not_before)
