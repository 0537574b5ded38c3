"""Trades of the tests, and the four kinds of files that they can stand in."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from hub.entry.files.columns import COLUMNS
from tests.support.entry.office import typed_trade

TITLES = [column.title for column in COLUMNS.values()]
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPREADSHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml"
Row = list[str]


def trades(*orders: str, **changes: Any) -> list[Any]:
    """The demo trade under these order numbers; `changes` as in `typed_trade`, with `__` for a dot."""
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    return [typed_trade({"orderNumber": order, **paths}) for order in orders]


def rows_of(typed: Mapping[str, Any]) -> list[Row]:
    """A trade as rows: a goods line in each, and one more for each further purchase of a line."""
    head = {path: _at(typed, path) for path in COLUMNS if "[]" not in path}
    rows = []
    for number, line in enumerate(typed["goods"], start=1):
        bought = [one for one in typed.get("purchases") or [] if one["line"] == number]
        goods = {path: _at(line, path[8:]) for path in COLUMNS if path.startswith("goods[].")}
        for purchase in bought or [{"line": number}]:
            cells = {path: _at(purchase, path[12:]) for path in COLUMNS if path.startswith("purchases[].")}
            cells["purchases[].line"] = str(number)
            rows.append([(head | goods | cells).get(path, "") for path in COLUMNS])
            head, goods = {"orderNumber": typed["orderNumber"]}, {}
    return rows


def _at(typed: Any, path: str) -> str:
    for step in path.split("."):
        typed = typed.get(step, {})
    return "" if typed in ({}, None) else str(typed)


def table_of(all_: Iterable[Mapping[str, Any]]) -> list[Row]:
    return [TITLES, *(row for typed in all_ for row in rows_of(typed))]


def place(path: str) -> int:
    """Where a column stands in these tables."""
    return list(COLUMNS).index(path)


def write_csv(file: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig", separator: str = ",") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def write_xlsx(file: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append([None if cell == "" else cell for cell in row])
    book.save(file)
    return file


def as_excel_saves(file: Path) -> Path:
    """The same workbook with its texts in a part of their own, as Excel and WPS write them."""
    texts: dict[bytes, int] = {}

    def take(cell: re.Match[bytes]) -> bytes:
        return b'<c%s t="s"><v>%d</v></c>' % (cell[1], texts.setdefault(cell[2], len(texts)))

    parts = parts_of(file)
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb'<c([^>]*) t="inlineStr"><is>(.*?)</is></c>', take, parts[sheet])
    reading = b'<rPh sb="0" eb="1"><t>how it is read aloud</t></rPh>'
    body = b"".join(b"<si>%s%s</si>" % (text, reading) for text in texts)
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="%s">%s</sst>' % (MAIN, body)
    rels = "xl/_rels/workbook.xml.rels"
    link = b'<Relationship Id="texts" Type="%s/sharedStrings" Target="sharedStrings.xml"/></Relationships>' % RELATED
    parts[rels] = parts[rels].replace(b"</Relationships>", link)
    kind = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s.sharedStrings+xml"/></Types>' % SPREADSHEET
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", kind)
    return write_parts(file, parts)


def parts_of(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def write_parts(file: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
    return file


def write_ndjson(file: Path, all_: Iterable[Any]) -> Path:
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in all_), "utf-8")
    return file


def write_json(file: Path, all_: Iterable[Any]) -> Path:
    file.write_text(json.dumps(list(all_), ensure_ascii=False, indent=2), "utf-8")
    return file


def read_csv(file: Path) -> list[Row]:
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def with_row(rows: Sequence[Row], number: int, path: str, value: Any) -> list[list[Any]]:
    """The same table with another value in a cell; the header is row 0."""
    changed: list[list[Any]] = copy.deepcopy([list(row) for row in rows])
    changed[number][place(path)] = value
    return changed
