"""What a document comes to: through fragments, with what is not known counted as the most, in steps as few as nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    GraphQLObjectType,
    GraphQLSchema,
    get_introspection_query,
    get_named_type,
    is_list_type,
    is_object_type,
    parse,
)

from hub.access import Role
from hub.cli import demo, papers, people, show, staff
from hub_graphql.counting import tokens_of
from hub_graphql.documents import Documents
from hub_graphql.files import folder
from hub_graphql.limits import BOUNDS, LIMITS
from hub_graphql.measure import measure
from hub_graphql.schema import build_schema
from hub_graphql.sizes import SIZES, WEIGHTS
from tests.support.refusals import refuses
from tests.support.together import together

SCHEMA: GraphQLSchema = build_schema().graphql_schema


def measured(text: str, **variables: Any) -> Mapping[str, int]:
    return measure(parse(text), None, variables, SCHEMA)


def cost(text: str, **variables: Any) -> int:
    return measured(text, **variables)["cost"]


@pytest.mark.parametrize(
    "spelt",
    [
        "{ trades(first: 7) { documents { events { document { number } } } } }",
        (
            "query($n: Int) { trades(first: $n) { ...T } } fragment T on Trade { documents { ...D } } "
            "fragment D on Document { events { ... on DocumentEvent { document { number } } } }"
        ),
        (
            "query($m: Int = 7) { ...Q } "
            "fragment Q on Query { trades(first: $m) { ... { documents { events { ...E } } } } } "
            "fragment E on DocumentEvent { document { number } }"
        ),
    ],
)
def test_what_is_asked_through_fragments_and_variables_costs_the_same(spelt: str) -> None:
    found = measured(spelt, n=7)
    rows = 7 * SIZES["Trade.documents"] * SIZES["Document.events"]
    assert found["cost"] == 1 + 7 + 7 * SIZES["Trade.documents"] + 2 * rows
    assert (found["depth"], found["fields"]) == (5, 5)


def test_what_is_not_known_is_the_most_and_nothing_is_less_than_none() -> None:
    most = cost("{ trades(first: 100) { number } }")
    asked = "query($n: Int) { trades(first: $n) { number } }"
    for unknown in ({}, {"n": None}, {"n": "7"}, {"n": True}, {"n": 7.5}, {"n": [7]}, {"n": 10**40}):
        assert cost(asked, **unknown) == most, unknown
    for literal in ("null", '"7"', "[7]", "9" * 5_000, "$other"):
        assert cost(f"{{ trades(first: {literal}) {{ number }} }}") == most, literal
    assert cost(asked, n=-3) == cost("{ trades(first: -3) { number } }") == 1
    assert cost("{ trades { number } }") == cost("{ trades { __typename } }") == 1 + 20


def test_a_chain_of_fragments_each_used_twice_takes_as_many_steps_as_it_has_nodes() -> None:
    names = range(40)
    chain = " ".join(f"fragment F{n} on Trade {{ ...F{n + 1} ...F{n + 1} }}" for n in names)
    found = measured(f"{{ trades {{ ...F0 }} }} {chain} fragment F40 on Trade {{ number }}")
    assert found["fields"] > 2**40
    assert found["steps"] <= 2 * (2 + 2 * 40 + 1)


def test_fragments_that_come_back_to_themselves_end() -> None:
    found = measured("{ trades { ...A } } fragment A on Trade { number ...B } fragment B on Trade { mode ...A }")
    assert found["steps"] < 20


@pytest.mark.parametrize(
    ("measure_", "text", "value"),
    [
        ("aliases", "{ a: trades { b: number } ...F ...F } fragment F on Query { c: belts { code } }", 4),
        ("repeated", "{ belts { code code ...F ... { code } } } fragment F on Belt { code place place }", 4),
        ("directives", ("query @skip(if: false) { belts @skip(if: false) { ...F @include(if: true) } } "
         "fragment F on Belt @include(if: true) { code }"), 4),
        ("fields", "{ belts { code } } fragment Unused on Belt { code place }", 4),
        ("fields", "query A { belts { code } } query B { belts { code place } }", 5),
        ("operations", "query A { belts { code } } query B { belts { code } }", 2),
        ("variables", "query($a: Int, $b: Int, $c: Int) { trades(first: $a) { number } }", 3),
        ("name", "{ " + "a" * 70 + ": belts { code } }", 70),
        ("inputs", 'mutation { amendTrade(number: "x", version: 1, changes: [{path: "a", value: "b"}]) { same } }', 6),
        ("mutations", ('mutation { a: cancelTrade(number: "x", reason: "y") { number } ...M } '
         'fragment M on Mutation { b: cancelTrade(number: "x", reason: "y") { number } }'), 2),
    ],
)  # fmt: skip
def test_each_measure_counts_all_there_is(measure_: str, text: str, value: int) -> None:
    assert measured(text)[measure_] == value


def test_tokens_are_those_that_the_parser_reads() -> None:
    for text in (get_introspection_query(), show.TRADES, '{ a(b: """x \\""" { """, c: "\\" {" d: -1.5e3) # {{{\n}'):
        count, _ = tokens_of(text)
        assert parse(text, max_tokens=count)
        with pytest.raises(Exception, match="token"):
            parse(text, max_tokens=count - 1)
    assert tokens_of("{ a(b: [{c: 1}]) { d } }") == (17, 4)


def at(role: Role, name: str, value: int) -> DocumentNode:
    """A question that has just this value of a measure, read for a role."""
    return Documents(SCHEMA).read(MADE[name](value), role)


MADE = {
    "characters": lambda value: "{ belts { code } }".ljust(value),
    "repeated": lambda value: "{ belts { " + "code " * (value + 1) + "} }",
    "aliases": lambda value: "{ belts { " + " ".join(f"a{n}: code" for n in range(value)) + " } }",
    "name": lambda value: "{ " + "a" * value + ": belts { code } }",
    "operations": lambda value: " ".join(f"query Q{n} {{ belts {{ code }} }}" for n in range(value)),
}  # fmt: skip


@together("role", [Role.ANONYMOUS, Role.ENTERPRISE, Role.OPERATOR])
@together("name", ["characters", "aliases", "repeated", "name", "operations"])
def test_just_below_a_limit_passes_and_just_above_is_refused_with_both_numbers(role: Role, name: str) -> None:
    limit = LIMITS[role][name]
    assert at(role, name, limit)
    with refuses("QUERY_TOO_LARGE") as refused:
        at(role, name, limit + 1)
    assert refused.value.parameters == {"measure": name, "measured": limit + 1, "limit": limit}


BOMBS = (
    "{ "
    + " ".join(
        f"a{n}: __schema {{ types {{ fields {{ args {{ type {{ ...T }} }} type {{ ...T }} }} }} }}" for n in range(4)
    )
    + " } fragment T on __Type { fields { name args { name type { name } } } }",
    (
        '{ __type(name: "Trade") { ...A } } fragment A on __Type { fields { type { ...B } } } '
        "fragment B on __Type { fields { type { ...C } } } fragment C on __Type { fields { type { ...D } } } "
        "fragment D on __Type { fields { type { ...E } } } fragment E on __Type { fields { type { fields { name } } } }"
    ),
)


def test_the_usual_question_about_the_schema_passes_for_everybody_and_a_bomb_does_not() -> None:
    documents = Documents(SCHEMA)
    for role in Role:
        assert documents.read(get_introspection_query(), role)
        for bomb in BOMBS:
            with refuses("QUERY_TOO_LARGE") as refused:
                documents.read(bomb, role)
            assert refused.value.parameters["measure"] == "introspection"


OURS = {path.name: path.read_text("utf-8") for path in (folder() / "operations").glob("*.graphql")} | {
    f"{module.__name__}.{name}": text
    for module in (demo, papers, people, show, staff)
    for name, text in vars(module).items()
    if isinstance(text, str) and text.strip().startswith(("{", "query", "mutation"))
}


@together("name", OURS)
def test_our_own_questions_pass_with_room_to_spare(name: str) -> None:
    text = OURS[name]
    role = Role.OPERATOR if "staff" in name or "JOBS" in name or name.startswith("jobs") else Role.ENTERPRISE
    document = Documents(SCHEMA).read(text, role)
    found = measure(document, None, {"first": 100}, SCHEMA)
    limits = LIMITS[role]
    tight = {one: value for one, value in found.items() if one in limits and value * 1.5 > limits[one]}
    assert tight.keys() <= {"depth"}, tight
    assert found["depth"] < limits["depth"]


def test_every_list_of_the_schema_has_a_size_and_nothing_else_has() -> None:
    types = [one for name, one in SCHEMA.type_map.items() if is_object_type(one) and not name.startswith("__")]
    fields = {f"{one.name}.{name}": made for one in types if isinstance(one, GraphQLObjectType)
              for name, made in one.fields.items()}  # fmt: skip
    lists = {
        name for name, made in fields.items()
        if is_list_type(getattr(made.type, "of_type", None) if not is_list_type(made.type) else made.type)
        and is_object_type(get_named_type(made.type))
    }  # fmt: skip
    assert lists == SIZES.keys()
    assert fields.keys() >= WEIGHTS.keys()


def test_who_is_known_may_ask_for_no_less() -> None:
    assert all(one.anonymous <= one.signed_in <= one.staff for one in BOUNDS)
