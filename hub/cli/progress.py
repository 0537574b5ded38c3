"""How far a file has come: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from hub.cli.entering import Counts
from hub.cli.say import console, in_words, say
from hub.entry.files.opening import TradeFile

EVERY = 5.0
"""Seconds between plain lines."""


def in_numbers(counts: Counts) -> str:
    trades, entered, same, refused = counts.trades, counts.entered, counts.same, counts.refused
    noun = "trade" if trades == 1 else "trades"
    return in_words(
        f"{trades:,} 票：录入 {entered:,}，已有 {same:,}，退回 {refused:,}",
        f"{trades:,} {noun}: {entered:,} entered, {same:,} already there, {refused:,} refused",
    )


@contextmanager
def progress(file: TradeFile, counts: Counts) -> Iterator[Callable[[], None]]:
    """Called after each trade; what it shows goes to stderr, so that stdout is what became of the trades."""
    screen = console(to_error=True)
    if not screen.is_terminal:
        yield _plain_lines(file, counts)
        return
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(in_numbers(counts), total=file.size or None)
        yield lambda: bar.update(task, completed=file.passed(), description=in_numbers(counts))


def _plain_lines(file: TradeFile, counts: Counts) -> Callable[[], None]:
    said = time.monotonic()

    def tell() -> None:
        nonlocal said
        if time.monotonic() - said >= EVERY:
            said = time.monotonic()
            share = f"{file.passed() / file.size:4.0%}  " if file.size else ""
            say(f"{share}{in_numbers(counts)}", to_error=True)

    return tell


@contextmanager
def bar_of(total: int, words: Callable[[int], str]) -> Iterator[Callable[[int], None]]:
    """The same for so many things of any kind; called with how many are done since."""
    screen = console(to_error=True)
    done, said = 0, time.monotonic()

    def tell(more: int) -> None:
        nonlocal done, said
        done += more
        if time.monotonic() - said >= EVERY:
            said = time.monotonic()
            say(words(done), to_error=True)

    if not screen.is_terminal:
        yield tell
        return
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(words(0), total=total or None)

        def move(more: int) -> None:
            nonlocal done
            done += more
            bar.update(task, completed=done, description=words(done))

        yield move
