"""Who knocks too often, or tries keys, waits; whoever has a right key does not wait for strangers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, request
from sqlalchemy import select

from hub.access import Role
from hub.access.guesses import MISTAKES, Guesses
from hub.access.knocking import caller_address
from hub.access.request_rates import RATES, CallerKind, Door, Rate, RequestRates
from hub.errors import SettingsWrong, TooManyRequests
from hub.model import AuditEntry
from tests.support.databases import ON_SQLITE
from tests.support.world import NOTIFY_TOKEN, Street, World, a_world, settings_for

TRADES = "{ trades { number } }"
NEW = "yh_" + "n" * 43


@pytest.fixture
def strict_world(street: Street, tmp_path: Path, small_url: str) -> Iterator[World]:
    """A hundredth of every rate, behind one proxy of its own."""
    with a_world(street, tmp_path, small_url, YUHUB_RATE_FACTOR="0.01", YUHUB_TRUSTED_PROXIES="1") as made:
        yield made


def ask(world: World, authorization: str | None, address: str = "192.0.2.1", **headers: str) -> requests.Response:
    shown = {} if authorization is None else {"Authorization": authorization}
    sent = {"Accept-Language": "en", "X-Forwarded-For": address, **shown, **headers}
    return requests.post(f"{world.address}/graphql", json={"query": TRADES}, headers=sent, timeout=30)


def error(answer: requests.Response) -> dict[str, Any]:
    (said,) = answer.json()["errors"]
    return {**said["extensions"], "message": said["message"]}


def test_above_its_rate_a_key_is_told_the_limit_and_when_to_come_back(strict_world: World) -> None:
    world, key = strict_world, strict_world.exporter()
    most = RATES[Door.GRAPHQL][CallerKind.ENTERPRISE] // 100
    assert [ask(world, f"Bearer {key}").status_code for _ in range(most)] == [200] * most
    refused = ask(world, f"Bearer {key}")
    said = error(refused)
    assert (refused.status_code, said["code"]) == (429, "TOO_MANY_REQUESTS")
    assert (said["measured"], said["limit"], said["retryAfter"]) == (
        most + 1,
        most,
        int(refused.headers["Retry-After"]),
    )
    assert f"{most + 1}" in said["message"]
    assert f"{most}" in said["message"]
    assert (
        ask(world, f"Bearer {world.issue('another', Role.ENTERPRISE)}").status_code == 200
    )  # the key, not the address
    world.clock.forward(timedelta(seconds=said["retryAfter"]))
    assert ask(world, f"Bearer {key}").status_code == 200


def test_without_a_key_the_address_is_counted_at_each_door(strict_world: World) -> None:
    for method, path in (("GET", "/nothing"), ("POST", "/graphql"), ("POST", "/trades"), ("GET", "/papers/X-1")):
        answers = [
            requests.request(
                method, f"{strict_world.address}{path}", headers={"X-Forwarded-For": "192.0.2.7"}, timeout=30
            )
            for _ in range(8)
        ]
        assert answers[-1].status_code == 429
        assert int(answers[-1].headers["Retry-After"]) > 0
    for _ in range(20):
        alive = requests.get(f"{strict_world.address}/health/live", timeout=30)
        assert alive.status_code == 200
    assert ask(strict_world, None, "192.0.2.8").json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_an_authority_that_has_proven_itself_has_a_rate_of_its_own(strict_world: World) -> None:
    door = f"{strict_world.address}/hooks/airport/notifications"
    headers = {"Authorization": f"Bearer {NOTIFY_TOKEN}"}
    most = RATES[Door.HOOKS][CallerKind.AUTHORITY] // 100
    for number in range(most):
        assert requests.post(door, data=f"{number}", headers=headers, timeout=30).status_code == 202
    refused = requests.post(door, data=b"more", headers=headers, timeout=30)
    assert (refused.status_code, error(refused)["code"]) == (429, "TOO_MANY_REQUESTS")


@pytest.mark.parametrize(
    "header",
    [
        "", "Bearer", "Bearer ", NEW, f"Basic {NEW}", f"Bearer {NEW}, Bearer {NEW}", f"Bearer {NEW} x",
        "Bearer 密钥".encode().decode("latin-1"), "Bearer " + "x" * 201, "Bearer \xff", f"Digest {NEW}",
    ],
)  # fmt: skip
def test_a_header_that_shows_no_key_is_refused_and_never_taken_for_nobody(small_world: World, header: str) -> None:
    sent = {"Authorization": header.encode("latin-1"), "Accept-Language": "en", "Content-Type": "application/json"}
    for method, path in (("POST", "/graphql"), ("POST", "/trades"), ("GET", "/papers/X-1"), ("GET", "/responses/1")):
        body = b'{"query": "{ belts { code } }"}'
        answer = requests.request(method, f"{small_world.address}{path}", data=body, headers=sent, timeout=30)
        assert (answer.status_code, error(answer)["code"]) == (401, "AUTHORIZATION_WRONG")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_guessing_is_slowed_more_and_more_and_a_right_key_is_not(
    street: Street, tmp_path: Path, small_url: str
) -> None:
    with a_world(street, tmp_path, small_url, YUHUB_TRUSTED_PROXIES="1") as world:
        key, waits = world.exporter(), []
        shapes = ["Bearer nonsense", "Basic eDp5", NEW, f"Bearer {NEW}"]
        for number in range(MISTAKES):
            assert ask(world, shapes[number % len(shapes)]).status_code == 401
        for _ in range(3):
            refused = ask(world, "Bearer yh_whatever")
            assert (refused.status_code, error(refused)["code"]) == (429, "TOO_MANY_WRONG_KEYS")
            assert ask(world, f"Bearer {key}").status_code == 200
            waits.append(int(refused.headers["Retry-After"]))
            world.clock.forward(timedelta(seconds=waits[-1]))
            assert ask(world, "Basic eDp5").status_code == 401
        assert waits == sorted(set(waits))
        assert ask(world, "Bearer nonsense", "192.0.2.2").status_code == 401


def test_guesses_at_one_key_are_slowed_wherever_they_come_from(street: Street, tmp_path: Path, small_url: str) -> None:
    with a_world(street, tmp_path, small_url, YUHUB_TRUSTED_PROXIES="1") as world:
        key = world.exporter()
        for number in range(MISTAKES):
            assert ask(world, f"Bearer {key[:20]}{number:026}", f"192.0.2.{number}").status_code == 401
        assert ask(world, f"Bearer {key[:20]}{99:026}", "192.0.2.200").status_code == 429
        assert ask(world, f"Bearer {key}", "192.0.2.200").status_code == 200


@ON_SQLITE
def test_refused_keys_are_noted_once_a_minute_and_without_what_is_secret(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "yuhub.access")
    for _ in range(30):
        ask(world, f"Bearer {NEW}")
    world.clock.forward(timedelta(minutes=1))
    ask(world, "Basic c2VjcmV0OnB3")
    with world.hub.database.read() as connection:
        rows = connection.execute(select(AuditEntry.__table__).where(AuditEntry.action == "key.refused")).all()
    assert [(row.subject, row.before["code"], row.before["key"]) for row in rows] == [
        ("127.0.0.1", "UNAUTHENTICATED", NEW[:12]),
        ("127.0.0.1", "AUTHORIZATION_WRONG", ""),
    ]
    noted = caplog.text + str(rows)
    assert NEW[:12] in noted
    assert NEW[:20] not in noted
    assert "c2VjcmV0" not in noted


def test_a_header_of_a_proxy_counts_only_where_there_is_one(street: Street, tmp_path: Path, small_url: str) -> None:
    with a_world(street, tmp_path, small_url) as world:
        for number in range(MISTAKES):
            assert ask(world, "Bearer nonsense", f"192.0.2.{number}").status_code == 401
        assert ask(world, "Bearer nonsense", "192.0.2.99").status_code == 429
    for wrong in ("-1", "eleven", "11"):
        with pytest.raises(SettingsWrong, match="trusted_proxies"):
            settings_for(tmp_path, small_url, {}, YUHUB_TRUSTED_PROXIES=wrong)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"), ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"), ("::ffff:192.0.2.1", "192.0.2.1"), ("192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"), ("nonsense", ""),
    ],
)  # fmt: skip
def test_one_customer_of_ipv6_is_one_address(address: str, counted: str) -> None:
    with Flask("here").test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert caller_address(request) == counted


def test_what_is_counted_is_bounded_and_ends() -> None:
    now = [datetime(2026, 1, 9, tzinfo=UTC)]
    rates, guesses = RequestRates(lambda: now[0], most_kept=100), Guesses(lambda: now[0], most_kept=100)
    for number in range(1_000):
        rates.spend("x", f"{number}", Rate(10))
        guesses.wrong(f"{number}")
    assert sum(map(len, rates._free_at.values())) == len(guesses._held) == 100
    now[0] += timedelta(hours=2)
    rates.spend("x", "last", Rate(10))
    guesses.wrong("last")
    assert sum(map(len, rates._free_at.values())) == len(guesses._held) == 1


def test_a_clock_that_is_set_back_shuts_nobody_out_for_longer_than_the_rate_is_for() -> None:
    now = [datetime(2026, 1, 9, tzinfo=UTC)]
    rates = RequestRates(lambda: now[0])
    rates.spend("x", "a", Rate(1))
    now[0] -= timedelta(hours=1)
    with pytest.raises(TooManyRequests) as refused:
        rates.spend("x", "a", Rate(1))
    assert refused.value.retry_after == 60
