"""What an entry may hold, told to whoever declares papers and rows of plans."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields

from hub.entry.entry_schema import TRADE_ENTRY
from hub.entry.paths import typed_paths
from hub.entry.reading import problems_of
from hub.papers.declared import Typed


def typed() -> Typed:
    """What an entry may hold, for whoever declares papers."""
    return Typed(typed_paths(), _problem)


def _problem(path: str, value: str) -> str | None:
    """Why nobody could type this value there."""
    field = _field(path)
    if "[]" in path:
        return "it has one for each line"
    if isinstance(field, fields.List | fields.Nested):
        return "there are fields inside it, and no value"
    try:
        field.deserialize(value)
    except ValidationError as error:
        return "; ".join(one.words("en") for one in problems_of(error, TRADE_ENTRY))
    return None


def _field(path: str, schema: Schema = TRADE_ENTRY) -> fields.Field[Any]:
    """The field at one of `typed_paths`."""
    step, _, rest = path.replace("[]", "").partition(".")
    field = next(one for name, one in schema.fields.items() if (one.data_key or name) == step)
    inner = field.inner if isinstance(field, fields.List) else field
    return _field(rest, inner.schema) if rest and isinstance(inner, fields.Nested) else field
