"""What was pushed: kept once however often it comes, and read soon, in whatever process the scheduler runs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, or_, select

from connectors.sdk.hook import PUSHED
from connectors.sdk.http import Page
from hub.model import Database, RawMessage, SyncJob
from sync import raw
from sync.jobs import job_name
from sync.services import Services

REST = timedelta(minutes=1)


def keep_push(database: Database, connector: str, stream: str, page: Page, *, news_only: bool) -> bool:
    """Keeps a pushed page in the chain of its stream, in one transaction; False where it was kept before.

    What is kept outlives a restart, so the same delivery is known whenever it comes again. `news_only`: it counts as
    known only while what was kept waits to be read.
    """
    chain = raw.chain_name(connector, stream)
    known = exists().where(RawMessage.chain == chain, RawMessage.part == page.part)
    with database.write() as connection:
        raw.await_turn(connection, chain)
        if connection.scalar(select(known.where(RawMessage.read_at.is_(None)) if news_only else known)):
            return False
        raw.keep(connection, chain, page, None, page.received_at)
    return True


def jobs_with_pushes(services: Services) -> list[str]:
    """Streams that have pushed pages to read, and that nobody has paused. A chain is named like its job.

    One that failed rests a while: whatever it stumbles over would be there again a second later.
    """
    jobs = sorted(
        {
            job_name(code, spec.stream)
            for code, one in services.connectors.items()
            for spec in one.manifest.hooks.values()
        }
    )
    unread = exists().where(
        RawMessage.chain == SyncJob.name, RawMessage.read_at.is_(None), RawMessage.part.startswith(PUSHED)
    )
    rested = or_(SyncJob.failures == 0, SyncJob.last_started_at < services.now() - REST)
    with services.database.read() as connection:
        waiting = select(SyncJob.name).where(SyncJob.name.in_(jobs), SyncJob.paused_at.is_(None), rested, unread)
        return list(connection.scalars(waiting.order_by(SyncJob.name)))
