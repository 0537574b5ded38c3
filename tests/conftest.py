"""Fixtures that every test may use: real databases and a whole world."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.databases import postgres_server
from tests.support.world import Street, World, a_world

for name in [name for name in os.environ if name.startswith("YUHUB_") and name != "YUHUB_CEB_XSD_DIR"]:
    del os.environ[name]  # a developer's own settings are not the tests'


@pytest.fixture(scope="session")
def new_postgres() -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases, on one server for the whole run."""
    with TemporaryDirectory(prefix="hub-postgres-") as folder, postgres_server(Path(folder)) as new_database:
        yield new_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database; the test runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'hub.db'}"
    new_database: Callable[[], str] = request.getfixturevalue("new_postgres")
    return new_database()


@pytest.fixture(scope="session")
def street() -> Iterator[Street]:
    """Five servers on loopback that live for the whole run; each test puts its own applications behind them."""
    with ExitStack() as stack:
        yield Street(stack)


@pytest.fixture
def world(street: Street, tmp_path: Path, database_url: str) -> Iterator[World]:
    """The authorities over HTTP, a hub and a clock, on both kinds of database."""
    with a_world(street, tmp_path, database_url) as made:
        yield made


@pytest.fixture
def small_world(street: Street, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite alone, where the database is not what is tested."""
    with a_world(street, tmp_path, f"sqlite:///{tmp_path / 'hub.db'}") as made:
        yield made
