"""An empty table of trades: all columns under both their names, and one example that is never entered."""

from __future__ import annotations

from pathlib import Path

from hub.entry.files.columns import COLUMNS
from hub.entry.files.writing import table
from hub.errors import FileKindWrong, FileUnwritable

ENDINGS = (".csv", ".xlsx")


def write_template(file: Path) -> None:
    """FileKindWrong where it is to be something else than a table, FileUnwritable where something is there already."""
    if file.suffix.lower() not in ENDINGS:
        raise FileKindWrong(file=str(file), named=file.suffix.lstrip(".").upper() or "?", found="CSV / XLSX")
    try:
        file.touch(exist_ok=False)
        empty = table(file)
        empty.row([column.title for column in COLUMNS.values()])
        empty.row([column.example for column in COLUMNS.values()])
        empty.close()
    except OSError as error:
        raise FileUnwritable(file=str(file), cause=error.strerror or str(error)) from None
