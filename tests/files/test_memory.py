"""Files of any length take the same memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from hub.entry.files.writing import Table, table
from tests.support.files.tables import TITLES, as_excel_saves, rows_of, trades
from tests.support.world import DEMO

READ = """
import resource, sys
from pathlib import Path
from hub.entry.files.opening import open_trades
with open_trades(Path(sys.argv[1])) as opened:
    read = sum(not typed.faults for typed in opened.trades)
print(read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""
ALLOWED = 8 * 2**20
"""Bytes between two runs of the same program that say nothing."""


def written(folder: Path, kind: str, count: int) -> Path:
    """A file of so many trades, each of a row that no other is like."""
    (typed,) = trades("x")
    typed["goods"], typed["purchases"] = typed["goods"][:1], typed["purchases"][:1]
    file = folder / f"{count}.{kind}"
    if kind == "ndjson":
        with file.open("w", encoding="utf-8") as stream:
            for number in range(count):
                stream.write(json.dumps(typed | {"orderNumber": f"L-{number}"}, ensure_ascii=False) + "\n")
        return file
    rows: Table = table(file)
    rows.row(TITLES)
    (first,) = rows_of(typed)
    for number in range(count):
        rows.row([f"L-{number}", *first[1:-1], f"0.{number % 100:02}"])
    rows.close()
    return as_excel_saves(file) if kind == "xlsx" else file


def peak(file: Path, expected: int) -> int:
    """Bytes at most of a process that reads a file, parsers and all."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file)], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    read, most = map(int, done.stdout.split())
    assert read == expected
    return most


@pytest.mark.parametrize(
    ("kind", "few", "many"),
    [
        ("csv", 1_000, 10_000),
        ("ndjson", 1_000, 10_000),
        ("xlsx", 300, 3_000),
        pytest.param("csv", 2_000, 300_000, marks=[pytest.mark.long, pytest.mark.timeout(900)]),
        pytest.param("xlsx", 2_000, 30_000, marks=[pytest.mark.long, pytest.mark.timeout(900)]),
    ],
)
def test_a_file_that_is_much_longer_takes_no_more_memory(tmp_path: Path, kind: str, few: int, many: int) -> None:
    short, long = written(tmp_path, kind, few), written(tmp_path, kind, many)
    assert peak(long, many) < peak(short, few) + ALLOWED


class Hub:
    """A hub in a process of its own, and how much memory that took at most."""

    def __init__(self, folder: Path) -> None:
        self.environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "YUHUB_DATA_DIR": str(folder)}
        self.key = re.findall(
            r"yh_\S+", self.run("enterprise", "add", str(DEMO / "enterprises" / "xuchang-hair.json"))
        )[0]

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "hub.cli", *words]

    def run(self, *words: str) -> str:
        return subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, check=True
        ).stdout

    @contextmanager
    def serving(self) -> Iterator[tuple[str, Callable[[], int]]]:
        """Its address, and its most bytes of memory so far."""
        command = self.command("web", "--port", "0")
        with subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            address = process.stdout.readline().split()[1].removesuffix("/graphql")
            status = Path(f"/proc/{process.pid}/status")
            try:
                yield address, lambda: 1024 * int(re.findall(r"VmHWM:\s+(\d+)", status.read_text())[0])
            finally:
                process.terminate()


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="how much memory a process took is read from /proc")
def test_a_hundred_megabytes_in_one_request_take_no_more_memory_than_two(tmp_path: Path) -> None:
    hub = Hub(tmp_path)
    line = json.dumps(trades("W-1", currency="RMB")[0], ensure_ascii=False).encode() + b"\n"
    headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {hub.key}"}
    most = []
    with hub.serving() as (address, memory):
        for size in (2 * 2**20, 100 * 2**20):
            count = size // len(line)
            body = (line * 100 for _ in range(count // 100))
            with requests.post(f"{address}/trades", body, headers=headers, stream=True, timeout=300) as answer:
                assert sum(b'"errors"' in one for one in answer.iter_lines()) == count // 100 * 100
            most.append(memory())
    assert most[1] < most[0] + 4 * ALLOWED
