"""Between a server that waits for nobody and an application that does: WSGI in a thread."""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from concurrent.futures import Future
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import ClientDisconnected

from hub.access.knocking import GONE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Message = MutableMapping[str, Any]
Send = Callable[[Message], Coroutine[Any, Any, None]]
Body = BinaryIO | io.RawIOBase
Headers = list[tuple[bytes, bytes]]
IN_MEMORY, PIECE = 2**20, 2**16
"""Bytes."""
BODYLESS = frozenset({204, 304})


class HttpAnswer(NamedTuple):
    """A whole answer."""

    status: int
    headers: Headers
    body: bytes

    def last(self) -> HttpAnswer:
        """The same as the last on its line."""
        return self._replace(headers=[*self.headers, (b"connection", b"close")])

    async def go(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


class BrokeOff(Exception):
    """The application failed when half of its answer was out."""


class Outgoing:
    """An answer on its way, piece by piece. What the caller does not take yet waits here, beyond `IN_MEMORY` on disk.

    So nobody is kept from being heard by what it has not read: many callers read once they have said all.
    """

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop) -> None:
        self._send, self._loop = send, loop
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when all has gone out
        self._lock = threading.Lock()
        self._news = asyncio.Event()
        self._gone, self._said, self._ended = 0, 0, False

    def say(self, piece: bytes, *, last: bool = False) -> None:
        """From a thread."""
        with self._lock:
            if self._file.closed:
                return
            self._file.seek(self._said)
            self._file.write(piece)
            self._said += len(piece)
            self._ended = last
        self._loop.call_soon_threadsafe(self._news.set)

    async def go(self, status: int, headers: Headers) -> None:
        """Until the last piece is out."""
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        more = True
        while more:
            await self._news.wait()
            with self._lock:
                if self._file.closed:
                    return
                self._file.seek(self._gone)
                piece = self._file.read(PIECE)
                self._gone += len(piece)
                if self._gone == self._said:
                    self._news.clear()
                more = not (self._ended and self._gone == self._said)
            await self._send({"type": "http.response.body", "body": piece, "more_body": more})

    def close(self) -> None:
        """Nothing of it is wanted any more."""
        with self._lock:
            self._file.close()


class Bridge:
    """Calls the application. An answer that says its length is whole, any other goes out piece by piece."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def call(self, environ: dict[str, Any], send: Send, loop: asyncio.AbstractEventLoop) -> HttpAnswer | Future[None]:
        """In a thread. The whole answer, or what ends when it has gone out."""
        told: list[tuple[int, Headers]] = []
        early: list[bytes] = []

        def start(status: str, headers: Iterable[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:
            named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            told[:] = [(int(status.split(" ", 1)[0]), named)]
            return early.append

        pieces = self.app(environ, start)
        try:
            iterator = iter(pieces)
            first = next(iterator, b"")
            ((status, headers),) = told
            rest = chain(early, [first], iterator)
            if environ["SERVER_PROTOCOL"] == "HTTP/1.0" or any(name == b"content-length" for name, _ in headers):
                return _whole(environ["REQUEST_METHOD"], status, headers, b"".join(rest))
            outgoing = Outgoing(send, loop)
            going = asyncio.run_coroutine_threadsafe(outgoing.go(status, headers), loop)
            going.add_done_callback(lambda _: outgoing.close())
            try:
                for piece in rest:
                    outgoing.say(piece)
            except ClientDisconnected:
                going.cancel()
                raise
            except Exception as error:
                going.cancel()
                raise BrokeOff from error
            outgoing.say(b"", last=True)
            return going
        finally:
            if hasattr(pieces, "close"):
                pieces.close()


def _whole(method: str, status: int, headers: Headers, body: bytes) -> HttpAnswer:
    if method != "HEAD" and status not in BODYLESS and not any(name == b"content-length" for name, _ in headers):
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    return HttpAnswer(status, headers, body)


def address_of(scope: Message) -> str:
    """The address that a request came from."""
    return str(scope["client"][0]) if scope["client"] else ""


def environ_of(scope: Message, body: Body, length: int | None) -> dict[str, Any]:
    """A request as WSGI has it (PEP 3333); without a length the body ends where it ends."""
    host, port = scope["server"] or ("", 0)
    client = scope["client"] or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": address_of(scope),
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        GONE: lambda: GONE in scope,
    }
    for raw, value in scope["headers"]:
        if b"_" in raw:  # it would pass for the header that has a dash there
            continue
        name = raw.decode("latin-1").upper().replace("-", "_")
        name = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        text = value.decode("latin-1")
        environ[name] = f"{environ[name]},{text}" if name in environ else text
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


class BodyStream(io.RawIOBase):
    """A body as it comes, for an application that reads it piece by piece in its thread.

    `more` is the next piece and whether more will come. ClientDisconnected where the caller is gone in the middle.
    """

    def __init__(self, more: Callable[[], Awaitable[tuple[bytes, bool]]], loop: asyncio.AbstractEventLoop) -> None:
        self._more, self._loop = more, loop
        self._piece, self._comes = b"", True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._piece and self._comes:
            self._piece, self._comes = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
        count = min(len(buffer), len(self._piece))
        buffer[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count

    async def _next(self) -> tuple[bytes, bool]:
        return await self._more()
