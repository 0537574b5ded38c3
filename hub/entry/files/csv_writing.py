"""Tables written row by row: as CSV that Excel takes for UTF-8, or as a sheet in which every cell is text."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import PatternFill

from hub.entry.files.formulas import guarded

WIDE, USUAL = 60, 18
"""Widths of a column of reasons and of any other, in characters."""
RED = PatternFill("solid", fgColor="FFFFC7CE")


class Table(Protocol):
    """A file of rows. `marked` are the places of cells that somebody should look at."""

    def row(self, cells: Sequence[str], marked: Collection[int] = ()) -> None: ...

    def close(self) -> None: ...


class CsvTable:
    def __init__(self, file: Path, separator: str = ",") -> None:
        # Excel takes a CSV file for UTF-8 only if it begins with a mark; half a surrogate pair has no UTF-8.
        self._stream = file.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="")
        self._rows = csv.writer(self._stream, delimiter=separator)

    def row(self, cells: Sequence[str], marked: Collection[int] = ()) -> None:
        self._rows.writerow([guarded(cell) for cell in cells])

    def close(self) -> None:
        self._stream.close()


class XlsxTable:
    """Rows go to disk as they come. Cells are formatted as text, so that no spreadsheet shortens a long number."""

    def __init__(self, file: Path, *, reasons: bool = False) -> None:
        file.touch()  # whether it may be written is known before the last row
        self._file = file
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("trades")
        self._sheet.freeze_panes = "A2"
        self._sheet.sheet_format.defaultColWidth = USUAL
        if reasons:
            self._sheet.column_dimensions["A"].width = WIDE

    def row(self, cells: Sequence[str], marked: Collection[int] = ()) -> None:
        written = []
        for place, text in enumerate(cells):
            cell = WriteOnlyCell(self._sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))
            cell.data_type, cell.number_format = "s", "@"
            if place in marked:
                cell.fill = RED
            written.append(cell)
        self._sheet.append(written)

    def close(self) -> None:
        self._book.save(self._file)


def csv_table(file: Path, separator: str = ",", *, reasons: bool = False) -> Table:
    """The kind of table that the name of the file asks for."""
    return XlsxTable(file, reasons=reasons) if file.suffix.lower() == ".xlsx" else CsvTable(file, separator)
