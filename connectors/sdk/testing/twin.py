"""A twin: an authority, standing in, that a connector talks to over HTTP while rules are asked about it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from connectors.sdk.http import utc_now
from connectors.sdk.testing.faults import Fault, obliging

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True, slots=True)
class Twin:
    """How to have a stand-in authority.

    `app` makes a fresh one, as a WSGI application; `accepted` reads in such a one's own books how many papers it has
    taken, which is another thing than how often it answered. `settings` let the connector in where its defaults do
    not; `now` is the clock of both, and `later` brings such a one to where it has said all that follows.
    """

    app: Callable[[], WSGIApplication]
    accepted: Callable[[Any], int]
    settings: Mapping[str, str] = field(default_factory=dict)
    now: Callable[[], datetime] = utc_now
    later: Callable[[Any], None] = lambda app: None


class Desk:
    """A twin that is being served. What it is told to do wrong, it does to every request until told otherwise."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.app: Any = twin.app()
        self.fault: Fault = obliging
        self.requests = 0

    @property
    def accepted(self) -> int:
        return self.twin.accepted(self.app)

    def misbehave(self, fault: Fault) -> None:
        self.fault, self.requests = fault, 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        self.requests += 1
        return self.fault(self.app, environ, start_response)


@contextmanager
def serving(desk: Desk) -> Iterator[str]:
    """Serves a desk on a free port of this machine until the block ends; its address."""
    server = make_server("127.0.0.1", 0, desk, threaded=True, request_handler=_Silent)
    server.daemon_threads, server.block_on_close = True, False  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Silent(WSGIRequestHandler):
    """Without a line for every request."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the server names it so
        return None
