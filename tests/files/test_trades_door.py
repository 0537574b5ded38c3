"""POST /trades: a line for each trade, a line for each answer, in order, however many there are."""

from __future__ import annotations

import io
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from hub.access import Role
from hub.gate.trades import MOST_LINES
from tests.support.files.tables import trades
from tests.support.files.terminal import Terminal

NDJSON = "application/x-ndjson"


def post(terminal: Terminal, body: Any, key: str | None = None, kind: str = NDJSON, **more: str) -> requests.Response:
    headers = {"Content-Type": kind, "Authorization": f"Bearer {terminal.key if key is None else key}"} | more
    return requests.post(f"{terminal.world.address}/trades", body, headers=headers, timeout=60)


def lines(*typed: Any) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in typed).encode()


def answers(response: requests.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == NDJSON
    return [json.loads(line) for line in response.iter_lines()]


def test_each_line_is_answered_in_order_with_its_number_or_its_errors(terminal: Terminal) -> None:
    good, wrong = trades("P-1")[0], trades("P-2", currency="RMB")[0]
    body = b"\xef\xbb\xbf" + lines(good) + b"\r\n \n" + lines(wrong, good) + b'{"orderNumber": \n[]\n\xd6\xd0\n5'
    first, refused, again, *unread = answers(post(terminal, body, **{"Accept-Language": "zh"}))
    assert first == {"line": 1, "number": first["number"], "same": False}
    assert refused == {
        "line": 4,
        "errors": [
            {
                "path": "currency",
                "code": "UNKNOWN_CODE",
                "message": "RMB 不是有效的币制代码",
                "wayOut": "使用 ISO 4217 代码",
            }
        ],
    }
    assert again == {"line": 5, "number": first["number"], "same": True}
    assert [(one["line"], one["errors"][0]["code"]) for one in unread] == [
        (6, "LINE_UNREADABLE"),
        (7, "BAD_VALUE"),
        (8, "LINE_UNREADABLE"),
        (9, "BAD_VALUE"),
    ]
    assert set(terminal.holds("P-1", "P-2")) == {"P-1"}


def test_a_line_of_more_than_a_mebibyte_is_refused_and_the_next_is_read(terminal: Terminal) -> None:
    long, good = trades("P-4")[0] | {"platform": "x" * 3 * 2**20}, trades("P-5")[0]
    first, second = answers(post(terminal, lines(long, good)))
    assert (first["line"], first["errors"][0]["code"]) == (1, "LINE_UNREADABLE")
    assert "1 MiB" in first["errors"][0]["message"]
    assert (second["line"], second["same"]) == (2, False)


def test_nothing_is_answered_by_nothing(terminal: Terminal) -> None:
    assert answers(post(terminal, b"")) == []


@pytest.mark.parametrize(
    ("key", "kind", "status", "code"),
    [
        ("", NDJSON, 401, "UNAUTHENTICATED"),
        ("yh_unknown", NDJSON, 401, "UNAUTHENTICATED"),
        ("viewer", NDJSON, 403, "FORBIDDEN"),
        (None, "application/json", 415, "MEDIA_TYPE"),
        (None, "text/csv", 415, "MEDIA_TYPE"),
    ],
)
def test_who_may_not_or_sends_something_else_is_told_before_anything_is_read(
    terminal: Terminal, key: str | None, kind: str, status: int, code: str
) -> None:
    key = terminal.world.issue("viewer", Role.VIEWER) if key == "viewer" else key
    headers = {"Content-Type": kind}
    if key != "":
        headers["Authorization"] = f"Bearer {terminal.key if key is None else key}"
    response = requests.post(f"{terminal.world.address}/trades", lines(*trades("P-6")), headers=headers, timeout=60)
    assert response.status_code == status
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == [code]
    assert terminal.holds("P-6") == {}
    assert requests.get(f"{terminal.world.address}/trades", timeout=60).status_code == 405


def test_answers_go_out_while_the_body_is_still_being_read(terminal: Terminal) -> None:
    """Whatever the length, no more than one batch and one chunk of the body are held."""
    orders = [f"P7-{number}" for number in range(2 * MOST_LINES)]
    body = io.BytesIO(lines(*trades(*orders)))
    length = len(body.getvalue())
    asked = (
        terminal.world.hub.web()
        .test_client()
        .post(
            "/trades",
            input_stream=body,
            content_type=NDJSON,
            content_length=length,
            headers={"Authorization": f"Bearer {terminal.key}"},
        )
    )
    answered = asked.iter_encoded()
    first = next(answered)
    assert [json.loads(line)["line"] for line in first.splitlines()] == list(range(1, MOST_LINES + 1))
    assert set(terminal.holds(*orders)) == set(orders[:MOST_LINES])
    assert body.tell() < 0.7 * length
    rest = b"".join(answered)
    assert json.loads(rest.splitlines()[-1])["line"] == len(orders)
    assert set(terminal.holds(*orders)) == set(orders)


def test_a_body_without_a_length_is_read_to_its_end(terminal: Terminal) -> None:
    body = lines(*trades("P-11", "P-12"))
    pieces = (body[start : start + 1000] for start in range(0, len(body), 1000))
    assert [one["line"] for one in answers(post(terminal, pieces))] == [1, 2]


def sent_by_hand(terminal: Terminal, body: bytes, length: int) -> socket.socket:
    """A request on a connection that the test closes when it likes."""
    at = urlsplit(terminal.world.address)
    line = socket.create_connection((str(at.hostname), at.port or 80), timeout=30)
    head = ["POST /trades HTTP/1.1", "Host: hub", f"Content-Type: {NDJSON}", f"Authorization: Bearer {terminal.key}"]
    line.sendall("\r\n".join([*head, f"Content-Length: {length}", "", ""]).encode() + body)
    return line


def test_whoever_loses_the_connection_sends_the_same_again(terminal: Terminal) -> None:
    orders = [f"P8-{number}" for number in range(MOST_LINES + 50)]
    body = lines(*trades(*orders))
    with sent_by_hand(terminal, body, len(body)) as line:
        assert line.recv(15) == b"HTTP/1.1 200 OK"  # the first batch is stored
    again = answers(post(terminal, body))
    assert [one["line"] for one in again] == list(range(1, len(orders) + 1))
    assert all(one["same"] for one in again[:MOST_LINES])
    assert len(terminal.holds(*orders)) == len(orders)


def test_a_body_that_breaks_off_enters_nothing(terminal: Terminal) -> None:
    body = lines(*trades("P-9", "P-10"))
    with sent_by_hand(terminal, body, len(body) + 1) as line:
        line.shutdown(socket.SHUT_WR)
        assert line.recv(1) == b""
    assert terminal.holds("P-9", "P-10") == {}
