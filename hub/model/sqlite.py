"""SQLite as the hub uses it: WAL, one writer at a time by turns, readers that cannot write."""

from __future__ import annotations

import threading
import time
from bisect import insort
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import ConnectionPoolEntry

from hub.errors import DatabaseBusy
from hub.private import private_file

POOL = 10
LET_PASS = 16
"""How many that come later go before one who works in the background."""
KNOWN_TO_BE_HELD = 1.0
"""Seconds after somebody has waited in vain in which others only look, and do not wait."""
LARGEST_WAL = 16 * 1024 * 1024
"""Bytes that the log keeps between checkpoints; a burst of writing makes it longer for a while."""
BRIEFLY = 200
"""Milliseconds that readers may hold up a checkpoint, and it the writers."""
WORKS_IN_BACKGROUND: ContextVar[bool] = ContextVar("works_in_background", default=False)


@contextmanager
def in_background() -> Iterator[None]:
    """Writers outside go first, as long as there are not too many."""
    token = WORKS_IN_BACKGROUND.set(True)
    try:
        yield
    finally:
        WORKS_IN_BACKGROUND.reset(token)


class Turns:
    """One at a time, in the order in which they came."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._tickets = count()
        self._queue: list[tuple[int, int]] = []
        self._taken = False

    @contextmanager
    def turn(self, seconds: float) -> Iterator[bool]:
        """Has the turn until the block ends; False where it did not come in time."""
        came = self._take(seconds)
        try:
            yield came
        finally:
            if came:
                with self._changed:
                    self._taken = False
                    self._changed.notify_all()

    def _take(self, seconds: float) -> bool:
        with self._changed:
            ticket = next(self._tickets)
            place = (ticket + LET_PASS * WORKS_IN_BACKGROUND.get(), ticket)
            insort(self._queue, place)
            try:
                came = self._changed.wait_for(lambda: not self._taken and self._queue[0] == place, seconds)
                self._taken = self._taken or came
            finally:
                self._queue.remove(place)
                self._changed.notify_all()
            return came


class Sqlite:
    """Opens engines on a file. A writer has one deadline: for its turn, the connection and the file's lock together."""

    def __init__(self, url: URL, busy_seconds: float) -> None:
        self.url = url
        self.busy_seconds = busy_seconds
        self._turns = Turns()
        self._mine = threading.local()
        self._held_until = 0.0
        self._file = None if str(url.database).startswith((":", "file:")) else Path(str(url.database))

    def open(self, *, read_only: bool) -> Engine:
        if self._file:
            private_file(self._file)
        options = {"timeout": self.busy_seconds}
        engine = create_engine(self.url, pool_size=POOL, pool_timeout=self.busy_seconds, connect_args=options)
        event.listen(engine, "connect", _prepare_reader if read_only else self._prepare_writer)
        event.listen(engine, "begin", _say("BEGIN") if read_only else self._begin_writing)
        return engine

    def check(self) -> None:
        """A file is there or not, as whoever opens it sees."""

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The turn to write. DatabaseBusy where it does not come in time."""
        began = time.monotonic()
        with self._turns.turn(self.busy_seconds) as came:
            if not came:
                raise DatabaseBusy(seconds=f"{self.busy_seconds:g}")
            is_held = time.monotonic() < self._held_until
            self._mine.ends = 0.0 if is_held else began + self.busy_seconds
            try:
                yield
            except DatabaseBusy:
                self._held_until = time.monotonic() + KNOWN_TO_BE_HELD
                raise

    def tidy(self, engine: Engine) -> None:
        """Brings what the log holds into the file and makes the log small, unless it is or somebody reads in it."""
        log = Path(f"{self._file}-wal")
        if not self._file or not log.exists() or log.stat().st_size <= LARGEST_WAL:
            return
        with self.turn(), engine.connect() as connection:
            driver: Any = connection.connection.driver_connection  # outside of any transaction
            driver.execute(f"PRAGMA busy_timeout={BRIEFLY}")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _left(self) -> int:
        """Milliseconds until this thread's deadline."""
        ends: float = self._mine.ends
        return max(0, round((ends - time.monotonic()) * 1000))

    def _prepare_writer(self, connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin transactions of its own
        connection.execute(f"PRAGMA busy_timeout={self._left()}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA journal_size_limit={LARGEST_WAL}")

    def _begin_writing(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={self._left()}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        self._held_until = 0.0


def _prepare_reader(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _say(statement: str) -> Callable[[Connection], None]:
    """A listener that says one statement when a transaction begins."""

    def listener(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return listener
