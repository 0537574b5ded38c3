"""Rules made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from hub.dossiers.anchors import Anchor
from hub.errors import EntryProblem
from hub.rules.entry_rules import ROWS
from hub.rules.rule_book import Entry, RuleBook, RuleEdition, Severity, Surroundings, TradeRule


def always(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    """Finds something in every trade."""
    yield EntryProblem("packages", "DUPLICATE", {"value": "x"})


def never(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    yield from ()


def edition(since: str = "", until: str = "", check: Any = never, **more: Any) -> RuleEdition:
    first, last = (date.fromisoformat(day) if day else None for day in (since, until))
    return RuleEdition(check, **{"source": "公告9999年第1号", **more}, since=first, until=last)


def one_rule(*editions: RuleEdition, **more: Any) -> TradeRule:
    given = {"code": "mine", "anchor": Anchor.ENTERED, "says": ("DUPLICATE",), "reads": ("packages",), **more}
    return TradeRule(**given, editions=editions)


def book_with(code: str, *editions: RuleEdition) -> RuleBook:
    """The hub's own rules, of which one has other editions."""
    rows = [
        TradeRule(one.code, one.anchor, one.says, one.reads, editions, one.told) if one.code == code else one
        for one in ROWS
    ]
    return RuleBook(rows)


def note(since: str = "", until: str = "") -> RuleEdition:
    return edition(since, until, always, severity=Severity.NOTE)
