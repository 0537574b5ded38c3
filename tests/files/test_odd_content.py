"""What people and their spreadsheets put into cells: read as it was meant, or refused where it cannot be known."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from hub.entry.files.opening import open_trades
from hub.entry.files.typed import TypedTrade
from tests.support.files.tables import (
    MAIN,
    parts_of,
    place,
    read_csv,
    rows_of,
    table_of,
    trades,
    with_row,
    write_csv,
    write_ndjson,
    write_parts,
    write_xlsx,
)
from tests.support.files.terminal import Terminal


def read(file: Path) -> list[TypedTrade]:
    with open_trades(file) as opened:
        return list(opened.trades)


def faults(typed: TypedTrade) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.problem.path, fault.problem.code) for fault in typed.faults]


def at(typed: TypedTrade, path: str) -> Any:
    found = typed.entry
    for step in path.replace("[", ".").replace("]", "").split("."):
        found = found[int(step)] if step.isdigit() else found[step]
    return found


def test_emoji_and_what_is_empty_are_read_as_they_are_meant(terminal: Terminal, tmp_path: Path) -> None:
    (typed,) = trades("E-1")
    typed["buyer"]["name"] = "Wigs & Wonders 💇‍♀️ LLC"
    rows = table_of([typed])
    rows = with_row(rows, 1, "goods[].barcode", "　")
    done = terminal.enter(write_csv(tmp_path / "t.csv", rows))
    assert done.code == 0, done.text
    kept = terminal.holds("E-1")["E-1"]
    assert (kept["buyer"]["name"], kept["goods"][0]["barcode"]) == ("Wigs & Wonders 💇‍♀️ LLC", None)
    again = typed | {"freight": "120", "warehouse": None, "insurance": "15.000"}
    assert "1 already there" in terminal.enter(write_ndjson(tmp_path / "t.ndjson", [again])).text


FULL_WIDTH = {
    "orderNumber": "Ｅ-９", "goods[].quantity": "４０", "packages": "３", "goods[].sku": "RX-１",
    "purchases[].invoice": "２６４１１", "purchases[].issuedOn": "２０２６-01-05", "freight": "１２０.００",
}  # fmt: skip


def test_full_width_digits_are_refused_in_every_kind_of_file(terminal: Terminal, tmp_path: Path) -> None:
    rows = table_of(trades("E-9"))
    for path, cell in FULL_WIDTH.items():
        rows = with_row(rows, 1, path, cell)
    rows = [rows[0], rows[1]]
    (typed,) = trades("Ｅ-９")
    typed |= {"packages": "３", "freight": "１２０.００"}
    typed["goods"][0] |= {"quantity": "４０", "sku": "RX-１"}
    typed["purchases"][0] |= {"invoice": "２６４１１", "issuedOn": "２０２６-01-05"}
    for file in (
        write_csv(tmp_path / "w.csv", rows),
        write_xlsx(tmp_path / "w.xlsx", rows),
        write_ndjson(tmp_path / "w.ndjson", [typed]),
    ):
        done = terminal.enter(file)
        assert done.code == 1
        assert done.text.count("plain half-width digits and letters") == len(FULL_WIDTH) - 1, (
            done.text
        )  # a day says its own rule
        assert "a day such as 2026-01-09" in done.text
    assert terminal.holds("Ｅ-９", "E-9") == {}


def test_101_goods_lines_are_refused_in_every_kind_of_file(terminal: Terminal, tmp_path: Path) -> None:
    (long,) = trades("L-101")
    long["goods"] = [long["goods"][0] | {"sku": f"S-{number}"} for number in range(101)]
    long["purchases"] = []
    rows = table_of([long])
    for file in (
        write_csv(tmp_path / "l.csv", rows),
        write_xlsx(tmp_path / "l.xlsx", rows),
        write_ndjson(tmp_path / "l.ndjson", [long]),
    ):
        done = terminal.enter(file)
        assert (done.code, "100 of them, not 101" in done.text) == (1, True), done.text
    assert terminal.holds("L-101") == {}


def test_null_is_nothing_where_nothing_may_be_and_asked_for_elsewhere(terminal: Terminal, tmp_path: Path) -> None:
    wrong = trades("E-2", buyer=None)[0] | {"currency": None, "platform": None, "payment": None, "packages": ""}
    done = terminal.enter(write_ndjson(tmp_path / "t.ndjson", [wrong]))
    (kept,) = [json.loads(line) for line in (tmp_path / "t.rejected.ndjson").read_text("utf-8").splitlines()]
    assert done.code == 1
    assert {(one["path"], one["code"]) for one in kept["errors"]} >= {
        ("buyer", "REQUIRED"),
        ("currency", "REQUIRED"),
        ("packages", "BAD_VALUE"),
    }
    assert not any(one["path"] == "warehouse" for one in kept["errors"])


def test_half_an_emoji_is_refused_and_comes_back_as_it_was(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "t.ndjson"
    file.write_text(json.dumps(trades("E-3")[0]).replace("Lakeside", "\\ud83d"), "utf-8")
    assert terminal.enter(file).code == 1
    (kept,) = [json.loads(line) for line in (tmp_path / "t.rejected.ndjson").read_text("utf-8").splitlines()]
    assert [(one["path"], one["code"]) for one in kept["errors"]] == [("buyer.name", "BAD_VALUE")]
    assert kept["buyer"]["name"].startswith("\ud83d")


def test_days_numbers_and_padded_codes_of_a_sheet_are_read_as_they_are_shown(tmp_path: Path) -> None:
    rows: list[list[Any]] = [list(row) for row in table_of(trades("S-1"))]
    for path, value in {
        "payment.paidAt": datetime(2026, 1, 8, 11, 25, 30),  # noqa: DTZ001 - a sheet knows no zones
        "purchases[].issuedOn": datetime(2026, 1, 5),  # noqa: DTZ001
        "goods[].quantity": 40,
        "goods[].netWeight": 0.1 + 0.2,
        "goods[].unitPrice": 64.5,
        "mode": 110,
    }.items():
        rows = with_row(rows, 1, path, value)
    file = write_xlsx(tmp_path / "t.xlsx", rows)
    book = load_workbook(file)
    book.worksheets[0].cell(2, 1 + place("mode")).number_format = "0000"
    book.save(file)
    (typed,) = read(file)
    assert not typed.faults
    assert {path: at(typed, path) for path in ("payment.paidAt", "purchases[0].issuedOn", "mode")} == {
        "payment.paidAt": "2026-01-08T11:25:30",
        "purchases[0].issuedOn": "2026-01-05",
        "mode": "0110",
    }
    assert [at(typed, f"goods[0].{name}") for name in ("quantity", "netWeight", "unitPrice")] == ["40", "0.3", "64.5"]


@pytest.mark.parametrize("written", ["2026/1/8 11:25", "2026年1月8日 11:25", "2026.1.8 11:25", "2026-01-08T11:25:00"])
def test_times_are_read_as_they_are_written_in_china(tmp_path: Path, written: str) -> None:
    rows = with_row(table_of(trades("S-2")), 1, "payment.paidAt", written)
    (typed,) = read(write_csv(tmp_path / "t.csv", rows))
    assert typed.entry["payment"]["paidAt"] == "2026-01-08T11:25:00"


def test_a_number_that_a_spreadsheet_has_shortened_is_refused_in_every_kind_of_table(tmp_path: Path) -> None:
    rows = table_of(trades("S-3"))
    shortened = with_row(rows, 2, "purchases[].invoice", "2.6411E+19")
    stored = with_row(rows, 2, "purchases[].invoice", 26411000000001880042)
    for file in (write_csv(tmp_path / "t.csv", shortened), write_xlsx(tmp_path / "t.xlsx", stored)):
        (typed,) = read(file)
        assert faults(typed) == [(1, "purchases[1].invoice", "DIGITS_LOST")]
        assert "column as text" in typed.faults[0].problem.way_out("en")


def test_formulas_and_errors_of_a_sheet_are_refused_cell_by_cell(terminal: Terminal, tmp_path: Path) -> None:
    rows = with_row(table_of(trades("F-1", "F-2", "F-3")), 1, "goods[].unitPrice", "=129/2")
    rows = with_row(rows, 2, "goods[].hsCode", "=VLOOKUP(A2,codes!A:B,2)")
    rows = with_row(rows, 4, "freight", 0)
    file = write_xlsx(tmp_path / "t.xlsx", rows)
    parts = parts_of(file)
    sheet = "xl/worksheets/sheet1.xml"
    zero = b"<v>0</v>"
    assert parts[sheet].count(zero) == 1
    parts[sheet] = parts[sheet].replace(b't="n"><v>0</v>', b't="e"><v>#N/A</v>')
    first, second, _ = read(write_parts(file, parts))
    assert faults(first)[:2] == [(0, "goods[0].unitPrice", "FORMULA"), (1, "goods[1].hsCode", "FORMULA")]
    assert faults(second) == [(0, "freight", "BAD_VALUE")]
    done = terminal.enter(file)
    assert done.code == 1
    assert set(terminal.holds("F-1", "F-2", "F-3")) == {"F-3"}
    said = load_workbook(tmp_path / "t.rejected.xlsx").worksheets[0]
    assert "the cell is the formula =129/2 → Paste its value [FORMULA]" in str(said.cell(2, 1).value)
    assert said.cell(2, 2 + place("goods[].unitPrice")).data_type == "s"  # shown as it stood, not reckoned again


def test_ten_thousand_goods_lines_are_refused_and_the_others_go_in(terminal: Terminal, tmp_path: Path) -> None:
    (huge,) = trades("H-1")
    huge["goods"] = [huge["goods"][0] | {"sku": f"S-{number}"} for number in range(10_000)]
    huge["purchases"] = []
    others = trades("H-2", "H-3")
    file = write_ndjson(tmp_path / "t.ndjson", [others[0], huge, others[1]])
    done = terminal.enter(file)
    assert "3 trades: 2 entered, 0 already there, 1 refused" in done.text
    assert "a line of more than 1 MiB" in done.text
    file = write_csv(tmp_path / "t.csv", table_of([others[0], huge, others[1]]))
    done = terminal.enter(file)
    assert "3 trades: 0 entered, 2 already there, 1 refused" in done.text
    assert done.text.count("[BAD_VALUE]") == 1
    assert "more than 1000 rows, where a trade has at most 100 goods lines" in done.text
    assert [row[1:] for row in read_csv(tmp_path / "t.rejected.csv")[1:]] == rows_of(huge)  # nothing is lost
    huge["goods"] = huge["goods"][:101]
    done = terminal.enter(write_ndjson(tmp_path / "t.ndjson", [huge]))
    assert "0 to 100 of them, not 101" in done.text
    assert set(terminal.holds("H-1", "H-2", "H-3")) == {"H-2", "H-3"}


def test_merged_cells_and_rows_that_say_different_things(tmp_path: Path) -> None:
    rows = table_of(trades("M-1", "M-2"))
    for number in (2, 3):
        rows = with_row(rows, number, "orderNumber", "")  # merged: only the first row says it
    rows = with_row(rows, 5, "currency", "EUR")
    first, second = read(write_csv(tmp_path / "t.csv", rows))
    assert (first.order, len(first.entry["goods"]), first.faults) == ("M-1", 3, [])
    assert faults(second) == [(1, "currency", "ROWS_DIFFER")]


def test_main_namespace_of_strict_workbooks_is_no_matter(tmp_path: Path) -> None:
    """ISO/IEC 29500 Strict has other namespaces than what Excel writes by default."""
    file = write_xlsx(tmp_path / "t.xlsx", table_of(trades("T-1")))
    strict = {
        name: body.replace(MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        for name, body in parts_of(file).items()
    }
    assert [typed.order for typed in read(write_parts(file, strict))] == ["T-1"]
