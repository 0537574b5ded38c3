"""Reads and writes, kept apart on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from hub.errors import DatabaseUnavailable
from hub.model import Database, SyncJob
from tests.support.databases import ON_POSTGRES

A_JOB = insert(SyncJob).values(name="customs.responses", connector="customs", every=60, promise=300)
HOW_MANY = select(func.count()).select_from(SyncJob)


@pytest.fixture
def database(hub_url: str) -> Iterator[Database]:
    opened = Database(hub_url)
    yield opened
    opened.close()


def test_nothing_is_written_by_who_only_reads(database: Database) -> None:
    for _ in range(2):  # the second time on a connection that was lent before
        with pytest.raises(DBAPIError, match=r"read-?only"), database.read() as connection:
            connection.execute(A_JOB)
    with database.read() as connection:
        assert connection.scalar(HOW_MANY) == 0


def test_a_read_is_one_moment_whatever_others_write_meanwhile(database: Database) -> None:
    with database.read() as connection:
        assert connection.scalar(HOW_MANY) == 0
        with database.write() as writer:
            writer.execute(A_JOB)
        assert connection.scalar(HOW_MANY) == 0
    with database.read() as connection:
        assert connection.scalar(HOW_MANY) == 1


def test_a_write_that_ends_badly_leaves_nothing(database: Database) -> None:
    def write_and_fail() -> None:
        with database.write() as connection:
            connection.execute(A_JOB)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_and_fail()
    with database.read() as connection:
        assert connection.scalar(HOW_MANY) == 0


@ON_POSTGRES
def test_a_server_that_was_restarted_is_found_again(database: Database) -> None:
    others = text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                  "WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
    with database.read() as connection:
        assert connection.scalar(HOW_MANY) == 0
    with database.write() as connection:
        assert connection.scalar(others) == 1
    with database.read() as connection:
        assert connection.scalar(HOW_MANY) == 0

    def read_meanwhile() -> None:
        with database.read() as connection:
            with database.write() as writer:
                writer.execute(others)
            connection.scalar(HOW_MANY)

    with pytest.raises(DatabaseUnavailable):  # in the middle it is an error, and one that says what to do
        read_meanwhile()
