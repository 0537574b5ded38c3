"""One POST to a stranger: whatever the other side does, there is an answer within the time, and nothing leaks."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from hub.share.receivers import Place, Receivers
from sync.post import Answer, Limits, Post
from tests.support.sdk.raw_server import Talk, ok, raw_server, says

TLS = Path(__file__).parent / "tls"
PATIENT, QUICK = Limits(connect=5, read=10, total=20), Limits(connect=5, read=1, total=2)
LATE = Answer(None, "no answer within the time-out")


def post(url: str, trust: ssl.SSLContext | None = None, limits: Limits = PATIENT) -> Answer:
    """Posts to a name that leads to this machine; only the hub is told so."""
    place = Receivers(private=True, resolve=lambda host, port: ["127.0.0.1"]).find(url)
    return Post(limits, trust)(place, b"{}", {"webhook-id": "1"})


def trickle(first: bytes, again: bytes) -> Talk:
    """Always in time for the next byte, and never done."""

    def talk(line: socket.socket) -> None:
        line.sendall(first)
        while True:
            line.sendall(again)
            time.sleep(0.1)

    return talk


@pytest.mark.parametrize(
    ("talk", "answer"),
    [
        (ok(), Answer(200)),
        (says(b"HTTP/1.1 204 No Content\r\n\r\n"), Answer(204)),
        (says(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000_000), Answer(200)),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense"), Answer(200)),
        (says(b"HTTP/1.1 500 No\r\nContent-Length: 6\r\n\r\nsecret"), Answer(500, "HTTP 500")),
        (says(b"HTTP/1.1 503 No\r\nRetry-After: 7\r\n\r\n"), Answer(503, "HTTP 503", 7)),
        (says(b"HTTP/1.1 503 No\r\nRetry-After: soon\r\n\r\n"), Answer(503, "HTTP 503")),
        (says(b"220 mail.inside ESMTP\r\n"), Answer(None, "what came back is no HTTP")),
        (says(b"HTTP/1.1 abc\r\n\r\n"), Answer(None, "what came back is no HTTP")),
        (says(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n"), Answer(None, "what came back is no HTTP")),
        (says(b""), Answer(None, "the connection broke")),
    ],
)
def test_whatever_comes_back_is_an_answer_in_our_words(talk: Talk, answer: Answer) -> None:
    with raw_server(talk) as server:
        assert post(server.address) == answer


@pytest.mark.parametrize(
    ("talk", "answer"),
    [
        (trickle(b"HTTP/1.1 202 Accepted\r\n\r\n", b"x"), Answer(202)),
        (trickle(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), LATE),
        (trickle(b"", b"H"), LATE),
    ],
)
def test_an_answer_that_never_ends_is_cut(talk: Talk, answer: Answer) -> None:
    with raw_server(talk) as server:
        assert post(server.address, limits=QUICK) == answer


def test_the_request_goes_to_the_judged_address_under_its_own_name() -> None:
    with raw_server(ok()) as server:
        port = server.host.partition(":")[2]
        assert post(f"http://hooks.example:{port}/in?key=1").status == 200
    head = server.requests[0].decode().splitlines()
    assert head[0] == "POST /in?key=1 HTTP/1.1"
    assert f"Host: hooks.example:{port}" in head
    assert head.count(f"Host: hooks.example:{port}") == sum(line.lower().startswith("host:") for line in head)


def test_where_nobody_listens_the_next_address_is_tried() -> None:
    with raw_server(ok()) as server:
        port = int(server.host.partition(":")[2])
        place = Place(False, "hooks.example", port, "hooks.example", "/", ("127.0.0.2", "127.0.0.1"))
        assert Post(PATIENT)(place, b"{}", {}).status == 200
    assert Post(PATIENT)(place, b"{}", {}) == Answer(None, "no connection: nobody answers there")


@pytest.fixture(scope="module")
def secure_server() -> Iterator[HTTPServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "hooks.example.pem")
    with HTTPServer(host="127.0.0.1", ssl_context=context) as server:
        server.expect_request("/").respond_with_data("", 200)
        yield server


def test_a_certificate_is_judged_by_the_name_and_not_by_the_address(secure_server: HTTPServer) -> None:
    ours = ssl.create_default_context(cafile=TLS / "ca.pem")
    assert post(f"https://hooks.example:{secure_server.port}/", ours) == Answer(200)
    for name, trust in (("other.example", ours), ("127.0.0.1", ours), ("hooks.example", None)):
        answer = post(f"https://{name}:{secure_server.port}/", trust)
        assert answer == Answer(None, "the certificate is not one to trust")


def test_a_handshake_that_never_ends_is_cut() -> None:
    record = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"  # the head of a long ServerHello, whose rest comes slowly
    with raw_server(trickle(record, b"\x00")) as server:
        port = server.host.partition(":")[2]
        assert post(f"https://hooks.example:{port}/", limits=QUICK) == LATE


def test_plain_http_where_tls_is_spoken_is_no_secure_connection(httpserver: HTTPServer) -> None:
    assert post(f"https://hooks.example:{httpserver.port}/").error == "no secure connection came about"
