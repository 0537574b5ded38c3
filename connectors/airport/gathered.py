"""What an expanded document says of each identifier, wherever it says it; and which nodes stand at its top."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

NESTING = ("@graph", "@included")
Said = Mapping[str, Any]


def index(value: Any, elsewhere: dict[str, dict[str, Any]], known: dict[tuple[str, str], set[str]]) -> None:
    """Gathers what is said of each identifier: a property that is said in several places has the values of all.

    `known` are the values that a property has so far, where it was said twice.
    """
    if isinstance(value, list):
        for inner in value:
            index(inner, elsewhere, known)
    elif isinstance(value, dict) and "@value" not in value:
        if isinstance(own := value.get("@id"), str):
            gathered = elsewhere.setdefault(own, {})
            for name, said in value.items():
                if not isinstance(said, list):
                    gathered.setdefault(name, said)
                elif name not in gathered:
                    gathered[name] = [*said]
                else:
                    if (own, name) not in known:
                        known[own, name] = {*map(_same, gathered[name])}
                    _join(gathered[name], said, known[own, name])
        for inner in value.values():
            index(inner, elsewhere, known)


def _join(values: list[Any], more: list[Any], known: set[str]) -> None:
    for value in more:
        if (same := _same(value)) not in known:
            known.add(same)
            values.append(value)


def _same(value: Any) -> str:
    """What is equal of equal values. Of a node that has an identifier all else is gathered by that."""
    named = isinstance(value, dict) and isinstance(value.get("@id"), str)
    return json.dumps({"@id": value["@id"]} if named else value, sort_keys=True, default=str)


def topmost(nodes: Iterable[Any]) -> Iterator[Said]:
    """Nodes that stand in nobody's property; those of a graph do so, too."""
    for node in nodes:
        if isinstance(node, dict):
            yield node
            for name in NESTING:
                yield from topmost(node.get(name, ()))
