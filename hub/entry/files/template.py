"""An empty table of trades: all columns under both their names, and one example that is never entered."""

from __future__ import annotations

from pathlib import Path

from hub.entry.files.columns import COLUMNS
from hub.entry.files.writing import table
from hub.private import unwritable

ENDINGS = (".csv", ".xlsx")


def write_template(file: Path) -> None:
    """Writes a file with one of these endings. FILE_UNWRITABLE, also where something is there already."""
    try:
        file.touch(exist_ok=False)
        empty = table(file)
        empty.row([column.title for column in COLUMNS.values()])
        empty.row([column.example for column in COLUMNS.values()])
        empty.close()
    except OSError as error:
        raise unwritable(file, error) from None
