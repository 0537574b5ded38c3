"""Whether two entries say the same: told by their digests, which a field that is added later does not change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, fields, missing

from hub.dossiers.typed_paths import leaves
from hub.entry.entry_schema import TRADE_ENTRY
from hub.entry.paths import general


def content_digest(entry: Mapping[str, Any]) -> str:
    """SHA-256 of what an entry says, as it is kept.

    What is empty, or is what it would be if nobody had typed it, says nothing: so an entry from before a field was
    added says the same as one that is typed today without it.
    """
    unsaid = dict(_defaults(TRADE_ENTRY))
    said = sorted((path, value) for path, value in leaves(entry) if unsaid.get(general(path), missing) != value)
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@cache
def _defaults(schema: Schema, above: str = "") -> tuple[tuple[str, Any], ...]:
    """Path → the value of a field that nobody typed, as it is kept."""
    return tuple(_walk(schema, above))


def _walk(schema: Schema, above: str) -> Iterator[tuple[str, Any]]:
    for name, field in schema.fields.items():
        path = f"{above}{field.data_key or name}"
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from _walk(inner.schema, path + ("[]." if inner is not field else "."))
        elif field.load_default is not missing and not callable(field.load_default):
            yield path, field.serialize(name, {name: field.load_default})
