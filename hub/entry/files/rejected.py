"""The trades of a file that were refused, in a file of their own that is mended and entered again."""

from __future__ import annotations

import csv
import filecmp
import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from hub.entry.files.columns import ERRORS
from hub.entry.files.header import Header
from hub.entry.files.ndjson import ERRORS as ERRORS_KEY
from hub.entry.files.ndjson import UNREAD
from hub.entry.files.told import Reason
from hub.entry.files.typed import Row, Typed

BETWEEN = " | "


class Rejected:
    """Writes refused trades beside their file: rows with the same columns, or lines of NDJSON.

    It is written under another name and gets its own when it is complete. What somebody may have mended already is
    never written over: a file with other content gets a number.
    """

    def __init__(self, file: Path, header: Header | None, separator: str) -> None:
        self.ending = ".rejected.ndjson" if header is None else ".rejected.csv"
        self.file = file
        self.trades = 0
        self._header, self._separator = header, separator
        self._part = file.with_name(f"{file.stem}{self.ending}.part")
        self._stream: IO[str] | None = None

    def add(self, typed: Typed, reasons: Sequence[Reason]) -> None:
        self.trades += 1
        if self._header is None:
            self._write(_line(typed, reasons) + "\n")
            return
        for index, row in enumerate(typed.rows):
            said = BETWEEN.join(str(reason) for reason in reasons if reason.row == index)
            self._row([said, *_cells(row, self._header.order)])

    def close(self) -> Path | None:
        """The finished file; None where nothing was refused."""
        if self._stream is None:
            self._part.unlink(missing_ok=True)  # of a run that was killed
            return None
        self._stream.close()
        self._stream = None
        number = 1
        while (target := self._target(number)).exists() and not filecmp.cmp(target, self._part, shallow=False):
            number += 1
        return self._part.replace(target)

    def _target(self, number: int) -> Path:
        again = f"-{number}" if number > 1 else ""
        head, _, tail = self.ending.rpartition(".")
        return self.file.with_name(f"{self.file.stem}{head}{again}.{tail}")

    def _write(self, text: str) -> None:
        if self._stream is None:
            # Excel takes a CSV file for UTF-8 only if it begins with a mark.
            encoding = "utf-8" if self._header is None else "utf-8-sig"
            self._stream = self._part.open("w", encoding=encoding, errors="backslashreplace", newline="")
            if self._header is not None:
                self._row([ERRORS, *self._header.names])
        self._stream.write(text)

    def _row(self, cells: Sequence[str]) -> None:
        if self._stream is None:
            self._write("")
        csv.writer(self._stream, delimiter=self._separator).writerow(cells)  # type: ignore[arg-type]


def _cells(row: Row, order: int) -> list[str]:
    """The cells as they stood. A row that has none to show stands as its text, in fewer cells than there are columns:

    so it stays unreadable, and with its order number, until somebody has mended it.
    """
    if not row.raw:
        return row.cells
    kept = row.cells[: order + 1]
    return [*kept, *[""] * (order + 1 - len(kept)), row.raw]


def _line(typed: Typed, reasons: Sequence[Reason]) -> str:
    errors = [dict(reason.problem) for reason in reasons]
    text = typed.text if typed.faults else json.dumps(typed.entry, ensure_ascii=False, default=str)
    trade = typed.entry if isinstance(typed.entry, dict) else {UNREAD: text}
    return json.dumps({**trade, ERRORS_KEY: errors}, ensure_ascii=False, default=str)
