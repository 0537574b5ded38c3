"""PostgreSQL as the hub uses it: nobody waits for ever for a server that has fallen silent.

A server that hangs accepts connections and acknowledges packets, so no limit of TCP or of the server itself ends a
wait for it. Whoever waits here for long asks at the door; where nobody opens, all who wait end, and those who come
are refused at once, until somebody opens again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from typing import Any

import psycopg
from psycopg.errors import ConnectionTimeout
from psycopg.waiting import Ready
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.pool import ConnectionPoolEntry

from hub.errors import DatabaseUnavailable
from hub.model.database_faults import FAULT

POOL = 10
AT_THE_DOOR = 2
"""Seconds for a connection to be opened by a server that may hang; the least that libpq knows."""
QUIET = 2.0
"""Seconds without an answer after which one asks at the door, again and again."""
BETWEEN = 1.0
"""Seconds between two askings while the server is gone."""
PING = 3.0
"""Seconds that a connection from the pool has to show that it still leads somewhere."""
GRACE = 5.0
"""Seconds in which the server has to say that it ended a statement that took too long."""
OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""Of libpq; what an address says itself counts."""


class Pulse:
    """Whether the server answers. Only one at a time asks."""

    def __init__(self, knock: Callable[[], None]) -> None:
        self.gone = ""
        self._knock = knock
        self._asking = threading.Lock()
        self._next = 0.0

    def is_gone(self) -> bool:
        """Asks at the door, unless somebody does or has just done so."""
        if time.monotonic() >= self._next and self._asking.acquire(blocking=False):
            try:
                self._knock()
                self.gone = ""
            except psycopg.Error as error:
                self.gone = "" if "FATAL" in str(error) else str(error)  # it has said no, and so it is there
            finally:
                self._next = time.monotonic() + (BETWEEN if self.gone else QUIET)
                self._asking.release()
        return bool(self.gone)


class Watched(psycopg.Connection[Any]):
    """A connection that is given up where the server is gone, or `seconds` pass without an answer."""

    pulse: Pulse | None = None
    seconds: float | None = None

    def __del__(self, _: Any = None, /) -> None:
        """One that a thread still held when the hub was closed ends without a word."""
        line = getattr(self, "pgconn", None)
        if line is not None:
            line.finish()

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **options: Any) -> Any:
        return super().wait(self._watch(gen) if self.pulse else gen, *args, **options)

    def _watch(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        began, ready = time.monotonic(), None
        while True:
            try:
                wanted = gen.send(ready)
            except StopIteration as ended:
                return ended.value
            ready = yield wanted
            if ready == Ready.NONE:
                self._wonder(time.monotonic() - began)

    def _wonder(self, silent: float) -> None:
        limit = PING if self.autocommit else self.seconds  # only pings commit by themselves
        gone = self.pulse.gone if self.pulse else ""
        if not gone and self.pulse and silent > QUIET and self.pulse.is_gone():
            gone = self.pulse.gone
        if not gone and limit is not None and silent > limit:
            gone = f"no answer within {limit:g} s"
        if gone:
            self.pgconn.finish()
            raise psycopg.OperationalError(gone)


class Postgres:
    """Opens engines on a server. `statement_seconds` is how long a statement may take."""

    def __init__(self, url: URL, name: str, busy_seconds: float, statement_seconds: float) -> None:
        self.url = url
        self.name = name
        self.busy_seconds = busy_seconds
        self.statement_seconds = statement_seconds
        self.pulse = Pulse(self._knock)

    def open(self, *, read_only: bool) -> Engine:
        options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if read_only else {}
        engine = create_engine(
            self.url,
            pool_pre_ping=True,
            pool_size=POOL,
            pool_timeout=self.busy_seconds,
            connect_args={name: value for name, value in OPTIONS.items() if name not in self.url.query},
            **options,
        )
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "connect", self._limit)
        if read_only:
            event.listen(engine, "connect", _only_read)
        event.listen(engine, "begin", lambda connection: connection.info.pop(FAULT, None))
        event.listen(engine, "checkout", self._limit_again)
        return engine

    def check(self) -> None:
        """DatabaseUnavailable at once while the server is known to be gone."""
        if self.pulse.gone and self.pulse.is_gone():
            raise DatabaseUnavailable(database=self.name, cause=self.pulse.gone)

    def _knock(self) -> None:
        address = self.url.set(drivername="postgresql").update_query_dict({"connect_timeout": str(AT_THE_DOOR)})
        psycopg.connect(address.render_as_string(hide_password=False)).close()

    def _connect(self, _: Dialect, __: ConnectionPoolEntry, given: Any, named: Any) -> Watched:
        if self.pulse.gone:  # since this one began to look for a connection
            raise psycopg.OperationalError(self.pulse.gone)
        try:
            connection = Watched.connect(*given, **named)
        except ConnectionTimeout as error:
            self.pulse.gone = str(error)
            raise
        connection.pulse = self.pulse
        return connection

    def _limit(self, connection: Any, _: ConnectionPoolEntry) -> None:
        """The server ends a statement that takes too long, and a transaction whose process has died unnoticed."""
        milliseconds = round(self.statement_seconds * 1000)
        connection.autocommit = True
        connection.execute(f"SET statement_timeout={milliseconds}; SET idle_in_transaction_session_timeout='5min'")
        connection.autocommit = False

    def _limit_again(self, connection: Any, *_: object) -> None:
        connection.seconds = self.statement_seconds + GRACE


def _only_read(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.read_only = True  # the driver says so as it begins each transaction: no round trip of its own
