"""Signing in with a token that is fetched: once while it lives, anew when it is refused, and never told."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.sdk import Http, NeedsCredentials
from connectors.sdk.credentials import ClientCredentials, basic
from tests.support.sdk.line import NOON, Line

CLIENT = basic("hub", "sesame").value


class Authority:
    """Gives tokens `t1`, `t2` … that live for so many seconds, and takes papers that carry a token it accepts."""

    def __init__(self, server: HTTPServer) -> None:
        self.given = 0
        self.accepted = {"t1", "t2", "t3"}
        self.answer: dict[str, Any] | str = {"expires_in": 600}
        self.taken: list[str] = []
        self.time: datetime = NOON
        server.expect_request("/token", method="POST").respond_with_handler(self._token)
        server.expect_request("/papers").respond_with_handler(self._paper)

    def now(self) -> datetime:
        return self.time

    def _token(self, request: Request) -> Response:
        if request.headers["Authorization"] != CLIENT or request.form["grant_type"] != "client_credentials":
            return Response("sesame is wrong", 401)
        self.given += 1
        if isinstance(self.answer, str):
            return Response(self.answer)
        return Response(json.dumps({"access_token": f"t{self.given}"} | self.answer))

    def _paper(self, request: Request) -> Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        if token not in self.accepted:
            return Response(f"{token} is not accepted", 401)
        self.taken.append(token)
        return Response("taken")


@pytest.fixture
def authority(httpserver: HTTPServer) -> Iterator[Authority]:
    yield Authority(httpserver)
    httpserver.check()


@pytest.fixture
def http(httpserver: HTTPServer, line: Line, authority: Authority) -> Http:
    credentials = ClientCredentials("token", "hub", "sesame", authority.now)
    return line(httpserver.url_for("/"), credentials=credentials)


def test_a_token_is_fetched_once_while_it_lives(http: Http, authority: Authority) -> None:
    for minutes in (0, 5, 4):
        authority.time += timedelta(minutes=minutes)
        assert http.get("papers").body == b"taken"
    assert (authority.given, authority.taken) == (1, ["t1", "t1", "t1"])


def test_a_token_is_fetched_anew_before_it_dies(http: Http, authority: Authority) -> None:
    http.get("papers")
    authority.time += timedelta(seconds=571)  # ten minutes, less half of one for the way
    http.post("papers", b"", "text/plain")
    assert authority.taken == ["t1", "t2"]


def test_a_token_that_lives_shortly_is_still_used(http: Http, authority: Authority) -> None:
    authority.answer = {"expires_in": 4}
    for _ in range(2):
        http.get("papers")
        authority.time += timedelta(seconds=1)
    assert authority.taken == ["t1", "t1"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_that_is_refused_is_fetched_anew_and_the_request_made_once_more(
    http: Http, authority: Authority, method: str
) -> None:
    authority.accepted = {"t2"}
    answer = http.get("papers") if method == "get" else http.post("papers", b"", "text/plain")
    assert answer.body == b"taken"
    assert (authority.given, authority.taken) == (2, ["t2"])


def test_who_is_refused_twice_waits_for_a_person(http: Http, authority: Authority, httpserver: HTTPServer) -> None:
    authority.accepted = set()
    with pytest.raises(NeedsCredentials) as caught:
        http.post("papers", b"", "text/plain")
    assert len(httpserver.log) == 4  # two tokens, two tries
    told = "".join(traceback.format_exception(caught.value)) + caught.value.text
    assert not [secret for secret in ("sesame", CLIENT.split()[1], "t1", "t2") if secret in told.split()]


def test_a_wrong_secret_is_tried_once(httpserver: HTTPServer, line: Line, authority: Authority) -> None:
    http = line(httpserver.url_for("/"), credentials=ClientCredentials("token", "hub", "open sesame", authority.now))
    with pytest.raises(NeedsCredentials) as caught:
        http.get("papers")
    assert len(httpserver.log) == 1
    assert "sesame" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "answer", ["", "<html/>", "[]", '"t1"', "{}", '{"token": "t1"}', '{"access_token": "t1", "expires_in": "soon"}']
)
def test_an_answer_without_a_token_is_told_without_showing_it(http: Http, authority: Authority, answer: str) -> None:
    authority.answer = answer
    with pytest.raises(NeedsCredentials, match="did not answer with a token"):
        http.get("papers")
    assert authority.taken == []
