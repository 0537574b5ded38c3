"""Rules as data: which editions each has, which event chooses among them, what it reads and what it says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from hub.dossiers.anchors import Anchor
from hub.dossiers.dossier import Shelf
from hub.errors import WORDS, EntryProblem, HubError
from hub.papers.plan import Plan

Entry = Mapping[str, Any]
PRACTICE = "practice"
"""The source of what is arithmetic, or the hub's own."""
AROUND = frozenset({"entry", "tariff", "plan", "now", "registration"})
"""What a rule may read beside single paths of the entry; `entry` is all of it."""


class Severity(StrEnum):
    """What follows where a rule does not hold."""

    BLOCK = "block"  # the trade is refused, or its paper waits for a person
    ASK = "ask"  # the trade is taken; somebody should answer
    NOTE = "note"  # the trade is taken; somebody should know


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an entry is judged against. `told`: what others found, by the code of the rule that says it."""

    plan: Plan
    shelf: Shelf
    tariff_known: bool
    now: datetime
    told: Mapping[str, Sequence[EntryProblem]] = field(default_factory=dict)


Check = Callable[[Entry, Surroundings], Iterator[EntryProblem]]
"""A pure function: what is wrong with an entry, as far as the fields are there; typed values or kept ones (text)."""


@dataclass(frozen=True, slots=True)
class RuleEdition:
    """A rule as it is from one day to another, both included; None: always before, or until further notice.

    `source` is the announcement with its paragraph, the table of an authority, or `PRACTICE`.
    """

    check: Check
    source: str = PRACTICE
    since: date | None = None
    until: date | None = None
    severity: Severity = Severity.BLOCK

    def holds(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class TradeRule:
    """A rule: its code, the event whose day chooses the edition, the codes of its words, what it reads, its editions.

    `reads` are paths of the entry as derivations name them, and names of `AROUND`. `told`: others find it, and it is
    judged where they have looked.
    """

    code: str
    anchor: Anchor
    says: tuple[str, ...]
    reads: tuple[str, ...]
    editions: tuple[RuleEdition, ...]
    told: bool = False

    def edition(self, day: date) -> RuleEdition | None:
        """The edition that holds on a day; None before the first and after the last."""
        return next((one for one in self.editions if one.holds(day)), None)


class RuleBook:
    """All rules, in the order in which they are judged. RULES_WRONG names everything that is wrong with them."""

    def __init__(self, rules: Sequence[TradeRule]) -> None:
        self.rules = tuple(rules)
        _refuse(problem for rule in self.rules for problem in _problems(rule))
        _refuse(f"{code} stands twice" for code in {one.code for one in rules if _count(rules, one.code) > 1})

    def must_read(self, paths: Collection[str]) -> None:
        """RULES_WRONG where a rule reads what is neither a path of an entry nor something around it."""
        known = {*paths, *AROUND}
        _refuse(f"{one.code} reads {path}, which is none" for one in self.rules for path in {*one.reads} - known)


def _count(rules: Sequence[TradeRule], code: str) -> int:
    return sum(one.code == code for one in rules)


def _refuse(problems: Iterator[str]) -> None:
    if found := sorted(problems):
        raise HubError("RULES_WRONG", problems="; ".join(found))


def _problems(rule: TradeRule) -> Iterator[str]:
    if rule.anchor not in {*Anchor}:
        yield f"{rule.code}: {rule.anchor} is no anchor; there are {', '.join(Anchor)}"
    if not rule.editions:
        yield f"{rule.code} has no edition"
    for silent in [code for code in rule.says if code not in WORDS] or ([] if rule.says else ["it"]):
        yield f"{rule.code}: {silent} has no words in hub/errors/texts.py"
    for edition in rule.editions:
        if not edition.source.strip():
            yield f"{rule.code}: the edition since {edition.since} names no source"
        if edition.since and edition.until and edition.until < edition.since:
            yield f"{rule.code}: an edition ends on {edition.until}, before it begins on {edition.since}"
    for earlier, later in zip(rule.editions, rule.editions[1:], strict=False):
        if earlier.until is None or later.since != earlier.until + timedelta(days=1):
            yield f"{rule.code}: after {earlier.until} an edition begins on {later.since}, not on the next day"
