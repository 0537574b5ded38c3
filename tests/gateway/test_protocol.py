"""GraphQL over HTTP: what is asked wrongly is answered with one shape, before any work."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.support.world import World, demo_file


def raw(world: World, body: bytes, content_type: str = "application/json") -> requests.Response:
    return requests.post(f"{world.address}/graphql", data=body, headers={"Content-Type": content_type}, timeout=20)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "BODY_UNREADABLE"),
        (b"{", 400, "BODY_UNREADABLE"),
        (b"[]", 400, "BODY_UNREADABLE"),
        (b'{"query": 7}', 400, "BODY_UNREADABLE"),
        (b'{"query": "{ trades { number } }", "variables": []}', 401, "UNAUTHENTICATED"),
        (b'{"query": "{ trades { number } }", "variables": "x"}', 400, "BODY_UNREADABLE"),
        (b'{"query": "{ nothing }"}', 400, "GRAPHQL_INVALID"),
        (b'{"query": "{ trades { number "}', 400, "GRAPHQL_INVALID"),
        (b'{"query": "query($n: Int!) { trades(first: $n) { number } }"}', 400, "GRAPHQL_INVALID"),
    ],
)
def test_what_is_asked_wrongly_has_one_shape(small_world: World, body: bytes, status: int, code: str) -> None:
    answer = raw(small_world, body)
    error = answer.json()["errors"][0]
    assert error["extensions"]["code"] == code
    assert error["message"]
    assert error["extensions"]["wayOut"]
    if code != "UNAUTHENTICATED":
        assert answer.status_code == status


def test_a_query_can_be_asked_by_get_and_a_mutation_cannot(small_world: World) -> None:
    headers = {"Authorization": f"Bearer {small_world.staff}"}
    address = f"{small_world.address}/graphql"
    asked = requests.get(address, params={"query": "{ syncJobs { name } }"}, headers=headers, timeout=20)
    assert "customs.responses" in {job["name"] for job in asked.json()["data"]["syncJobs"]}
    mutation = 'mutation { runJob(job: "tax.rates", reason: "x") { job } }'
    refused = requests.get(address, params={"query": mutation}, headers=headers, timeout=20)
    assert "POST" in refused.json()["errors"][0]["message"]


def test_a_document_bomb_is_refused_before_it_costs_anything(small_world: World) -> None:
    bomb = "{ trades {" + " number" * 20_000 + " } }"
    answer = small_world.post(bomb, small_world.staff)
    assert answer.status_code == 400
    assert "token" in answer.text.lower()


def test_a_body_that_is_too_large_is_refused_with_the_limit(small_world: World) -> None:
    answer = raw(small_world, b"x" * (9 * 1024 * 1024))
    assert answer.status_code == 413
    said = answer.json()["errors"][0]["extensions"]
    assert (said["code"], said["limit"]) == ("BODY_TOO_LARGE", 1024 * 1024)


@pytest.mark.parametrize(
    ("body", "zh", "en"),
    [
        ({}, "没有 query", "there is no query"),
        ([], "数组", "it is a list"),
        ({"query": "{ belts { code } }", "variables": [1]}, "variables 应为对象", "variables are no object"),
        ({"query": "{ belts { code } }", "operationName": 1}, "operationName 应为文字", "operationName is no text"),
    ],
)
def test_what_is_wrong_with_a_body_is_said_in_the_callers_language(
    small_world: World, body: Any, zh: str, en: str
) -> None:
    for language, words in (("zh", zh), ("en", en)):
        answer = requests.post(
            f"{small_world.address}/graphql", json=body, headers={"Accept-Language": language}, timeout=30
        )
        assert answer.status_code == 400
        assert words in answer.json()["errors"][0]["message"]


def test_health_tells_apart_alive_and_ready(small_world: World) -> None:
    assert requests.get(f"{small_world.address}/health/live", timeout=5).json() == {"status": "ok"}
    ready = requests.get(f"{small_world.address}/health/ready", timeout=5).json()
    assert ready["connectors"] == ["airport", "customs", "forex", "rail", "tax"]
    assert requests.get(f"{small_world.address}/nothing", timeout=5).status_code == 404


def test_what_mutations_changed_is_read_in_their_own_answer(small_world: World) -> None:
    """Two in one request: each is answered with what it has just written, down to the lists inside."""
    key = small_world.exporter()
    small_world.run("customs.tariffs", "tax.rates", "forex.parity")
    inside = "{ trade { orderNumber goods { line } documents { kind } paymentDue { due } } errors { code } }"
    query = f"""mutation($a: TradeInput!, $b: TradeInput!) {{
      a: enterTrade(input: $a) {inside}
      b: enterTrade(input: $b) {inside}
    }}"""
    typed = demo_file("trades", "xuchang-wigs-to-chicago")
    answer = small_world.ask(query, key, a=typed, b=typed | {"orderNumber": "B"})
    for name, order in (("a", typed["orderNumber"]), ("b", "B")):
        trade = answer[name]["trade"]
        assert (trade["orderNumber"], len(trade["goods"]), len(trade["documents"])) == (order, 3, 10)
