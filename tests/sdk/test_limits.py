"""Holding back: a rate for all lines of a connector, and an authority that fails again and again is left alone."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.sdk import ConnectorError, Http, OutcomeUnknown, Retriable
from connectors.sdk.inside.bucket import Bucket
from connectors.sdk.inside.rate_limits import RateLimits, Restraint
from connectors.sdk.inside.retry import Retry
from tests.support.sdk.line import NOON

MINUTE = timedelta(minutes=1)


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def forward(self, by: timedelta) -> None:
        self.time += by


class Restrained:
    """Opens lines of one connector; whoever sleeps moves the clock."""

    def __init__(self, address: str, **limits: Any) -> None:
        self.address, self.clock = address, Clock()
        self.waits: list[float] = []
        self.limits = RateLimits(**limits)
        self.restraint = self.new_connector()

    def new_connector(self) -> Restraint:
        return Restraint(self.limits, self.clock)

    def line(self, restraint: Restraint | None = None, attempts: int = 1) -> Http:
        restraint = restraint or self.restraint
        retry = Retry(attempts=attempts)
        return Http(self.address, restraint=restraint, retry=retry, now=self.clock, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.clock.forward(timedelta(seconds=seconds))

    def ask(self, http: Http | None = None) -> str:
        """What a question meets: the body of an answer, or the error that came instead."""
        line = http or self.line()
        try:
            return line.get("papers").body.decode()
        except Retriable as error:
            return error.text
        finally:
            line.close()


class Authority:
    """Answers with the statuses that it is told, and well once there are none left."""

    def __init__(self, server: HTTPServer) -> None:
        self.address = server.url_for("/")
        self.statuses: list[int] = []
        self.asked = 0
        server.expect_request("/papers").respond_with_handler(self._answer)

    def _answer(self, _: Request) -> Response:
        self.asked += 1
        return Response("well", self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
def authority(httpserver: HTTPServer) -> Authority:
    return Authority(httpserver)


# The rate.


def test_a_burst_passes_at_once_and_then_everybody_waits_for_a_turn(authority: Authority) -> None:
    connector = Restrained(authority.address, per_second=4, burst=3)
    assert [connector.ask() for _ in range(5)] == ["well"] * 5  # each on a line of its own
    assert connector.waits == [0.25, 0.25]
    connector.clock.forward(MINUTE)
    connector.waits.clear()
    assert [connector.ask() for _ in range(4)] == ["well"] * 4
    assert connector.waits == [0.25]  # a long rest fills the bucket, and not more


def test_a_turn_that_is_far_off_is_handed_back_instead_of_holding_a_worker(authority: Authority) -> None:
    connector = Restrained(authority.address, per_second=0.1, burst=1)
    connector.ask()
    with pytest.raises(Retriable, match=r"our own limit of 0\.1 requests a second") as caught:
        connector.line().get("papers")
    assert caught.value.after == 10
    assert not isinstance(caught.value, OutcomeUnknown)
    assert (authority.asked, connector.waits) == (1, [])


def test_threads_share_one_rate() -> None:
    clock = Clock()
    bucket = Bucket(10, 5, clock)
    waits: list[float] = []
    threads = [threading.Thread(target=lambda: waits.extend(bucket.turn(60) for _ in range(20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == pytest.approx([0] * 5 + [n / 10 for n in range(1, 76)])


def test_a_clock_that_is_set_back_costs_nothing() -> None:
    clock = Clock()
    bucket = Bucket(1, 1, clock)
    assert bucket.turn(5) == 0
    clock.forward(timedelta(hours=-1))
    assert bucket.turn(5) == 1
    clock.forward(timedelta(seconds=2))
    assert bucket.turn(5) == 0


# The breaker.


def test_who_fails_again_and_again_is_left_alone_and_it_is_said_since_when_and_until_when(
    authority: Authority,
) -> None:
    connector = Restrained(authority.address, failures=3, pause=MINUTE)
    authority.statuses = [500, 502, 503]
    for status in authority.statuses[:]:
        assert f"HTTP {status}" in connector.ask()
        connector.clock.forward(timedelta(seconds=1))
    began = connector.clock() - timedelta(seconds=3)
    with pytest.raises(Retriable) as caught:
        connector.line().get("papers")
    since, until = (
        f"{(moment + timedelta(hours=8)):%H:%M:%S}" for moment in (began, began + timedelta(seconds=2) + MINUTE)
    )
    why = "the authority is not available (HTTP 503)"  # of the last of them
    words = f"paused after 3 failures in a row ({why}), since {since} until {until} Beijing time"
    assert caught.value.text == f"{connector.line().host}: {words}; nothing was sent"
    assert caught.value.after == 59
    assert authority.asked == 3
    (finding,) = connector.restraint.health()
    assert (finding.ok, finding.en) == (False, words)
    assert finding.zh == f"自 {since} 起连续失败 3 次（{why}），暂停至 {until}"


def test_the_run_ends_at_once_where_the_breaker_opens_between_two_attempts(authority: Authority) -> None:
    connector = Restrained(authority.address, failures=2, pause=MINUTE)
    authority.statuses = [500] * 9
    assert "HTTP 500" in connector.ask(connector.line(attempts=5))  # what happened, not what came of it
    assert authority.asked == 2
    assert connector.waits[-1] < 1


def test_where_nobody_listens_counts_as_a_failure(nobody: str) -> None:
    connector = Restrained(nobody, failures=2, pause=MINUTE)
    told = [connector.ask() for _ in range(3)]
    assert ["paused after 2 failures" in one for one in told] == [False, False, True]
    assert all("nobody answers there" in one for one in told)


@pytest.mark.parametrize("status", [200, 400, 401, 404, 409, 429])
def test_an_answer_ends_the_row_even_if_it_is_a_refusal(httpserver: HTTPServer, status: int) -> None:
    connector = Restrained(httpserver.url_for("/"), failures=2, pause=MINUTE)
    for code in (500, status) * 4:
        httpserver.expect_oneshot_request("/papers").respond_with_data("", code)
        with nullcontext() if code == 200 else pytest.raises(ConnectorError, match=f"HTTP {code}"):
            connector.line().get("papers")
    assert connector.restraint.health() == []
    assert len(httpserver.log) == 8


def test_after_the_pause_one_request_tries_and_the_others_wait_for_it(httpserver: HTTPServer) -> None:
    connector = Restrained(httpserver.url_for("/"), failures=1, pause=MINUTE)
    arrived, go = threading.Event(), threading.Event()
    httpserver.expect_oneshot_request("/papers").respond_with_data("", 500)

    def slowly(_: Request) -> Response:
        arrived.set()
        assert go.wait(10)
        return Response("well")

    httpserver.expect_request("/papers").respond_with_handler(slowly)
    connector.ask()
    connector.clock.forward(MINUTE)
    probe: list[str] = []
    thread = threading.Thread(target=lambda: probe.append(connector.ask()))
    thread.start()
    assert arrived.wait(10)
    with pytest.raises(Retriable, match="paused") as caught:
        connector.line().get("papers")
    assert caught.value.after == 2  # soon: the probe will be back
    go.set()
    thread.join()
    assert (probe, connector.ask()) == (["well"], "well")
    assert connector.restraint.health() == []


def test_a_probe_that_fails_begins_the_next_pause(authority: Authority) -> None:
    connector = Restrained(authority.address, failures=2, pause=MINUTE)
    authority.statuses = [500, 500, 500]
    for _ in range(2):
        connector.ask()
    connector.clock.forward(MINUTE)
    assert "HTTP 500" in connector.ask()
    assert "paused after 3 failures" in connector.ask()
    connector.clock.forward(MINUTE)
    assert connector.ask() == "well"


def test_one_connector_at_a_sick_path_does_not_close_the_door_on_another(authority: Authority) -> None:
    connector = Restrained(authority.address, failures=1, pause=MINUTE)
    authority.statuses = [500]
    connector.ask()
    assert "paused" in connector.ask()
    other = connector.line(connector.new_connector())
    assert connector.ask(other) == "well"
    elsewhere = Http(authority.address.replace("localhost", "127.0.0.1"), restraint=connector.restraint)
    assert elsewhere.host != connector.line().host
    assert elsewhere.get("papers").body == b"well"


def test_a_clock_that_is_set_back_does_not_prolong_a_pause(authority: Authority) -> None:
    connector = Restrained(authority.address, failures=1, pause=MINUTE)
    authority.statuses = [500]
    connector.ask()
    connector.clock.forward(timedelta(minutes=-10))
    assert connector.ask() == "well"
