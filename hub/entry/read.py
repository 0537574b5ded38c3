"""From what was typed to a checked entry, or to all of its problems at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from hub.entry.checks import CHECKS, Entry, Surroundings
from hub.entry.schema import TRADE_ENTRY
from hub.errors import EntryProblem


def read_entry(typed: Any, around: Surroundings) -> tuple[Entry | None, list[EntryProblem]]:
    """The entry with typed values, and what is wrong with it. Cross-field checks run on whatever fields are sound."""
    try:
        entry: Entry = TRADE_ENTRY.load(typed)
    except ValidationError as error:
        return None, problems_of(error, TRADE_ENTRY) + _checkable(error.valid_data, around)
    return entry, [problem for check in CHECKS for problem in check(entry, around)]


def problems_of(error: ValidationError, schema: Schema) -> list[EntryProblem]:
    """What a schema found wrong, with paths and codes."""
    return list(_problems(error.messages, schema, ""))


def _checkable(sound: Any, around: Surroundings) -> list[EntryProblem]:
    """The problems of the checks that can run although other fields are wrong: all errors at once, none made up."""
    problems: list[EntryProblem] = []
    for check in CHECKS:
        try:
            problems += check(sound, around)
        except (KeyError, TypeError, IndexError, AttributeError):
            continue  # it needs a field that is itself wrong and is reported already
    return problems


def _problems(messages: Any, schema: Schema, path: str) -> Iterator[EntryProblem]:
    if isinstance(messages, list):
        for message in messages:
            yield _problem(message, schema, path)
        return
    for name, inner in messages.items():
        place = f"{path}[{name}]" if isinstance(name, int) else f"{path}.{name}" if path else str(name)
        if name == "_schema":
            place = path
        yield from _problems(inner, _inner(schema, name), place)


def _inner(schema: Schema, name: Any) -> Schema:
    """The schema that stands below a name, for the list of fields that would have been known."""
    field = schema.fields.get(name)
    if isinstance(field, fields.List):
        field = field.inner
    return field.schema if isinstance(field, fields.Nested) else schema


def _problem(message: Any, schema: Schema, path: str) -> EntryProblem:
    if isinstance(message, Mapping):
        return EntryProblem(path, message["code"], message["parameters"])
    if message == "Unknown field.":
        return EntryProblem(
            path, "UNKNOWN_FIELD", {"known": ", ".join(field.data_key or name for name, field in schema.fields.items())}
        )
    if message in ("Missing data for required field.", "Field may not be null."):
        return EntryProblem(path, "REQUIRED", {})
    return EntryProblem(path, "BAD_VALUE", {"cause": str(message)})
