"""How the command line speaks."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from types import TracebackType
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connectors.sdk.inside.shown import shown, shown_json, shown_lines
from connectors.sdk.instants import BEIJING
from hub.cli.words import CODES, HEADINGS
from hub.errors import HubError

PIPE = 1_000
"""Columns of what is no terminal."""
WIDEST = 2_000
"""Characters of a cell."""
STATES = {
    "done": "green",
    "finished": "green",
    "ok": "green",
    "accepted": "cyan",
    "sent": "cyan",
    "running": "cyan",
    "ready": "blue",
    "held": "yellow",
    "late": "yellow",
    "attention": "red",
    "rejected": "red",
    "failed": "red",
    "paused": "magenta",
}
"""State → colour; the word itself always stands there too."""


def language() -> str:
    """The language of the terminal: YUHUB_LANGUAGE where it is set, else Chinese where the locale is, else English."""
    chosen = os.environ.get("YUHUB_LANGUAGE", "").strip()
    locale = chosen or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.startswith("zh") else "en"


def in_words(zh: str, en: str) -> str:
    """What is said in the language of the terminal."""
    return zh if language() == "zh" else en


def say(text: object, *, to_error: bool = False) -> None:
    """Says lines of ours. What came from outside goes through `shown` before it is put into one that has several."""
    click.echo(shown_lines(text), err=to_error)


def say_json(value: Any, indent: int | None = 1) -> None:
    """Prints a value as JSON and nothing else: it reads back exactly, and does nothing to a terminal."""
    click.echo(shown_json(value, indent))


def say_bytes(body: bytes) -> None:
    """Prints a file: as it is into a pipe or another file, on a terminal as text in which nothing acts."""
    if sys.stdout.isatty():
        click.echo(shown_lines(body.decode("utf-8", "backslashreplace")))
    else:
        click.echo(body, nl=False)


def say_refused(error: click.ClickException) -> None:
    """What click or a command found wrong with the words that were typed."""
    fit = copy(error)
    fit.__dict__["message"] = shown_lines(error.message)
    fit.show()


def say_broken(_: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """An accident that nobody thought of, with its traceback."""
    say("".join(traceback.format_exception(type(error), error, where)), to_error=True)


def say_problems(order: str, problems: Sequence[tuple[str, Mapping[str, str]]]) -> None:
    """All that is wrong with what was typed: where, and the problem with its rule and way out."""
    said = in_words(
        f"{len(problems)} 处错误，未保存任何内容",
        f"{len(problems)} error{'s' * (len(problems) != 1)}, nothing of it stored",
    )
    say(f"✗ {shown(order)}  {said}", to_error=True)
    for where, one in problems:
        place = where or in_words("（企业登记）", "(registration)")
        say(f"    {shown(place)}: {shown(one['message'])}  [{shown(one['code'])}]", to_error=True)
        say(f"      → {shown(one['wayOut'])}", to_error=True)


def say_error(error: HubError, spoken: str) -> None:
    say(f"{error.code}: {shown(error.words(spoken))}", to_error=True)
    say(f"  → {shown(error.way_out(spoken))}", to_error=True)


def console(*, to_error: bool = False) -> Console:
    """Where a terminal ends, lines fold. What goes into a pipe or a file is for programs: a line each, nothing cut."""
    stream = sys.stderr if to_error else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else PIPE
    return Console(stderr=to_error, highlight=False, markup=False, emoji=False, width=width)


def cell(text: object, style: str = "") -> Text:
    """Text for a terminal, as it stands: neither markup nor a character in it does anything."""
    return Text(shown(text, most=WIDEST), style)


def code_in_words(code: str) -> str:
    """A code of a state, a step or a role; in English it is a word itself."""
    return in_words(CODES.get(code, code), code)


def code_and_words(code: str) -> str:
    """A code that commands take, and in Chinese what it means."""
    return in_words(f"{CODES[code]} ({code})", code)


def coloured(state: str) -> Text:
    return cell(code_in_words(state), STATES.get(state, ""))


def table(columns: Sequence[str | Text], rows: Iterable[Sequence[str | Text]], title: str = "") -> Table:
    """Cells are shown as they stand, each line of a text of its own; `Text` comes from `cell` and `coloured`.

    A heading is one of HEADINGS and said in the language; a `cell` where it is a name of data.
    """
    named = Text(title and shown_lines(title))
    drawn = Table(title=named or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in columns:
        heading = name if isinstance(name, Text) else cell(in_words(HEADINGS[name], name))
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(one if isinstance(one, Text) else cell(one) for one in row))
    return drawn


def beijing(moment: str | None) -> str:
    """A time of the API as Beijing time."""
    if not moment:
        return ""
    return datetime.fromisoformat(moment).astimezone(BEIJING).strftime("%m-%d %H:%M:%S")


def minute(moment: datetime | None) -> str:
    """A time of the database as Beijing time."""
    return f"{moment.astimezone(BEIJING):%F %R}" if moment else ""


def seconds(length: float | None) -> str:
    if length is None:
        return "—"
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if length >= 2 * size:
            return f"{length / size:.0f}{unit}"
    return f"{length:.0f}s"
