"""What goes wrong with authorities, as ways to treat a request; each stands in front of an authority that works."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Fault = Callable[["WSGIApplication", "WSGIEnvironment", "StartResponse"], Iterable[bytes]]

SILENCE = 1.5
"""Seconds without a word; the connector's own patience is made shorter than that."""
BLOCK = b"[" * (1 << 20)
BLOCKS = 64
SAYS_MORE = [("Content-Length", "100000"), ("Content-Type", "application/json")]


def obliging(app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Nothing goes wrong."""
    return app(environ, start_response)


def answers(status: str, *headers: tuple[str, str], body: bytes = b"") -> Fault:
    """Answers everything in the same way and takes nothing."""

    def fault(app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _hear_out(environ)
        start_response(status, [("Content-Length", str(len(body))), *headers])
        return [body]

    return fault


def silent(app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Says nothing for a long while."""
    _hear_out(environ)
    time.sleep(SILENCE)
    start_response("504 Gateway Timeout", [("Content-Length", "0")])
    return []


def cut(app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Hangs up in the middle of the answer, having taken nothing."""
    _hear_out(environ)
    start_response("200 OK", SAYS_MORE)
    return [b'{"rows": [']


def saves_and_hangs_up(
    app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Takes what it is given, and hangs up before it has said so."""
    fault_answer(app, environ)
    start_response("200 OK", SAYS_MORE)
    return [b'{"rows": [']


def endless(app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """An answer larger than anybody should hold in memory."""
    _hear_out(environ)
    start_response("200 OK", [("Content-Type", "application/json")])
    return (BLOCK for _ in range(BLOCKS))


class Stuck:
    """Says the first answer to an address again and again, as a source does whose paging is broken."""

    def __init__(self) -> None:
        self.said: dict[str, tuple[str, list[Any], bytes]] = {}

    def __call__(
        self, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path not in self.said:
            self.said[path] = fault_answer(app, environ)
        status, headers, body = self.said[path]
        start_response(status, headers)
        return [body]


class SpoilsTheFirst:
    """Answers as it should, but for the first body, which comes with something done to it."""

    def __init__(self, spoil: Callable[[bytes], bytes]) -> None:
        self.spoil, self.asked = spoil, 0

    def __call__(
        self, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        self.asked += 1
        status, headers, body = fault_answer(app, environ)
        if self.asked == 1:
            body = self.spoil(body)
            headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, headers)
        return [body]


class AfterTheFirst:
    """Answers the first question as it should; from the second on, the fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault, self.asked = fault, 0

    def __call__(
        self, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        self.asked += 1
        return (obliging if self.asked == 1 else self.fault)(app, environ, start_response)


def fault_answer(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[Any], bytes]:
    """Status, headers and body of what the authority itself answers."""
    heading: list[Any] = []

    def begin(status: str, headers: list[Any], *_: Any) -> Callable[[bytes], object]:
        heading[:] = status, headers
        return heading.append

    said = app(environ, begin)
    try:
        body = b"".join(said)
    finally:
        close = getattr(said, "close", None)
        if close:
            close()
    return heading[0], heading[1], body


def _hear_out(environ: WSGIEnvironment) -> None:
    """Reads the whole request: whoever hangs up before that is not heard, and this is about what follows."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
