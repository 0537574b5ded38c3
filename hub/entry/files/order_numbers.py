"""Which order numbers a file had so far: on disk, because a file may have millions."""

from __future__ import annotations

import sqlite3


class Orders:
    """Order number → row of its first appearance. A private file of SQLite, gone when it is closed."""

    def __init__(self) -> None:
        self._met = sqlite3.connect("", isolation_level=None)
        self._met.execute("PRAGMA journal_mode=OFF")
        self._met.execute('CREATE TABLE met ("order" TEXT PRIMARY KEY, "row" INTEGER) WITHOUT ROWID')

    def first(self, order: str, row: int) -> int | None:
        """The row where this order number stood first; None where that is this row."""
        added = self._met.execute("INSERT OR IGNORE INTO met VALUES (?, ?)", (order, row))
        if added.rowcount:
            return None
        found: int = self._met.execute('SELECT "row" FROM met WHERE "order" = ?', (order,)).fetchone()[0]
        return found

    def close(self) -> None:
        self._met.close()
