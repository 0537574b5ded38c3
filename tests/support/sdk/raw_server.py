"""A server that says bytes: for answers that no web framework would give."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Talk = Callable[[socket.socket], None]


class RawServer:
    """Reads one request from each connection, keeps it, and lets `talk` answer; the last one answers for the rest."""

    def __init__(self, *talks: Talk) -> None:
        self.requests: list[bytes] = []
        self.stop = threading.Event()
        self._talks = talks
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def address(self) -> str:
        return f"http://{self.host}/"

    def close(self) -> None:
        self.stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        while not self.stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._answer, args=(connection,))
            thread.start()
            self._threads.append(thread)

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            request = _read(connection)
            if request:
                self.requests.append(request)
                self._talks[min(len(self.requests), len(self._talks)) - 1](connection)


@contextmanager
def raw_server(*talks: Talk) -> Iterator[RawServer]:
    server = RawServer(*talks)
    try:
        yield server
    finally:
        server.close()


def _read(connection: socket.socket) -> bytes:
    """The whole request: all of the body that it announces, so that whatever follows happens after it was sent."""
    request = b""
    while b"\r\n\r\n" not in request:
        piece = connection.recv(65536)
        if not piece:
            return request
        request += piece
    head, _, body = request.partition(b"\r\n\r\n")
    announced = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(announced[0].split(b":")[1]) - len(body) if announced else 0
    while missing > 0:
        piece = connection.recv(65536)
        request, missing = request + piece, missing - len(piece)
    return request


def says(answer: bytes) -> Talk:
    """Says these bytes and hangs up."""
    return lambda connection: connection.sendall(answer)


def ok(body: bytes = b"") -> Talk:
    return says(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))


def silence_after(first: bytes) -> Talk:
    """Says something and then nothing, until the other side hangs up."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(first)
        connection.recv(1)

    return talk
