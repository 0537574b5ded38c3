"""One way to the database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from hub.errors import DiskFull, SettingsWrong
from hub.model.deadline import Deadline, hold_to, limit_statements
from hub.model.faults import Blame
from hub.model.postgres import Postgres
from hub.model.sqlite import Sqlite

FULL_FOR = 60.0
"""Seconds for which a full disk is remembered: whoever is sent no more writes finds out by no other way."""


class Database:
    """Reads and writes, kept apart.

    SQLite: WAL; a writer begins IMMEDIATE and waits its turn behind one lock, because two writers that read the same
    state and then insert would both be right in their own eyes; readers get connections that cannot write.

    `busy_seconds` is all that a writer waits for SQLite, and anybody for a connection; `statement_seconds` is how long
    one statement may run.
    """

    def __init__(self, url: str, busy_seconds: float = 10, statement_seconds: float = 60) -> None:
        self.url = _parse(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.statement_seconds = statement_seconds
        self.blame = Blame(self.url, busy_seconds)
        self.name = self.blame.name
        self._sqlite = Sqlite(self.url, busy_seconds) if self.is_sqlite else None
        self._kind = self._sqlite or Postgres(self.url, self.name, busy_seconds, statement_seconds)
        self._deadline: Deadline | None = None
        self._full: dict[float, DiskFull] = {}
        """The error of the last write, by when it was, where there was no room."""
        self._writer = self._open(read_only=False)
        self._reader = self._open(read_only=True)

    def within(self, deadline: Deadline) -> Database:
        """The same database; what is read and written through it ends by the deadline with QUERY_TOO_LONG."""
        bounded = copy(self)
        bounded._deadline = deadline
        return bounded

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write; committed when the block ends well. Never hold it across a network call."""
        turn = self._sqlite.turn() if self._sqlite else nullcontext()
        with turn, self._remembering_a_full_disk(), self._connect(self._writer) as connection, connection.begin():
            yield connection
        if self._deadline:
            self._deadline.on_stored()

    @contextmanager
    def rebuild(self) -> Iterator[Connection]:
        """The same for migrations: SQLite makes tables anew, and is not to look at what refers to them meanwhile."""
        turn = self._sqlite.turn() if self._sqlite else nullcontext()
        with turn, self._remembering_a_full_disk(), self._connect(self._writer) as connection:
            driver: Any = connection.connection.driver_connection
            if self._sqlite:
                driver.execute("PRAGMA foreign_keys=OFF")  # nothing happens within a transaction
            try:
                with connection.begin():
                    yield connection
                    if self._sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                        raise RuntimeError(f"a migration left rows that refer to nothing: {lost}")
            finally:
                if self._sqlite:
                    driver.execute("PRAGMA foreign_keys=ON")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot; writing in it is an error."""
        with self._connect(self._reader, read_only=True) as connection, connection.begin():
            yield connection

    def check(self) -> None:
        """DiskFull where the last write found no room, wherever the database is, and not long ago."""
        for at, error in [*self._full.items()]:
            if time.monotonic() - at < FULL_FOR:
                raise error

    def tidy(self) -> None:
        """What the database wants done now and then."""
        if self._sqlite:
            self._sqlite.tidy(self._writer)

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _remembering_a_full_disk(self) -> Iterator[None]:
        try:
            yield
        except DiskFull as error:
            self._full.clear()
            self._full[time.monotonic()] = error
            raise
        self._full.clear()

    @contextmanager
    def _connect(self, engine: Engine, *, read_only: bool = False) -> Iterator[Connection]:
        self._kind.check()
        connection = None
        try:
            with engine.connect() as connection:
                hold_to(connection, self._deadline)
                yield connection
        except (SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
            lost = connection is not None and connection.invalidated
            fault = self.blame.fault(error, lost=lost, read_only=read_only)
            if fault is None:
                raise
            raise fault from error

    def _open(self, *, read_only: bool) -> Engine:
        engine = self._kind.open(read_only=read_only)
        limit_statements(engine, self.statement_seconds)
        event.listen(engine, "handle_error", self.blame.listener(read_only=read_only))
        return engine


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsWrong([("database_url", "not an address like postgresql://user@host/name")]) from None
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise SettingsWrong([("database_url", "only sqlite:///path and postgresql://… are known")])
    return parsed.set(drivername="sqlite")
