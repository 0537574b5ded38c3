"""The command line, at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli.shells import Shell, Typed


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Each command in a process of its own."""
    return Shell(tmp_path)


@pytest.fixture
def yuhub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Commands in this process; the folder is the test's own."""
    monkeypatch.chdir(tmp_path)
    return Typed(monkeypatch, capsys)
