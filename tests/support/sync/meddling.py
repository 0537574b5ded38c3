"""Authorities whose word a test changes on its way: what one says it has is no longer what it was given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from tests.support.world import World

Change = Callable[[Any], Any]


class Meddler:
    """Stands before an authority's door. `says` gives another answer to questions under a path."""

    def __init__(self, world: World, authority: str) -> None:
        self.door = world.street.doors[authority]
        self.inner = self.door.app
        self.changes: list[tuple[str, Change | None]] = []
        self.posts: list[str] = []
        self.door.app = self

    def says(self, path: str, change: Change | None) -> None:
        """`change` makes another JSON of the answer; None: there is nothing of the kind."""
        self.changes.append((path, change))

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        asked = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] != "GET":
            self.posts.append(asked)
        change = next((one for path, one in self.changes if path in asked), False)
        assert self.inner
        if change is False:
            return list(self.inner(environ, start_response))
        if change is None:
            return self._answer(start_response, "404 Not Found", {"code": "UNKNOWN"})
        status: list[str] = []
        body = b"".join(self.inner(environ, lambda said, *_: status.append(said)))
        return self._answer(start_response, status[0], change(json.loads(body)))  # type: ignore[operator]

    def _answer(self, start_response: Any, status: str, content: Any) -> list[bytes]:
        body = json.dumps(content).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
