"""docs/connectors.md: whoever types its commands, one after the other, has a connector running in the hub."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from hub.papers.sources import READERS

GUIDE = (Path(__file__).parents[2] / "docs" / "connectors.md").read_text("utf-8")
CHINESE, ENGLISH = GUIDE.split("\n---\n")
STEPS = re.findall(r"<!-- (run|keep running) -->\n```sh\n(.*?)```", CHINESE, re.DOTALL)
PORTS = {"8200": "YUHUB_HARBOUR_BASE_URL", "8080": "YUHUB_HUB"}
PATIENCE = 120.0


def free_port() -> str:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return str(tried.getsockname()[1])


class Reader:
    """Somebody who types, in an empty folder; pip puts what they install beside it, and nothing into our own."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.ports = {written: free_port() for written in PORTS}
        site = folder / "site"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("YUHUB_")},
            **{name: f"http://127.0.0.1:{self.ports[written]}" for written, name in PORTS.items()},
            "YUHUB_PORT": self.ports["8080"],
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(site),
            "PIP_TARGET": str(site),
            "PIP_NO_DEPS": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it the other way round: hatchling is here already
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "LANG": "C.UTF-8",
            "COLUMNS": "200",
        }

    def types(self, commands: str) -> str:
        """What a block of commands prints; each has to succeed."""
        done = subprocess.run(
            ["/bin/sh", "-eu", "-c", self._moved(commands)],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def leaves_running(self, command: str) -> None:
        """Starts it in another terminal and waits until it listens."""
        self.stack.enter_context(self._running(self._moved(command)))
        port = self.ports["8200" if "8200" in command else "8080"]
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", int(port))) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(f"{command} does not listen at {port}")

    @contextmanager
    def _running(self, command: str) -> Iterator[None]:
        with (self.folder / "terminal.log").open("ab") as log:
            process = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"], cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE)

    def _moved(self, commands: str) -> str:
        for written, port in self.ports.items():
            commands = commands.replace(written, port)
        return commands


@pytest.mark.timeout(600)
def test_whoever_types_the_commands_has_a_running_connector(tmp_path: Path) -> None:
    with ExitStack() as stack:
        reader = Reader(tmp_path, stack)
        said = [
            reader.leaves_running(typed) if kept == "keep running" else reader.types(typed) for kept, typed in STEPS
        ]
    written, checked, _, tried, _, ran = (text or "" for text in said)
    assert "connector-harbour" in written
    assert "✗" not in checked
    assert checked.count("✓") > 10
    assert "harbour" in checked.rpartition("passed")[2]  # the list: the hub sees it
    assert "N-1" in tried
    assert '"harbour"' in ran
    row = next(line for line in ran.splitlines() if "harbour.results" in line and "ok" in line)
    assert "incremental" in row


def test_both_languages_have_the_same_commands_and_name_every_source() -> None:
    halves = [re.findall(r"```sh\n(.*?)```", half, re.DOTALL) for half in (CHINESE, ENGLISH)]
    assert halves[0] == halves[1]
    assert [kept for kept, _ in STEPS].count("run") == 4
    for half in (CHINESE, ENGLISH):
        assert set(re.findall(r"^\| `(\w+):` \|", half, re.MULTILINE)) == set(READERS)
