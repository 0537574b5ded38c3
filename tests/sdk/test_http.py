"""The line to an authority: what each failure means for what happens next, and what never leaves the house."""

from __future__ import annotations

import gzip
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from pytest_httpserver import HTTPServer
from requests import exceptions

from connectors.sdk import BadData, Bug, ConnectorError, NeedsCredentials, OutcomeUnknown, Retriable
from connectors.sdk.inside.http_errors import FAILURES, classify_failure, classify_status
from tests.support.sdk.line import ATTEMPTS, NOON, Line, talk
from tests.support.sdk.raw_server import Talk, ok, raw_server, says, silence_after
from tests.support.together import together

EVERY_FAILURE = [
    thing
    for thing in vars(exceptions).values()
    if isinstance(thing, type) and issubclass(thing, requests.RequestException)
]


# The two tables are complete.


@together("failure", EVERY_FAILURE, ids=lambda failure: failure.__name__)
def test_every_failure_of_requests_has_a_row_of_its_own_that_no_other_row_hides(
    failure: type[requests.RequestException],
) -> None:
    (row,) = [row for row in FAILURES if row[0] is failure]
    error = classify_failure(failure.__new__(failure), "customs.example")
    assert (type(error), error.text) == (row[1], f"customs.example: {row[2]}")


def test_no_row_names_a_failure_that_requests_does_not_have() -> None:
    assert {row[0] for row in FAILURES} == set(EVERY_FAILURE)


AGAIN = {425, 429, 503}
MAYBE = {408, *range(500, 600)} - AGAIN
KEYS = {401, 403, 407}


def test_every_status_that_is_no_answer_says_what_happens_next() -> None:
    for status in [status for status in range(100, 600) if status // 100 != 2]:
        error = classify_status(status, {}, "customs.example")
        assert (type(error) is Retriable) == (status in AGAIN), status
        assert isinstance(error, OutcomeUnknown) == (status in MAYBE), status
        assert isinstance(error, NeedsCredentials) == (status in KEYS), status
        assert isinstance(error, BadData | Bug) == (status not in AGAIN | MAYBE | KEYS), status
        assert error.text.startswith("customs.example: "), status
        assert error.text.endswith(f"(HTTP {status})"), status


# What is repeated, and what is not.


@pytest.mark.parametrize(
    ("status", "error", "gets", "posts"),
    [
        (302, BadData, 1, 1),
        (400, BadData, 1, 1),
        (401, NeedsCredentials, 1, 1),
        (403, NeedsCredentials, 1, 1),
        (404, BadData, 1, 1),
        (408, OutcomeUnknown, ATTEMPTS, 1),
        (413, Bug, 1, 1),
        (429, Retriable, ATTEMPTS, ATTEMPTS),
        (500, OutcomeUnknown, ATTEMPTS, 1),
        (502, OutcomeUnknown, ATTEMPTS, 1),
        (503, Retriable, ATTEMPTS, ATTEMPTS),
        (504, OutcomeUnknown, ATTEMPTS, 1),
    ],
)
def test_a_status_is_repeated_only_where_that_is_safe(
    httpserver: HTTPServer, line: Line, status: int, error: type[ConnectorError], gets: int, posts: int
) -> None:
    httpserver.expect_request("/papers").respond_with_data("no", status=status)
    for method, times in {"GET": gets, "POST": posts, "PATCH": posts}.items():
        httpserver.clear_log()
        line.waits.clear()
        with pytest.raises(error) as caught:
            talk(line(httpserver.url_for("/")), method)
        assert type(caught.value) is error
        assert len(httpserver.log) == times
        assert line.waits == [0.25, 0.5][: times - 1]  # half of 0.5 s, half of 1 s: the draw was one half


SHORT = 0.5  # seconds; for those who stay silent
BROKEN = {
    "no answer": silence_after(b""),
    "no end of the head": silence_after(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "no end of the body": silence_after(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<pa"),
    "cut after the request": says(b""),
    "cut within the status": says(b"HTTP/1.1"),
    "cut within the body": says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<pa"),
    "cut within a chunk": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<pa"),
    "cut between chunks": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<pa\r\n"),
    "no chunks though it says so": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<paper/>\r\n"),
    "not HTTP": says(b"220 mail.example ESMTP\r\n\r\n"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_may_have_arrived_is_never_sent_a_second_time(line: Line, broken: Talk) -> None:
    with raw_server(broken) as server:
        with pytest.raises(OutcomeUnknown) as caught:
            talk(line(server.address, read=SHORT), "POST")
        assert caught.value.text.startswith(f"{server.host}: ")
    assert len(server.requests) == 1
    assert server.requests[0].endswith(b"<paper/>")
    assert line.waits == []


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_question_is_asked_again_until_it_is_answered(line: Line, broken: Talk) -> None:
    with raw_server(broken, broken, ok(b"<answer/>")) as server:
        assert talk(line(server.address, read=SHORT), "GET").body == b"<answer/>"
    assert len(server.requests) == ATTEMPTS


@pytest.mark.parametrize("name", ["no answer", "cut after the request"])
def test_a_question_is_not_asked_for_ever(line: Line, name: str) -> None:
    with raw_server(BROKEN[name]) as server, pytest.raises(OutcomeUnknown):
        talk(line(server.address, read=SHORT), "GET")
    assert len(server.requests) == ATTEMPTS
    assert len(line.waits) == ATTEMPTS - 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_where_nobody_listens_nothing_can_have_arrived(line: Line, nobody: str, method: str) -> None:
    with pytest.raises(Retriable) as caught:
        talk(line(nobody), method)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert len(line.waits) == ATTEMPTS - 1


# The authority names the wait.


@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_that_the_authority_names_is_kept(httpserver: HTTPServer, line: Line, status: int) -> None:
    httpserver.expect_ordered_request("/papers").respond_with_data("", status, {"Retry-After": "2"})
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    httpserver.expect_ordered_request("/papers").respond_with_data("", status, {"Retry-After": at})
    httpserver.expect_ordered_request("/papers").respond_with_data("taken")
    assert talk(line(httpserver.url_for("/"), longest=60), "POST").body == b"taken"
    seconds, date = line.waits
    assert seconds == 2
    assert 20 < date <= 60


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("named", ["3600", "in an hour"])
def test_a_wait_too_long_to_hold_a_worker_is_handed_on(
    httpserver: HTTPServer, line: Line, method: str, named: str
) -> None:
    if named == "in an hour":
        named = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    httpserver.expect_request("/papers").respond_with_data("", 429, {"Retry-After": named})
    with pytest.raises(Retriable) as caught:
        talk(line(httpserver.url_for("/")), method)
    assert caught.value.after == pytest.approx(3600, abs=60)
    assert len(httpserver.log) == 1
    assert line.waits == []


# Limits.


def endless(piece: bytes, head: bytes, pause: float = 0) -> Talk:
    """An answer that goes on until nobody listens any more."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return talk


BOMB = gzip.compress(bytes(64 * 1024 * 1024))
CHUNKED = b"Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    "large",
    [
        endless(b"x" * 65536, b"Content-Length: 99999999999"),
        endless(b"10000\r\n" + b"x" * 65536 + b"\r\n", CHUNKED),
        endless(b"x" * 65536, b"X-Length: none"),
        says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(BOMB), BOMB)),
    ],
    ids=["as announced", "in chunks", "until the end", "compressed"],
)
def test_an_answer_over_the_cap_is_hung_up_on(line: Line, large: Talk) -> None:
    with raw_server(large) as server, pytest.raises(BadData, match="larger than 2,097,152 bytes"):
        talk(line(server.address, largest_body=2 * 1024 * 1024, read=10), "GET")
    assert len(server.requests) == 1


def test_an_answer_as_large_as_the_cap_is_taken(line: Line) -> None:
    with raw_server(ok(b"x" * 100_000)) as server:
        assert len(talk(line(server.address, largest_body=100_000), "GET").body) == 100_000


def test_an_answer_that_trickles_is_ended_by_the_total_time(line: Line) -> None:
    with raw_server(endless(b"1\r\nx\r\n", CHUNKED, pause=0.05)) as server, pytest.raises(OutcomeUnknown):
        talk(line(server.address, read=10, total=0.6), "POST")
    assert len(server.requests) == 1


# What comes back.


def test_a_page_is_what_came_as_it_came(httpserver: HTTPServer, line: Line) -> None:
    body = "<a>假发</a>".encode("gbk")
    httpserver.expect_request("/papers").respond_with_data(
        body, content_type="application/xml; charset=UTF-8", headers={"X-Total": "7"}
    )
    page = talk(line(httpserver.url_for("/")), "GET")
    assert (page.body, page.status, page.received_at) == (body, 200, NOON)
    assert page.content_type == "application/xml; charset=UTF-8"
    assert page.headers["X-Total"] == "7"
    assert page.url == httpserver.url_for("/papers")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_that_counts_as_an_answer_is_a_page(httpserver: HTTPServer, line: Line, method: str) -> None:
    httpserver.expect_request("/papers").respond_with_data("no such paper", status=404)
    http = line(httpserver.url_for("/"))
    answer: Any = http.get if method == "GET" else lambda path, **more: http.post(path, b"", "text/plain", **more)
    page = answer("papers", answers=(404,))
    assert (page.status, page.body) == (404, b"no such paper")
    assert len(httpserver.log) == 1
