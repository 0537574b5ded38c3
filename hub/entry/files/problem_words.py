"""Problems in words, and where in a file they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from hub.entry.files.header import TableHeader
from hub.entry.files.typed import TypedTrade
from hub.entry.paths import general
from hub.errors import EntryProblem

Told = Mapping[str, Any]
"""A problem as it leaves every door: path, code, message, wayOut."""


def told(problem: EntryProblem, language: str) -> dict[str, str]:
    return {
        "path": problem.path,
        "code": problem.code,
        "message": problem.words(language),
        "wayOut": problem.way_out(language),
    }


class Reason(NamedTuple):
    """A problem at its place: which of the trade's rows, counted from 0, and its column, if any: place and name."""

    row: int
    place: int
    column: str
    problem: Told

    def __str__(self) -> str:
        at = f"{self.column}: " if self.column else ""
        return f"{at}{self.problem['message']} → {self.problem['wayOut']} [{self.problem['code']}]"


def reasons(typed: TypedTrade, answered: list[Told], header: TableHeader | None, language: str) -> list[Reason]:
    """What is wrong with a trade: what its file said, and what the hub answered."""
    faults = [(fault.row, told(fault.problem, language)) for fault in typed.faults]
    found: list[tuple[int, Told]] = [*faults, *((typed.row_of(one["path"]), one) for one in answered)]
    return [Reason(row, *_column(one["path"], header), one) for row, one in found]


def _column(path: str, header: TableHeader | None) -> tuple[int, str]:
    if header is None:
        return -1, path
    return header.place(general(path)), header.name(general(path)) or path
