"""From a page to rows: each record by its schema, with the ruling of its code; what cannot be read is set aside."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from connectors.sdk.compiled import loader
from connectors.sdk.errors import BadData
from connectors.sdk.paging import UNREADABLE
from connectors.sdk.records import Draft
from connectors.sdk.states import Codes
from sync.limits import overflow
from sync.tables import TABLES

DRIFT = 2
"""From so many records on, a page of which none can be read is refused as a whole; a single one is just bad."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that cannot be read: its place in the page, the field, and why."""

    position: int
    noun: str
    field: str
    reason: str
    record: Mapping[str, Any]


@dataclass(slots=True)
class Reading:
    """What a page held: rows by noun, and what was set aside. `received` counts both."""

    received: int = 0
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    aside: list[SetAside] = field(default_factory=list)


class Reader:
    """Reads the records of one connector."""

    def __init__(self, source: str, codes: Codes) -> None:
        self.source = source
        self.codes = codes

    def read(self, drafts: Iterable[Draft], raw_id: str | None, fetched_at: datetime) -> Reading:
        """Rows for the tables. BadData where the page as a whole is not what was agreed."""
        reading = Reading()
        for position, (schema, values) in enumerate(_drawn(drafts)):
            reading.received += 1
            try:
                record: dict[str, Any] = loader(schema)(values)
            except ValidationError as error:
                # a key that cannot be made follows from another field, which is what staff want to know
                where, why = min(_flatten(error.messages), key=lambda one: one[0] == "source_id")
                reading.aside.append(SetAside(position, schema.noun, where, why, values))
                continue
            row = self._row(schema.noun, record, raw_id, fetched_at)
            unfit = overflow(TABLES[schema.noun], row)
            if unfit:
                reading.aside.append(SetAside(position, schema.noun, *unfit, values))
                continue
            reading.rows.setdefault(schema.noun, []).append(row)
        _refuse_drift(reading)
        return reading

    def _row(self, noun: str, record: dict[str, Any], raw_id: str | None, fetched_at: datetime) -> dict[str, Any]:
        if noun == "document_event":
            ruling = self.codes.rule(record["about_kind"], record["code"])
            record |= {
                "state": ruling.state,
                "rank": ruling.rank,
                "milestone": ruling.milestone,
                "attention": ruling.attention,
            }
        content = {name: value for name, value in record.items() if name != "as_of"}
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
        return record | {"source": self.source, "digest": digest, "raw_id": raw_id, "fetched_at": fetched_at}


def _refuse_drift(reading: Reading) -> None:
    """Several records of a kind and not one that can be read: the authority changed its form, none of them is bad."""
    for noun, number in Counter(one.noun for one in reading.aside).items():
        if number >= DRIFT and noun not in reading.rows:
            first = next(one for one in reading.aside if one.noun == noun)
            why = f"none of the {number} records ({noun}) can be read: {first.field}: {first.reason}"
            raise BadData(f"has the authority changed its form? {why}", field=first.field)


def _drawn(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts of a page; a page of another shape is bad as a whole, and says where."""
    try:
        yield from drafts
    except BadData:
        raise
    except UNREADABLE as error:
        raise BadData(f"the page has another shape than agreed: {type(error).__name__}: {error}") from error


def _flatten(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _flatten(inner, f"{path}.{name}".strip("."))
    else:
        yield path, " ".join(map(str, messages))
