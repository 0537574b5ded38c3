"""What the command line prints where nobody's terminal ends."""

from __future__ import annotations

import pytest

from hub.cli.say import console, table

LONG = "YH26112200000001D-01-" * 12


def test_a_pipe_gets_every_reference_whole(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    console().print(table(("name", "reference"), [("order", LONG)]))
    assert LONG in capsys.readouterr().out.splitlines()[1]


def test_a_narrow_terminal_folds_and_cuts_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    console().print(table(("name", "reference"), [("order", LONG)]))
    rows = capsys.readouterr().out.splitlines()[1:]
    assert max(map(len, rows)) <= 60
    assert "".join(row.removeprefix("order").strip() for row in rows) == LONG
