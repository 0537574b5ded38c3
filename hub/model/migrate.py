"""Migrations: an empty database is brought up by itself, an old one is refused until somebody migrates it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from hub.errors import SchemaOld
from hub.model.database import Database

FOLDER = Path(__file__).with_name("migrations")


def bring_up(database: Database) -> None:
    """Migrates an empty database; SchemaOld for one that is behind."""
    with database.read() as connection:
        empty = not inspect(connection).get_table_names()
    if empty:
        migrate(database)
    require_current(database)


def migrate(database: Database) -> str:
    """Brings the database to the newest revision, which is returned."""
    with database.write() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return newest()


def require_current(database: Database) -> str:
    """The revision of the database; SchemaOld where it is another than the program's."""
    with database.read() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != newest():
        raise SchemaOld(found=found or "none", wanted=newest())
    return found


@cache
def newest() -> str:
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
