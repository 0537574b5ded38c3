"""Streams that are pulled at the desk of a twin, in pages as long as they ask for, or shorter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from connectors.sdk.http import Page
from connectors.sdk.papers import Paper
from connectors.sdk.stream import Ask
from connectors.sdk.testing.samples import readable
from connectors.sdk.testing.visit import EVERYTHING, MOST_PAGES, Visit, caught

Keys = set[tuple[str, str]]


class Pulled(NamedTuple):
    """The pages that came, and the error that ended it."""

    pages: list[Page]
    error: Exception | None


@dataclass(frozen=True, slots=True)
class Puller:
    """A visit, and the papers that were handed in: what streams are pulled by."""

    visit: Visit
    papers: Sequence[Paper]

    def pull(self, stream: str, ask: Ask = EVERYTHING, length: int | None = None, fault: Any = None) -> Pulled:
        self.visit.desk.oblige(length)
        if fault:
            self.visit.desk.misbehave(fault)
        pages: list[Page] = []

        def draw() -> None:  # one by one: those before an error count
            for page in islice(self.visit.pages(stream, self.papers, ask), MOST_PAGES):
                pages.append(page)

        return Pulled(pages, caught(draw))

    def in_short_pages(self, stream: str, whole: Pulled) -> tuple[int, Pulled] | None:
        """What comes when pages hold a third of it, or more: the first length that works and makes a difference.

        A single record to a page is the last resort, and no fault is found with it: a watermark cannot go on from one.
        """
        number = len(self.records(stream, whole.pages))
        for length in (*sorted({max(2, number // 3), max(2, 2 * number // 3)}), 1):
            pulled = self.pull(stream, length=length)
            several, whole_too = len(pulled.pages) > 1, len(self.records(stream, pulled.pages)) >= number
            if not pulled.error and (several and whole_too if length == 1 else several or not whole_too):
                return length, pulled
        return None

    def pages(self, stream: str, length: int) -> int:
        """How many pages come where they hold so much; 0 where that does not work."""
        pulled = self.pull(stream, length=length)
        return 0 if length < 2 or pulled.error else len(pulled.pages)

    def records(self, stream: str, pages: Sequence[Page]) -> list[dict[str, Any]]:
        source = self.visit.connector.streams[stream]
        return [record for page in pages for record in readable(source.read(page))]

    def keys(self, stream: str, pages: Sequence[Page]) -> Keys:
        return {(record["noun"], record["source_id"]) for record in self.records(stream, pages)}
