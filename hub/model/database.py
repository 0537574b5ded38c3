"""One way to the database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from hub.errors import DatabaseBusy, DatabaseUnavailable, SettingsWrong


class Database:
    """Reads and writes, kept apart.

    SQLite: WAL; a writer begins IMMEDIATE and waits its turn behind one lock, because two writers that read the same
    state and then insert would both be right in their own eyes; readers get connections that cannot write.
    """

    def __init__(self, url: str, busy_seconds: float = 10) -> None:
        self.url = _parse(url)
        self.busy_seconds = busy_seconds
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turn = threading.RLock()
        self._writer = self._open(read_only=False)
        self._reader = self._open(read_only=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write; committed when the block ends well. Never hold it across a network call."""
        if not self.is_sqlite:
            with self._connect(self._writer) as connection, connection.begin():
                yield connection
            return
        with self._turn, self._connect(self._writer) as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot; writing in it is an error."""
        with self._connect(self._reader) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _connect(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise self._translate(error) from error

    def _translate(self, error: DBAPIError) -> Exception:
        """What the database itself is to blame for, as one of our errors; anything else as it is."""
        cause = (str(error.orig).strip().splitlines() or ["no reason given"])[0]
        if self.is_sqlite and "locked" in cause:
            return DatabaseBusy()
        lost = error.connection_invalidated or (error.statement is None and isinstance(error, OperationalError))
        if lost or "not a database" in cause or "unable to open" in cause:
            return DatabaseUnavailable(database=self._name(), cause=cause)
        return error

    def _name(self) -> str:
        return str(self.url.database) if self.is_sqlite else self.url.render_as_string(hide_password=True)

    def _open(self, *, read_only: bool) -> Engine:
        if not self.is_sqlite:
            options = {"isolation_level": "REPEATABLE READ"} if read_only else {}
            engine = create_engine(self.url, pool_pre_ping=True, pool_size=10, **options)
            if read_only:
                event.listen(engine, "connect", _only_read)
            return engine
        engine = create_engine(self.url, pool_size=10, connect_args={"timeout": self.busy_seconds})
        event.listen(engine, "connect", _prepare_reader if read_only else _prepare_writer)
        event.listen(engine, "begin", _say("BEGIN" if read_only else "BEGIN IMMEDIATE"))
        return engine


def _say(statement: str) -> Callable[[Connection], None]:
    """A listener that says one statement when a transaction begins."""

    def listener(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return listener


def _only_read(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.read_only = True  # the driver says so as it begins each transaction: no round trip of its own


def _prepare_writer(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver would begin transactions of its own
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _prepare_reader(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsWrong([("database_url", "not an address like postgresql://user@host/name")]) from None
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise SettingsWrong([("database_url", "only sqlite:///path and postgresql://… are known")])
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    return parsed.set(drivername="sqlite")
