"""A list that only grows: what is to be told later waits, and gets its sequence when it falls due."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from mocks.listing import page_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One row to come. It `happens` at one moment and is told at another, `due`."""

    reference: str
    happens: datetime
    due: datetime
    row: Row


class Stream:
    """Rows in the order in which they fall due, alike by order of entry; whoever holds it guards it.

    Nothing may be added that was due before the last settlement, so what is listed keeps its place.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._entries = count()
        self._waiting: list[tuple[datetime, int, Step]] = []
        self._listed: list[Row] = []

    def add(self, steps: Iterable[Step]) -> None:
        for step in steps:
            heapq.heappush(self._waiting, (step.due, next(self._entries), step))

    def settle(self, now: datetime) -> list[Row]:
        """Lists what has fallen due and returns it."""
        before = len(self._listed)
        while self._waiting and self._waiting[0][0] <= now:
            row = heapq.heappop(self._waiting)[2].row
            self._listed.append({"sequence": len(self._listed) + 1, **row})
        return self._listed[before:]

    def call_off(self, reference: str, now: datetime) -> None:
        """What has not happened yet never will; what has happened is still told, however late."""
        self._waiting = [one for one in self._waiting if one[2].reference != reference or one[2].happens <= now]
        heapq.heapify(self._waiting)

    def page(self, after: int, limit: int) -> dict[str, Any]:
        return page_of(self._name, self._listed, after, limit)
