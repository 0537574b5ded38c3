"""What is done by a name: `customs.responses`, `customs.send`, `hub.advance`. Whoever has the name can have it done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from sqlalchemy import select, update

from connectors.sdk.inside.masking import Mask
from hub.consolidations.course import close_due
from hub.errors import HubError
from hub.model import SyncJob
from hub.model.operation import OWN
from hub.money.remittances import anything_open, match_remittances
from hub.progress.advance import advance_touched, anything_touched, touch_waiting
from sync import run_ledger
from sync.commands import carry_out, obey_commands
from sync.engine import HOST, ORDER, PUSHED, RUN, Engine
from sync.jobs import ADVANCE, HOUSEKEEPING, NOTICES, OBEY, PUSHES, VERIFY, jobs_to_try_again, split_name
from sync.merge import link_late
from sync.notify import Notifier
from sync.pushed import jobs_with_pushes
from sync.runs import run_job
from sync.services import Services
from sync.verifying import OWN_PARTS, verify

BEFORE_TRYING_AGAIN = timedelta(minutes=5)


class Work:
    """All that an engine may be told to do. `ending`: nothing new is begun within what is being done."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.ending = False

    def __call__(self, engine: Engine, job: str, task: str = RUN, **given: Any) -> str | None:
        """Does it, and asks `engine` for what comes next; of a run, what became of it."""
        tasks: Mapping[str, Callable[..., str | None]] = {
            RUN: self._run,
            PUSHED: lambda _, job: run_job(self.services, job, self.services.now(), pushed=True),
            ORDER: lambda engine, _, command: carry_out(self.services, command, partial(self._run, engine)),
            HOST: lambda _engine, _job, host: self.notifier.serve(host, lambda: self.ending),
        }
        try:
            return tasks[task](engine, job, **given)
        finally:
            if split_name(job)[0] != OWN:
                engine.submit(ADVANCE)

    @cached_property
    def notifier(self) -> Notifier:
        return Notifier(self.services)

    def _run(self, engine: Engine, job: str, slot: str = "") -> str:
        if split_name(job)[0] != OWN:
            return run_job(self.services, job, datetime.fromisoformat(slot) if slot else self.services.now())
        own: Mapping[str, Callable[[], object]] = {
            ADVANCE: lambda: follow_up(self.services),
            NOTICES: lambda: [engine.submit(NOTICES, HOST, host=host) for host in self.notifier.due()],
            OBEY: lambda: obey_commands(self.services, engine),
            PUSHES: lambda: [engine.submit(job, PUSHED) for job in jobs_with_pushes(self.services)],
            HOUSEKEEPING: lambda: keep_house(self.services, engine),
            VERIFY: lambda: [*verify(self.services, OWN_PARTS)],
        }
        return run_own(self.services, job, own[job])


def run_own(services: Services, job: str, do: Callable[[], object]) -> str:
    """Does one of the hub's own jobs; `ok`, or `skipped` where it is paused. It raises what went wrong.

    It has no lease, for two processes may do it at once, and no ledger: it comes every few seconds. Its row says when
    it last went well, to a quarter of what is promised, and what ails it.
    """
    began, this = services.now(), SyncJob.name == job
    with services.database.read() as connection:
        row = connection.execute(select(SyncJob.__table__).where(this)).one_or_none()
    if row is None or row.paused_at is not None:
        return "skipped"
    columns: dict[str, Any] = {"last_started_at": began, "failures": 0, "error_code": None, "error": None}
    try:
        do()
    except Exception as error:
        said = (
            (error.code, error.words("en"))
            if isinstance(error, HubError)
            else run_ledger.describe_error(error, Mask(()))
        )
        columns |= {"failures": row.failures + 1, "error_code": said[0], "error": said[1]}
        raise
    else:
        columns["last_success_at"] = services.now()
    finally:
        known = row.last_success_at and (began - row.last_success_at).total_seconds() < row.promise / 4
        if columns["failures"] or row.failures or not known:
            with services.database.write() as connection:
                connection.execute(update(SyncJob).where(this).values(columns))
    return "ok"


def follow_up(services: Services) -> None:
    """What comes after anything that was heard: remittances find their trades, touched trades move on."""
    with services.database.read() as connection:
        if not (anything_open(connection) or anything_touched(connection)):
            return
    with services.database.write() as connection:
        match_remittances(connection, services.now())
    advance_touched(services.database, services.desk)


def keep_house(services: Services, engine: Engine) -> None:
    """What nobody asks for: dead runs are closed, failed ones tried again, rows tied late, trades that wait touched,
    consolidations closed whose time has come.
    """
    now, this = services.now(), SyncJob.name == HOUSEKEEPING
    with services.database.read() as connection:
        again = jobs_to_try_again(connection, now, BEFORE_TRYING_AGAIN / services.pace)
        behind = int(connection.scalar(select(SyncJob.cursor).where(this)) or 0)
    for job in again:
        engine.submit(job, slot=now.isoformat())
    link_late(services.database)
    last = touch_waiting(services.database, behind)
    with services.database.write() as connection:
        run_ledger.close_abandoned(connection, now)
        close_due(connection, now)
        connection.execute(update(SyncJob).where(this).values(cursor=str(last)))
    engine.submit(ADVANCE)
    services.database.tidy()
