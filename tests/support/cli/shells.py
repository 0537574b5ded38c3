"""Two ways to type a command: in a process of its own, and in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hub.cli import main

ROOT = Path(__file__).resolve().parents[3]


class Shell:
    """Runs `yuhub` in a process of its own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("YUHUB_")} | {
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "graphql")]),
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "200",
        }

    def __call__(self, *words: str, expect: int = 0, **settings: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "hub.cli", *words],
            cwd=self.folder,
            env=self.environment | settings,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        output = done.stdout + done.stderr
        assert done.returncode == expect, output
        assert "Traceback" not in output
        return output


class Typed:
    """Runs `yuhub` in this process, which takes a tenth of the time; what it loads is forgotten afterwards."""

    def __init__(self, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.patch = patch
        self.capsys = capsys

    def __call__(self, *words: str, expect: int = 0, **settings: str) -> str:
        code: Any = 0
        before = set(sys.modules)
        with self.patch.context() as patch:
            patch.setattr(sys, "argv", ["yuhub", *words])
            patch.setattr(sys, "path", [*sys.path])
            for name, value in ({"COLUMNS": "200", "LC_ALL": "C.UTF-8"} | settings).items():
                patch.setenv(name, value)
            try:
                main()
            except SystemExit as end:
                code = end.code
        for module in set(sys.modules) - before:
            if module.partition(".")[0].startswith(("connector_", "twin")):
                del sys.modules[module]
        said = self.capsys.readouterr()
        assert code == expect, said
        return said.out + said.err
