"""A stand-in on a real port: bodies that are too long, however they come, and callers who fall silent."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from mocks.customs.app import create_app
from mocks.desk import LARGEST_BODY
from mocks.serve import serving
from tests.support.mocks.ceb import CREDENTIALS, Desk

MEBIBYTE = 1024 * 1024
HEAD = b"POST /dxp/messages HTTP/1.1\r\nHost: customs\r\nAuthorization: Bearer demo-customs-token\r\n"


def pieces(size: int) -> Iterator[bytes]:
    """Sent one by one, a body is chunked."""
    for start in range(0, size, MEBIBYTE):
        yield b"x" * min(MEBIBYTE, size - start)


@pytest.mark.parametrize(("size", "status"), [(LARGEST_BODY, 400), (LARGEST_BODY + 1, 413), (3 * LARGEST_BODY, 413)])
@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_over_the_limit_is_too_large_however_it_comes(size: int, status: int, chunked: bool) -> None:
    body = pieces(size) if chunked else b"x" * size
    with serving(create_app()) as base:
        answer = requests.post(f"{base}/dxp/messages", data=body, headers=CREDENTIALS, timeout=30)
    assert answer.status_code == status


def test_a_chunked_body_arrives_whole() -> None:
    desk = Desk()
    with serving(desk.app) as base:
        answer = requests.post(
            f"{base}/declarations", data=iter([b'{"copNo"', b': "DEC-1"}']), headers=CREDENTIALS, timeout=10
        )
    assert answer.json()["field"] == "action"
    assert desk.app.extensions["ledger"].entries("declaration")[0].body == '{"copNo": "DEC-1"}'


SILENT: dict[str, tuple[bytes, int]] = {
    "announced and not sent": (b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1), 0),
    "sent in part": (b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1), LARGEST_BODY),
    "longer than announced": (b"Content-Length: 5\r\n\r\n", LARGEST_BODY + 1),
    "not announced": (b"\r\n", LARGEST_BODY + 1),
}


@pytest.mark.parametrize(("headers", "sent"), SILENT.values(), ids=SILENT)
def test_who_falls_silent_is_hung_up_on(headers: bytes, sent: int) -> None:
    with serving(create_app(), patience=0.2) as base:
        address = urlsplit(base)
        with socket.create_connection((address.hostname, address.port), timeout=20) as caller:
            caller.sendall(HEAD + headers + b"x" * sent)
            answer = b"".join(iter(lambda: caller.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 4")
