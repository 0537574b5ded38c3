"""The local engine: threads of this process do the jobs.

Each connector has its own, so a stuck one stops no other; so has each of the hub's own jobs.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait

from hub.model.operation import OWN
from hub.model.sqlite import in_background
from sync.engine import RUN
from sync.jobs import NOTICES, split_name
from sync.run_ledger import close_left
from sync.services import Services
from sync.work import Work

LOG = logging.getLogger("yuhub.sync")
THREADS_PER_CONNECTOR = 2
THREADS = {NOTICES: 4}
"""Of the hub's own jobs, where it is not one."""


class ThreadEngine:
    """An `Engine`. What is waiting or running is not taken on twice."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.work = Work(services)
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._given: dict[str, Future[object]] = {}
        self._lock = threading.Lock()
        self._open = True

    def submit(self, job: str, task: str = RUN, **given: str | int) -> bool:
        name = " ".join(filter(None, (job, task if task != RUN else "", str(given.get("host", "")))))
        with self._lock:
            if not self._open or name in self._given:
                return False
            self._given[name] = self._pool(job).submit(self._run, name, job, task, given)
            return True

    def close(self, seconds: float | None = None) -> list[str]:
        """Runs that are still under way in the end are closed in the ledger and their leases given back."""
        self.work.ending = True
        with self._lock:
            self._open = False
            pools = list(self._pools.values())
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            running = {future: name for name, future in self._given.items() if not future.cancelled()}
        _, left = wait(running, seconds)
        if leases := [*self.services.under_way.values()]:
            with self.services.database.write() as connection:
                close_left(connection, leases, self.services.now())
        return sorted(running[future] for future in left)

    def _pool(self, job: str) -> ThreadPoolExecutor:
        connector = split_name(job)[0]
        name, threads = (job, THREADS.get(job, 1)) if connector == OWN else (connector, THREADS_PER_CONNECTOR)
        if name not in self._pools:
            self._pools[name] = ThreadPoolExecutor(threads, thread_name_prefix=name)
        return self._pools[name]

    def _run(self, name: str, job: str, task: str, given: dict[str, str | int]) -> None:
        try:
            with in_background():
                self.work(self, job, task, **given)
        except Exception:
            LOG.exception("%s broke", name)
            raise
        finally:
            with self._lock:
                del self._given[name]
