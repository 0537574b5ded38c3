"""Authorities that save and then cut the line, and the states of papers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from hub.model import Document
from tests.support.world import World

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"


class SavesThenCuts:
    """The authority takes what it is sent, and the connection breaks before it can say so. As often as `times`."""

    def __init__(self, world: World, authority: str, path: str, times: int = 1) -> None:
        self.app, self.path, self.left = world.apps[authority], path, times
        world.street.doors[authority].app = self

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == self.path and self.left:
            self.left -= 1
            b"".join(self.app(environ, lambda *_: lambda _: None))
            start_response("504 Gateway Timeout", [("Content-Length", "0")])
            return [b""]
        return self.app(environ, start_response)


def states(world: World) -> dict[str, str]:
    with world.hub.database.read() as connection:
        return {row.kind: row.state for row in connection.execute(select(Document.kind, Document.state))}
