"""An operation is ended by its limits: before a statement is made, or in the middle with nothing half done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from graphql import get_named_type, is_object_type
from sqlalchemy import Engine, event, func, select, text

from hub.access import Role
from hub.access.knocking import GONE
from hub.model import Database, Trade
from hub.model.deadline import Deadline
from hub_graphql.limits import LIMITS
from hub_graphql.schema import build_schema
from hub_graphql.serve import Gateway
from hub_graphql.sizes import WEIGHTS
from tests.support.gateway.till import Till
from tests.support.gateway.town import Town
from tests.support.refusals import refuses
from tests.support.world import World, demo_file

FOUR_LEVELS = "{ trades { events { document { events { document { events { document { events { code } } } } } } } } }"
ONE = "trades(first: 30) { documents { events { code } } }"
TWENTY = " ".join(["{", *(f"a{n}: {ONE}" for n in range(20)), "}"])
FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n"
ENTER = "mutation($a: TradeInput!) { a: enterTrade(input: $a) { trade { number goods { line } } } }"


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is said to any database meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def client(world: World, *, role: Role = Role.ENTERPRISE, step: float = 0, **limits: int) -> FlaskClient:
    """The hub with other limits for a role; with `step` each look at the clock finds it so many seconds later."""
    made = world.hub.web()
    ticks = count()
    tight: Mapping[Role, Mapping[str, int]] = {**LIMITS, role: {**LIMITS[role], **limits}}
    hub = world.hub
    gateway = Gateway(
        build_schema(), hub.database, hub.desk, world.clock, "en", hub.life, tight, lambda: next(ticks) * step
    )
    made.view_functions["graphql.graphql"] = gateway.serve
    return made.test_client()


def asked(client: FlaskClient, key: str, query: str, **variables: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
    return client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


def refusal(answer: Any) -> dict[str, Any]:
    (error,) = (answer.json() if isinstance(answer, requests.Response) else answer.get_json())["errors"]
    extensions: dict[str, Any] = error["extensions"]
    assert str(extensions["limit"]) in error["message"]
    assert extensions["wayOut"]
    return extensions


@pytest.mark.parametrize("question", [FOUR_LEVELS, TWENTY])
@pytest.mark.parametrize("spelt", ["question", "fragment"])
def test_what_would_take_minutes_is_refused_before_a_statement_is_made(
    small_world: World, question: str, spelt: str
) -> None:
    query = question if spelt == "question" else f"{{ ...Q }} fragment Q on Query {question}"
    for key in (small_world.exporter(), small_world.staff):
        small_world.post("{ __typename }", key)
        with statements() as signing_in:
            small_world.post("{ __typename }", key)
        with statements() as said:
            answer = small_world.post(query, key)
        found = refusal(answer)
        assert (answer.status_code, found["code"]) == (400, "QUERY_TOO_LARGE")
        assert found["measured"] > found["limit"]
        assert len(said) < len(signing_in)


@pytest.mark.parametrize(
    ("body", "measure", "value"),
    [
        ([{"query": "{ __typename }"}, {"query": "{ __typename }"}], "batch", 2),
        ({"query": "{ __typename }", "variables": {"v": [0] * 500}}, "inputs", 501),
        ({"query": "{ __typename }", "variables": {"v": json.loads("[" * 40 + "]" * 40)}}, "nesting", 40),
        ({"query": "{ __typename }", "operationName": "x" * 101}, "name", 101),
        ({"query": "{ __typename }", "variables": {"x" * 101: 1}}, "name", 101),
        ({"query": "{ a" + "(b: " + "[" * 40 + "]" * 40 + ") }"}, "nesting", 42),
        ({"query": "{ __typename }", "more": "x" * 70_000}, "body", None),
    ],
)
def test_a_request_that_is_too_large_is_refused_with_both_numbers(
    small_world: World, body: Any, measure: str, value: int | None
) -> None:
    answer = requests.post(f"{small_world.address}/graphql", json=body, timeout=20)
    found = refusal(answer) if measure != "body" else answer.json()["errors"][0]["extensions"]
    assert answer.status_code == (413 if measure == "body" else 400)
    assert found["measure"] == measure
    assert found["measured"] == (value or len(json.dumps(body)))


def test_what_is_nested_too_deep_to_be_read_is_the_askers_to_mend(small_world: World) -> None:
    body = b'{"query": "{ __typename }", "variables": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    said = {"Content-Type": "application/json"}
    answer = requests.post(f"{small_world.address}/graphql", data=body, headers=said, timeout=20)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BODY_UNREADABLE")


@pytest.mark.parametrize(("measure", "code"), [("rows", "ANSWER_TOO_LARGE"), ("cost", "QUERY_TOO_LARGE")])
def test_just_as_much_as_the_limit_passes_and_one_less_does_not(small_world: World, measure: str, code: str) -> None:
    till = Till(small_world)
    for order in ("A", "B"):
        till.trade(order)
    query = "{ trades(first: 2) { documents { kind } } }"
    value = 2 + 20 if measure == "rows" else 1 + 2 + 24
    assert asked(client(small_world, **{measure: value}), till.key, query).get_json()["data"]["trades"]
    answer = asked(client(small_world, **{measure: value - 1}), till.key, query)
    found = refusal(answer)
    assert (answer.status_code, found["code"], found["measure"]) == (400, code, measure)
    assert (found["measured"], found["limit"]) == (value, value - 1)


def test_lists_that_hold_more_than_they_usually_do_end_the_answer(small_world: World) -> None:
    """The estimate cannot be beaten by data: what is answered counts against the same limit."""
    till = Till(small_world)
    till.trade("A")
    query = "{ trades(first: 1) { goods { line sku nameZh } documents { kind } } }"
    found = refusal(asked(client(small_world, step=0, rows=5), till.key, query))
    assert (found["code"], found["measure"], found["limit"]) == ("ANSWER_TOO_LARGE", "rows", 5)


def test_statements_stay_as_many_however_many_trades_are_asked_for(world: World) -> None:
    till = Till(world)
    numbers = []
    query = """{ trades(first: 30) { waitsFor { kind } reuse { typed } enterprise { uscc belt { code } } goods { line }
        documents { awaits events { document { number } } } shipment { legs { mode } } refund { status } } }"""
    for size in (1, 6):
        for order in range(size):
            till.trade(f"{size}-{order}")
        with statements() as said:
            trades = world.ask(query, till.key)["trades"]
        numbers.append(len(said))
    assert len(trades) == 7
    assert all(len(trade["documents"]) == 10 and trade["enterprise"]["belt"] for trade in trades)
    assert numbers[0] == numbers[1] < 40


def test_an_operation_ends_when_its_seconds_are_over_however_fast_each_statement_is(world: World) -> None:
    till = Till(world)
    till.trade("A")
    query = "{ trades { goods { line } documents { kind } } }"
    assert asked(client(world, step=0.01), till.key, query).get_json()["data"]["trades"]
    answer = asked(client(world, step=5), till.key, query)
    found = refusal(answer)
    assert (answer.status_code, found["code"], found["limit"]) == (400, "QUERY_TOO_LONG", 30)
    assert found["measured"] >= 30
    assert world.ask(query, till.key)["trades"], "the connection is good for the next"


def test_a_query_ends_with_its_caller_and_what_was_ordered_is_carried_out(world: World) -> None:
    till = Till(world)
    till.trade("A")
    headers = {"Authorization": f"Bearer {till.key}"}
    looks = count()
    gone = {GONE: lambda: next(looks) > 20}
    asking = {"query": "{ trades { goods { line sku } documents { kind events { code } } } }"}
    whole = world.hub.web().test_client()
    answer = whole.post("/graphql", json=asking, headers=headers, environ_base=gone)
    assert (answer.status_code, answer.get_json()["errors"][0]["extensions"]["code"]) == (499, "CALLER_GONE")
    typed = demo_file("trades", "xuchang-wigs-to-chicago")
    order = {"query": ENTER, "variables": {"a": typed}}
    answer = whole.post("/graphql", json=order, headers=headers, environ_base=gone)
    assert answer.get_json()["data"]["a"]["trade"]["number"]


def test_a_statement_of_sqlite_ends_with_its_caller(tmp_path: Path) -> None:
    looks = count()
    deadline = Deadline(600, is_gone=lambda: next(looks) > 3)
    with refuses("CALLER_GONE"), Database(f"sqlite:///{tmp_path}/hub.db").within(deadline).read() as connection:
        connection.execute(text(FOREVER))


def test_a_mutation_without_time_stores_nothing_and_one_that_stored_says_so(world: World) -> None:
    till = Till(world)
    typed = demo_file("trades", "xuchang-wigs-to-chicago")

    def stored() -> int:
        with world.hub.database.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(Trade)) or 0)

    found = refusal(asked(client(world, step=8), till.key, ENTER, a=typed))
    assert (found["code"], stored()) == ("QUERY_TOO_LONG", 0)
    found = refusal(asked(client(world, rows=2), till.key, ENTER, a=typed))
    assert (found["code"], found["stored"], stored()) == ("ANSWER_CUT_SHORT", "a", 1)


def test_a_statement_is_cancelled_at_the_deadline_and_the_connection_is_good_again(hub_url: str) -> None:
    database = Database(hub_url)
    try:
        for _ in range(2):
            with refuses("QUERY_TOO_LONG") as ended, database.within(Deadline(0.2)).read() as connection:
                connection.execute(text(FOREVER))
            assert ended.value.parameters["limit"] == 0.2
            with database.read() as connection:
                assert connection.scalar(text("SELECT 1")) == 1
    finally:
        database.close()


def test_no_statement_of_anybody_runs_for_ever_and_nothing_of_its_transaction_stays(hub_url: str) -> None:
    database = Database(hub_url, statement_seconds=0.2)

    def write_and_wait() -> None:
        with database.write() as connection:
            connection.execute(text("INSERT INTO belt (code, name_zh, name_en, place, hs_chapters) "
                                    "VALUES ('b', 'b', 'b', 'b', '[]')"))  # fmt: skip
            connection.execute(text(FOREVER))

    try:
        with refuses("STATEMENT_TOO_LONG"):
            write_and_wait()
        with database.read() as connection:
            assert connection.scalar(text("SELECT count(*) FROM belt WHERE code = 'b'")) == 0
    finally:
        database.close()


@pytest.mark.parametrize(
    ("root", "type_"),
    [("enterprises", "Enterprise"), ("registrationChanges", "RegistrationChange"), ("accountClaims", "AccountClaim")],
)
def test_a_field_with_a_statement_of_its_own_costs_more_than_its_row(small_world: World, root: str, type_: str) -> None:
    Town(small_world)
    schema, key = build_schema().graphql_schema, small_world.registrar

    def said(*asked: str) -> int:
        with statements() as made:
            small_world.ask(" { ".join(("", *asked)) + " }" * len(asked), key)
        return len(made)

    bare = said("__typename") + 1
    assert said(root, "__typename") == bare

    for name, field in schema.type_map[type_].fields.items():
        inner = get_named_type(field.type)
        is_relation = is_object_type(inner) and inner.name in {"Belt", "FieldChange"}  # fetched for all rows at once
        asked = (root, name, "__typename") if is_object_type(inner) else (root, name)
        assert is_relation or said(*asked) == bare or f"{type_}.{name}" in WEIGHTS, name
