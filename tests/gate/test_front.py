"""What is not sound or too long is refused before it is read, in the shape of every refusal."""

from __future__ import annotations

import json
import socket
import time
from urllib.parse import urlsplit

import pytest

from tests.support.world import World

MIB = 2**20
POST = "POST {} HTTP/1.1\r\nHost: hub\r\nAccept-Language: en\r\n"


def heard(world: World, *said: bytes) -> bytes:
    """What comes back on a line of its own, to the end, to what is said in pieces."""
    at = urlsplit(world.address)
    with socket.create_connection((at.hostname, at.port), timeout=60) as line:
        for piece in said:
            line.sendall(piece)
            time.sleep(0.2 * (piece is not said[-1]))
        got = b""
        while piece := line.recv(65_536):
            got += piece
        return got


def refused(world: World, said: bytes) -> tuple[int, str]:
    head, _, body = heard(world, said).partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["errors"][0]["extensions"]["code"]


GRAPHQL = POST.format("/graphql")
UNSOUND = {
    "two lengths": GRAPHQL + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nwhole",
    "a length and chunks": GRAPHQL + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and a length": GRAPHQL + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "an unknown coding": GRAPHQL + "Transfer-Encoding: gzip\r\n\r\n",
    "an unknown coding of chunks": GRAPHQL + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunks twice": GRAPHQL + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": GRAPHQL.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length that is no number": GRAPHQL + "Content-Length: +5\r\n\r\nwhole",
    "a chunk that is none": GRAPHQL + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "no host": "GET /health/live HTTP/1.1\r\n\r\n",
    "two hosts": "GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a header without a name": "GET /health/live HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    "a folded header": "GET /health/live HTTP/1.1\r\nHost: a\r\n\x00: b\r\n\r\n",
    "HTTP/2 unasked": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/2 in the words of HTTP/1": "GET /health/live HTTP/2.0\r\nHost: a\r\n\r\n",
    "HTTP/0.9": "GET /health/live\r\n\r\n",
    "no HTTP": "hello hub\r\n\r\n",
    "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("said", UNSOUND.values(), ids=UNSOUND.keys())
def test_a_request_that_two_could_read_in_two_ways_is_refused(small_world: World, said: str) -> None:
    assert refused(small_world, said.encode("latin-1")) == (400, "REQUEST_WRONG")


@pytest.mark.parametrize(
    "head",
    [
        "GET /{} HTTP/1.1\r\nHost: hub\r\n",
        "GET / HTTP/1.1\r\nHost: hub\r\nX: {}",
        "GET / HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nX: {}\r\n\r\n",
    ],
)
def test_a_head_of_more_than_32_kib_is_refused(small_world: World, head: str) -> None:
    assert refused(small_world, head.format("x" * 40_000).encode()) == (431, "HEAD_TOO_LARGE")


ASKED = b'{"query":"{__typename}"}'
ANSWERED = b'{"data":{"__typename":"Query"}}'
JSON = GRAPHQL + "Content-Type: application/json\r\nConnection: close, Upgrade\r\n"
LENGTH, CHUNKED = f"Content-Length: {len(ASKED)}\r\n", "Transfer-Encoding: chunked\r\n"
CHUNK = b"%x\r\n%s\r\n0\r\n" % (len(ASKED), ASKED)


@pytest.mark.parametrize(("how", "body"), [(LENGTH, ASKED), (CHUNKED, CHUNK + b"\r\n")], ids=["length", "chunked"])
@pytest.mark.parametrize("cut", [0, 10])
def test_who_asks_for_another_protocol_is_answered_in_this_one(
    small_world: World, how: str, body: bytes, cut: int
) -> None:
    """As Java's and curl's clients ask at first; the body is that of the request, and never one by itself."""
    head = f"{JSON}{how}Upgrade: h2c\r\n\r\n".encode()
    assert heard(small_world, head + body[:cut], body[cut:]).endswith(ANSWERED)


def test_what_comes_after_a_body_is_no_header(small_world: World) -> None:
    said = f"{JSON}{CHUNKED}\r\n".encode() + CHUNK + b"Authorization: Bearer nobody\r\n\r\n"
    assert heard(small_world, said).endswith(ANSWERED)


@pytest.mark.parametrize(
    ("path", "length", "key", "status", "code"),
    [
        ("/graphql", MIB + 1, False, 413, "BODY_TOO_LARGE"),
        ("/graphql", 8 * MIB + 1, True, 413, "BODY_TOO_LARGE"),
        ("/graphql", 10**15, True, 413, "BODY_TOO_LARGE"),
        ("/hooks/airport/notifications", 190 * MIB, False, 413, "BODY_TOO_LARGE"),
        ("/health/live", 100_000, False, 413, "BODY_TOO_LARGE"),
        ("/papers/X", 190 * MIB, True, 413, "BODY_TOO_LARGE"),
        ("/trades", 190 * MIB, False, 401, "UNAUTHENTICATED"),
    ],
)
@pytest.mark.parametrize("expects", [False, True])
def test_a_body_that_is_too_long_or_a_strangers_is_refused_by_its_head(
    small_world: World, path: str, length: int, key: bool, status: int, code: str, expects: bool
) -> None:
    """Nothing of the body is sent, so nothing of it can have been waited for; and nobody is told to go on."""
    said = POST.format(path) + f"Content-Length: {length}\r\nContent-Type: application/x-ndjson\r\n"
    said += f"Authorization: Bearer {small_world.staff}\r\n" if key else ""
    said += "Expect: 100-continue\r\n" if expects else ""
    assert refused(small_world, f"{said}\r\n".encode()) == (status, code)


def test_a_body_in_chunks_is_refused_where_it_grows_too_long(small_world: World) -> None:
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    said = GRAPHQL.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 17
    assert refused(small_world, said) == (413, "BODY_TOO_LARGE")


def test_whoever_waits_to_be_told_is_told_to_go_on_once_the_body_will_be_read(small_world: World) -> None:
    at = urlsplit(small_world.address)
    body = b'{"query": "{ __typename }"}'
    with socket.create_connection((at.hostname, at.port), timeout=60) as line, line.makefile("rb") as said:
        head = f"{GRAPHQL}Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
        line.sendall(head.encode())
        assert said.readline() == b"HTTP/1.1 100 Continue\r\n"
        line.sendall(body)
        assert said.readline() == b"\r\n"
        assert said.readline() == b"HTTP/1.1 200 OK\r\n"


def test_a_caller_of_the_old_kind_is_answered_too(small_world: World) -> None:
    said = heard(small_world, b"GET /health/live HTTP/1.0\r\n\r\n")
    assert said.endswith(b'{"status":"ok"}\n')
    assert b"chunked" not in said
