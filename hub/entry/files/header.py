"""The header of a table: which column stands where. All that is wrong with it is said at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.entry.files.columns import COLUMNS, ERRORS, SPELLINGS, Column, plain
from hub.errors import EntryProblem, HeaderWrong, HubError

NEAREST = 3
ALIKE = 0.5
"""How much of a header must be the same for it to be called near, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Header:
    """`names` as they stand in the file and `columns` in the same order, `None` where a name is empty.

    `reasons` is where the file that is read has the column of reasons, which is no part of either.
    """

    names: tuple[str, ...]
    columns: tuple[Column | None, ...]
    reasons: int | None

    @property
    def order(self) -> int:
        """Where the order number stands."""
        return self.place("orderNumber")

    def place(self, path: str) -> int:
        """Where the column of a path stands; -1 where the file has none."""
        return next((place for place, one in enumerate(self.columns) if one and one.path == path), -1)

    def name(self, path: str) -> str:
        """What the file calls the column of a path; our own name for one that it lacks; nothing for no column."""
        place = self.place(path)
        if place >= 0:
            return self.names[place].rstrip("* ")
        return f"{COLUMNS[path].zh} {COLUMNS[path].en}" if path in COLUMNS else ""


def read_header(file: str, cells: Sequence[str]) -> Header:
    """HeaderWrong lists unknown, repeated and missing columns, FILE_UNREADABLE if none is known."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    spelt = [plain(name) for name in names]
    reasons = spelt.index(plain(ERRORS)) if plain(ERRORS) in spelt else None
    if reasons is not None:
        del names[reasons]
    columns = tuple(SPELLINGS.get(plain(name)) for name in names)
    if not any(columns):
        raise HubError("FILE_UNREADABLE", file=file, cause="no table")
    problems = list(_problems(names, columns))
    if problems:
        raise HeaderWrong(file, problems)
    return Header(tuple(names), columns, reasons)


def known_columns(cells: Sequence[str]) -> int:
    """How many of the cells are headers that we know."""
    return sum(plain(cell) in SPELLINGS for cell in cells)


def _problems(names: Sequence[str], columns: Sequence[Column | None]) -> Iterator[EntryProblem]:
    found: dict[str, str] = {}
    for name, column in zip(names, columns, strict=True):
        if column is None:
            if name:
                yield EntryProblem(name, "COLUMN_UNKNOWN", {"column": name, "nearest": ", ".join(_nearest(name))})
        elif column.path in found:
            yield EntryProblem(name, "COLUMN_TWICE", {"column": name, "other": found[column.path]})
        else:
            found[column.path] = name
    for column in COLUMNS.values():
        if column.mandatory and column.path not in found:
            yield EntryProblem(column.path, "COLUMN_MISSING", {"column": column.zh, "column_en": column.en})


def _nearest(name: str) -> list[str]:
    """Headers that look like this one, each column once."""
    alike = difflib.get_close_matches(plain(name), SPELLINGS, n=2 * NEAREST, cutoff=ALIKE)
    columns = dict.fromkeys(SPELLINGS[spelling] for spelling in alike)
    return [f"{column.zh} ({column.en})" for column in list(columns)[:NEAREST]] or ["—"]
