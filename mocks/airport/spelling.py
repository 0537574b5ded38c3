"""The same document in other spellings that JSON-LD 1.1 allows; the standard leaves it to a server which it speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import current_app

from mocks.airport.terms import API, CARGO, PREFIXES, Node

OTHER_PREFIXES = {CARGO: "one", API: "srv"}
Spell = Callable[[Node], Any]


def spelt(node: Node) -> Any:
    """The node as this server spells it."""
    spelling: str = current_app.extensions.get("spelling", "compact")
    return SPELLINGS[spelling](node)


def _expanded(node: Node) -> list[Any]:
    """The expanded form: every name in full, every value in a list, no context (JSON-LD 1.1 API, section 5.1)."""
    language = _context(node).get("@language")
    return [_full(node, language if isinstance(language, str) else None)]


def _graph(node: Node) -> Node:
    """Every node that has a name stands in the `@graph`; wherever it belongs there is its name alone."""
    nodes: list[Any] = []
    lifted = _lifted({name: value for name, value in node.items() if name != "@context"}, nodes)
    return {"@context": node.get("@context"), "@graph": [*reversed(nodes), *([lifted] if "@id" not in node else [])]}


def _other_prefixes(node: Node) -> Node:
    """Other prefixes for the same namespaces."""
    return {"@context": {other: iri for iri, other in OTHER_PREFIXES.items()}, **_renamed(node, _to_other_prefix)}


def _vocabulary(node: Node) -> Node:
    """Plain names: those of the cargo ontology by `@vocab`, those of the API each as a term."""
    body = _renamed(node, lambda iri: iri.rpartition("#")[2])
    terms = {iri.rpartition("#")[2]: iri for iri in _names(node) if iri.startswith(API)}
    return {"@context": {"@vocab": CARGO, **terms, "api": API, "cargo": CARGO}, **body}


def _own_contexts(node: Node) -> Node:
    """A context at every node, none at the top; types and values as lists."""
    bare = {name: value for name, value in node.items() if name != "@context"}
    found: Node = _each_with(bare, node.get("@context"))
    return found


SPELLINGS: dict[str, Spell] = {
    "compact": lambda node: node,
    "expanded": _expanded,
    "graph": _graph,
    "prefixes": _other_prefixes,
    "vocabulary": _vocabulary,
    "own-contexts": _own_contexts,
}


def _context(node: Node) -> Node:
    given = node.get("@context")
    return given if isinstance(given, dict) else {}


def _iri(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name


def _full(value: Any, language: str | None) -> Any:
    if not isinstance(value, dict):
        return {"@value": value, **({"@language": language} if language and isinstance(value, str) else {})}
    node: Node = {}
    for name, inner in value.items():
        many = inner if isinstance(inner, list) else [inner]
        if name == "@type" and "@value" not in value:
            node[name] = [_iri(one) for one in many]
        elif name in ("@id", "@type"):
            node[name] = _iri(inner)
        elif name != "@context":
            node[_iri(name)] = inner if name == "@value" else [_full(one, language) for one in many]
    return node


def _lifted(value: Any, nodes: list[Any]) -> Any:
    """The value with names in the place of nodes, which are put into `nodes`."""
    if isinstance(value, list):
        return [_lifted(inner, nodes) for inner in value]
    if not isinstance(value, dict):
        return value
    node = {name: _lifted(inner, nodes) for name, inner in value.items()}
    says_more = any(name not in ("@id", "@type") for name in node)
    if "@id" in node and says_more:
        if node not in nodes:
            nodes.append(node)
        return {"@id": node["@id"]}
    return node


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_renamed(inner, rename) for inner in value]
    if not isinstance(value, dict):
        return value
    node: Node = {}
    for name, inner in value.items():
        if name == "@type" and "@value" not in value:
            node[name] = rename(_iri(inner)) if isinstance(inner, str) else [rename(_iri(one)) for one in inner]
        elif name in ("@id", "@type"):
            node[name] = _iri(inner)
        elif name != "@context":
            node[name if name.startswith("@") else rename(_iri(name))] = _renamed(inner, rename)
    return node


def _to_other_prefix(iri: str) -> str:
    namespace, mark, local = iri.partition("#")
    other = OTHER_PREFIXES.get(namespace + mark)
    return f"{other}:{local}" if other else iri


def _names(value: Any) -> Iterator[str]:
    """Every property and every type, in full."""
    if isinstance(value, list):
        for inner in value:
            yield from _names(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "@type" and "@value" not in value:
                yield from map(_iri, inner if isinstance(inner, list) else [inner])
            elif name != "@context":
                yield _iri(name)
                yield from _names(inner)


def _each_with(value: Any, context: Any) -> Any:
    if isinstance(value, list):
        return [_each_with(inner, context) for inner in value]
    if not isinstance(value, dict):
        return value
    if "@value" in value:
        return {**value, "@type": _iri(value["@type"])} if "@type" in value else value
    node: Node = {"@context": context}
    for name, inner in value.items():
        one_type = name == "@type" and isinstance(inner, str)
        plain = name.startswith("@")
        node[name] = [inner] if one_type else inner if plain else {"@set": _listed(_each_with(inner, context))}
    return node


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
