"""Rows under their header: as many cells as it has columns, and nothing where it has none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hub.entry.files.formulas import unguarded
from hub.entry.files.header import TableHeader
from hub.entry.files.typed import Flaw, Row

SHORTENED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{2}")
"""26411000000001880042 after a spreadsheet has looked at it: 2.6411E+19."""


def fit(rows: Iterable[Row], header: TableHeader, *, short: bool) -> Iterator[Row]:
    """The rows with one cell for each column. `short`: cells that are not there at the end are empty ones.

    They come from a workbook then; in a CSV file of refused trades the cells are as they were before it was written.
    """
    for row in rows:
        if header.reasons is not None:
            _leave_out(row, header.reasons)
            if not short:
                row.cells = [unguarded(cell) for cell in row.cells]
        if row.broken is None:
            _fit(row, header, short=short)
        yield row


def _leave_out(row: Row, place: int) -> None:
    if place < len(row.cells):
        del row.cells[place]
    row.flaws = {at - (at > place): flaw for at, flaw in row.flaws.items() if at != place}


def _fit(row: Row, header: TableHeader, *, short: bool) -> None:
    width = len(header.columns)
    if not any(row.cells) and not row.flaws:
        row.cells = [""] * width
        return
    if short:
        row.cells += [""] * (width - len(row.cells))
    while len(row.cells) > width and not row.cells[-1] and len(row.cells) - 1 not in row.flaws:
        row.cells.pop()
    if len(row.cells) != width:
        row.broken = Flaw(
            "ROW_UNREADABLE", {"row": row.number, "cause": "cells", "count": len(row.cells), "most": width}
        )
        return
    for place, column in enumerate(header.columns):
        if column is None and (row.cells[place] or place in row.flaws):
            row.broken = Flaw("ROW_UNREADABLE", {"row": row.number, "cause": "no header", "count": place + 1})
        elif column and column.shape != "number" and SHORTENED.fullmatch(row.cells[place]):
            row.flaws.setdefault(place, Flaw("DIGITS_LOST", {"value": row.cells[place]}))
