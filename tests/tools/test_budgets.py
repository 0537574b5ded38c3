"""Budgets: what is over one is said with what to do about it, and what is measured is what a reader would count."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tools.budgets import Figures, as_toml, lines_of, measured, table, words_of, wrong

FOUND: Figures = {"lines": {"hub": 120, "sync": 30}, "ratio": {"mocks / connectors": 2.5}}


def test_what_is_within_its_budget_is_shown_with_what_is_left() -> None:
    budgets: Figures = {"lines": {"hub": 150, "sync": 30}, "ratio": {"mocks / connectors": 3}}
    assert wrong(budgets, FOUND) == []
    _, hub, sync, ratio = (line.rsplit(maxsplit=3) for line in table(budgets, FOUND).splitlines())
    assert hub == ["lines: hub", "150", "120", "30"]
    assert sync[1:] == ["30", "30", "0"]
    assert ratio[1:] == ["3", "2.5", "0.5"]


def test_what_is_over_says_by_how_much_and_the_way_out() -> None:
    (over, none, gone) = wrong({"lines": {"hub": 100, "sync": 30, "graphql": 1}}, FOUND)
    assert over == (
        "lines: hub is 120, over by 20: make it smaller, "
        "or raise it in budgets.toml in a commit of its own that says why"
    )
    assert none == "ratio: mocks / connectors has no budget: give it one in budgets.toml"
    assert gone == "lines: graphql is not measured: take it out"


def test_what_is_measured_can_be_written_down_as_budgets() -> None:
    assert tomllib.loads(as_toml(FOUND)) == FOUND


def test_words_are_what_a_reader_reads() -> None:
    page = "# One two\n\n[three four](docs/five/six.md) — 七八九十。\n\n```sh\neleven\n```\n"
    assert words_of(page) == 6


def test_lines_are_those_of_python(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.py").write_text("1\n2\n3\n")
    (tmp_path / "b.md").write_text("1\n")
    assert lines_of(tmp_path) == 3


def test_the_house_is_measured() -> None:
    found = measured()
    assert found["lines of Python"]["hub"] > found["lines of Python"]["tools"] > 0
    assert 100 < found["modules"]["yuhub --help"] < 1000, "the list of commands imports what only a command needs"
