"""Rows of a table become trades: each row is a goods line, or one more purchase of a line that it names again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from marshmallow import ValidationError

from hub.entry.entry_schema import MOST_LINES, TRADE_ENTRY
from hub.entry.files.columns import EXAMPLE, FileColumn
from hub.entry.files.grouping import MOST_ROWS, Group, groups
from hub.entry.files.header import TableHeader
from hub.entry.files.order_numbers import Orders
from hub.entry.files.typed import FileProblem, Row, TypedTrade
from hub.entry.reading import problems_of
from hub.errors import EntryProblem

LINE = "purchases[].line"
TOO_MANY_ROWS = EntryProblem("goods", "BAD_VALUE", {"cause": "rows", "count": MOST_ROWS, "most": MOST_LINES})


def read_sheet(rows: Iterable[Row], header: TableHeader, orders: Orders) -> Iterator[TypedTrade]:
    """The trades of a table, in order."""
    for group in groups(rows, header):
        if group.rest:
            yield TypedTrade(group.rows[0].number, faults=[FileProblem(0, TOO_MANY_ROWS)], rows=group.rows, rest=True)
            continue
        typed = _Sheet(group, header).read()
        first = orders.first(group.order, typed.place) if group.order else None
        if first is not None:
            parameters = {"order": group.order, "first": first, "row": typed.place}
            typed.faults.insert(0, FileProblem(0, EntryProblem("orderNumber", "ORDER_SPLIT", parameters)))
        if group.order == EXAMPLE:
            typed.faults.append(FileProblem(0, EntryProblem("orderNumber", "EXAMPLE_ROW", {})))
        for index in group.unnamed:
            typed.faults.append(FileProblem(index, EntryProblem("orderNumber", "REQUIRED", {})))
        if group.doubt is not None:
            typed.faults.insert(0, FileProblem(0, EntryProblem("", "ROW_NEIGHBOUR", {"row": group.doubt})))
        if group.cut:
            typed.faults.insert(0, FileProblem(0, TOO_MANY_ROWS))
        if typed.faults and not any(row.broken for row in typed.rows):
            typed.faults += _others(typed)
        yield typed


def _others(typed: TypedTrade) -> Iterator[FileProblem]:
    """What else is wrong with the fields of a trade that cannot go in as it is, so that all is mended at once."""
    told = {fault.problem.path for fault in typed.faults}
    try:
        TRADE_ENTRY.load(typed.entry)
    except ValidationError as error:
        for problem in problems_of(error, TRADE_ENTRY):
            if problem.path not in told:
                yield FileProblem(typed.row_of(problem.path), problem)


class _Sheet:
    """One trade's rows, being read."""

    def __init__(self, group: Group, header: TableHeader) -> None:
        self.header = header
        self.goods: list[dict[str, Any]] = []
        self.purchases: list[dict[str, Any]] = []
        entry: dict[str, Any] = {"buyer": {}, "transport": {}}  # so that each cell of theirs is asked for by itself
        self.typed = TypedTrade(group.rows[0].number, entry, rows=group.rows)

    def read(self) -> TypedTrade:
        for index, row in enumerate(self.typed.rows):
            if row.broken:
                self._fault(index, "", row.broken.code, row.broken.parameters)
            else:
                self._row(index, row)
        if not self.goods:
            self._open_line(0)
        self.typed.entry["goods"] = self.goods
        if self.purchases:
            self.typed.entry["purchases"] = self.purchases
        return self.typed

    def _row(self, index: int, row: Row) -> None:
        cells = self._cells(row)
        flaws = {self.header.columns[place]: flaw for place, flaw in row.flaws.items()}
        parts = {column.part for column in (*cells, *flaws) if column and column.path != LINE}
        line = self._line(index, next((text for column, text in cells.items() if column.path == LINE), ""), parts)
        if "purchases" in parts:
            self.typed.spots[f"purchases[{len(self.purchases)}]"] = index
            self.purchases.append({"line": line + 1})
        for column, text in cells.items():
            if column.path != LINE:
                self._put(index, column, line, text)
        for flawed, flaw in flaws.items():
            self._fault(index, self._path(flawed, line) if flawed else "", flaw.code, flaw.parameters)

    def _cells(self, row: Row) -> dict[FileColumn, str]:
        """What was typed, by column."""
        filled = zip(self.header.columns, row.cells, strict=True)
        return {column: column.read(text) for column, text in filled if column and text}

    def _line(self, index: int, number: str, parts: set[str]) -> int:
        """Which goods line the row is of, counted from 0; a new one is opened where it begins one."""
        last = len(self.goods)
        if not number:
            begins = "goods" in parts or (last == 0 and "purchases" in parts)
            return self._open_line(index) if begins else max(last - 1, 0)
        if not number.isdecimal() or len(number) > 9:
            self._fault(index, LINE, "BAD_VALUE", {"cause": "whole number"})
        elif 1 <= int(number) <= last:
            return int(number) - 1
        elif int(number) != last + 1:
            self._fault(index, LINE, "LINE_OUT_OF_TURN", {"line": int(number), "next": last + 1})
        return self._open_line(index)

    def _open_line(self, index: int) -> int:
        self.typed.spots[f"goods[{len(self.goods)}]"] = index
        self.goods.append({"name": {}})
        return len(self.goods) - 1

    def _put(self, index: int, column: FileColumn, line: int, text: str) -> None:
        """Writes a cell into the entry. What rows share is said once, or by each in the same words."""
        path = self._path(column, line)
        place = {"goods": self.goods[line], "purchases": self.purchases[-1] if self.purchases else {}}.get(column.part)
        *way, name = column.path.rpartition("[].")[2].split(".")
        target = self.typed.entry if place is None else place
        for step in way:
            target = target.setdefault(step, {})
        if target.setdefault(name, text) != text:
            first = self.typed.rows[self.typed.row_of(path)].number
            self._fault(index, path, "ROWS_DIFFER", {"value": target[name][:40], "row": first})
        elif column.part != "purchases":
            self.typed.spots.setdefault(path, index)

    def _path(self, column: FileColumn, line: int) -> str:
        """The place in the entry that a cell of the row that is being read is for."""
        number = len(self.purchases) - 1 if column.part == "purchases" else line
        return column.path.replace("[]", f"[{max(number, 0)}]")

    def _fault(self, row: int, path: str, code: str, parameters: Any) -> None:
        self.typed.faults.append(FileProblem(row, EntryProblem(path, code, parameters)))
