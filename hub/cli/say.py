"""How the command line speaks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from connectors.sdk.moments import BEIJING
from hub.errors import HubError

PIPE = 1_000
"""Columns of what is no terminal."""
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
    """The language of the terminal: Chinese where the locale is, English elsewhere."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.startswith("zh") else "en"


def in_words(zh: str, en: str) -> str:
    """What is said in the language of the terminal."""
    return zh if language() == "zh" else en


def say_problems(order: str, problems: Sequence[tuple[str, Mapping[str, str]]]) -> None:
    """All that is wrong with what was typed: where, and the problem with its rule and way out."""
    said = in_words(
        f"{len(problems)} 处错误，未保存任何内容",
        f"{len(problems)} error{'s' * (len(problems) != 1)}, nothing of it stored",
    )
    click.echo(f"✗ {order}  {said}", err=True)
    for where, one in problems:
        place = where or in_words("（企业登记）", "(registration)")
        click.echo(f"    {place}: {one['message']}  [{one['code']}]\n      → {one['wayOut']}", err=True)


def say_error(error: HubError, spoken: str) -> None:
    click.echo(f"{error.code}: {error.words(spoken)}", err=True)
    click.echo(f"  → {error.way_out(spoken)}", err=True)


def console(*, to_error: bool = False) -> Console:
    """Where a terminal ends, lines fold. What goes into a pipe or a file is for programs: a line each, nothing cut."""
    stream = sys.stderr if to_error else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else PIPE
    return Console(stderr=to_error, highlight=False, width=width)


def coloured(state: str) -> str:
    return f"[{STATES[state]}]{state}[/]" if state in STATES else state


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> Table:
    drawn = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in columns:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    return drawn


def beijing(moment: str | None) -> str:
    """A time of the API as Beijing time."""
    if not moment:
        return ""
    return datetime.fromisoformat(moment).astimezone(BEIJING).strftime("%m-%d %H:%M:%S")


def seconds(length: float | None) -> str:
    if length is None:
        return "—"
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if length >= 2 * size:
            return f"{length / size:.0f}{unit}"
    return f"{length:.0f}s"
