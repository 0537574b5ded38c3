"""From a page to rows: each record by its schema, with the ruling of its code; what cannot be read is set aside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from connectors.sdk.errors import BadData
from connectors.sdk.inside.compiled import loader
from connectors.sdk.members import Aside, Told, member_shown, reason_of
from connectors.sdk.states import Codes
from sync.column_limits import overflow
from sync.tables import TABLES

MOST_RECORDS = 500_000
DRIFT = 2
"""From so many records on, a page of which none can be read is refused as a whole; a single one is just bad."""


class Drift(BadData):
    """The authority changed its form: none of the records fits what was agreed."""


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

    def read(self, told: Iterable[Told], raw_id: str | None, fetched_at: datetime) -> Reading:
        """Rows for the tables. BadData where the page as a whole cannot be read, whatever was raised over it; Drift
        where the authority changed its form.
        """
        reading = Reading()
        unfit = 0
        for position, one in enumerate(_drawn(told)):
            if position == MOST_RECORDS:
                raise BadData(f"more than {MOST_RECORDS} records on one page")
            reading.received += 1
            if isinstance(one, Aside):
                reading.aside.append(SetAside(position, "", one.field, one.reason, {"member": one.raw}))
                continue
            noun, values = "", {"member": member_shown(one)}
            try:
                schema, values = one
                noun = schema.noun
                row = self._row(noun, loader(schema)(values), raw_id, fetched_at)
                flaw = overflow(TABLES[noun], row)
            except ValidationError as error:
                # a key that cannot be made follows from another field, which is what staff want to know
                flaw = min(_flatten(error.messages), key=lambda one: one[0] == "source_id")
                unfit += 1
            except Exception as error:  # noqa: BLE001 - one bad record never stops the rest
                flaw = ("", reason_of(error))
            if flaw:
                reading.aside.append(SetAside(position, noun, *flaw, values))
            else:
                reading.rows.setdefault(noun, []).append(row)
        _refuse_drift(reading, unfit)
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


def _refuse_drift(reading: Reading, unfit: int) -> None:
    """Several records and not one that fits: the authority changed its form, none of them is bad.

    Only what its own schema refuses counts: an unknown kind of member, or a connector that fails over one, says
    nothing about the form of the others.
    """
    if unfit >= DRIFT and not reading.rows:
        first = next(one for one in reading.aside if one.noun)
        why = f"none of the {unfit} records can be read ({first.noun}): {first.field}: {first.reason}"
        raise Drift(f"has the authority changed its form? {why}", field=first.field)


def _drawn(told: Iterable[Told]) -> Iterator[Told]:
    """What is told on a page. Whatever reading it raises, the page is bad as a whole, and the reason says so."""
    try:
        yield from told
    except BadData:
        raise
    except (Exception, SystemExit) as error:
        raise BadData(f"the page cannot be read; {reason_of(error)}") from error


def _flatten(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _flatten(inner, f"{path}.{name}".strip("."))
    else:
        yield path, " ".join(map(str, messages))
