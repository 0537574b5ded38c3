"""Fixtures that every test may use: real databases and a whole world."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import make_url

from hub.model import Database
from hub.model.migrate import bring_up
from tests.support.databases import Postgres, postgres_server
from tests.support.thorough import pattern_of
from tests.support.world import Street, World, a_world

GENERATIONS = (10_000, 10, 10)
"""Thresholds of the garbage collector: a test makes many objects, and hardly a cycle among them."""

for name in [name for name in os.environ if name.startswith("YUHUB_") and name != "YUHUB_CEB_XSD_DIR"]:
    del os.environ[name]  # a developer's own settings are not the tests'

MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it are made by tempfile
ROOM = 4 * 2**30
"""Bytes. All workers together take a part of it."""

if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None  # a new database is twenty times as quick there


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if pattern_of(item.nodeid):
            item.add_marker("thorough")


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end; it need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GENERATIONS)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole run."""
    with TemporaryDirectory(prefix="hub-postgres-") as folder, postgres_server(Path(folder)) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; the test runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.lent() as address:
        yield address


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables in it; tests take copies."""
    file = tmp_path_factory.mktemp("migrated") / "hub.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> str:
    """The name of a PostgreSQL database with the tables in it; tests take copies."""
    address = postgres.new()
    _migrate(address)
    return str(make_url(address).database)


def _migrate(address: str) -> None:
    database = Database(address)
    bring_up(database)
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def hub_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the tables and nothing in them; the test runs on both kinds."""
    if request.param == "sqlite":
        yield _copy(request, tmp_path)
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.lent(request.getfixturevalue("migrated_postgres")) as address:
        yield address


@pytest.fixture
def small_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same on SQLite alone."""
    return _copy(request, tmp_path)


def _copy(request: pytest.FixtureRequest, folder: Path) -> str:
    shutil.copy(request.getfixturevalue("migrated_file"), folder / "hub.db")
    return f"sqlite:///{folder / 'hub.db'}"


@pytest.fixture(scope="session")
def street() -> Iterator[Street]:
    """Five servers on loopback that live for the whole run; each test puts its own applications behind them."""
    with ExitStack() as stack:
        yield Street(stack)


@pytest.fixture
def world(street: Street, tmp_path: Path, hub_url: str) -> Iterator[World]:
    """The authorities over HTTP, a hub and a clock, on both kinds of database."""
    with a_world(street, tmp_path, hub_url) as made:
        yield made


@pytest.fixture
def impatient_world(street: Street, tmp_path: Path, hub_url: str) -> Iterator[World]:
    """A world whose hub asks a person after few attempts, so that nobody has to play a day of them."""
    with a_world(street, tmp_path, hub_url, YUHUB_DELIVERY_ATTEMPTS="4") as made:
        yield made


@pytest.fixture
def small_world(street: Street, tmp_path: Path, small_url: str) -> Iterator[World]:
    """The same on SQLite alone, where the database is not what is tested."""
    with a_world(street, tmp_path, small_url) as made:
        yield made
