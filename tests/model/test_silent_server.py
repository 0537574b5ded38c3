"""A PostgreSQL server that falls silent, or a connection that is cut: told as what it is, and got over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from sqlalchemy import insert, text

from hub.app import build
from hub.cli.serve import serving
from hub.errors import DatabaseConflict, DatabaseUnavailable
from hub.model import Database, SyncJob, postgres
from tests.support.databases import ON_POSTGRES
from tests.support.refusals import refuses
from tests.support.wire import Wire, wire_to
from tests.support.world import Clock, settings_for

A_JOB = insert(SyncJob).values(name="customs.receipts", connector="customs", every=60, promise=300)
ONE = text("SELECT 1")
END_THE_OTHERS = text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                      "WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip

pytestmark = [ON_POSTGRES, pytest.mark.timeout(120)]


@pytest.fixture
def wire(hub_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """A hub behind it that wonders sooner than others."""
    monkeypatch.setattr(postgres, "QUIET", 0.2)
    monkeypatch.setattr(postgres, "BETWEEN", 0.2)
    monkeypatch.setitem(postgres.OPTIONS, "connect_timeout", postgres.AT_THE_DOOR)
    with wire_to(hub_url) as made:
        yield made


@pytest.fixture
def database(wire: Wire) -> Iterator[Database]:
    opened = Database(wire.address)
    yield opened
    opened.close()


def ask(database: Database) -> None:
    with database.read() as connection:
        connection.execute(ONE)


def until_it_is_back(database: Database) -> None:
    for _ in range(100):
        try:
            return ask(database)
        except DatabaseUnavailable:
            threading.Event().wait(0.1)
    raise AssertionError("it did not come back")


def test_a_server_that_is_silent_from_the_start_is_not_waited_for(wire: Wire, database: Database) -> None:
    wire.hold_still()
    with pytest.raises(DatabaseUnavailable):
        ask(database)
    wire.let_go()
    until_it_is_back(database)


def test_a_server_that_falls_silent_in_the_middle_of_a_statement_is_given_up(wire: Wire, database: Database) -> None:
    """Of the reader, of the writer who commits, and of those who come with connections that were lent before."""

    def read() -> None:
        with database.read() as connection:
            connection.execute(ONE)
            ready.wait()
            connection.execute(ONE)

    def write() -> None:
        with database.write() as connection:
            connection.execute(A_JOB)
            ready.wait()

    ready = threading.Barrier(4, action=wire.hold_still)
    with ThreadPoolExecutor() as pool:
        for answer in [pool.submit(work) for work in (read, write, read, read)]:
            assert isinstance(answer.exception(timeout=60), DatabaseUnavailable)
        with pytest.raises(DatabaseUnavailable):
            ask(database)
    wire.let_go()
    until_it_is_back(database)


def at_a_statement(wire: Wire, database: Database) -> None:
    with database.read() as connection:
        wire.cut()
        connection.execute(ONE)


def at_a_statement_whose_error_is_swallowed(wire: Wire, database: Database) -> None:
    """As GraphQL does with each field."""
    with database.read() as connection:
        wire.cut()
        for _ in range(2):
            with pytest.raises(Exception, match=r"."):
                connection.execute(ONE)


def at_commit(wire: Wire, database: Database) -> None:
    with database.write() as connection:
        connection.execute(A_JOB)
        wire.cut()


def by_the_server(_: Wire, database: Database) -> None:
    with database.read() as connection:
        with database.write() as writer:
            writer.execute(END_THE_OTHERS)
        connection.execute(ONE)


CUTS = (at_a_statement, at_a_statement_whose_error_is_swallowed, at_commit, by_the_server)


@pytest.mark.parametrize("cut", CUTS)
def test_a_connection_that_is_cut_is_told_as_that(
    wire: Wire, database: Database, cut: Callable[[Wire, Database], None]
) -> None:
    ask(database)
    with pytest.raises(DatabaseUnavailable):
        cut(wire, database)
    ask(database)
    wire.cut()
    ask(database)  # one that was cut while it waited in the pool is replaced, and nobody is told


def test_who_fails_with_a_reason_of_his_own_as_the_connection_is_cut_is_told_that(
    wire: Wire, database: Database
) -> None:
    def at_rollback() -> None:
        with database.write() as connection:
            connection.execute(ONE)
            wire.cut()
            raise InterruptedError

    with pytest.raises((InterruptedError, DatabaseUnavailable)):
        at_rollback()
    ask(database)


def test_two_who_wait_for_each_other_and_who_waits_too_long_are_told(hub_url: str) -> None:
    database, impatient = Database(hub_url), Database(hub_url, statement_seconds=0.5)
    both = threading.Barrier(2)

    def lock(first: int, second: int) -> None:
        with database.write() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({first})"))
            both.wait()
            connection.execute(text(f"SELECT pg_advisory_xact_lock({second})"))

    with ThreadPoolExecutor() as pool:
        found = [one.exception() for one in [pool.submit(lock, 1, 2), pool.submit(lock, 2, 1)]]
    assert sorted(map(type, found), key=str) == sorted([DatabaseConflict, type(None)], key=str)
    with impatient.read() as connection:
        for _ in range(2):  # what is asked after it in the same snapshot has the same reason
            with refuses("STATEMENT_TOO_LONG", limit=0.5):
                connection.execute(text("SELECT pg_sleep(60)"))
    database.close()
    impatient.close()


def test_a_hub_whose_database_is_silent_lives_is_not_ready_says_why_and_recovers(wire: Wire, tmp_path: Path) -> None:
    hub = build(settings_for(tmp_path, wire.address, {}), now=Clock())
    query = {"query": "{ syncJobs { name } }"}
    with serving(hub, port=0) as address, ThreadPoolExecutor(20) as pool:
        assert requests.get(f"{address}/health/ready", timeout=30).status_code == 200
        wire.hold_still()
        key = {"Authorization": "Bearer yh_" + "x" * 43}
        asked = [
            pool.submit(requests.post, f"{address}/graphql", json=query, headers=key, timeout=60) for _ in range(20)
        ]
        for answer in asked:
            (error,) = answer.result().json()["errors"]
            assert (answer.result().status_code, error["extensions"]["code"]) == (503, "DATABASE_UNAVAILABLE")
        assert requests.get(f"{address}/health/live", timeout=30).json() == {"status": "ok"}
        first, again = (requests.get(f"{address}/health/ready", timeout=30) for _ in range(2))
        assert (first.status_code, first.json()["status"]) == (503, "not ready")
        said = first.json()["checks"]["database"]
        assert (said["ok"], said["code"]) == (False, "DATABASE_UNAVAILABLE")
        assert "127.0.0.1" not in first.text + asked[0].result().text, "where it is, is for the log"
        assert again.json()["checks"]["database"]["since"] == said["since"]
        assert first.json()["checks"]["schema"]["needs"] == "database"
        wire.let_go()
        until_it_is_back(hub.database)
        assert requests.get(f"{address}/health/ready", timeout=30).json()["checks"]["database"]["ok"] is True
    hub.close()
