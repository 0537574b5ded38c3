"""How far a file has come: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from hub.cli.entering import EntryCounts
from hub.cli.say import console, in_words, say
from hub.entry.files.opening import TradeFile

EVERY = 5.0
"""Seconds between plain lines."""


def in_numbers(counts: EntryCounts) -> str:
    trades, entered, same, refused = counts.trades, counts.entered, counts.same, counts.refused
    noun = "trade" if trades == 1 else "trades"
    return in_words(
        f"{trades:,} 票：录入 {entered:,}，已有 {same:,}，退回 {refused:,}",
        f"{trades:,} {noun}: {entered:,} entered, {same:,} already there, {refused:,} refused",
    )


def progress(file: TradeFile, counts: EntryCounts) -> AbstractContextManager[Callable[[], None]]:
    """Called after each trade; what it shows goes to stderr, so that stdout is what became of the trades."""
    return bar_of(file.size, file.passed, lambda: in_numbers(counts))


@contextmanager
def bar_of(total: int, done: Callable[[], int], words: Callable[[], str]) -> Iterator[Callable[[], None]]:
    """Called whenever more is done: how much of the `total`, 0 where that is not known, and what is said beside it."""
    screen, said = console(to_error=True), time.monotonic()

    def tell() -> None:
        nonlocal said
        if time.monotonic() - said >= EVERY:
            said = time.monotonic()
            share = f"{done() / total:4.0%}  " if total else ""
            say(f"{share}{words()}", to_error=True)

    if not screen.is_terminal:
        yield tell
        return
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(words(), total=total or None)
        yield lambda: bar.update(task, completed=done(), description=words())
