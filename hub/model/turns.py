"""Taking turns where rows alone cannot be locked: what one reads decides what another may write."""

from __future__ import annotations

from sqlalchemy import Connection, func, select


def take_turn(connection: Connection, name: str) -> None:
    """Waits until nobody else has this turn, and keeps it until the transaction ends.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
