"""A database that is not this program's: refused in one sentence, by everything that opens it, and left as it is."""

from __future__ import annotations

from contextlib import closing

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text

from hub.errors import HubError
from hub.model import Database
from hub.model.migrate import FOLDER, bring_up, migrate


def change(url: str, *statements: str) -> None:
    engine = create_engine(make_url(url).set(drivername=Database(url).url.drivername))
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def refusals(url: str) -> list[str | None]:
    """Of a start, and of `yuhub migrate`."""
    found: list[str | None] = []
    for open_it in (bring_up, migrate):
        with closing(Database(url)) as database:
            try:
                open_it(database)
                found.append(None)
            except HubError as error:
                found.append(error.code)
    return found


def test_a_newer_one_is_refused(hub_url: str) -> None:
    change(hub_url, "UPDATE alembic_version SET version_num = '9999'")
    assert refusals(hub_url) == ["SCHEMA_NEW", "SCHEMA_NEW"]


def test_an_older_one_is_refused_until_it_is_migrated(database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with closing(Database(database_url)) as database, database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    assert refusals(database_url) == ["SCHEMA_OLD", None]
    assert refusals(database_url) == [None, None]


@pytest.mark.parametrize("version", [None, "1975ea83b712", "0001"])
def test_one_of_another_program_is_refused_and_nothing_is_put_into_it(database_url: str, version: str | None) -> None:
    change(database_url, "CREATE TABLE customers (id INTEGER)")
    if version:
        change(database_url, "CREATE TABLE alembic_version (version_num VARCHAR(32))")
        change(database_url, f"INSERT INTO alembic_version VALUES ('{version}')")  # noqa: S608
    assert refusals(database_url) == ["DATABASE_FOREIGN", "DATABASE_FOREIGN"]
    with pytest.raises(Exception, match="trade"):
        change(database_url, "SELECT * FROM trade")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_empty_one_in_which_nothing_may_be_made_is_refused(database_url: str) -> None:
    name = f"guest_of_{make_url(database_url).database}"
    change(
        database_url,
        f"CREATE ROLE {name} LOGIN",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {name}",
    )
    guest = make_url(database_url).set(username=name).render_as_string(hide_password=False)
    assert refusals(guest) == ["DATABASE_UNAVAILABLE", "DATABASE_UNAVAILABLE"]
