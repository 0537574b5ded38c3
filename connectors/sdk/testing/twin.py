"""A twin: an authority, standing in, that a connector talks to over HTTP while rules are asked about it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from werkzeug.serving import WSGIRequestHandler, make_server

from connectors.sdk.http import utc_now
from connectors.sdk.testing.faults import Fault, fault_answer, obliging

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LENGTHS = (
    *("limit", "$limit", "size", "page_size", "pageSize", "page-size", "per_page", "perPage", "rows", "count", "top"),
    *("$top", "max", "max_results", "maxResults", "length", "take", "first", "num", "n"),
)
"""Usual names of the parameter for the length of a page."""


@dataclass(frozen=True, slots=True)
class Twin:
    """How to have a stand-in authority.

    `app` makes a fresh one, as a WSGI application; `accepted` reads in such a one's own books how many papers it has
    taken, which is another thing than how often it answered. `settings` let the connector in where its defaults do
    not; `now` is the clock of both, and `later` brings such a one to where it has said all that follows.

    `served` reads in its books, too, what a stream of this name has to bring by now: for each thing a text, or several,
    that stand together in one record of it, such as a number and a status. `lengths` are parameters of a query that say
    how much a page may hold: rules make them smaller, so that there are several pages.
    """

    app: Callable[[], WSGIApplication]
    accepted: Callable[[Any], int]
    settings: Mapping[str, str] = field(default_factory=dict)
    now: Callable[[], datetime] = utc_now
    later: Callable[[Any], None] = lambda app: None
    served: Callable[[Any, str], Iterable[str | tuple[str, ...]]] | None = None
    lengths: Collection[str] = LENGTHS


class TwinAnswer(NamedTuple):
    """What the authority itself answered to a GET."""

    path: str
    status: int
    body: bytes


class TwinDesk:
    """A twin that is being served. What it is told to do wrong, it does to every request until told otherwise.

    `length` is how much a page may hold at most, whatever is asked for; `answers` are those given since all was well.
    """

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.app: Any = twin.app()
        self.fault: Fault = obliging
        self.requests = 0
        self.length: int | None = None
        self.answers: list[TwinAnswer] = []

    @property
    def accepted(self) -> int:
        return self.twin.accepted(self.app)

    def misbehave(self, fault: Fault) -> None:
        self.fault, self.requests, self.answers = fault, 0, []

    def oblige(self, length: int | None = None) -> None:
        """Nothing goes wrong from now on; pages hold so much."""
        self.misbehave(obliging)
        self.length = length

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        self.requests += 1
        if self.length is not None:
            environ["QUERY_STRING"] = self._shortened(environ.get("QUERY_STRING", ""), self.length)
        if self.fault is not obliging or environ["REQUEST_METHOD"] != "GET":
            return self.fault(self.app, environ, start_response)
        status, headers, body = fault_answer(self.app, environ)
        self.answers.append(TwinAnswer(environ["PATH_INFO"], int(status[:3]), body))
        start_response(status, headers)
        return [body]

    def _shortened(self, query: str, length: int) -> str:
        asked = parse_qsl(query, keep_blank_values=True)
        return urlencode(
            [
                (
                    name,
                    str(length) if name in self.twin.lengths and value.isdecimal() and int(value) > length else value,
                )
                for name, value in asked
            ]
        )


@contextmanager
def twin_serving(desk: TwinDesk) -> Iterator[str]:
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
