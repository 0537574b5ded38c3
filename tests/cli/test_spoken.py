"""Whatever an enterprise or an authority is called, the command line shows it and nothing of it acts."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from sqlalchemy import update

from hub.app import build
from hub.cli import say
from hub.cli.say import cell, console, say_refused, table
from hub.entry.registration import register
from hub.model import Enterprise
from tests.support.cli.shells import Shell, Typed
from tests.support.world import MORNING, demo_file, settings_for

SEEN = {
    "[/foo]": "[/foo]",
    "[red]red[/] :smile:": "[red]red[/] :smile:",
    "\x1b]8;;http://evil\x1b\\x": r"\x1b]8;;http://evil\x1b\x",
    "\u202egnp": r"\u202egnp",
    "two\nlines\tand \x9b2J": r"two\nlines\tand \x9b2J",
    "\u2028": r"\u2028",
    "😀 中文": "😀 中文",
}


@pytest.mark.parametrize(("given", "seen"), SEEN.items(), ids=range(len(SEEN)))
def test_the_list_of_enterprises_shows_any_name(
    yuhub: Typed, tmp_path: Path, small_url: str, given: str, seen: str
) -> None:
    hub = build(settings_for(tmp_path, small_url, {}))
    with hub.database.write() as connection:
        register(connection, demo_file("enterprises", "xuchang-hair"), MORNING)
        connection.execute(update(Enterprise).values(name_zh=given))
    hub.close()
    shown = yuhub("enterprise", "list", YUHUB_DATABASE_URL=small_url, YUHUB_DATA_DIR=str(tmp_path))
    assert len(shown.splitlines()) == 2
    assert seen in shown.splitlines()[1]


def test_neither_titles_nor_columns_are_markup(capsys: pytest.CaptureFixture[str]) -> None:
    console().print(table((cell("[b]c"), cell("d")), [("[/x]", cell("[/y]", "red"))], "[/t] \x1b"))
    said = capsys.readouterr().out
    assert all(part in said for part in ("[b]c", "[/x]", "[/y]", r"[/t] \x1b"))


def test_what_was_typed_wrongly_is_said_harmlessly(capsys: pytest.CaptureFixture[str]) -> None:
    say_refused(click.UsageError("no such thing: \x1b[2J\u202e"))
    assert r"no such thing: \x1b[2J\u202e" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_terminal_that_has_not_got_a_character_gets_its_escape(shell: Shell, small_url: str, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", "key", "revoke", "\x1b😀"],
        cwd=shell.folder,
        env=shell.environment | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "YUHUB_DATABASE_URL": small_url},
        capture_output=True,
        timeout=100,
        check=False,
    )
    said = done.stderr.decode("utf-8" if encoding == "ascii" else encoding)
    assert r"key \x1b" in said
    assert ("😀" if encoding == "ascii" else r"\U0001f600") in said


def test_json_stays_json(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"name": "".join(SEEN), "half": "\ud83d"}
    say.say_json(copy.copy(value))
    said = capsys.readouterr().out
    assert json.loads(said) == value
    assert not {"\x1b", "\x9b", "\u202e", "\u2028"} & set(said)


def test_a_file_is_printed_as_it_is_into_a_pipe_and_harmlessly_on_a_terminal(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b"<a>\x1b[2J\xff\n</a>"
    say.say_bytes(body)
    assert capfdbinary.readouterr().out == body
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    say.say_bytes(body)
    assert b"\x1b" not in capfdbinary.readouterr().out
