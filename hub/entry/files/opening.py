"""Opening a file of trades, whichever of the four kinds it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hub.entry.files.csv_rows import CsvRows
from hub.entry.files.file_kinds import FileKind, encoding_of, file_kind
from hub.entry.files.fitting import fit
from hub.entry.files.header import TableHeader, read_header
from hub.entry.files.lines import NumberedLines
from hub.entry.files.ndjson import read_json_file, read_ndjson
from hub.entry.files.order_numbers import Orders
from hub.entry.files.sheets import read_sheet
from hub.entry.files.typed import Row, TypedTrade
from hub.entry.files.workbook import open_workbook
from hub.entry.files.xlsx_rows import XlsxRows
from hub.errors import HubError


@dataclass(frozen=True, slots=True)
class TradeFile:
    """A file that is being read. `passed` says how much of `size` was read; what it counts differs by kind.

    `header` and `separator` are those of a table; `notes` is what a person should know about how it is read.
    """

    kind: FileKind
    trades: Iterator[TypedTrade]
    size: int
    passed: Callable[[], int]
    header: TableHeader | None = None
    separator: str = ","
    notes: list[str] = field(default_factory=list)


@contextmanager
def open_trades(file: Path) -> Iterator[TradeFile]:
    """The trades of a file. FILE_UNREADABLE, FILE_KIND_WRONG, FILE_TOO_LARGE or HEADER_WRONG before the first."""
    with OPENERS[file_kind(file)](file) as opened:
        yield opened


@contextmanager
def _csv(file: Path) -> Iterator[TradeFile]:
    encoding = encoding_of(file)
    with file.open("rb") as stream, closing(Orders()) as orders:
        lines = NumberedLines(stream.read)
        rows = CsvRows(lines, encoding)
        header = _header(file, rows.header())
        fitted = fit(_filled(file, iter(rows)), header, short=False)
        trades = read_sheet(fitted, header, orders)
        notes = [] if encoding == "utf-8" else [encoding.upper()]
        size = file.stat().st_size
        yield TradeFile(FileKind.CSV, trades, size, lambda: lines.passed, header, rows.separator, notes)


@contextmanager
def _xlsx(file: Path) -> Iterator[TradeFile]:
    with open_workbook(file) as book, closing(Orders()) as orders:
        sheets = book.sheets()
        seen = [sheet for sheet in sheets if not sheet.hidden] or sheets
        if not seen:
            raise HubError("FILE_UNREADABLE", file=str(file), cause="no sheet")
        reader = XlsxRows(book, seen[0])
        rows = (row for row in reader if not row.blank)
        header = _header(file, next(rows, None))
        trades = read_sheet(fit(_filled(file, rows), header, short=True), header, orders)
        notes = [f"{seen[0].name} (1/{len(sheets)})"] if len(sheets) > 1 else []
        yield TradeFile(FileKind.XLSX, trades, reader.height(), lambda: reader.passed, header, notes=notes)


@contextmanager
def _ndjson(file: Path) -> Iterator[TradeFile]:
    with file.open("rb") as stream:
        lines = NumberedLines(stream.read)
        yield TradeFile(FileKind.NDJSON, read_ndjson(lines), file.stat().st_size, lambda: lines.passed)


@contextmanager
def _json(file: Path) -> Iterator[TradeFile]:
    trades = read_json_file(file)
    passed = 0

    def each() -> Iterator[TypedTrade]:
        nonlocal passed
        for passed, trade in enumerate(trades, start=1):
            yield TypedTrade(passed, trade)

    yield TradeFile(FileKind.JSON, each(), len(trades), lambda: passed)


OPENERS = {FileKind.CSV: _csv, FileKind.XLSX: _xlsx, FileKind.NDJSON: _ndjson, FileKind.JSON: _json}


def _header(file: Path, row: Row | None) -> TableHeader:
    if row is None:
        raise HubError("FILE_UNREADABLE", file=str(file), cause="empty")
    if row.broken:
        raise HubError("FILE_UNREADABLE", file=str(file), cause=row.broken.parameters["cause"])
    return read_header(str(file), row.cells)


def _filled(file: Path, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows, of which there must be one."""
    filled = False
    for row in rows:
        filled = filled or not row.blank
        yield row
    if not filled:
        raise HubError("FILE_UNREADABLE", file=str(file), cause="no rows")
