"""What becomes of the rows of a page that is read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from hub.model import Remittance
from hub.money.rematch import TAKEN_BACK
from sync.merge import MergeCounts, newest_of
from sync.page_reading import Reading

IDENTITY: Mapping[str, Sequence[str]] = {Remittance.__tablename__: ("identifiers", "bank_reference", "end_to_end_id")}
"""By what a row is known again whose source id was made from something that was read wrongly."""
Key = tuple[str, str]
"""Noun and source id of a row."""
Told = dict[str, dict[str, dict[str, Any]]]
"""Noun → source id → the newest row that a page tells."""


class Change(NamedTuple):
    """A row as it stands, and as the page tells it now; None where it is not there."""

    noun: str
    before: dict[str, Any] | None
    told: dict[str, Any] | None

    @property
    def is_same(self) -> bool:
        """Told as it stands."""
        if self.before is None or self.told is None:
            return False
        return bool(self.before["digest"] == self.told["digest"] and self.before["as_of"] <= self.told["as_of"])

    @property
    def key(self) -> Key:
        row = self.before or self.told or {}
        return self.noun, row["source_id"]


def told_in(reading: Reading) -> Told:
    return {noun: newest_of(rows, MergeCounts()) for noun, rows in reading.rows.items()}


def is_given_up(change: Change, raw_id: str) -> bool:
    row, told = change.before, change.told
    if row is None or row["raw_id"] != raw_id or row["digest"] == TAKEN_BACK:
        return False
    return told is None or told["as_of"] < row["as_of"]


def original_of(row: Mapping[str, Any]) -> str | None:
    """Of a copy for one of several papers: the source id of what was said of all of them."""
    original, marker, document = row["source_id"].rpartition("#")
    return original if marker and document == str(row.get("document_id")) else None


def by_identity(changes: Iterable[Change]) -> dict[tuple[Any, ...], Change]:
    """Those that can be told apart by what the authority calls them, whatever else was read wrongly of them."""
    named: dict[tuple[Any, ...], list[Change]] = {}
    for change in changes:
        row = change.before or change.told or {}
        names = tuple(str(row.get(name) or "") for name in IDENTITY.get(change.noun, ()))
        if any(names):
            named.setdefault((change.noun, *names), []).append(change)
    return {identity: those[0] for identity, those in named.items() if len(those) == 1}
