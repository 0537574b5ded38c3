"""Files of any length take the same memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hub.entry.files.writing import Table, table
from tests.files.tables import TITLES, as_excel_saves, rows_of, trades

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
        ("csv", 1_000, 20_000),
        ("ndjson", 1_000, 20_000),
        ("xlsx", 300, 3_000),
        pytest.param("csv", 2_000, 300_000, marks=[pytest.mark.long, pytest.mark.timeout(900)]),
        pytest.param("xlsx", 2_000, 100_000, marks=[pytest.mark.long, pytest.mark.timeout(900)]),
    ],
)
def test_a_file_that_is_much_longer_takes_no_more_memory(tmp_path: Path, kind: str, few: int, many: int) -> None:
    short, long = written(tmp_path, kind, few), written(tmp_path, kind, many)
    assert peak(long, many) < peak(short, few) + ALLOWED
