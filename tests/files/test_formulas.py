"""A file that we hand out runs nothing in anybody's spreadsheet, and goes in again as it was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from hub.entry.files.csv_writing import csv_table
from hub.entry.files.formulas import guarded, unguarded
from tests.support.files.tables import place, read_csv, table_of, trades, write_csv, write_xlsx
from tests.support.files.terminal import Terminal
from tests.support.together import together

TAKEN = (
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\rx", "\nx", "＝1", "＋1", "－x", "＠x",
    " =1", "\u200b=1", "'=1", "''=1", "'\tx", "+86 371-6565", "'+86", "'-5", "=HYPERLINK(\"http://x\")", "-", "--1",
)  # fmt: skip
PLAIN = ("", "-5", "+8637165650001", "-5.25", "+1,000.00", "-3%", "'quoted'", "it's", "a=b", "a\n=b", "6704200000", "'")


@together("cell", TAKEN)
def test_what_a_spreadsheet_would_run_stands_behind_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@together("cell", PLAIN)
def test_what_it_would_not_run_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == unguarded(cell) == cell


def test_in_a_workbook_every_cell_is_text(tmp_path: Path) -> None:
    written = csv_table(tmp_path / "t.xlsx")
    written.row([*TAKEN])
    written.close()
    (row,) = load_workbook(tmp_path / "t.xlsx").worksheets[0].iter_rows()
    assert {cell.data_type for cell in row} <= {"s", "inlineStr"}
    assert row[0].value == "=1+1"
    assert not any(cell.hyperlink for cell in row)


@pytest.mark.parametrize("write", [write_csv, write_xlsx], ids=["csv", "xlsx"])
def test_a_refused_trade_comes_back_harmless_and_goes_in_as_it_was_typed(
    terminal: Terminal, tmp_path: Path, write: object
) -> None:
    ending = "csv" if write is write_csv else "xlsx"
    order = f"F-{ending}"
    wrong = trades(order)
    wrong[0]["buyer"]["name"] = "@ACME 'n Sons"
    wrong[0]["buyer"]["address"] = "'+1 Main St"
    wrong[0]["currency"] = "RMB"
    assert terminal.enter(write(tmp_path / f"t.{ending}", table_of(wrong))).code == 1  # type: ignore[operator]
    kept = tmp_path / f"t.rejected.{ending}"
    column = 1 + place("currency")
    if ending == "csv":
        rows = read_csv(kept)
        assert rows[1][1 + place("buyer.name")] == "'@ACME 'n Sons"
        assert rows[1][1 + place("buyer.address")] == "''+1 Main St"
        assert not [cell for row in rows for cell in row if cell[:1] in "=@\t\r" and cell]
        rows[1][column] = "USD"
        write_csv(kept, rows)
    else:
        book = load_workbook(kept)
        book.worksheets[0].cell(2, column + 1).value = "USD"
        book.save(kept)
    done = terminal.enter(kept)
    assert done.code == 0, done.text
    buyer = terminal.holds(order)[order]["buyer"]
    assert (buyer["name"], buyer["address"]) == ("@ACME 'n Sons", "'+1 Main St")


def test_an_apostrophe_of_the_exporters_own_file_is_his(terminal: Terminal, tmp_path: Path) -> None:
    typed = trades("F-own")
    typed[0]["buyer"]["name"] = "'=ACME"
    assert terminal.enter(write_csv(tmp_path / "own.csv", table_of(typed))).code == 0
    assert terminal.holds("F-own")["F-own"]["buyer"]["name"] == "'=ACME"
