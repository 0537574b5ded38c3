"""demo/files and the template do what their guide says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hub.entry.files.columns import COLUMNS, EXAMPLE
from tests.support.files.tables import place
from tests.support.files.terminal import Terminal
from tests.support.world import DEMO


def test_the_samples_hold_the_same_trades_and_the_guide_mends_the_one_with_mistakes(
    terminal: Terminal, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(DEMO / "files", tmp_path / "files"))
    first = terminal.enter(folder / "trades.xlsx")
    assert "4 trades: 3 entered, 0 already there, 1 refused" in first.text
    for name in ("trades.csv", "trades-gbk.csv", "trades.ndjson"):
        assert "4 trades: 0 entered, 3 already there, 1 refused" in terminal.enter(folder / name).text, name

    rejected = folder / "trades.rejected.xlsx"
    book = load_workbook(rejected)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, path, mended in (
        (2, "currency", "USD"),
        (2, "goods[].hsCode", "6704200000"),
        (3, "goods[].grossWeight", "6.90"),
    ):
        sheet.cell(row, columns[COLUMNS[path].title]).value = mended
    book.save(rejected)
    assert "1 trade: 1 entered" in terminal.enter(rejected).text
    assert len(terminal.holds()) == 4


@pytest.mark.parametrize("name", ["trades.csv", "trades.xlsx"])
def test_a_template_is_filled_in_and_entered_and_its_example_never_is(
    terminal: Terminal, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    assert f"yuhub enter {file}" in terminal.enter(file, "--template").text
    said = terminal.enter(file, "--template")
    assert (said.code, "FILE_UNWRITABLE" in said.text) == (2, True)  # nobody's work is written over

    refused = terminal.enter(file)
    assert (refused.code, "[EXAMPLE_ROW]" in refused.text) == (1, True)
    if name.endswith(".xlsx"):
        book = load_workbook(file)
        book.worksheets[0].cell(2, 1 + place("orderNumber")).value = "T-xlsx"
        book.save(file)
    else:
        file.write_text(file.read_text("utf-8-sig").replace(EXAMPLE, "T-csv"), "utf-8")
    done = terminal.enter(file)
    assert (done.code, "1 entered" in done.text) == (0, True), done.text


def test_a_template_of_another_kind_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal.enter(tmp_path / "trades.pdf", "--template")
    assert (said.code, "a .csv or an .xlsx" in said.text) == (2, True)
    assert list(tmp_path.iterdir()) == []
