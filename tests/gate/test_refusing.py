"""Whatever is wrong with a request, every door says so in one shape: what, a code to hold on to, and the way out."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from sqlalchemy import text

from tests.support.world import World, demo_file


def refused(world: World, method: str, path: str, language: str = "zh", **more: Any) -> tuple[int, str, str]:
    headers = {"Accept-Language": language, "Authorization": f"Bearer {world.staff}"} | more.pop("headers", {})
    answer = requests.request(method, f"{world.address}{path}", headers=headers, timeout=30, **more)
    (error,) = answer.json()["errors"]
    assert "\\u" not in answer.text  # people read this, too
    return answer.status_code, error["extensions"]["code"], f"{error['message']} {error['extensions']['wayOut']}"


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "words"),
    [
        ("GET", "/trade", 404, "PATH_UNKNOWN", "/trades"),
        ("GET", "/trades", 405, "METHOD_WRONG", "改用 POST"),
        ("DELETE", "/graphql", 405, "METHOD_WRONG", "改用 GET, POST"),
        ("POST", "/health/live", 405, "METHOD_WRONG", "改用 GET"),
        ("POST", "/graphql", 400, "BODY_UNREADABLE", "query"),
        ("POST", "/trades", 403, "FORBIDDEN", "operator"),
        ("GET", "/papers/X-01", 404, "NOT_FOUND", "未找到单证 X-01"),
    ],
)
def test_a_wrong_request_is_told_what_there_is_instead(
    small_world: World, method: str, path: str, status: int, code: str, words: str
) -> None:
    assert refused(small_world, method, path)[:2] == (status, code)
    assert words in refused(small_world, method, path)[2]


def test_a_key_that_is_none_is_refused_alike_at_every_door(small_world: World) -> None:
    wrong = {"headers": {"Authorization": "Bearer yh_nobodys"}}
    said = {
        refused(small_world, "POST", "/graphql", json={"query": "{ trades { number } }"}, **wrong),
        refused(small_world, "POST", "/trades", **wrong),
        refused(small_world, "GET", "/papers/X-01", **wrong),
        refused(small_world, "GET", "/responses/1", **wrong),
    }
    assert {(status, code) for status, code, _ in said} == {(401, "UNAUTHENTICATED")}
    assert len(said) == 1


def test_a_door_behind_which_something_breaks_gives_a_number_to_ask_about(
    small_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with small_world.hub.database.write() as connection:
        connection.execute(text("ALTER TABLE paper_version RENAME TO lost"))
    status, code, words = refused(small_world, "GET", "/papers/X-01", "en")
    assert (status, code) == (500, "BUG")
    (record,) = [record for record in caplog.records if record.name == "yuhub.web"]
    assert record.getMessage() in words
    assert "paper_version" not in words
    with small_world.hub.database.write() as connection:
        connection.execute(text("ALTER TABLE lost RENAME TO paper_version"))


def test_a_hub_whose_tables_are_old_is_not_ready_and_says_what_to_do(small_world: World) -> None:
    with small_world.hub.database.write() as connection:
        now = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    status, code, words = refused(small_world, "GET", "/health/ready")
    assert (status, code) == (503, "SCHEMA_OLD")
    assert "yuhub migrate" in words
    with small_world.hub.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": now})


def test_which_trade_is_asked_for_has_to_be_said(small_world: World) -> None:
    (error,) = small_world.post("{ trade { number } }", small_world.staff).json()["errors"]
    assert error["extensions"] == {"code": "TRADE_UNNAMED", "wayOut": "Give one of number and orderNumber"}


def test_an_order_number_that_two_enterprises_have_names_no_trade(small_world: World) -> None:
    world = small_world
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    enter = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
    trades = {"xuchang-hair": "xuchang-wigs-to-chicago", "zhengzhou-trousers": "zhengzhou-trousers-to-almaty"}
    numbers = []
    for enterprise, trade in trades.items():
        typed = demo_file("trades", trade) | {"orderNumber": "A-1"}
        entered = world.ask(enter, world.exporter(enterprise), input=typed)["enterTrade"]
        assert entered["errors"] == []
        numbers.append(entered["trade"]["number"])
    (error,) = world.post('{ trade(orderNumber: "A-1") { number } }', world.staff).json()["errors"]
    assert error["extensions"]["code"] == "TRADE_AMBIGUOUS"
    assert world.ask(f'{{ trade(number: "{numbers[0]}") {{ number }} }}', world.staff)["trade"]["number"] == numbers[0]
