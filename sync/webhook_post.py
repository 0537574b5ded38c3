"""One POST to a stranger, at the address that was judged; strangers may be slow, wrong or hostile.

Not the authorities' line (`connectors.sdk.http`): this one does not look the host up again, follows nothing, reads
little of the answer and hands none of it on, and cuts the connection once the whole has taken too long.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple

from connectors.sdk.inside.retry import wait_asked_for
from hub.notices.receivers import ReceiverAddress

MOST_READ = 64 * 1024
MOST_ADDRESSES = 3


class PostLimits(NamedTuple):
    """Seconds: for a connection, for the next byte of an answer, for everything after the connection together."""

    connect: float = 3
    read: float = 10
    total: float = 15


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """What became of it: a status, or none; why it does not count; how many seconds the receiver asks to be left."""

    status: int | None
    error: str = ""
    after: float | None = None


class PostTimeLimit:
    """Cuts a connection when its time is up: a byte now and then keeps a socket's own time-out from ever ringing."""

    def __init__(self, line: socket.socket, seconds: float) -> None:
        self.rang = False
        self._line = line
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True

    def __enter__(self) -> PostTimeLimit:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _ring(self) -> None:
        self.rang = True
        with suppress(OSError):  # it has just ended by itself
            socket.socket.shutdown(self._line, socket.SHUT_RDWR)  # not TLS's own: the reader still holds its state


class Post:
    """Posts with one set of limits. `trust` is whose certificates count: the system's, where none is given."""

    def __init__(self, limits: PostLimits | None = None, trust: ssl.SSLContext | None = None) -> None:
        self.limits = limits or PostLimits()
        self.trust = trust or ssl.create_default_context()

    def __call__(self, place: ReceiverAddress, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
        """What became of it. Raises nothing that the network or the receiver could cause."""
        line = self._connect(place)
        if line is None:
            return PostAnswer(None, "no connection: nobody answers there")
        if place.secure:
            line = self.trust.wrap_socket(line, server_hostname=place.host, do_handshake_on_connect=False)
        with closing(line), PostTimeLimit(line, self.limits.total) as deadline:
            try:
                if isinstance(line, ssl.SSLSocket):
                    line.do_handshake()
                return _exchange(place, line, body, headers, deadline)
            except (OSError, HTTPException, ValueError) as error:  # ValueError: of a header that should be a number
                return PostAnswer(None, _reason(error, late=deadline.rang))

    def _connect(self, place: ReceiverAddress) -> socket.socket | None:
        """A connection to the first of the addresses that takes one."""
        for address in place.addresses[:MOST_ADDRESSES]:
            with suppress(OSError):
                line = socket.create_connection((address, place.port), timeout=self.limits.connect)
                line.settimeout(self.limits.read)
                return line
        return None


def _exchange(
    place: ReceiverAddress, line: socket.socket, body: bytes, headers: Mapping[str, str], deadline: PostTimeLimit
) -> PostAnswer:
    request = HTTPConnection(place.host, place.port)
    request.sock = line
    with closing(request):
        own = {"Host": place.netloc, "User-Agent": "yuhub", "Connection": "close"}
        request.request("POST", place.target, body, own | dict(headers))
        with request.getresponse() as response:
            if deadline.rang:  # headers that were cut short are taken for whole ones
                raise TimeoutError
            with suppress(OSError, HTTPException, ValueError):  # the status has come: the rest is mere politeness
                response.read(MOST_READ)
            if 200 <= response.status < 300:
                return PostAnswer(response.status)
            error = f"HTTP {response.status}" + (", a redirect is not followed" if response.status // 100 == 3 else "")
            return PostAnswer(
                response.status, error, wait_asked_for(response.getheader("Retry-After"), datetime.now(UTC))
            )


def _reason(error: Exception, *, late: bool) -> str:
    """In plain words, and in nobody's but ours: an answer's own could come from the inside of a network."""
    if late or isinstance(error, TimeoutError):
        return "no answer within the time-out"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "the certificate is not one to trust"
    if isinstance(error, ssl.SSLError):
        return "no secure connection came about"
    return "the connection broke" if isinstance(error, OSError) else "what came back is no HTTP"
