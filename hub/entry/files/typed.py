"""What a reader hands on: rows of a table, and trades as they stand in a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hub.errors import EntryProblem

MEMBER = re.compile(r"(?:goods|purchases)\[\d+\]")


class Flaw(NamedTuple):
    """What is wrong with a cell or a row before anybody looks at the trade: a code of `hub.errors`, and its words."""

    code: str
    parameters: Mapping[str, Any]


@dataclass(slots=True)
class Row:
    """A row of a table. `flaws` by cell; `broken` says why the row as a whole cannot be read.

    The cells of a broken row are what could be made out; `raw` is its text where cells could not.
    """

    number: int
    cells: list[str]
    flaws: dict[int, Flaw] = field(default_factory=dict)
    broken: Flaw | None = None
    raw: str = ""

    @property
    def blank(self) -> bool:
        return not (self.broken or self.flaws or any(self.cells))


class FileProblem(NamedTuple):
    """Something that is wrong with a trade in a file, with the row of the trade, counted from 0."""

    row: int
    problem: EntryProblem


@dataclass(slots=True)
class TypedTrade:
    """A trade as it stands in a file. `place` is the row or line where it begins.

    With faults it is not to be entered. `spots` says which of its rows each `goods[0]`, `purchases[0]` and path of the
    trade was typed in; `text` is a line of NDJSON that is no JSON. `rest`: rows without an entry, of the trade before,
    which has more of them than are held.
    """

    place: int
    entry: Any = None
    faults: list[FileProblem] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    spots: dict[str, int] = field(default_factory=dict)
    text: str = ""
    rest: bool = False

    @property
    def order(self) -> str:
        """The order number as typed, where there is one."""
        order = self.entry.get("orderNumber") if isinstance(self.entry, dict) else None
        return order if isinstance(order, str) else ""

    def row_of(self, path: str) -> int:
        """Which of its rows a path was typed in; the first where it was not typed in any."""
        member = MEMBER.match(path)
        return self.spots.get(member[0] if member else path, 0)
