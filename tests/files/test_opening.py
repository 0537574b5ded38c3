"""What cannot be read is said before anything is sent: which file, why, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from hub.entry.files.columns import COLUMNS, NAMES, schema_leaves
from hub.entry.files.kinds import Kind
from hub.entry.files.opening import open_trades
from hub.entry.schema import TRADE_ENTRY
from hub.errors import HeaderWrong, HubError
from tests.support.files.tables import (
    TITLES,
    as_excel_saves,
    parts_of,
    table_of,
    trades,
    write_csv,
    write_json,
    write_ndjson,
    write_parts,
    write_xlsx,
)

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000)


def refusal(file: Path) -> HubError:
    with pytest.raises(HubError) as caught, open_trades(file) as opened:
        list(opened.trades)
    assert caught.value.words("zh")
    assert caught.value.way_out("zh")
    return caught.value


def xlsx(file: Path) -> Path:
    return write_xlsx(file, table_of(trades("A-1")))


def csv(file: Path) -> Path:
    return write_csv(file, table_of(trades("A-1")))


def ndjson(file: Path) -> Path:
    return write_ndjson(file, trades("A-1", "A-2"))


@pytest.mark.parametrize(
    ("name", "write", "named", "found"),
    [
        ("t.csv", xlsx, "CSV", "XLSX"),
        ("t.xlsx", csv, "XLSX", "CSV"),
        ("t.csv", ndjson, "CSV", "NDJSON"),
        ("t.json", ndjson, "JSON", "NDJSON"),
        ("t.ndjson", lambda file: write_json(file, trades("A-1")), "NDJSON", "JSON"),
        ("t.xlsx", lambda file: file.write_bytes(b"%PDF-1.7 ..."), "XLSX", "PDF"),
        ("t.csv", lambda file: file.write_bytes(b"\x1f\x8b\x08 ..."), "CSV", "gzip"),
    ],
)
def test_a_file_that_is_not_what_it_is_called_is_refused(
    tmp_path: Path, name: str, write: Callable[[Path], object], named: str, found: str
) -> None:
    write(tmp_path / name)
    error = refusal(tmp_path / name)
    assert error.code == "FILE_KIND_WRONG"
    assert (error.parameters["named"], error.parameters["found"]) == (named, found)


@pytest.mark.parametrize("write", [xlsx, csv, ndjson])
def test_a_file_without_an_ending_is_what_it_holds(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    with open_trades(write(tmp_path / f"{write.__name__}.{write.__name__}").rename(tmp_path / "upload")) as opened:
        assert (opened.kind.value.lower(), next(opened.trades).order) == (write.__name__, "A-1")


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("t.csv", b"", "it is empty"),
        ("t.csv", b"\xef\xbb\xbf\r\n", "it is empty"),
        ("t.csv", "订单号".encode("utf-16"), "save it as “CSV UTF-8”"),
        ("t.csv", b"order\x00number", "it is no text"),
        ("t.csv", ",".join(TITLES).encode(), "a header and no rows"),
        ("t.xlsx", OLE, "save it as .xlsx"),
        ("t.xlsx", b"PK\x03\x04 and then nothing", "damaged"),
        ("t.json", b'{"orderNumber": }', "line 1, column 17"),
        ("t.json", b'[{"orderNumber": "\xb6\xa9"}]', "not UTF-8"),
        ("t.json", b"[1]", "JSON object"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, cause: str) -> None:
    (tmp_path / name).write_bytes(content)
    error = refusal(tmp_path / name)
    assert error.code == "FILE_UNREADABLE"
    assert cause in error.words("en")


def test_a_text_that_is_no_table_is_not_asked_for_each_column(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear customs,\nplease find attached nothing at all.\n")
    error = refusal(tmp_path / "letter.txt")
    assert error.code == "FILE_UNREADABLE"
    assert "yuhub enter --template" in error.words("en")
    assert "yuhub enter --template" in error.words("zh")


def test_all_that_is_wrong_with_a_header_is_said_at_once(tmp_path: Path) -> None:
    rows = table_of(trades("A-1"))
    titles = [title for title in TITLES if not title.startswith("币制")]
    error = refusal(write_csv(tmp_path / "t.csv", [[*titles, "HS编码", "colour", "单价单"], *rows[1:]]))
    assert isinstance(error, HeaderWrong)
    assert [(one.code, one.path) for one in error.problems] == [
        ("COLUMN_TWICE", "HS编码"),
        ("COLUMN_UNKNOWN", "colour"),
        ("COLUMN_UNKNOWN", "单价单"),
        ("COLUMN_MISSING", "currency"),
    ]
    assert "单价 (unit price)" in error.words("en")
    assert "缺少“币制”列" in error.words("zh")


def test_every_place_of_an_entry_has_a_column_and_every_spelling_means_one(tmp_path: Path) -> None:
    assert set(NAMES) == {path for path, _, _ in schema_leaves(TRADE_ENTRY)}
    for titles in ([one.zh for one in COLUMNS.values()], [one.en.upper() for one in COLUMNS.values()], list(COLUMNS)):
        with open_trades(write_csv(tmp_path / "t.csv", [titles, *table_of(trades("A-1"))[1:]])) as opened:
            assert opened.header is not None
            assert [one and one.path for one in opened.header.columns] == list(COLUMNS)


def stuffed(file: Path, more: bytes) -> Path:
    """A workbook with more before its first row."""
    parts = parts_of(xlsx(file))
    parts[SHEET] = parts[SHEET].replace(b"<sheetData>", b"<sheetData>" + more)
    return write_parts(file, parts)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    error = refusal(stuffed(tmp_path / "t.xlsx", b" " * 200 * 2**20))
    assert error.code == "FILE_TOO_LARGE"
    assert (error.parameters["what"], error.parameters["limit"]) == ("ratio", 200)


def test_a_row_that_is_larger_than_is_held_is_refused_where_it_is(tmp_path: Path) -> None:
    error = refusal(stuffed(tmp_path / "t.xlsx", b"<row>" + b"<c/>" * 5 * 2**20 + b"</row>"))
    assert error.code == "FILE_TOO_LARGE"
    assert SHEET in error.words("en")


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/styles.xml"])
def test_entities_in_a_workbook_are_refused(tmp_path: Path, part: str) -> None:
    parts = parts_of(as_excel_saves(xlsx(tmp_path / "t.xlsx")))
    parts[part] = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + parts[part].rpartition(b"?>")[2]
    )
    error = refusal(write_parts(tmp_path / "t.xlsx", parts))
    assert error.code == "FILE_UNREADABLE"
    assert "document type" in error.words("en")


def test_the_first_sheet_that_is_shown_is_read_and_named(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].sheet_state = "hidden"
    shown = book.create_sheet("一月")
    book.create_sheet("notes").append(["nothing of ours"])
    for row in table_of(trades("A-1")):
        shown.append(row)
    book.save(tmp_path / "t.xlsx")
    with open_trades(tmp_path / "t.xlsx") as opened:
        assert (opened.kind, opened.notes) == (Kind.XLSX, ["一月 (1/3)"])
        assert [typed.order for typed in opened.trades] == ["A-1"]
