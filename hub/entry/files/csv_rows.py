"""Rows of a CSV file. One that cannot be read is said and passed over; the next is read where the next line begins."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import takewhile

from hub.entry.files.header import known_columns
from hub.entry.files.typed import Flaw, Row

SEPARATORS = ",;\t"
TALLEST = 64
"""Lines that one row may have, by line breaks between quotes: a quote that is never closed must not swallow a file."""

SAYINGS = (
    ("unexpected end of data", "quote"),
    ("expected after", "quote"),
    ("field larger than", "line too long"),
)
"""What the library says → our cause."""


class CsvRows:
    """The rows, the header first, numbered by the line that they begin at.

    `width` is how many cells the header has: a row over several lines with another number is a quote left open.
    """

    def __init__(self, lines: Iterable[tuple[int, bytes | None]], encoding: str) -> None:
        self._lines = iter(lines)
        self._again: deque[tuple[int, bytes | None]] = deque()
        self.encoding = encoding
        self.separator = ","
        self.width = 0

    def header(self) -> Row | None:
        """The first row that has any cells; which separator there is follows from it."""
        while line := self._next():
            self._again.appendleft(line)
            first = self._text(line[1] or b"")
            if first.strip():
                self.separator = max(SEPARATORS, key=lambda one: known_columns(_split(first, one)))
            row = self._row()
            if row and not row.blank:
                self.width = len(row.cells)
                return row
        return None

    def __iter__(self) -> Iterator[Row]:
        while row := self._row():
            yield row

    def _row(self) -> Row | None:
        taken: list[tuple[int, bytes | None]] = []
        try:
            cells = next(csv.reader(self._feed(taken), delimiter=self.separator, strict=True), None)
            if cells is not None and len(taken) > 1 and self.width and len(cells) != self.width:
                raise csv.Error("unexpected end of data")
        except (csv.Error, UnicodeDecodeError, _TooLong) as error:
            self._again.extendleft(reversed(taken[1:]))
            return self._broken(*taken[0], _cause(error))
        return None if cells is None else Row(taken[0][0], [cell.strip() for cell in cells])

    def _feed(self, taken: list[tuple[int, bytes | None]]) -> Iterator[str]:
        while len(taken) < TALLEST and (line := self._next()):
            taken.append(line)
            if line[1] is None:
                raise _TooLong
            yield self._text(line[1], strict=True) + "\n"

    def _next(self) -> tuple[int, bytes | None] | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def _text(self, line: bytes, *, strict: bool = False) -> str:
        return line.decode(self.encoding, "strict" if strict else "replace").removeprefix("\ufeff")

    def _broken(self, number: int, line: bytes | None, cause: str) -> Row:
        """A row of which only the cells before its first quote are sure."""
        raw = self._text(line) if line is not None else "…"
        *before, _ = raw.partition('"')[0].split(self.separator)
        before = list(takewhile(lambda cell: "\ufffd" not in cell, before))
        flaw = Flaw("ROW_UNREADABLE", {"row": number, "cause": cause, "encoding": self.encoding})
        return Row(number, [cell.strip() for cell in before], broken=flaw, raw=raw)


class _TooLong(Exception):
    """A line longer than is held."""


def _cause(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "encoding"
    if isinstance(error, _TooLong):
        return "line too long"
    return next((cause for said, cause in SAYINGS if said in str(error)), "csv")


def _split(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return []
