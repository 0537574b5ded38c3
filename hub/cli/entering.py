"""A file of trades on its way into the hub: batch by batch, every trade answered, in the file's order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from hub.cli.client import Answer
from hub.entry.files.header import TableHeader
from hub.entry.files.problem_words import Reason, reasons
from hub.entry.files.typed import TypedTrade

MOST_TRADES, MOST_BYTES = 200, 1024 * 1024
"""Of a request: what the hub stores at once. So a bar moves, and little is on its way when a line breaks."""

Enter = Callable[[Sequence[bytes]], Sequence[Answer]]
Batch = list[tuple[TypedTrade, bytes]]


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What became of a trade: its number, or why it was refused. `same`: it had been entered before."""

    typed: TypedTrade
    number: str = ""
    same: bool = False
    reasons: Sequence[Reason] = ()


@dataclass(slots=True)
class EntryCounts:
    """How far a file has come."""

    entered: int = 0
    same: int = 0
    refused: int = 0

    @property
    def trades(self) -> int:
        return self.entered + self.same + self.refused

    def add(self, outcome: EntryOutcome) -> None:
        if outcome.typed.rest:
            return
        if outcome.reasons:
            self.refused += 1
        elif outcome.same:
            self.same += 1
        else:
            self.entered += 1


def outcomes(
    trades: Iterable[TypedTrade], header: TableHeader | None, enter: Enter, language: str
) -> Iterator[EntryOutcome]:
    """What became of each trade. One that its file spoils is not sent: half of it must not go in."""
    for batch in batches(trades):
        sent = [line for typed, line in batch if not typed.faults]
        answers = iter(enter(sent) if sent else ())
        for typed, _ in batch:
            answer = {} if typed.faults else next(answers)
            why = reasons(typed, answer.get("errors") or [], header, language)
            yield EntryOutcome(typed, str(answer.get("number") or ""), bool(answer.get("same")), why)


def batches(trades: Iterable[TypedTrade]) -> Iterator[Batch]:
    """Trades as they are sent together, each with its line of JSON."""
    batch: Batch = []
    size = 0
    for typed in trades:
        line = json.dumps(typed.entry, default=str).encode()  # half a surrogate pair goes as the escape it came as
        if batch and (len(batch) == MOST_TRADES or size + len(line) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((typed, line))
        size += len(line)
    if batch:
        yield batch
