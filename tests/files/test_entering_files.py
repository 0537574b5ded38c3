"""Files of every kind come in over the command line; what is wrong comes back where it stood."""

from __future__ import annotations

from pathlib import Path

from tests.support.files.tables import (
    as_excel_saves,
    table_of,
    trades,
    write_csv,
    write_json,
    write_ndjson,
    write_xlsx,
)
from tests.support.files.terminal import Terminal


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


def test_units_and_countries_stand_there_as_people_write_them(terminal: Terminal, tmp_path: Path) -> None:
    """Each cell is the right unit or country, whatever it is called; legal quantities have columns of their own."""
    written = {"buyer.country": "美国", "goods[0].origin": "China", "goods[1].origin": "CHN", "goods[2].origin": "中国"}
    units = {"goods[0].unit": "个", "goods[1].unit": "ＰＣＳ", "goods[2].unit": "打"}
    (typed,) = trades("U-1", **written, **units)
    file = write_csv(tmp_path / "t.csv", table_of([typed]))
    assert "法定数量 legal quantity,法定第二数量 second legal quantity" in file.read_text("utf-8-sig")
    shown = terminal.enter(file)
    assert shown.code == 0, shown.text
    entry = terminal.holds("U-1")["U-1"]
    assert (entry["buyer"]["country"], {line["origin"] for line in entry["goods"]}) == ("US", {"CN"})
    assert [line["unit"] for line in entry["goods"]] == ["piece", "piece", "dozen"]

    shoes = {"goods[0].hsCode": "6403990090", "goods[0].name.zh": "皮鞋", "goods[0].unit": "件"}
    asked, stated = trades("U-2", **shoes), trades("U-3", **shoes, **{"goods[0].legalQuantity": "20"})
    shown = terminal.enter(write_xlsx(tmp_path / "shoes.xlsx", table_of(asked + stated)))
    assert (shown.code, "1 entered, 0 already there, 1 refused" in shown.text) == (1, True), shown.text
    assert "customs counts 6403990090 in pair, and item cannot be converted into that" in shown.text
    assert terminal.holds("U-3")["U-3"]["goods"][0]["legalQuantity"] == "20"


def test_what_is_no_unit_and_no_country_is_refused_with_the_nearest(terminal: Terminal, tmp_path: Path) -> None:
    typed = trades("N-1", **{"goods[0].unit": "peice", "buyer.country": "Untied States"})
    shown = terminal.enter(write_csv(tmp_path / "t.csv", table_of(typed)))
    assert shown.code == 1
    assert "nearest: 个 piece" in shown.text
    assert "nearest: US" in shown.text
