"""Migrations: an empty database is brought up by itself, an old one is refused until somebody migrates it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from hub.errors import HubError
from hub.model.database import Database
from hub.model.deadline import without_limit
from hub.model.turns import take_turn

FOLDER = Path(__file__).with_name("migrations")
REVISION = re.compile(r"\d{4}")


OURS = {"trade", "sync_job"}
"""Tables that a database of the hub has at any revision."""


def bring_up(database: Database) -> None:
    """Migrates an empty database; SCHEMA_OLD, SCHEMA_NEW or DATABASE_FOREIGN for one that is something else."""
    with database.read() as connection:
        empty = not inspect(connection).get_table_names()
    if empty:
        migrate(database)
    require_current(database)


def migrate(database: Database) -> str:
    """Brings an empty or an older database to the newest revision, which is returned."""
    with database.rebuild() as connection:
        take_turn(connection, "migrate")
        without_limit(connection)
        if inspect(connection).get_table_names():
            found = _revision(connection, database.name)
            if found > newest():
                raise HubError("SCHEMA_NEW", found=found, wanted=newest())
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return newest()


def found_at(database: Database) -> str | None:
    """The revision that the database is at; None where it is empty."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current(database: Database) -> str:
    """The revision of the database; SCHEMA_OLD, SCHEMA_NEW or DATABASE_FOREIGN where it is not the program's."""
    with database.read() as connection:
        found = _revision(connection, database.name)
    if found != newest():
        raise HubError("SCHEMA_NEW" if found > newest() else "SCHEMA_OLD", found=found, wanted=newest())
    return found


def _revision(connection: Connection, name: str) -> str:
    """Four digits; DATABASE_FOREIGN where the tables are none of the hub's."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        raise HubError("SCHEMA_OLD", found="0000", wanted=newest())
    found = MigrationContext.configure(connection).get_current_revision() if tables >= OURS else None
    if found is None or not REVISION.fullmatch(found):
        raise HubError("DATABASE_FOREIGN", database=name, found=found or ", ".join(sorted(tables)[:3]))
    return found


@cache
def newest() -> str:
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
