"""When jobs run. One elected process holds the clock; it only enqueues, the engine runs."""

from __future__ import annotations

import logging
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import or_, select, update

from hub.model import Lease, SyncJob
from hub.model.upsert import insert_new
from sync.engine import Engine
from sync.services import Services

LOG = logging.getLogger("yuhub.scheduler")
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a slot that falls while its job still runs is no news
LEASE = timedelta(seconds=20)
SAME_PACE = 0.001  # seconds; the clock keeps whole microseconds


class _Clock(BackgroundScheduler):  # type: ignore[misc]
    """APScheduler's, in a thread that can be asked about."""

    def is_ticking(self) -> bool:
        return bool(self._thread and self._thread.is_alive())


class Scheduler:
    """Elected by a lease row; a standby waits. Jobs come from the job table, so a change there takes effect at once."""

    def __init__(self, services: Services, engine: Engine, ticks: Callable[[], float] = time.monotonic) -> None:
        self.services = services
        self.engine = engine
        self.lease = min(LEASE, services.lease)
        self.holder = f"{socket.gethostname()}/{uuid.uuid4().hex[:8]}"
        self.elected = False
        self.ticks = ticks
        self.stopping = threading.Event()
        self._last_election = ticks()
        self._elector = threading.Thread(target=self._keep_electing, name="elect", daemon=True)
        self._clock = _Clock(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60},
        )
        self._clock.add_listener(self._noticed, EVENT_JOB_ERROR | EVENT_JOB_MISSED)

    def start(self) -> None:
        self._clock.start()
        self._elector.start()

    def stop(self) -> None:
        """Enqueues nothing more and lets another be elected; an election under way is waited for."""
        self.stopping.set()
        self._clock.shutdown(wait=True)  # holds a lock that elections want: they are on no thread that it waits for
        self._elector.join()
        if self.elected:
            with self.services.database.write() as connection:
                connection.execute(
                    update(Lease)
                    .where(Lease.name == "scheduler", Lease.holder == self.holder)
                    .values(until=self.services.now())
                )

    def ails(self) -> str | None:
        """Why jobs may not come, as a cause of `hub.errors.terms`; None where all is well."""
        if not self._elector.is_alive():
            return "no elections"
        if not self._clock.is_ticking():
            return "no ticks"
        if self.ticks() - self._last_election > self.lease.total_seconds():
            return "no lease"
        return None

    def _keep_electing(self) -> None:
        while not self.stopping.is_set():
            try:
                self._elect()
                self._last_election = self.ticks()
            except Exception as error:  # noqa: BLE001 - whatever the database does, it is asked again
                LOG.error("no election: %s", error)  # noqa: TRY400 - it comes every few seconds while it lasts
            self.stopping.wait(self.lease.total_seconds() / 4)

    def _elect(self) -> None:
        """Takes or prolongs the lease. Who loses it stops enqueuing at once."""
        now = self.services.now()
        with self.services.database.write() as connection:
            connection.execute(
                insert_new(connection, Lease).values(name="scheduler", holder=self.holder, token=1, until=now)
            )
            elected = connection.execute(
                update(Lease)
                .where(Lease.name == "scheduler", or_(Lease.holder == self.holder, Lease.until <= now))
                .values(holder=self.holder, until=now + self.lease, token=Lease.token + 1)
            )
        was, self.elected = self.elected, elected.rowcount == 1
        if self.elected and not was:
            LOG.info("%s is the scheduler now", self.holder)
        if was and not self.elected:
            LOG.warning("%s is no longer the scheduler", self.holder)
            self._clock.remove_all_jobs()
        if self.elected:
            self._follow_jobs()

    def _follow_jobs(self) -> None:
        """One trigger for each job row, as often as the row says."""
        with self.services.database.read() as connection:
            jobs = connection.execute(select(SyncJob.name, SyncJob.every)).all()
        for job in jobs:
            known = self._clock.get_job(job.name)
            if known is None or abs(known.trigger.interval_length - job.every) > SAME_PACE:
                when = {"seconds": job.every, "next_run_time": datetime.now(UTC)}
                self._clock.add_job(self._submit, "interval", [job.name], id=job.name, replace_existing=True, **when)

    def _submit(self, job: str) -> None:
        self.engine.submit(job, slot=self.services.now().isoformat())

    def _noticed(self, event: JobExecutionEvent) -> None:
        LOG.error("%s: %s", event.job_id, event.exception or "missed its time")
