"""Which rows of a table belong together: consecutive rows of one order number are one trade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hub.entry.files.header import TableHeader
from hub.entry.files.typed import Row

MOST_ROWS = 1_000
"""Rows of one order number that are held; no trade has so many goods lines and purchases."""

UNKNOWN = None
"""In place of the order number of a row that does not let it be made out."""
ABOVE = ""
"""In place of that of a row that has nothing of what the rows of a trade share: it goes on with the one above.

So merged cells look, which only the first of their rows fills.
"""


@dataclass(slots=True)
class Group:
    """The rows of a trade. `order` is None where no row says it.

    `doubt` is a row above that may belong to it, `unnamed` are those of its own that should say the order number and do
    not; `cut`: there are more rows than are held, and `rest`: these are such.
    """

    order: str | None
    doubt: int | None
    rows: list[Row] = field(default_factory=list)
    unnamed: list[int] = field(default_factory=list)
    unsure: int | None = None
    cut: bool = False
    rest: bool = False

    def add(self, row: Row, order: str | None, place: int) -> None:
        if order is UNKNOWN:
            self.unsure = row.number
            if row.broken is None and place not in row.flaws:
                self.unnamed.append(len(self.rows))
        elif order == self.order:
            self.unsure = None
        self.rows.append(row)


def groups(rows: Iterable[Row], header: TableHeader) -> Iterator[Group]:
    """The trades' rows, in order; blank rows are left out.

    A trade must never go in with a line missing. So a row of which the order number cannot be made out spoils the
    trade above it and the one below: it may be a line of either.
    """
    shared = [place for place, one in enumerate(header.columns) if one and not one.part]
    group: Group | None = None
    for row in rows:
        if row.blank:
            continue
        order = _order(row, header.order, shared, group)
        goes_on = group is not None and order in (UNKNOWN, ABOVE, group.order)
        if group is None or not goes_on or len(group.rows) == MOST_ROWS:
            doubt = None
            if group is not None:
                group.cut, doubt = goes_on, group.unsure
                yield group
            group = Group(order or (group.order if goes_on and group else None), doubt, rest=goes_on)
        group.add(row, order, header.order)
    if group is not None:
        yield group


def _order(row: Row, place: int, shared: list[int], above: Group | None) -> str | None:
    cell = row.cells[place] if place < len(row.cells) else ""
    if row.broken is not None:
        # A missing or a surplus cell moves those behind it: only the first column is surely what it says.
        certain = place == 0 or (above is not None and cell == above.order)
        return cell if cell and certain else UNKNOWN
    if place in row.flaws:
        return UNKNOWN
    if cell or above is None:
        return cell or UNKNOWN
    return UNKNOWN if any(row.cells[one] or one in row.flaws for one in shared) else ABOVE
