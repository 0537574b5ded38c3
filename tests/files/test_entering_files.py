"""Files of every kind come in over the command line; what is wrong comes back where it stood."""

from __future__ import annotations

from pathlib import Path

from tests.files.conftest import Terminal
from tests.files.tables import (
    as_excel_saves,
    table_of,
    trades,
    write_csv,
    write_json,
    write_ndjson,
    write_xlsx,
)


def test_the_four_kinds_hold_the_same_trades(terminal: Terminal, tmp_path: Path) -> None:
    typed = trades("K-1", "K-2")
    typed[0]["purchases"].insert(1, typed[0]["purchases"][0] | {"invoice": "26411000000001880049", "quantity": "5"})
    typed[0]["purchases"][0]["quantity"] = "35"
    first = terminal.enter(write_ndjson(tmp_path / "t.ndjson", typed))
    assert (first.code, "2 trades: 2 entered, 0 already there, 0 refused" in first.text) == (0, True), first.text
    for file in (
        write_csv(tmp_path / "t.csv", table_of(typed)),
        write_csv(tmp_path / "gbk.csv", table_of(typed), "gbk"),
        write_csv(tmp_path / "tabs.txt", table_of(typed), separator="\t"),
        write_csv(tmp_path / "semicolons.csv", table_of(typed), separator=";"),
        write_xlsx(tmp_path / "t.xlsx", table_of(typed)),
        as_excel_saves(write_xlsx(tmp_path / "excel.xlsx", table_of(typed))),
        write_json(tmp_path / "t.json", typed),
        write_ndjson(tmp_path / "t.jsonl", typed),
    ):
        again = terminal.enter(file)
        assert (again.code, "0 entered, 2 already there" in again.text) == (0, True), (file.name, again.text)
    assert len(terminal.holds("K-1", "K-2")) == 2
