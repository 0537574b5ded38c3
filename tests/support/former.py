"""A database as it was before papers belonged to subjects, filled with what a hub of now holds."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select, text

from hub.model import Base, Database
from hub.model.migrate import _config

RENAMED = ("document", "milestone", "touched")
"""Tables whose `subject_id` was called `trade_id`; where both are, `subject_id` was not there."""
NEW = {"paper_version": ("line_trades",)}
GONE = {"trade": ("digest",)}
"""Table → its columns that were not there, and that are there no more."""


def upgrade(database: Database, revision: str) -> None:
    with database.rebuild() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def fill_as_before_subjects(former: Database, filled: Database) -> None:
    """Brings an empty database to 0008 and copies everything into it that another of the newest revision holds."""
    upgrade(former, "0008")
    with filled.read() as source, former.rebuild() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # what refers to it may come first
        known = set(inspect(connection).get_table_names())
        for table in Base.metadata.sorted_tables:
            name = {"touched": "touched_trade"}.get(table.name, table.name)
            rows = [list(row) for row in source.execute(select(*_kept(table)))]
            if name in known and rows:
                names = ["trade_id" if column.name == "subject_id" else column.name for column in _kept(table)]
                columns = [Column(name, one.type) for name, one in zip(names, _kept(table), strict=True)]
                gone = [Column(one, String) for one in GONE.get(name, ())]
                before = Table(name, MetaData(), *columns, *gone)
                if connection.execute(select(before)).first():
                    continue  # the migrations put it there
                more = dict.fromkeys(GONE.get(name, ()), "")
                connection.execute(insert(before), [dict(zip(names, row, strict=True)) | more for row in rows])
                _go_on_numbering(connection, before)


def _kept(table: Table) -> list[Column[object]]:
    new = NEW.get(table.name, () if table.name in RENAMED else ("subject_id",))
    return [one for one in table.columns if one.name not in new]


def _go_on_numbering(connection: Connection, table: Table) -> None:
    """PostgreSQL would begin with 1 again, as it gave none of these ids itself."""
    if connection.dialect.name == "postgresql" and "id" in table.c and table.c.id.type.python_type is int:
        series = f"setval(pg_get_serial_sequence('{table.name}', 'id'), max(id))"
        connection.execute(text(f"SELECT {series} FROM {table.name}"))  # noqa: S608 - the names are the model's
