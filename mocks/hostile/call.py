"""A request on its way through the faults, and the answer on its way back."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from mocks.listing import Listing

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LOOK_EVERY = 0.05  # seconds between two looks whether the caller is still there
Headers = tuple[tuple[str, str], ...]
Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `body` may be a stream that never ends, or that breaks off."""

    status: int
    headers: Headers = ()
    body: Iterable[bytes] = ()

    @property
    def content(self) -> bytes:
        return b"".join(self.body)

    @property
    def content_type(self) -> str:
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")

    @property
    def line(self) -> str:
        """The status as it stands on the wire."""
        return f"{self.status} {HTTPStatus(self.status).phrase}"

    def saying(self, content: bytes, *headers: tuple[str, str]) -> Answer:
        """The same answer with another body, whose length is told as it is."""
        return replace(self.streaming((content,)), headers=(*self.without_length, *headers, length_of(content)))

    def streaming(self, body: Iterable[bytes]) -> Answer:
        """The same answer with a body of unknown length."""
        return replace(self, headers=self.without_length, body=body)

    @property
    def without_length(self) -> Headers:
        return tuple(one for one in self.headers if one[0].lower() != "content-length")


def length_of(content: bytes) -> tuple[str, str]:
    return "Content-Length", str(len(content))


def plain(status: int, *headers: tuple[str, str], content: bytes = b"", content_type: str = "text/plain") -> Answer:
    return Answer(status, (("Content-Type", content_type), *headers, length_of(content)), (content,))


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `pass_on` asks whoever stands behind: the next fault, and at last the stand-in itself.

    `memory` belongs to the fault alone and lives as long as it is switched on.
    """

    environ: WSGIEnvironment
    listing: Listing | None
    ask: Callable[[WSGIEnvironment], Answer]
    memory: dict[str, Any] = field(default_factory=dict)

    def pass_on(self, **query: str | int) -> Answer:
        """The answer from behind, with parameters of the query changed."""
        if not query:
            return self.ask(self.environ)
        changed = self.query | {name: str(value) for name, value in query.items()}
        return self.ask({**self.environ, "QUERY_STRING": urlencode(changed)})

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.environ.get("QUERY_STRING", ""), keep_blank_values=True))

    @property
    def path(self) -> str:
        return str(self.environ["PATH_INFO"])

    def stay(self, seconds: float) -> None:
        """Lets time pass; no longer than the caller has patience for."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0 and not self._is_gone():
            time.sleep(min(left, LOOK_EVERY))

    def hang_up(self) -> None:
        """Closes the caller's connection under whatever is still to be said."""
        line = self._line
        if line is not None:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the caller was faster

    def _is_gone(self) -> bool:
        line = self._line
        if line is None:
            return False
        try:
            heard, _, _ = select.select([line], [], [], 0)
            return bool(heard) and line.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True

    @property
    def _line(self) -> socket.socket | None:
        """The socket itself, where the server hands it out (werkzeug does)."""
        line: socket.socket | None = self.environ.get("werkzeug.socket")
        return line
