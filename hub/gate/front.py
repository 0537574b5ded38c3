"""The front of the web application: what is not sound, too long or too slow is refused here, before it costs a thread.

head → room by path and role → length that was announced → body, in memory → a thread of the room → answer
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import parse_accept_header

from hub.access.knocking import counted
from hub.access.signing_in import LANGUAGES
from hub.errors import HubError, describe
from hub.gate.bridge import Answer, Bridge, BrokeOff, Headers, Message, Send, Stream, address_of, environ_of
from hub.gate.passing import CARRIED
from hub.gate.rooms import SIZES, RoleOf, Room, Rooms, Size

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOG = logging.getLogger("yuhub.web")
LARGEST_BODY = 8 * 2**20
LARGEST_OF_STRANGERS = 2**20
LARGEST_PUSH = 2**20
LARGEST_ELSEWHERE = 2**16
"""Bytes: of a question of who is known, of one of whoever shows no key, of a push, and where none is wanted."""
ENDLESS = ("POST", "/trades")
"""Of any length: it is read as it comes, and nothing of it of whoever is not known to be an enterprise."""
Receive = Callable[[], Awaitable[Message]]


class Patience(NamedTuple):
    """How long a caller may take: so many seconds, and one more for each `slowest` bytes that came, or went."""

    seconds: float = 20.0
    slowest: int = 16 * 1024

    def for_bytes(self, number: int) -> float:
        return self.seconds + number / self.slowest


class Front:
    """An ASGI application around a WSGI one.

    `largest_push` is the longest body of any hook, in bytes; `proxies` is how many of our own stand before it.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        language: str = "zh",
        role_of: RoleOf | None = None,
        largest_push: int = LARGEST_PUSH,
        patience: Patience | None = None,
        sizes: Mapping[str, Size] = SIZES,
        proxies: int = 0,
    ) -> None:
        self.bridge = Bridge(app)
        self.rooms = Rooms(role_of, sizes)
        self.proxies = proxies
        self.language, self.largest_push, self.patience = language, largest_push, patience or Patience()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers: Headers = scope["headers"]
        try:
            address = self._address(scope)
            length = announced(scope["http_version"], headers)
            room = await self.rooms.find(address, scope["method"], scope["path"], one(headers, b"authorization"))
            room.must_have_place(address)
            answer = await self._answer(scope, receive, send, room, length)
        except ClientDisconnected:
            return
        except HubError as error:
            answer = self.refusal(error, one(headers, b"accept-language"))
        except BrokeOff:
            raise  # the server says so in its log, and breaks the line off as well
        except Exception as error:
            trace = uuid.uuid4().hex
            LOG.exception("%s", trace, exc_info=error)
            answer = self.refusal(HubError("BUG", trace=trace), one(headers, b"accept-language"))
        if answer:
            await answer.go(send)

    def refusal(self, error: HubError, accept: str = "") -> Answer:
        """An error in the shape of every door. The line ends with it: nobody reads what else the caller says."""
        language = parse_accept_header(accept, LanguageAccept).best_match(LANGUAGES) or self.language
        body = json.dumps({"errors": [describe(error, language)]}, ensure_ascii=False).encode()
        headers = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            *((name.lower().encode(), value.encode()) for name, value in CARRIED.items()),
        ]
        if error.retry_after:
            headers.append((b"retry-after", str(error.retry_after).encode()))
        return Answer(error.status, headers, body).last()

    def close(self) -> None:
        self.rooms.close()

    async def _answer(
        self, scope: Message, receive: Receive, send: Send, room: Room, length: int | None
    ) -> Answer | None:
        if (scope["method"], scope["path"]) == ENDLESS and room.name != "bulk":
            answer = await self._call(room, self._address(scope), environ_of(scope, io.BytesIO(), 0), send)
            return answer and answer.last()
        if room.name == "bulk":
            pieces = _Pieces(receive, self.patience)
            environ = environ_of(scope, Stream(pieces.next, asyncio.get_running_loop()), length)
            answer = await self._call(room, self._address(scope), environ, send)
            return answer and (answer if pieces.ended else answer.last())
        largest = self._largest(scope["path"], room)
        if length is not None and length > largest:
            raise HubError("BODY_TOO_LARGE", limit=largest)
        with room.hearing(self._address(scope)) as hear:
            body = b"" if length == 0 else await self._whole(receive, largest, hear)
            environ = environ_of(scope, io.BytesIO(body), len(body))
            return await self._call(room, self._address(scope), environ, send)

    def _address(self, scope: Message) -> str:
        """What a request is counted under: behind proxies of our own, what the outermost of them says."""
        named = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        said = [part.strip() for part in b",".join(named).decode("latin-1").split(",")]
        behind = 0 < self.proxies <= len(said) and said[-self.proxies]
        return counted(behind or address_of(scope))

    async def _call(self, room: Room, address: str, environ: dict[str, Any], send: Send) -> Answer | None:
        """The answer; None where it has gone out already."""
        loop = asyncio.get_running_loop()
        answer = await room.run(address, lambda: self.bridge.call(environ, send, loop))
        if isinstance(answer, Answer):
            return answer
        await asyncio.wrap_future(answer)
        return None

    def _largest(self, path: str, room: Room) -> int:
        if path.startswith("/hooks/"):
            return self.largest_push
        if path != "/graphql":
            return LARGEST_ELSEWHERE
        return LARGEST_OF_STRANGERS if room.name == "public" else LARGEST_BODY

    async def _whole(self, receive: Receive, largest: int, hear: Callable[[int], None]) -> bytes:
        pieces, body, comes = _Pieces(receive, self.patience), bytearray(), True
        while comes:
            piece, comes = await pieces.next()
            if len(body) + len(piece) > largest:
                raise HubError("BODY_TOO_LARGE", limit=largest)
            hear(len(piece))
            body += piece
        return bytes(body)


class _Pieces:
    """A body piece by piece. REQUEST_SLOW where it comes more slowly than patience allows."""

    def __init__(self, receive: Receive, patience: Patience) -> None:
        self._receive, self._patience = receive, patience
        self._came, self._waited = 0, 0.0
        self.ended = False

    async def next(self) -> tuple[bytes, bool]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._patience.for_bytes(self._came) - self._waited):
                message = await self._receive()
        except TimeoutError:
            raise HubError("REQUEST_SLOW") from None
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        self._waited += loop.time() - began
        self._came += len(message["body"])
        self.ended = not message["more_body"]
        return message["body"], message["more_body"]


def one(headers: Headers, name: bytes) -> str:
    """The value of a header; empty where there is none."""
    return next((value.decode("latin-1") for key, value in headers if key == name), "")


def announced(version: str, headers: Headers) -> int | None:
    """How long the body says that it is; None where it ends with its last chunk.

    REQUEST_WRONG where two readers could be of two minds about it (RFC 9112, 6.3), or about whom it is for (3.2), and
    where it is in a version that nobody speaks here.
    """
    if version not in ("1.0", "1.1"):
        raise HubError("REQUEST_WRONG", cause="HTTP")
    lengths = [value for name, value in headers if name == b"content-length"]
    codings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1 or (version == "1.1" and not hosts):
        raise HubError("REQUEST_WRONG", cause="Host")
    if len(lengths) > 1 or (lengths and not lengths[0].isdigit()):
        raise HubError("REQUEST_WRONG", cause="Content-Length")
    if codings and (lengths or codings != [b"chunked"] or version != "1.1"):
        raise HubError("REQUEST_WRONG", cause="Transfer-Encoding")
    return None if codings else int(lengths[0] if lengths else 0)
