"""The trades of a file that were refused, in a file of their own that is mended and entered again."""

from __future__ import annotations

import filecmp
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol
from zipfile import BadZipFile, ZipFile

from connectors.sdk.inside.shown import shown_json
from hub.entry.files.columns import ERRORS
from hub.entry.files.csv_writing import Table, csv_table
from hub.entry.files.file_kinds import FileKind
from hub.entry.files.header import TableHeader
from hub.entry.files.ndjson import ERRORS as ERRORS_KEY
from hub.entry.files.ndjson import UNREAD
from hub.entry.files.opening import TradeFile
from hub.entry.files.problem_words import Reason
from hub.entry.files.typed import Row, TypedTrade
from hub.private import unwritable

BETWEEN = " | "
ENDINGS = {FileKind.CSV: ".csv", FileKind.XLSX: ".xlsx"}
SHEET = "xl/worksheets/sheet1.xml"


class Writer(Protocol):
    """Writes one refused trade after the other."""

    def add(self, typed: TypedTrade, reasons: Sequence[Reason]) -> None: ...

    def close(self) -> None: ...


class Rejected:
    """Refused trades beside their file, as it is: rows with the same columns, or lines of NDJSON.

    They are written under another name and get their own when they are complete. What somebody may have mended already
    is never written over: a file with other content gets a number. Each method raises FILE_UNWRITABLE,
    or DiskFull where there is no room.
    """

    def __init__(self, file: Path, opened: TradeFile) -> None:
        self._opened = opened
        self._ending = ENDINGS.get(opened.kind, ".ndjson")
        self._stem = file.with_name(f"{file.stem}.rejected")
        self._part = file.with_name(f"{file.stem}.rejected.part{self._ending}")
        self._writer: Writer | None = None

    def add(self, typed: TypedTrade, reasons: Sequence[Reason]) -> None:
        try:
            if self._writer is None:
                self._writer = self._open()
            self._writer.add(typed, reasons)
        except OSError as error:
            raise unwritable(self._part, error) from None

    def close(self) -> Path | None:
        """The finished file; None where nothing was refused."""
        try:
            if self._writer is None:
                self._part.unlink(missing_ok=True)  # of a run that was killed
                return None
            self._writer.close()
            number = 1
            while (target := self._target(number)).exists() and not _same(target, self._part):
                number += 1
            return self._part.replace(target)
        except OSError as error:
            raise unwritable(self._part, error) from None

    def discard(self) -> None:
        """Leaves nothing behind: the run was broken off, and the next one writes all of it."""
        if self._writer is not None:
            with suppress(OSError):
                self._writer.close()
                self._part.unlink()

    def _open(self) -> Writer:
        header = self._opened.header
        if header is None:
            return _Lines(self._part)
        return _Rows(csv_table(self._part, self._opened.separator, reasons=True), header)

    def _target(self, number: int) -> Path:
        return self._stem.with_name(f"{self._stem.name}{f'-{number}' if number > 1 else ''}{self._ending}")


class _Rows:
    """Each row with its reasons before it. In a sheet the cells that are wrong are red."""

    def __init__(self, rows: Table, header: TableHeader) -> None:
        self._rows, self._order = rows, header.order
        self._rows.row([ERRORS, *header.names])

    def add(self, typed: TypedTrade, reasons: Sequence[Reason]) -> None:
        for index, row in enumerate(typed.rows):
            here = [reason for reason in reasons if reason.row == index]
            marked = {reason.place + 1 for reason in here if reason.place >= 0}
            self._rows.row([BETWEEN.join(map(str, here)), *_cells(row, self._order)], marked)

    def close(self) -> None:
        self._rows.close()


class _Lines:
    """Each trade with its reasons in a field of its own; a line that is no JSON as text."""

    def __init__(self, file: Path) -> None:
        self._stream: IO[str] = file.open("w", encoding="utf-8", errors="backslashreplace", newline="")

    def add(self, typed: TypedTrade, reasons: Sequence[Reason]) -> None:
        errors = [dict(reason.problem) for reason in reasons]
        trade = typed.entry if isinstance(typed.entry, dict) else {UNREAD: _text(typed)}
        self._stream.write(shown_json({ERRORS_KEY: errors, **trade}) + "\n")

    def close(self) -> None:
        self._stream.close()


def _cells(row: Row, order: int) -> list[str]:
    """The cells as they stood. A row that has none to show stands as its text, in fewer cells than there are columns:

    so it stays unreadable, and with its order number, until somebody has mended it.
    """
    if not row.raw:
        return row.cells
    kept = row.cells[: order + 1]
    return [*kept, *[""] * (order + 1 - len(kept)), row.raw]


def _text(typed: TypedTrade) -> str:
    return typed.text if typed.faults else json.dumps(typed.entry, ensure_ascii=False, default=str)


def _same(one: Path, other: Path) -> bool:
    """Whether two files hold the same; when a workbook was written is no part of that."""
    if one.suffix != ".xlsx":
        return filecmp.cmp(one, other, shallow=False)
    return _sheet(one) == _sheet(other)


def _sheet(file: Path) -> tuple[int, int] | None:
    """Length and checksum of the sheet; None where there is none of the name that we give it."""
    try:
        with ZipFile(file) as archive:
            sheet = archive.getinfo(SHEET)
            return sheet.file_size, sheet.CRC
    except (BadZipFile, KeyError):
        return None
