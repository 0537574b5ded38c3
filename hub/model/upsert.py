"""Inserts that meet what is there already, on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from hub.model.base import Base


def insert_into(connection: Connection, table: type[Base]) -> Any:
    """An INSERT of the connection's dialect, which knows ON CONFLICT."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table.__table__)


def insert_new(connection: Connection, table: type[Base]) -> Any:
    """An INSERT that leaves rows alone that are there already."""
    return insert_into(connection, table).on_conflict_do_nothing()
