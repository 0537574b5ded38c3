"""Replay: kept messages are read again, after a mapping or a code table was mended. Nothing is fetched."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from connectors.sdk.connector import Connector
from connectors.sdk.stream import Stream
from hub.errors import HubError
from hub.model import Quarantined, RawMessage
from hub.share.outbox import revive
from sync import ledger, raw
from sync.jobs import split_name
from sync.lease import JobLease, LeaseLostError, take
from sync.ledger import REPLAY
from sync.parts import Parts
from sync.reread import Reread
from sync.runs import follow_up

LOG = logging.getLogger("yuhub.sync")


def replay(parts: Parts, job: str, slot: datetime, *, quarantined_only: bool = True) -> int:
    """Reads kept pages of a stream again, the oldest first; how many. Of a sender, papers given up are tried anew.

    What was derived from rows that are otherwise now follows; papers that are not out begin anew, and of those that are
    out a person is asked. Each page with what follows from it is one transaction, so that a replay that died in the
    middle is done again from the start and ends the same.

    REPLAY_NOTHING where there is nothing of the kind; LeaseLostError where somebody else runs the job.
    """
    code, stream = split_name(job)
    connector = parts.connectors.get(code)
    if connector and stream is None:
        return _try_anew(parts, job)
    if connector is None or stream not in connector.streams:
        raise HubError("REPLAY_NOTHING", what=job)
    now = parts.now()
    with parts.database.write() as connection:
        chosen = select(RawMessage.id).where(RawMessage.chain == raw.chain_name(code, stream))
        if quarantined_only:
            waiting = select(Quarantined.raw_id).where(Quarantined.resolved_at.is_(None))
            chosen = chosen.where(RawMessage.id.in_(waiting))
        kept = connection.scalars(chosen.order_by(RawMessage.seq)).all()
        if not kept:
            raise HubError("REPLAY_NOTHING", what=job)
        lease = take(connection, job, parts.new_run_id(), now, parts.lease)
        if lease is None:
            raise LeaseLostError(job)
        parts.under_way[lease.run_id] = lease
        ledger.open_run(connection, lease, REPLAY, slot, now)
    try:
        return _read_again(parts, connector, connector.streams[stream], lease, kept)
    finally:
        del parts.under_way[lease.run_id]


def _read_again(parts: Parts, connector: Connector, stream: Stream, lease: JobLease, kept: Sequence[str]) -> int:
    reread = Reread(parts, connector, stream, lease)
    try:
        reread.look_through(kept)
        for raw_id in kept:
            reread.read_again(raw_id)
        reread.complain()
    except LeaseLostError:
        raise
    except Exception as error:
        with parts.database.write() as connection:
            ledger.end_badly(connection, lease, parts.now(), ledger.describe(error, connector.mask), None)
        raise
    finally:
        follow_up(parts)
    with parts.database.write() as connection:
        ledger.end_well(connection, lease, parts.now(), None)
    LOG.info("%s: %d pages read again, %d rows taken back", lease.job, len(kept), reread.taken_back)
    return len(kept)


def _try_anew(parts: Parts, job: str) -> int:
    with parts.database.write() as connection:
        revived = revive(connection, split_name(job)[0], parts.now())
    if not revived:
        raise HubError("REPLAY_NOTHING", what=job)
    follow_up(parts)
    return revived
