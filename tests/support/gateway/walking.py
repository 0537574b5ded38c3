"""Questions made from the schema: each asks all there is to ask behind one root field."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_required_argument,
)


def object_types(schema: GraphQLSchema) -> set[str]:
    """Every type that a question can come to."""
    found: set[str] = set()
    waiting = deque([schema.type_map["Query"]])
    while waiting:
        type_ = waiting.popleft()
        if isinstance(type_, GraphQLObjectType) and type_.name not in found:
            found.add(type_.name)
            waiting += [get_named_type(field.type) for field in type_.fields.values()]
    return found - {"Query"}


def everything(field: GraphQLField) -> str:
    """A selection in which every type shows all its fields once, and its scalars wherever it comes again."""
    shown: set[str] = set()

    def select(type_: Any) -> str:
        named = get_named_type(type_)
        if not isinstance(named, GraphQLObjectType):
            return ""
        again = named.name in shown
        shown.add(named.name)
        chosen = ["__typename"]
        for name, inner in named.fields.items():
            deeper = isinstance(get_named_type(inner.type), GraphQLObjectType)
            if not (deeper and again):
                chosen.append(f"{name} {select(inner.type)}")
        return f"{{ {' '.join(chosen)} }}"

    return select(field.type)


def questions(schema: GraphQLSchema, known: Mapping[str, list[Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Root field, question and variables: with the arguments that are required, and with each other one beside them.

    How many rows are asked for is always said: everything behind many rows is more than one question may ask.

    `known` are values for arguments by their name, or by their type where it is an enum; a KeyError names an argument
    that has none.
    """

    def values_of(arg: str) -> list[Any]:
        type_ = get_named_type(field.args[arg].type)
        return known[type_.name if isinstance(type_, GraphQLEnumType) else arg]

    root = schema.type_map["Query"]
    assert isinstance(root, GraphQLObjectType)
    for name, field in root.fields.items():
        shown = everything(field)
        required = {arg for arg, made in field.args.items() if is_required_argument(made) or arg == "first"}
        for given in [required] + [{*required, arg} for arg in field.args if arg not in required]:
            for place in range(max((len(values_of(arg)) for arg in given), default=1)):
                values = {arg: values_of(arg)[place % len(values_of(arg))] for arg in given}
                declared = ", ".join(f"${arg}: {field.args[arg].type}" for arg in sorted(given))
                passed = ", ".join(f"{arg}: ${arg}" for arg in sorted(given))
                head = f"query({declared})" if given else "query"
                asked = f"{name}({passed})" if given else name
                yield name, f"{head} {{ {asked} {shown} }}", values


def leaves(answer: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of an answer, with its type and field: `Trade.number`."""
    if isinstance(answer, dict):
        for field, inner in answer.items():
            yield from leaves(inner, f"{answer.get('__typename', '')}.{field}")
    elif isinstance(answer, list):
        for inner in answer:
            yield from leaves(inner, name)
    elif answer is not None:
        yield name, answer
