"""Who may ask what. Another enterprise's trade is not found, whatever way it is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from hub.access import Role
from hub.model import ApiKey
from hub_graphql.files import folder, operation
from tests.support.databases import ON_SQLITE
from tests.support.world import World, demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { code } } }"


@pytest.fixture
def trade(world: World) -> tuple[str, str]:
    """The owner's key and the number of a trade."""
    key = world.exporter()
    entered = world.ask(ENTER, key, input=demo_file("trades", "xuchang-wigs-to-chicago"))["enterTrade"]
    return key, entered["trade"]["number"]


def code(world: World, query: str, key: str = "", **variables: Any) -> str:
    (error,) = world.post(query, key, **variables).json()["errors"]
    return str(error["extensions"]["code"])


@ON_SQLITE
def test_another_enterprises_trade_is_not_found(world: World, trade: tuple[str, str]) -> None:
    owner, number = trade
    stranger = world.issue("stranger", Role.ENTERPRISE)
    ask = "query($n: String, $o: String) { trade(number: $n, orderNumber: $o) { number } }"
    assert world.ask(ask, owner, n=number)["trade"]["number"] == number
    assert code(world, ask, stranger, n=number) == "NOT_FOUND"
    assert code(world, ask, stranger, o="XC-20260108-0042") == "NOT_FOUND"
    assert world.ask("{ trades { number } }", stranger)["trades"] == []
    assert world.ask("{ trades { number } }", world.staff)["trades"] == [{"number": number}]
    # the answer is the same as for a number that does not exist: nothing to learn from it
    missing = world.post(ask, stranger, n="YH26010900000099X").json()
    assert (
        missing["errors"][0]["message"].replace("YH26010900000099X", number)
        == (world.post(ask, stranger, n=number).json()["errors"][0]["message"])
    )


@pytest.mark.usefixtures("trade")
@ON_SQLITE
def test_each_role_may_do_what_it_may_and_no_more(world: World) -> None:
    keys = {role: world.issue(f"a {role}", role) for role in Role if role != Role.ANONYMOUS} | {Role.ANONYMOUS: ""}
    jobs, trades = "{ syncJobs { name } }", "{ trades { number } }"
    order = 'mutation { runJob(job: "tax.rates", reason: "test") { job } }'
    refused = {
        role: [
            query
            for query in (trades, jobs, order)
            if {one["extensions"]["code"] for one in world.post(query, key).json().get("errors", ())} - {"JOB_ORDERED"}
        ]
        for role, key in keys.items()
    }
    assert refused == {
        Role.ANONYMOUS: [trades, jobs, order],
        Role.ENTERPRISE: [jobs, order],
        Role.BELT: [jobs, order],
        Role.INTEGRATOR: [trades, jobs, order],
        Role.REGISTRAR: [trades, jobs, order],
        Role.VIEWER: [order],
        Role.OPERATOR: [],
        Role.ADMINISTRATOR: [],
    }
    assert code(world, trades) == "UNAUTHENTICATED"
    assert code(world, jobs, keys[Role.ENTERPRISE]) == "FORBIDDEN"


@ON_SQLITE
def test_an_order_without_a_reason_or_for_an_unknown_job_is_refused(world: World) -> None:
    assert code(world, 'mutation { runJob(job: "tax.rates", reason: " ") { job } }', world.staff) == "REASON_MISSING"
    assert code(world, 'mutation { runJob(job: "tax.nothing", reason: "x") { job } }', world.staff) == "JOB_UNKNOWN"


@ON_SQLITE
def test_a_key_that_is_unknown_or_revoked_is_refused_and_no_key_is_kept(world: World) -> None:
    key = world.exporter()
    assert world.ask("{ trades { number } }", key)["trades"] == []
    for wrong in (key[:-1] + "x", key[:12], "yh_", "nonsense", key.upper()):
        assert world.post("{ trades { number } }", wrong).status_code == 401
    with world.hub.database.write() as connection:
        rows = connection.execute(ApiKey.__table__.select()).all()
        assert not any(key in str(row) for row in rows)
        connection.execute(ApiKey.__table__.update().values(revoked_at=world.clock()))
    assert world.post("{ trades { number } }", key).status_code == 401


def test_every_documented_operation_runs(world: World, trade: tuple[str, str]) -> None:
    owner, number = trade
    for file in sorted((folder() / "operations").glob("*.graphql")):
        text = operation(file.stem)
        key = world.staff if "syncJobs" in text else owner
        variables = {"number": number} if "$number" in text else {}
        assert world.ask(text, key, **variables), file.name


@ON_SQLITE
def test_messages_come_in_the_callers_language(world: World) -> None:
    english = world.post("{ trades { number } }", language="en").json()["errors"][0]
    chinese = world.post("{ trades { number } }", language="zh-CN").json()["errors"][0]
    assert english["message"] == "A valid API key is missing"
    assert chinese["message"] == "缺少有效的 API 密钥"
    assert english["extensions"]["code"] == chinese["extensions"]["code"] == "UNAUTHENTICATED"
