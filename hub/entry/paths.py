"""Changing single places of an entry: `goods[1].hsCode`."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, fields

from connectors.sdk.codecs import read_asked
from connectors.sdk.errors import BadData
from hub.dossiers.typed_paths import leaves
from hub.entry.entry_schema import TRADE_ENTRY
from hub.errors import EntryProblem

STEP = re.compile(r"([A-Za-z]+)((?:\[\d+\])*)")


def apply_changes(entry: Mapping[str, Any], changes: Iterable[tuple[str, str]]) -> tuple[Any, list[EntryProblem]]:
    """A copy of an entry with the values of some paths changed, and the paths that are none.

    A value is text; one that begins with `{` or `[` or is `null` is read as JSON. The place just after the last element
    of a list adds to it.
    """
    changed = copy.deepcopy(dict(entry))
    problems = []
    for path, text in changes:
        try:
            _put(changed, _steps(path), _value(text))
        except (KeyError, IndexError, TypeError, ValueError, BadData):
            problems.append(EntryProblem(path, "NO_SUCH_PLACE", {}))
    return changed, problems


def changed_paths(before: Any, after: Any) -> list[str]:
    """The paths at which two entries differ, with their indexes."""
    old, new = dict(leaves(before)), dict(leaves(after))
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def general(path: str) -> str:
    """`goods[2].hsCode` → `goods[].hsCode`: the path as derivations name it."""
    return re.sub(r"\[\d+\]", "[]", path)


def _steps(path: str) -> list[str | int]:
    steps: list[str | int] = []
    for part in path.split("."):
        match = STEP.fullmatch(part)
        if not match:
            raise ValueError(path)
        steps.append(match[1])
        steps += [int(index) for index in re.findall(r"\d+", match[2])]
    return steps


def _put(target: Any, steps: list[str | int], value: Any) -> None:
    for step in steps[:-1]:
        if isinstance(target, dict) and target.get(step) is None:
            target[step] = {}
        target = target[step]
    last = steps[-1]
    if isinstance(target, list) and isinstance(last, int):
        if last == len(target):
            target.append(value)
            return
        if last > len(target):
            raise IndexError(last)
    target[last] = value


def _value(text: str) -> Any:
    return read_asked(text) if text.startswith(("{", "[")) or text == "null" else text


def typed_paths(schema: Schema = TRADE_ENTRY, above: str = "") -> frozenset[str]:
    """Every path of an entry, `goods[].name.zh`, with those of the groups above it."""
    found = set()
    for name, field in schema.fields.items():
        path = f"{above}{field.data_key or name}"
        inner = field.inner if isinstance(field, fields.List) else field
        found.add(path)
        if isinstance(inner, fields.Nested):
            marker = "[]." if inner is not field else "."
            found |= typed_paths(inner.schema, path + marker)
    return frozenset(found)
