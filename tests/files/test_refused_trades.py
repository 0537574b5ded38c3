"""Refused trades come back in a file of their own, with the reasons where they belong; mended, it goes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hub.entry.files.columns import ERRORS
from tests.support.files.tables import (
    TITLES,
    place,
    read_csv,
    rows_of,
    table_of,
    trades,
    write_csv,
    write_ndjson,
    write_xlsx,
)
from tests.support.files.terminal import Terminal


def test_a_table_of_refused_trades_says_why_in_each_row_and_goes_in_once_mended(
    terminal: Terminal, tmp_path: Path
) -> None:
    good, wrong = trades("R-1"), trades("R-2")
    wrong[0]["currency"] = "RMB"
    wrong[0]["goods"][1]["hsCode"] = "67042"
    wrong[0]["goods"][2]["netWeight"] = "9.00"
    done = terminal.enter(write_csv(tmp_path / "t.csv", table_of([*good, *wrong])))
    assert done.code == 1, done.text
    assert "2 trades: 1 entered, 0 already there, 1 refused" in done.text
    assert f"yuhub enter {tmp_path / 't.rejected.csv'}" in done.text
    assert set(terminal.holds("R-1", "R-2")) == {"R-1"}

    rejected = read_csv(tmp_path / "t.rejected.csv")
    assert rejected[0] == [ERRORS, *TITLES]
    assert [row[1:] for row in rejected[1:]] == rows_of(wrong[0])
    first, second, third = (row[0] for row in rejected[1:])
    assert first == "币制 currency: RMB is no known currency → Use a code of ISO 4217 [UNKNOWN_CODE]"
    assert second.startswith("商品编码 HS code: does not fit: an HS code has 10 digits here →")
    assert third.startswith("净重 net weight: the net weight 9.00 is more than the gross weight 8.70 →")

    rejected[1][1 + place("currency")] = "USD"
    rejected[2][1 + place("goods[].hsCode")] = "6704200000"
    rejected[3][1 + place("goods[].netWeight")] = "7.20"
    mended = terminal.enter(write_csv(tmp_path / "t.rejected.csv", rejected))
    assert (mended.code, "1 entered" in mended.text) == (0, True), mended.text
    assert set(terminal.holds("R-1", "R-2")) == {"R-1", "R-2"}
    assert not (tmp_path / "t.rejected.rejected.csv").exists()


def test_a_workbook_comes_back_as_a_workbook_of_text_with_the_wrong_cells_red(
    terminal: Terminal, tmp_path: Path
) -> None:
    typed = trades("X-1")
    typed[0]["goods"][1]["unitPrice"] = "eighteen"
    file = write_xlsx(tmp_path / "t.xlsx", table_of(typed))
    assert terminal.enter(file).code == 1
    kept = tmp_path / "t.rejected.xlsx"
    book = load_workbook(kept)
    sheet = book.worksheets[0]
    red = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"]
    price = sheet.cell(3, 2 + place("goods[].unitPrice"))
    assert (red, price.value) == ([price.coordinate], "eighteen")
    assert sheet.cell(2, 2 + place("purchases[].invoice")).number_format == "@"
    assert "a decimal number such as 64.50" in str(sheet.cell(3, 1).value)

    assert terminal.enter(file).code == 1
    assert [one.name for one in tmp_path.glob("*.rejected*")] == [kept.name]  # the same again is the same file
    price.value = "98.00"
    book.save(kept)
    assert terminal.enter(file).code == 1
    assert load_workbook(kept).worksheets[0].cell(3, price.column).value == "98.00"  # what was mended is kept
    assert (tmp_path / "t.rejected-2.xlsx").exists()
    assert terminal.enter(kept).code == 0
    assert set(terminal.holds("X-1")) == {"X-1"}


def test_lines_of_json_come_back_with_their_reasons_and_go_in_once_mended(terminal: Terminal, tmp_path: Path) -> None:
    (typed,) = trades("N-1", packages=0)
    good = json.dumps(trades("N-2")[0])
    file = tmp_path / "t.ndjson"
    file.write_text(f'{json.dumps(typed)}\n\n{good}\n{{"orderNumber": "N-3", \n[1, 2]\n{good}\n', "utf-8")
    done = terminal.enter(file)
    assert "5 trades: 1 entered, 1 already there, 3 refused" in done.text
    kept = [json.loads(line) for line in (tmp_path / "t.rejected.ndjson").read_text("utf-8").splitlines()]
    assert [[(error["path"], error["code"]) for error in one["errors"]] for one in kept] == [
        [("packages", "BAD_VALUE")],
        [("", "LINE_UNREADABLE")],
        [("", "BAD_VALUE")],
    ]
    assert [one.get("unread") for one in kept] == [None, '{"orderNumber": "N-3", ', "[1, 2]"]
    assert kept[0] | {"errors": 0} == typed | {"errors": 0}
    (tmp_path / "t.rejected.ndjson").write_text(json.dumps(kept[0] | {"packages": 3}), "utf-8")
    assert terminal.enter(tmp_path / "t.rejected.ndjson").code == 0
    assert set(terminal.holds("N-1", "N-2", "N-3")) == {"N-1", "N-2"}


def test_an_order_that_comes_again_with_other_content_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    first, second = trades("O-1")[0], trades("O-1", currency="EUR")[0]
    done = terminal.enter(write_ndjson(tmp_path / "t.ndjson", [first, second]))
    assert "1 entered, 0 already there, 1 refused" in done.text
    assert "[ORDER_TAKEN]" in done.text
    assert terminal.holds("O-1")["O-1"]["currency"] == "USD"
    split = table_of([*trades("O-2", "O-3"), *trades("O-2", currency="EUR")])
    done = terminal.enter(write_csv(tmp_path / "t.csv", split))
    assert "2 entered, 0 already there, 1 refused" in done.text
    assert "order O-2 stands at row 2 and comes back at row 8" in done.text


BROKEN: dict[str, Callable[[str], str]] = {
    "a quote that is never closed": lambda line: line.replace(",6704200000", ',"6704200000', 1),
    "a cell too few": lambda line: line.replace(",USD", "", 1),
    "bytes of another encoding": lambda line: line.replace("人", "\udcc8\udccb", 1),
}


@pytest.mark.parametrize("how", BROKEN, ids=str)
@pytest.mark.parametrize("first", [True, False], ids=["order first", "order elsewhere"])
def test_a_broken_row_in_the_middle_spoils_no_more_than_may_be_its_own(
    terminal: Terminal, tmp_path: Path, how: str, first: bool
) -> None:
    prefix = f"B{list(BROKEN).index(how)}{int(first)}"
    orders = [f"{prefix}-{number}" for number in range(1, 6)]
    rows = table_of(trades(*orders))
    if not first:
        rows = [[*row[1:], row[0]] for row in rows]
    file = write_csv(tmp_path / "t.csv", rows)
    lines = file.read_text("utf-8-sig").splitlines()
    broken = next(index for index, line in enumerate(lines) if orders[2] in line)
    lines[broken] = BROKEN[how](lines[broken])
    file.write_bytes("\r\n".join(lines).encode("utf-8", "surrogateescape"))

    done = terminal.enter(file)
    kept = set(terminal.holds(*orders))
    if first:  # the order number stands before what is broken, so it is certain
        assert kept == {orders[0], orders[1], orders[3], orders[4]}, done.text
    else:  # it may be a line of the trade above, too
        assert kept == {orders[0], orders[3], orders[4]}, done.text
    assert f"row {broken + 1}" in done.text
    assert read_csv(tmp_path / "t.rejected.csv")[0] == [ERRORS, *rows[0]]
    assert terminal.enter(tmp_path / "t.rejected.csv").code == 1  # nothing of it goes in by itself
    assert set(terminal.holds(*orders)) == kept
