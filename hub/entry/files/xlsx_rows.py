"""Rows of a sheet: what each cell shows, as a person would have typed it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache

from lxml import etree

from hub.entry.files.typed import Flaw, Row
from hub.entry.files.workbook import Sheet, Workbook, text_of

EXACT = Context(prec=15)
"""Spreadsheets keep 15 digits; what stands behind them is noise of binary fractions (0.1 + 0.2)."""
MOST_EXACT = Decimal(10) ** 15
PADDED = re.compile(r"0{2,}")
LETTERS = re.compile(r"[A-Z]{1,3}")
MOST_COLUMNS = 16_384
DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="[A-Z0-9$]+:\$?[A-Z]+\$?([0-9]{1,7})"')
LAST_DAY = 110_000
"""About the year 2200, in days."""


class XlsxRows:
    """The rows of one sheet that hold anything, the header first, with the numbers that the spreadsheet shows."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        book.read_strings()
        self._book, self._sheet = book, sheet
        self._formats = book.formats()
        self._first_day = datetime(1904, 1, 1) if book.is_from_1904() else datetime(1899, 12, 30)  # noqa: DTZ001
        self.passed = 0

    def height(self) -> int:
        """How many rows the sheet says that it has; 0 where it does not say."""
        found = DIMENSION.search(self._book.start(self._sheet.part))
        return int(found[1]) if found else 0

    def __iter__(self) -> Iterator[Row]:
        for element in self._book.elements(self._sheet.part, "row", "sheetData"):
            try:
                row = Row(int(element.get("r") or self.passed + 1), [])
                for cell in element.iterchildren("{*}c"):
                    self._read(cell, row)
            except ValueError:
                raise self._book.damaged() from None
            self.passed = row.number
            yield row

    def _read(self, cell: etree._Element, row: Row) -> None:
        reference = cell.get("r")
        place = column_of(str(reference)) if reference else len(row.cells)
        text, flaw = self._shown(cell) if len(cell) else ("", None)
        row.cells += [""] * (place + 1 - len(row.cells))
        row.cells[place] = text.strip()
        if flaw:
            row.flaws[place] = flaw

    def _shown(self, cell: etree._Element) -> tuple[str, Flaw | None]:
        parts = {str(part.tag).rpartition("}")[2]: part for part in cell}
        kind = cell.get("t", "n")
        if "f" in parts:
            formula = f"={parts['f'].text or '…'}"
            return formula, Flaw("FORMULA", {"value": formula[:40]})
        if kind == "inlineStr":
            return text_of(cell), None
        value = (parts["v"].text or "") if "v" in parts else ""
        if not value:
            return "", None
        if kind == "s":
            return self._book.string(int(value)), None
        if kind == "b":
            return ("TRUE" if value == "1" else "FALSE"), None
        if kind == "e":
            return value, Flaw("BAD_VALUE", {"cause": "sheet error", "value": value[:40]})
        return self._number(value, int(cell.get("s") or 0)) if kind == "n" else (value, None)

    def _number(self, value: str, style: int) -> tuple[str, Flaw | None]:
        if not value.isascii():  # digits of other scripts are said where they stand, not read
            return value, None
        try:
            number = EXACT.create_decimal(value)
        except InvalidOperation:
            return value, None
        if not number.is_finite() or abs(number) >= MOST_EXACT:
            return value, Flaw("DIGITS_LOST", {"value": value[:40]})
        shown = self._formats[style] if style < len(self._formats) else "General"
        if shown == "date" and 0 <= number < LAST_DAY:
            return self._day(Decimal(value)), None
        text = format(number.normalize(), "f")
        return text.zfill(len(shown)) if PADDED.fullmatch(shown) else text, None

    def _day(self, days: Decimal) -> str:
        moment = self._first_day + timedelta(seconds=round(days * 86_400))
        if days < 1:
            return moment.time().isoformat()
        return moment.date().isoformat() if moment.time().isoformat() == "00:00:00" else moment.isoformat()


def column_of(reference: str) -> int:
    """The place of a cell such as `C7`, counted from 0."""
    return _number_of(reference.rstrip("0123456789"))


@lru_cache(maxsize=1024)
def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if not LETTERS.fullmatch(letters) or number > MOST_COLUMNS:
        raise ValueError(letters)
    return number - 1
