"""Papers: what the hub hands to a connector. One schema per kind (`papers/`); it sees these and never the model.

A paper speaks the trade's words with ISO codes (country, currency) and our own unit names; translating them into an
authority's code set is the connector's part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Value = str | int | Decimal | date | datetime | None
FieldType = Literal["text", "count", "amount", "quantity", "day", "moment"]


class Action(StrEnum):
    """What the authority is to do with a version of a paper."""

    NEW = "new"
    CHANGE = "change"  # of the version that it has
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """One field: its type, and whether the paper is complete without it."""

    type: FieldType
    required: bool = True


@dataclass(frozen=True, slots=True)
class PaperSchema:
    """The fields of one kind of paper: `head` once, each group of `lines` any number of times."""

    kind: str
    head: Mapping[str, FieldSchema]
    lines: Mapping[str, Mapping[str, FieldSchema]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of one paper, complete, ready to be encoded.

    `number` is the hub's own number of the document, the same in every version; `guid` belongs to the version. `known`
    are the identifiers that the authority gave earlier versions, `reason` is why the paper is withdrawn.
    """

    kind: str
    number: str
    version: int
    guid: str
    action: Action
    derived_at: datetime
    head: Mapping[str, Value]
    lines: Mapping[str, Sequence[Mapping[str, Value]]]
    known: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A field of a paper that the authority would not take, found before sending.

    `field` is the field's name, `lines[index].name` inside a group; `rule` is what the authority's table says, in
    Chinese, `rule_en` the same in English.
    """

    field: str
    code: str
    rule: str
    rule_en: str
