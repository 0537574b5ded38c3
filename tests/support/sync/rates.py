"""A source of rates that may be of any kind of wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from connectors.sdk import Ask, Page
from connectors.sdk.members import Told
from tests.support.world import World

JOB = "tax.rates"


def rate(number: int, **other: Any) -> dict[str, Any]:
    row = {"hsCode": f"{number:010d}", "vatRate": "0.13", "refundRate": "0.09", "validFrom": "2026-01-01"}
    return row | {"updatedAt": "2026-01-01T00:00:00+08:00"} | other


class Source:
    """The rates of a bureau that pages by a cursor: each page is a list of rows, and the cursor its number."""

    def __init__(self, world: World, *pages: list[dict[str, Any]]) -> None:
        self.world, self.stream = world, world.hub.connectors["tax"].streams["rates"]
        self.said = [json.dumps({"rows": page}).encode() for page in pages]
        self.reads = self.stream.read
        self.stream.pages = self.pages  # type: ignore[method-assign]

    def pages(self, http: Any, ask: Ask) -> Iterator[Page]:
        for number in range(int(ask.cursor or 0), len(self.said)):
            body = self.said[number]
            yield Page(body, "application/json", "http://x/rates", 200, self.world.clock(), cursor=str(number + 1))

    def breaks(self, marker: str, act: Callable[[], object]) -> None:
        """From now on reading a page that holds the marker does this first."""

        def read(page: Page) -> Iterator[Told]:
            yield from [*self.reads(replace(page, body=b'{"rows": []}'))]
            if marker.encode() in page.body:
                yield next(self.reads(page))  # nothing of the page counts, though some of it was read
                act()
            yield from self.reads(page)

        self.stream.read = read  # type: ignore[method-assign]

    def mended(self) -> None:
        self.stream.read = self.reads  # type: ignore[method-assign]
