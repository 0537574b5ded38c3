"""Reading the JSON-LD of ONE Record as far as we need it: prefixes, typed values, identifiers, one or many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.sdk import BadData

CARGO = "https://onerecord.iata.org/ns/cargo#"
API = "https://onerecord.iata.org/ns/api#"
CONTEXT = {"cargo": CARGO, "api": API}
MEDIA_TYPE = "application/ld+json"


def get(node: Any, *path: str) -> Any:
    """The value at a path of property names, written with a prefix or in full; None where something is missing."""
    for name in path:
        if not isinstance(node, dict):
            return None
        prefix, _, local = name.partition(":")
        node = node.get(name, node.get(CONTEXT.get(prefix, "") + local))
    return node


def many(value: Any) -> list[Any]:
    """JSON-LD writes one value without its list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def text(value: Any) -> str | None:
    """A literal, plain or typed (`@value`)."""
    found = value.get("@value") if isinstance(value, dict) else value
    return None if found is None else str(found)


def fragment(value: Any) -> str | None:
    """What stands behind the `#` or the prefix of an identifier: `…/StatusCode#DEP` → DEP, `cargo:ACTUAL` → ACTUAL."""
    identifier = value.get("@id") if isinstance(value, dict) else value
    return None if identifier is None else str(identifier).replace("#", ":").rpartition(":")[2]


def place(value: Any) -> str | None:
    """The first location code of a cargo:Location."""
    codes = many(get(value, "cargo:locationCodes"))
    return text(get(codes[0], "cargo:code")) if codes else None


def is_a(node: Any, type_: str) -> bool:
    """Whether a node has this type, written with a prefix or in full."""
    types = many(node.get("@type"))
    prefix, _, local = type_.partition(":")
    return type_ in types or CONTEXT.get(prefix, "") + local in types


def agreed(node: Any, type_: str) -> Any:
    """The node, where it is of this type: an error that calls itself a success has nothing to say."""
    if not (isinstance(node, dict) and is_a(node, type_)):
        raise BadData(f"something else came where a {type_} was agreed")
    return node


def walk(node: Any, type_: str) -> Iterator[dict[str, Any]]:
    """Every node of a type, wherever it is embedded."""
    if isinstance(node, list):
        for inner in node:
            yield from walk(inner, type_)
    elif isinstance(node, dict):
        if is_a(node, type_):
            yield node
        for inner in node.values():
            yield from walk(inner, type_)


def first_error(node: Any) -> str:
    """The message of an api:Error."""
    details = many(get(node, "api:hasErrorDetail"))
    message = text(get(details[0], "api:hasMessage")) if details else None
    return message or text(get(node, "api:hasTitle")) or "refused without a reason"
