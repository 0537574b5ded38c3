"""Engines for tests: one whose runs a test waits for, and one whose work another process does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from concurrent import futures

from sync.engine import RUN
from sync.thread_engine import ThreadEngine

PROGRAM = """
import json, sys
from hub.app import build, load_settings
from sync.work import Work

class Back:
    def submit(self, job, task="run", **given):
        print(json.dumps({"job": job, "task": task, **given}), flush=True)
        return True

hub = build(load_settings())
work = Work(hub.services)
for line in sys.stdin:
    print(json.dumps({"became": work(Back(), **json.loads(line))}), flush=True)
hub.close()
"""


class Awaited(ThreadEngine):
    """Closing one cancels what has not begun; a test that wants it done waits before."""

    def wait(self, name: str | None = None) -> None:
        """Until all that was taken on is done, and what was asked for by that; or one thing, by its name."""
        while given := [one for told, one in list(self._given.items()) if name in (None, told)]:
            futures.wait(given)


class Elsewhere:
    """An `Engine` whose work a second process does: lines of text go there, and what is asked for comes back as such.

    `asked` came back and is not done yet; `became` is what became of each line.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdin=pipe, stdout=pipe, text=True, env=environment
        )
        self.asked: list[str] = []
        self.became: list[str | None] = []

    def submit(self, job: str, task: str = RUN, **given: str | int) -> bool:
        self.send(json.dumps({"job": job, "task": task, **given}))
        return True

    def send(self, text: str) -> None:
        """Has a line done, and waits for it."""
        assert self.process.stdin
        assert self.process.stdout
        print(text, file=self.process.stdin, flush=True)
        while "became" not in (said := json.loads(self.process.stdout.readline())):
            self.asked.append(json.dumps(said))
        self.became.append(said["became"])

    def close(self, seconds: float | None = None) -> list[str]:
        self.process.communicate(timeout=seconds)
        return []
