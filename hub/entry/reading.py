"""From what was typed to an entry that was judged, or to all of its problems at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from marshmallow import Schema, ValidationError, fields

from hub.entry.entry_schema import MOST_LINES, MOST_PURCHASES, TRADE_ENTRY
from hub.entry.paths import typed_paths
from hub.errors import EntryProblem
from hub.rules.entry_rules import ENTRY_FIELDS, RULES
from hub.rules.judging import AnchorDays, Verdict, judge_entry
from hub.rules.rule_book import Surroundings

RULES.must_read(typed_paths())

SECTIONS = {"goods": MOST_LINES, "purchases": MOST_PURCHASES}
"""Lists of an entry, and how long they may be."""


def read_entry(
    typed: Any, around: Surroundings, days: AnchorDays | None = None
) -> tuple[dict[str, Any] | None, list[Verdict]]:
    """The entry with typed values, and what the rules say of it. They are judged on whatever fields are sound.

    `days` are those of a trade that is stored already: what has happened keeps its law.
    """
    typed, shape = _shape(typed)
    if any(problem.parameters["cause"] == "count" for problem in shape):
        return None, _verdicts({}, shape, around, days)  # nothing of ten thousand lines is looked at
    try:
        entry: dict[str, Any] = TRADE_ENTRY.load(typed)
    except ValidationError as error:
        wrong = {problem.path for problem in shape}
        found = [one for one in problems_of(error, TRADE_ENTRY) if not _below(one.path, wrong)]
        return None, _verdicts(error.valid_data, shape + found, around, days)
    return (None if shape else entry), _verdicts(entry, shape, around, days)


def _shape(typed: Any) -> tuple[Any, list[EntryProblem]]:
    """Lists that are too long or hold no objects are said before anything in them is read; places stay as typed."""
    problems: list[EntryProblem] = []
    if not isinstance(typed, dict):
        return typed, problems
    typed = dict(typed)
    for name, most in SECTIONS.items():
        section = typed.get(name)
        if not isinstance(section, list):
            continue
        if len(section) > most:
            parameters = {"cause": "count", "least": 0, "most": most, "count": len(section)}
            problems.append(EntryProblem(name, "BAD_VALUE", parameters))
            continue
        for index, item in enumerate(section):
            if not isinstance(item, dict):
                problems.append(EntryProblem(f"{name}[{index}]", "BAD_VALUE", {"cause": "object"}))
        typed[name] = [item if isinstance(item, dict) else {} for item in section]
    return typed, problems


def _below(path: str, places: set[str]) -> bool:
    return any(path == place or path.startswith(f"{place}.") for place in places if "[" in place)


def problems_of(error: ValidationError, schema: Schema) -> list[EntryProblem]:
    """What a schema found wrong, with paths and codes."""
    return list(_problems(error.messages, schema, ""))


def _verdicts(sound: Any, found: list[EntryProblem], around: Surroundings, days: AnchorDays | None) -> list[Verdict]:
    """What is wrong with single fields, and then what the rules say of those that are sound."""
    return judge_entry(RULES, sound or {}, replace(around, told={ENTRY_FIELDS: found}), days)


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


SAYINGS = {
    "Missing data for required field.": ("REQUIRED", ""),
    "Field may not be null.": ("REQUIRED", ""),
    "Not a valid string.": ("BAD_VALUE", "text"),
    "Not a valid list.": ("BAD_VALUE", "list"),
    "Not a valid mapping type.": ("BAD_VALUE", "object"),
    "Invalid input type.": ("BAD_VALUE", "object"),
    "Not a valid date.": ("BAD_VALUE", "day"),
}
"""What the library says → our code and cause."""


def _problem(message: Any, schema: Schema, path: str) -> EntryProblem:
    if isinstance(message, Mapping):
        return EntryProblem(path, message["code"], message["parameters"])
    if message == "Unknown field.":
        known = ", ".join(field.data_key or name for name, field in schema.fields.items())
        return EntryProblem(path, "UNKNOWN_FIELD", {"known": known})
    if str(message).startswith("not a time"):
        return EntryProblem(path, "BAD_VALUE", {"cause": "time"})
    code, cause = SAYINGS.get(message, ("BAD_VALUE", str(message)))
    return EntryProblem(path, code, {"cause": cause} if code == "BAD_VALUE" else {})
