"""The line to an authority: what each failure means for what happens next, and what never leaves the house."""

from __future__ import annotations

import gzip
import socket
import time
import traceback
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from pytest_httpserver import HTTPServer
from requests import exceptions
from werkzeug import Response

from connectors.sdk import BadData, Bug, ConnectorError, Http, NeedsCredentials, OutcomeUnknown, Retriable
from connectors.sdk.credentials import Credentials, Header, basic, bearer
from connectors.sdk.http import FAILURES, Timeouts, classify_failure, classify_status
from connectors.sdk.retry import Retry
from tests.sdk.raw_server import Talk, ok, raw_server, says, silence_after

ATTEMPTS = 3
NOON = datetime(2026, 1, 9, 4, 0, tzinfo=UTC)
EVERY_FAILURE = [
    thing
    for thing in vars(exceptions).values()
    if isinstance(thing, type) and issubclass(thing, requests.RequestException)
]


class Line:
    """Opens lines that never really sleep, and notes how long they would have."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.opened: list[Http] = []

    def __call__(self, address: str, *, read: float = 0.5, total: float = 20, **more: Any) -> Http:
        timeouts = Timeouts(timedelta(seconds=5), timedelta(seconds=read), timedelta(seconds=total))
        retry = Retry(attempts=ATTEMPTS, longest_wait=5.0)
        http = Http(
            address,
            timeouts=timeouts,
            retry=retry,
            sleep=self.waits.append,
            chance=lambda: 0.5,
            now=lambda: NOON,
            **more,
        )
        self.opened.append(http)
        return http


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    for http in made.opened:
        http.close()


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address that is held, but where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/"


def talk(http: Http, method: str, path: str = "papers") -> Any:
    return http.get(path) if method == "GET" else http.post(path, b"<paper/>", "application/xml")


# The two tables are complete.


@pytest.mark.parametrize("failure", EVERY_FAILURE, ids=lambda failure: failure.__name__)
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
    for method, times in {"GET": gets, "POST": posts}.items():
        httpserver.clear_log()
        line.waits.clear()
        with pytest.raises(error) as caught:
            talk(line(httpserver.url_for("/")), method)
        assert type(caught.value) is error
        assert len(httpserver.log) == times
        assert line.waits == [0.25, 0.5][: times - 1]  # half of 0.5 s, half of 1 s: the draw was one half


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
            talk(line(server.address), "POST")
        assert caught.value.text.startswith(f"{server.host}: ")
    assert len(server.requests) == 1
    assert server.requests[0].endswith(b"<paper/>")
    assert line.waits == []


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_question_is_asked_again_until_it_is_answered(line: Line, broken: Talk) -> None:
    with raw_server(broken, broken, ok(b"<answer/>")) as server:
        assert talk(line(server.address), "GET").body == b"<answer/>"
    assert len(server.requests) == ATTEMPTS


@pytest.mark.parametrize("name", ["no answer", "cut after the request"])
def test_a_question_is_not_asked_for_ever(line: Line, name: str) -> None:
    with raw_server(BROKEN[name]) as server, pytest.raises(OutcomeUnknown):
        talk(line(server.address), "GET")
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
    in_four = format_datetime(datetime.now(UTC) + timedelta(seconds=4), usegmt=True)
    httpserver.expect_ordered_request("/papers").respond_with_data("", status, {"Retry-After": in_four})
    httpserver.expect_ordered_request("/papers").respond_with_data("taken")
    assert talk(line(httpserver.url_for("/")), "POST").body == b"taken"
    seconds, date = line.waits
    assert seconds == 2
    assert 1 < date <= 4


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
    """An answer that goes on for a minute, or until nobody listens any more."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
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
    with raw_server(large) as server, pytest.raises(BadData, match="larger than 2 MiB"):
        talk(line(server.address, largest_body=2 * 1024 * 1024, read=10), "GET")
    assert len(server.requests) == 1


def test_an_answer_as_large_as_the_cap_is_taken(line: Line) -> None:
    with raw_server(ok(b"x" * 100_000)) as server:
        assert len(talk(line(server.address, largest_body=100_000), "GET").body) == 100_000


def test_an_answer_that_trickles_is_ended_by_the_total_time(line: Line) -> None:
    with raw_server(endless(b"1\r\nx\r\n", CHUNKED, pause=0.05)) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            talk(line(server.address, read=10, total=0.6), "POST")
    assert time.monotonic() - began < 10
    assert len(server.requests) == 1


# Where it goes.


def test_a_redirect_to_another_host_is_not_followed(httpserver: HTTPServer, line: Line) -> None:
    with raw_server(ok(b"stolen")) as elsewhere:
        for status in (301, 302, 303, 307, 308):
            httpserver.clear()
            answer = Response("", status, {"Location": elsewhere.address})
            httpserver.expect_request("/papers").respond_with_response(answer)
            for method in ("GET", "POST"):
                with pytest.raises(BadData, match="redirects"):
                    talk(line(httpserver.url_for("/"), credentials=bearer("sesame")), method)
    assert elsewhere.requests == []


@pytest.mark.parametrize("path", ["http://{other}/x", "//{other}/x", "http://{own}@{other}/x", "\t//{other}/x"])
def test_a_path_that_leads_to_another_host_is_refused_before_anything_is_sent(
    httpserver: HTTPServer, line: Line, path: str
) -> None:
    own = httpserver.url_for("/").removeprefix("http://").strip("/")
    with raw_server(ok(b"stolen")) as elsewhere:
        http = line(httpserver.url_for("/"), credentials=bearer("sesame"))
        for method in ("GET", "POST"):
            with pytest.raises(BadData, match=f"refused to go to .*: the settings name {own}"):
                talk(http, method, path.format(own=own, other=elsewhere.host))
    assert elsewhere.requests == []
    assert httpserver.log == []


def test_a_whole_address_on_the_same_host_is_gone_to(httpserver: HTTPServer, line: Line) -> None:
    httpserver.expect_request("/api/next", query_string="page=2").respond_with_data("second page")
    http = line(httpserver.url_for("/api"))
    assert http.get(httpserver.url_for("/api/next?page=2")).body == b"second page"
    assert http.get("next", params={"page": 2}).body == b"second page"


def test_the_environment_has_no_say(
    httpserver: HTTPServer, line: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever started the hub may have a proxy and a .netrc; papers go neither through the one nor with the other."""
    httpserver.expect_request("/papers").respond_with_data("taken")
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {httpserver.host} login somebody password else\n")
    netrc.chmod(0o600)
    with raw_server(ok(b"by the proxy")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("NETRC", str(netrc))
        address = httpserver.url_for("/papers")
        assert requests.get(address, timeout=5).text == "by the proxy"  # others would go that way
        assert b"Authorization: Basic" in proxy.requests[0]
        for method in ("GET", "POST"):
            assert talk(line(httpserver.url_for("/")), method).body == b"taken"
    assert len(proxy.requests) == 1
    assert [request.headers.get("Authorization") for request, _ in httpserver.log] == [None, None]


# What it says and what it keeps to itself.


@pytest.mark.parametrize(
    ("credentials", "name", "value"),
    [
        (Header("X-API-Key", "sesame"), "X-API-Key", "sesame"),
        (bearer("sesame"), "Authorization", "Bearer sesame"),
        (basic("用户", "se:same"), "Authorization", "Basic " + b64encode("用户:se:same".encode()).decode()),
    ],
)
def test_each_request_is_signed_in(
    httpserver: HTTPServer, line: Line, credentials: Credentials, name: str, value: str
) -> None:
    httpserver.expect_request("/papers").respond_with_data("")
    http = line(httpserver.url_for("/"), credentials=credentials)
    talk(http, "GET")
    http.post("papers", b"{}", "application/json", headers={"Accept": "text/plain"})
    get, post = (request for request, _ in httpserver.log)
    assert get.headers[name] == post.headers[name] == value
    assert (post.headers["Content-Type"], post.headers["Accept"]) == ("application/json", "text/plain")


LEAKS = {
    "refused with an echo": b"HTTP/1.1 401 SECRET\r\nX: SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
    "redirected with it": b"HTTP/1.1 302 No\r\nLocation: /?key=SECRET\r\nContent-Length: 0\r\n\r\n",
    "not HTTP": b"SECRET\r\n\r\n",
    "an impossible chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nSECRET\r\n",
    "an impossible compression": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nSECRET",
    "cut": b"",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
@pytest.mark.parametrize(
    ("credentials", "secret"),
    [
        (bearer("sesame"), "sesame"),
        (basic("ali", "sesame"), b64encode(b"ali:sesame").decode()),
        (Header("X-API-Key", "sesame"), "sesame"),
    ],
)
def test_an_error_never_tells_the_secret(line: Line, leak: bytes, credentials: Credentials, secret: str) -> None:
    """Neither what we signed in with, nor an echo of it: what an error says is shown to staff and logged."""
    answer = says(leak.replace(b"SECRET", secret.encode()))
    with raw_server(answer) as server, pytest.raises(ConnectorError) as caught:
        talk(line(server.address, credentials=credentials), "POST", f"papers?key={secret}")
    assert secret.encode() in server.requests[0]
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caught.value.text
    for one in ("sesame", secret):
        assert one not in told
        assert one not in repr(credentials)


@pytest.mark.parametrize("secret", ["sesame\n", "open\nsesame", " sesame", "sesame\r\n\r\nGET / HTTP/1.1"])
def test_a_key_that_cannot_stand_in_a_header_is_not_told_either(line: Line, nobody: str, secret: str) -> None:
    with pytest.raises(Bug, match="a header is malformed") as caught:
        talk(line(nobody, credentials=Header("X-API-Key", secret)), "POST")
    assert "sesame" not in "".join(traceback.format_exception(caught.value))


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
