"""Lines to an authority that never really sleep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.sdk import Http
from connectors.sdk.http import Timeouts
from connectors.sdk.inside.retry import Retry

ATTEMPTS = 3
NOON = datetime(2026, 1, 9, 4, 0, tzinfo=UTC)


class Line:
    """Opens lines, and notes in `waits` how long they would have slept."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.opened: list[Http] = []

    def __call__(self, address: str, *, read: float = 5, total: float = 20, longest: float = 5, **more: Any) -> Http:
        timeouts = Timeouts(timedelta(seconds=5), timedelta(seconds=read), timedelta(seconds=total))
        retry = Retry(attempts=ATTEMPTS, longest_wait=longest)
        given = {"sleep": self.waits.append, "chance": lambda: 0.5, "now": lambda: NOON} | more
        self.opened.append(Http(address, timeouts=timeouts, retry=retry, **given))
        return self.opened[-1]

    def close(self) -> None:
        for http in self.opened:
            http.close()


def talk(http: Http, method: str, path: str = "papers") -> Any:
    """One request; a POST or PATCH hands a paper over."""
    if method == "GET":
        return http.get(path)
    return {"POST": http.post, "PATCH": http.patch}[method](path, b"<paper/>", "application/xml")
