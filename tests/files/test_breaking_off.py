"""What is broken off goes on with the same command, and nothing is entered twice."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.files.tables import table_of, trades, write_csv, write_ndjson
from tests.support.files.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
Application = Callable[..., Iterable[bytes]]


@contextmanager
def in_front_of(terminal: Terminal, handle: Callable[[Application, int, Any, Any], Iterable[bytes]]) -> Iterator[None]:
    """Something between the exporter and the hub that handles the first, second … request."""
    door = terminal.world.street.doors["hub"]
    hub, asked = door.app, 0
    assert hub is not None

    def stand(environ: Any, start_response: Any) -> Iterable[bytes]:
        nonlocal asked
        asked += 1
        return handle(hub, asked, environ, start_response)

    door.app = stand
    try:
        yield
    finally:
        door.app = hub


def dies_at(which: int, *, stored: bool) -> Callable[[Application, int, Any, Any], Iterable[bytes]]:
    """A hub that dies at a request: before it is looked at, or when all is stored and no answer has gone out."""

    def handle(hub: Application, asked: int, environ: Any, start_response: Any) -> Iterable[bytes]:
        if asked != which:
            return hub(environ, start_response)
        if stored:
            list(hub(environ, lambda *_: lambda _: None))
        start_response("200 OK", [("Content-Length", "1")])
        return [b""]  # the line ends before the answer does

    return handle


@contextmanager
def interruptible() -> Iterator[None]:
    """A shell lets what it runs in the background ignore Ctrl-C, and so would whatever is started from there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def command(file: Path) -> list[str]:
    return [sys.executable, "-m", "hub.cli", "enter", str(file)]


def environment(terminal: Terminal) -> dict[str, str]:
    """That of a Chinese terminal."""
    return os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "graphql")]),
        "YUHUB_HUB": terminal.world.address,
        "YUHUB_KEY": terminal.key,
        "LC_ALL": "zh_CN.UTF-8",
        "PYTHONUTF8": "1",
        "TERM": "xterm",
        "COLUMNS": "120",
    }


@pytest.mark.parametrize("stored", [False, True], ids=["before", "after it had stored them"])
def test_a_hub_that_died_on_the_way_is_asked_again_and_enters_nothing_twice(
    terminal: Terminal, tmp_path: Path, stored: bool, caplog: pytest.LogCaptureFixture
) -> None:
    orders = [f"D{int(stored)}-{number}" for number in range(450)]
    typed = trades(*orders)
    typed[10]["currency"] = "RMB"
    file = write_ndjson(tmp_path / "t.ndjson", typed)
    with in_front_of(terminal, dies_at(2, stored=stored)):
        broken = terminal.enter(file)
    assert broken.code == 2, broken.text
    assert "HUB_UNREACHABLE" in broken.text
    assert "200 trades: 199 entered, 0 already there, 1 refused" in broken.text
    assert "the same command goes on" in broken.text
    assert len(terminal.holds(*orders)) == (399 if stored else 199)
    assert [one.name for one in tmp_path.iterdir()] == ["t.ndjson"]

    whole = terminal.enter(file)
    before = 399 if stored else 199
    assert f"450 trades: {449 - before} entered, {before} already there, 1 refused" in whole.text
    assert len(terminal.holds(*orders)) == 449
    assert (tmp_path / "t.rejected.ndjson").exists()


def test_a_hub_that_is_not_there_or_knows_no_such_key_is_said_before_anything_happens(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "t.csv", table_of(trades("Q-1")))
    nobody = terminal.enter(file, "--hub", "http://127.0.0.1:9")
    assert (nobody.code, "HUB_UNREACHABLE" in nobody.text) == (2, True)
    stranger = terminal.enter(file, "--key", "yh_unknown")
    assert (stranger.code, "UNAUTHENTICATED" in stranger.text) == (1, True)
    other = terminal.enter(file, "--enterprise", "91411000725800192B")
    assert (other.code, "NOT_FOUND" in other.text) == (1, True)
    assert "Broken off" not in nobody.text + stranger.text + other.text
    assert terminal.holds("Q-1") == {}


def test_a_folder_that_takes_no_file_of_refused_trades_is_said_with_another_way(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "t.csv", table_of(trades("Q-2", currency="RMB")))
    (tmp_path / "file").touch()
    said = terminal.enter(file, "--out", str(tmp_path / "file"))
    assert (said.code, "FILE_UNWRITABLE" in said.text) == (2, True), said.text
    (tmp_path / "folder").mkdir()
    terminal.enter(file, "--out", str(tmp_path / "folder"))
    assert (tmp_path / "folder" / "t.rejected.csv").exists()


def test_a_terminal_shows_how_far_it_is(terminal: Terminal, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "t.csv", table_of(trades(*(f"V-{number}" for number in range(21)))))
    ours, theirs = pty.openpty()
    with subprocess.Popen(command(file), env=environment(terminal), stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while chunk := _read(ours):
            said += chunk
    os.close(ours)
    assert process.returncode == 0, said
    assert "━" in said.decode()
    assert "100%" in said.decode()
    assert "V-19" in said.decode()
    assert "V-20" not in said.decode()  # of a long file the numbers say the rest
    assert said.decode().rstrip().endswith("21 票：录入 21，已有 0，退回 0")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that nobody writes there any more
        return b""


def test_ctrl_c_says_how_far_it_came(terminal: Terminal, tmp_path: Path) -> None:
    file = write_ndjson(tmp_path / "t.ndjson", trades(*(f"C-{number}" for number in range(250))))
    reached, go_on = threading.Event(), threading.Event()

    def slow(hub: Application, asked: int, environ: Any, start_response: Any) -> Iterable[bytes]:
        if asked == 2:
            reached.set()
            go_on.wait(30)
        return hub(environ, start_response)

    with (
        in_front_of(terminal, slow),
        interruptible(),
        subprocess.Popen(
            command(file), env=environment(terminal), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process,
    ):
        assert reached.wait(60)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[0].decode()
        go_on.set()
    assert process.returncode == 130, said
    assert "200 票：录入 200，已有 0，退回 0" in said
    assert "再次运行同一命令即可继续" in said
    assert "Traceback" not in said
