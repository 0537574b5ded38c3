"""Authorities whose pages a test changes, and what became of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from hub.model import SyncJob, SyncRun
from tests.support.world import World

Wsgi = Callable[..., Any]


class Misbehaving:
    """An authority whose answers a test may change on their way out; None cuts the connection's answer to nothing."""

    def __init__(self, app: Wsgi, path: str, change: Callable[[bytes], tuple[str, bytes, dict[str, str]]]) -> None:
        self.app, self.path, self.change, self.asked = app, path, change, 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        body = b"".join(self.app(environ, _ignore if environ["PATH_INFO"] == self.path else start_response))
        if environ["PATH_INFO"] != self.path:
            return [body]
        self.asked += 1
        status, changed, headers = self.change(body)
        start_response(status, [("Content-Length", str(len(changed))), *headers.items()])
        return [changed]


def _ignore(status: str, headers: Any, exc_info: Any = None) -> Any:
    return lambda _: None


def misbehave(world: World, authority: str, path: str, change: Callable[[bytes], Any]) -> Misbehaving:
    door = world.street.doors[authority]
    door.app = Misbehaving(world.apps[authority], path, change)
    return door.app


def ok(body: bytes) -> tuple[str, bytes, dict[str, str]]:
    return "200 OK", body, {"Content-Type": "application/json"}


def job(world: World, name: str) -> Any:
    with world.hub.database.read() as connection:
        return connection.execute(select(SyncJob.__table__).where(SyncJob.name == name)).one()


def last_run(world: World, name: str) -> Any:
    with world.hub.database.read() as connection:
        chosen = (
            select(SyncRun.__table__).where(SyncRun.job == name).order_by(SyncRun.started_at.desc(), SyncRun.id.desc())
        )
        return connection.execute(chosen.limit(1)).one()
