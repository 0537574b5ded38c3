"""The local engine: threads of this process run the jobs. Each connector has its own, so a stuck one stops no other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime

from hub.model.sqlite import in_background
from sync.jobs import split_name
from sync.ledger import close_left
from sync.parts import Parts
from sync.runs import read_pushed, run_job

LOG = logging.getLogger("yuhub.sync")
THREADS_PER_CONNECTOR = 2
OWN = "the hub"
"""Its threads are shared with no connector: none can be called so."""


class LocalEngine:
    """Runs what the scheduler enqueues. A job that is waiting or running is not enqueued twice."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._given: dict[str, Future[object]] = {}
        self._lock = threading.Lock()
        self._open = True

    def enqueue(self, job: str, slot: datetime) -> Future[object] | None:
        return self.enqueue_order(job, lambda: run_job(self.parts, job, slot))

    def enqueue_order(self, job: str, call: Callable[[], object]) -> Future[object] | None:
        """Something else that is to be done with a job, in its place."""
        return self._submit(split_name(job)[0], job, call)

    def enqueue_pushed(self, job: str, slot: datetime) -> Future[object] | None:
        """Has what was pushed for a stream read."""
        return self._submit(split_name(job)[0], f"{job} pushed", lambda: read_pushed(self.parts, job, slot))

    def enqueue_call(self, name: str, call: Callable[[], object]) -> Future[object] | None:
        """Something of the hub's own, such as advancing trades."""
        return self._submit(OWN, name, call)

    def close(self, seconds: float | None = None) -> list[str]:
        """Takes nothing more and waits for what runs, so many seconds or for as long as it takes.

        Runs that are still under way then are closed in the ledger and their leases given back; the names of what is
        left in its thread.
        """
        with self._lock:
            self._open = False
            pools = list(self._pools.values())
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            running = {future: name for name, future in self._given.items() if not future.cancelled()}
        _, left = wait(running, seconds)
        if leases := [*self.parts.under_way.values()]:
            with self.parts.database.write() as connection:
                close_left(connection, leases, self.parts.now())
        return sorted(running[future] for future in left)

    def _submit(self, pool: str, name: str, call: Callable[[], object]) -> Future[object] | None:
        with self._lock:
            if not self._open or name in self._given:
                return None
            if pool not in self._pools:
                self._pools[pool] = ThreadPoolExecutor(THREADS_PER_CONNECTOR, thread_name_prefix=pool)
            self._given[name] = self._pools[pool].submit(self._run, name, call)
            return self._given[name]

    def _run(self, name: str, call: Callable[[], object]) -> object:
        try:
            with in_background():
                return call()
        except Exception:
            LOG.exception("%s broke", name)
            raise
        finally:
            with self._lock:
                del self._given[name]
