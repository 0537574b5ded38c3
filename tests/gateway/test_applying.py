"""Strangers may apply, but not without end; and nobody finds out by trying who else is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from hub.access import Role
from hub.access.trying import LARGEST_REGISTRATION
from hub.model import Enterprise
from tests.support.world import Street, World, a_world, demo_file

APPLY = "mutation($input: RegistrationInput!) { registerEnterprise(input: $input) { state key errors { code } } }"
APPOINT = "mutation($who: String!) { appointBroker(account: $who) }"
DISMISS = "mutation($who: String!) { dismissBroker(account: $who) }"
CONSENT = 'mutation($who: String!) { grantConsent(account: $who, purpose: "a loan") }'


def usccs(count: int) -> list[str]:
    """Credit codes with the right check digit (GB 32100-2015)."""
    alphabet, weights = "0123456789ABCDEFGHJKLMNPQRTUWXY", [pow(3, place, 31) for place in range(17)]
    codes = []
    for number in range(count):
        body = f"91410100MA4{number:06}"
        total = sum(alphabet.index(sign) * weight for sign, weight in zip(body, weights, strict=True))
        codes.append(body + alphabet[(31 - total % 31) % 31])
    return codes


@pytest.fixture
def strict_world(street: Street, tmp_path: Path, small_url: str) -> Iterator[World]:
    limits = {"PER_HOUR": "3", "IN_ALL_PER_HOUR": "5", "UNDECIDED": "4"}
    settings = {f"YUHUB_REGISTRATIONS_{name}": value for name, value in limits.items()}
    with a_world(street, tmp_path, small_url, YUHUB_TRUSTED_PROXIES="1", **settings) as made:
        yield made


def apply(world: World, uscc: str, address: str = "192.0.2.1", key: str = "", **more: Any) -> requests.Response:
    headers = {"X-Forwarded-For": address} | ({"Authorization": f"Bearer {key}"} if key else {})
    variables = {"input": demo_file("enterprises", "xuchang-hair") | {"uscc": uscc} | more}
    return requests.post(
        f"{world.address}/graphql", json={"query": APPLY, "variables": variables}, headers=headers, timeout=30
    )


def enterprises(world: World) -> int:
    with world.hub.database.read() as connection:
        return connection.scalar(select(func.count(Enterprise.id))) or 0


def code(answer: requests.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


def test_applications_are_limited_by_address_in_all_and_by_those_that_wait(strict_world: World) -> None:
    world, codes = strict_world, iter(usccs(20))
    first = [apply(world, next(codes)).json()["data"]["registerEnterprise"] for _ in range(3)]
    assert {one["state"] for one in first} == {"applied"}
    # neither from the same address, nor with a key that an application has given
    for key in ("", first[0]["key"]):
        refused = apply(world, next(codes), key=key)
        assert (refused.status_code, code(refused)) == (429, "TOO_MANY_REQUESTS")
        assert int(refused.headers["Retry-After"]) > 0
    assert apply(world, next(codes), "192.0.2.2").status_code == 200
    full = apply(world, next(codes), "192.0.2.3")
    assert (full.status_code, code(full)) == (503, "REGISTRATIONS_FULL")
    assert full.json()["errors"][0]["extensions"]["limit"] == 4
    with world.hub.database.write() as connection:
        connection.execute(Enterprise.__table__.update().values(state="approved"))
    assert apply(world, next(codes), "192.0.2.4").status_code == 200
    assert code(apply(world, next(codes), "192.0.2.5")) == "TOO_MANY_REQUESTS"
    assert enterprises(world) == 5
    world.clock.forward(timedelta(hours=1))
    assert apply(world, next(codes)).status_code == 200


def test_who_applies_anew_is_counted_as_whoever_applies(strict_world: World) -> None:
    uscc = usccs(1)[0]
    key = apply(strict_world, uscc).json()["data"]["registerEnterprise"]["key"]
    answers = [apply(strict_world, uscc, key=key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_who_renews_what_is_its_own_is_not_counted(strict_world: World) -> None:
    key, typed = strict_world.exporter(), demo_file("enterprises", "xuchang-hair")
    for _ in range(6):
        answer = apply(strict_world, typed["uscc"], key=key).json()
        assert answer["data"]["registerEnterprise"]["state"] == "renewed"


def test_what_a_stranger_leaves_is_small(small_world: World) -> None:
    many = {f"平台{number}" + "长" * 80: "411096K001" for number in range(900)}
    assert len(str(many).encode()) > LARGEST_REGISTRATION
    assert code(apply(small_world, usccs(1)[0], platforms=many)) == "BODY_TOO_LARGE"
    assert enterprises(small_world) == 0


def test_an_enterprise_that_nobody_has_approved_learns_no_names(small_world: World) -> None:
    world = small_world
    world.issue("a broker", Role.ENTERPRISE)
    world.issue("a belt", Role.BELT)
    key = apply(world, usccs(1)[0]).json()["data"]["registerEnterprise"]["key"]
    for mutation, there in ((APPOINT, "a broker"), (CONSENT, "a belt")):
        answers = [world.post(mutation, key, who=who).json() for who in (there, "nobody")]
        assert answers[0] == answers[1]
        assert answers[0]["errors"][0]["extensions"]["code"] == "ENTERPRISE_NOT_APPROVED"
    assert world.post(DISMISS, key, who="a broker").json() == renamed(world.post(DISMISS, key, who="nobody").json())


def renamed(answer: dict[str, Any]) -> dict[str, Any]:
    for error in answer["errors"]:
        error["message"] = error["message"].replace("nobody", "a broker")
    return answer
