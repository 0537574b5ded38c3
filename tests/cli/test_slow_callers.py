"""Callers that hold their lines: nobody waits for them, and each of them ends."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask, Response, request

from hub.access.knocking import GONE
from hub.cli import http_connection as one_line
from hub.cli.serve import serving_front
from hub.gate.front import Front, Patience
from hub.gate.refusing import refuse_alike
from hub.life import Life

MANY = 300
LARGE = b"x" * 8_000_000
QUICK = Patience(0.5, 2**30)
HEAD = b"POST /graphql HTTP/1.1\r\nHost: hub\r\n"
TRADES = HEAD.replace(b"/graphql", b"/trades")
HALVES = {
    "half a head": HEAD,
    "half a body": HEAD + b"Content-Length: 100\r\n\r\nhalf",
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\nhalf",
    "no more body, though it was waited for": HEAD + b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n",
    "trades that do not come": TRADES + b"Authorization: Bearer known\r\nContent-Length: 100\r\n\r\nhalf",
    "a large answer that is not read": b"GET /large HTTP/1.1\r\nHost: hub\r\n\r\n",
}


def app() -> Flask:
    made = Flask("slow callers", static_folder=None)
    made.add_url_rule("/graphql", "echo", lambda: Response(request.get_data()), methods=["POST"])
    made.add_url_rule("/trades", "trades", lambda: Response(request.get_data()), methods=["POST"])
    made.add_url_rule("/large", "large", lambda: Response(LARGE))
    refuse_alike(made, "en", len(LARGE), Life())
    return made


@contextmanager
def served(patience: Patience | None = None, per_address: int = 256) -> Iterator[str]:
    with serving_front(Front(app(), patience=patience), "127.0.0.1", 0, per_address=per_address) as address:
        yield address


def line_to(address: str, said: bytes = b"") -> socket.socket:
    at = urlsplit(address)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(60)
    line.connect((at.hostname, at.port))
    line.sendall(said)
    return line


def all_of(line: socket.socket) -> bytes:
    """What is heard until the line ends, in whichever way."""
    heard = bytearray()
    try:
        while piece := line.recv(2**16):
            heard += piece
    except ConnectionError:
        pass
    return bytes(heard)


def is_answered(address: str) -> bool:
    return requests.post(f"{address}/graphql", b"whole", timeout=60).content == b"whole"


@pytest.mark.parametrize("said", HALVES.values(), ids=HALVES.keys())
def test_hundreds_one_line_that_hold_their_lines_stop_no_other(said: bytes) -> None:
    with ExitStack() as stack:
        address = stack.enter_context(served())
        for _ in range(MANY):
            stack.enter_context(line_to(address, said))
        assert all(is_answered(address) for _ in range(5))


@pytest.mark.parametrize("said", HALVES.values(), ids=HALVES.keys())
def test_each_of_them_ends(said: bytes) -> None:
    with served(QUICK) as address, line_to(address, said) as line:
        if b"large" not in said:
            assert b" 408 Request Timeout\r\n" in all_of(line)
        line.recv(1)
        while not is_over(line):
            pass


def is_over(line: socket.socket) -> bool:
    """Without taking anything of what is there to read."""
    try:
        line.send(b" ")
    except ConnectionError:
        return True
    return False


def a_million_bytes(line: socket.socket, wait: Callable[[], None]) -> None:
    for _ in range(1_000_000):
        line.send(b"x")
        wait()


def test_a_body_that_comes_a_byte_at_a_time_is_not_waited_for(wait: Callable[[], None]) -> None:
    head = HEAD + b"Content-Length: 1000000\r\n\r\n"
    with served(QUICK) as address, line_to(address, head) as line, pytest.raises(ConnectionError):
        a_million_bytes(line, wait)


@pytest.fixture
def wait() -> Callable[[], None]:
    """A moment between two bytes."""
    return lambda: bool(Event().wait(0.01)) and None


def test_of_one_address_those_that_wait_longest_give_way_to_newcomers() -> None:
    with ExitStack() as stack:
        address = stack.enter_context(served(per_address=8))
        lines = [stack.enter_context(line_to(address, HEAD)) for _ in range(20)]
        assert is_answered(address)
        assert [all_of(line) for line in lines[:12]] == [b""] * 12
        last = lines[-1]
        last.sendall(b"Content-Length: 5\r\nConnection: close\r\n\r\nwhole")
        assert all_of(last).endswith(b"whole")


def test_who_says_that_all_is_said_still_gets_the_answer() -> None:
    with served() as address, line_to(address, HEAD + b"Content-Length: 5\r\n\r\nwhole") as line:
        line.shutdown(socket.SHUT_WR)
        assert all_of(line).endswith(b"whole")


@pytest.mark.parametrize("leave", [socket.socket.close, lambda line: line.shutdown(socket.SHUT_WR)])
def test_who_works_for_a_caller_hears_that_it_has_gone(
    leave: Callable[[socket.socket], None], wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_line, "LINGER", 0.05)
    heard, begun = Event(), Event()
    app = Flask("works", static_folder=None)

    @app.get("/")
    def work() -> str:
        begun.set()
        while not request.environ[GONE]():
            wait()
        heard.set()
        return ""

    asked = b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n"
    with serving_front(Front(app), "127.0.0.1", 0) as address, line_to(address, asked) as line:
        assert begun.wait(60)
        leave(line)
        assert heard.wait(60)


def test_several_questions_at_once_are_answered_in_order() -> None:
    with served() as address:
        asked = b"".join(HEAD + b"Content-Length: 2\r\n\r\n%02d" % number for number in range(20))
        with line_to(address, asked + HEAD + b"Connection: close\r\nContent-Length: 0\r\n\r\n") as line:
            heard = all_of(line)
    assert heard.count(b"HTTP/1.1 200 OK") == 21
    places = [heard.index(b"\r\n\r\n%02d" % number) for number in range(20)]
    assert places == sorted(places)


def test_who_is_still_asking_when_the_server_ends_is_told_to_come_back() -> None:
    with ExitStack() as stack:
        address = stack.enter_context(served())
        with line_to(address, HALVES["no more body, though it was waited for"]) as line:
            assert line.recv(65_536).startswith(b"HTTP/1.1 100 Continue")
            stack.close()
            heard = all_of(line)
    assert b"HTTP/1.1 503 " in heard
    assert b"HUB_ENDING" in heard


def test_who_asks_on_and_on_and_reads_nothing_is_hung_up_on() -> None:
    """Each request that was read and not answered yet takes memory, and there is no end to them."""
    ask = b"GET /large HTTP/1.1\r\nHost: hub\r\n\r\n"
    with served() as address:
        with line_to(address, ask.replace(b"large", b"none") * 50) as few:
            few.shutdown(socket.SHUT_WR)
            assert all_of(few).count(b"HTTP/1.1 404") == 50, "some ahead are answered, each in its turn"
        with line_to(address) as many:
            many.settimeout(10)
            with pytest.raises(ConnectionError):
                many.sendall(ask * 200_000)
