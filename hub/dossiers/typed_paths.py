"""Reading paths such as `transport.from` and `goods[].name.zh` in what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1024)
def split(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def pick(values: Mapping[str, Any] | None, path: str) -> Any:
    """The value at a dotted path, or None where something on the way is missing."""
    found: Any = values
    for name in split(path):
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def leaves(values: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every typed value with its path, `goods[0].sku`; empty ones are not typed."""
    if isinstance(values, Mapping):
        for name, inner in values.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(values, list):
        for index, inner in enumerate(values):
            yield from leaves(inner, f"{path}[{index}]")
    elif values not in (None, ""):
        yield path, values
