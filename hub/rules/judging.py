"""Judging an entry: which edition of each rule holds, and what it finds. Pure: no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from connectors.sdk.instants import day_of
from hub.dossiers.anchors import Anchor
from hub.dossiers.dossier import Dossier
from hub.dossiers.typed_paths import pick
from hub.errors import EntryProblem
from hub.papers.desk import Desk
from hub.papers.plan import Days
from hub.rules.rule_book import AROUND, Entry, RuleBook, RuleEdition, Severity, Surroundings, TradeRule

AnchorDays = Mapping[Anchor, date]
"""The day of each anchor that has happened."""


class InForce(NamedTuple):
    """A rule with the edition that holds for a trade. `forecast`: its event is to come, so it is the law of today."""

    rule: TradeRule
    edition: RuleEdition
    day: date
    forecast: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """That a rule does not hold: which edition of it, and the problem with its place and words."""

    law: InForce
    problem: EntryProblem

    @property
    def source(self) -> str:
        """Where the rule stands; of several at once the one that says this."""
        return self.problem.source or self.law.edition.source


def in_force(book: RuleBook, days: AnchorDays, today: date) -> Iterator[InForce]:
    """Each rule that is law for a trade with these days."""
    for rule in book.rules:
        day = days.get(rule.anchor, today)
        if edition := rule.edition(day):
            yield InForce(rule, edition, day, rule.anchor not in days)


def judge_entry(book: RuleBook, entry: Entry, around: Surroundings, days: AnchorDays | None = None) -> list[Verdict]:
    """What the rules find. Without `days` the trade is new: it is entered now, and all else is to come."""
    today = day_of(around.now)
    laws = in_force(book, {Anchor.ENTERED: today} if days is None else days, today)
    return [Verdict(law, one) for law in laws for one in _found(law, entry, around)]


def told_verdicts(book: RuleBook, code: str, problems: Collection[EntryProblem], now: datetime) -> list[Verdict]:
    """What others found of a new trade, by the code of the rule that says it."""
    law = next(one for one in in_force(book, {Anchor.ENTERED: day_of(now)}, day_of(now)) if one.rule.code == code)
    return [Verdict(law, one) for one in problems]


def blocking(verdicts: Collection[Verdict]) -> list[EntryProblem]:
    """The problems for which a trade is refused."""
    return [one.problem for one in verdicts if one.law.edition.severity is Severity.BLOCK]


def _found(law: InForce, entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    if not law.rule.told:
        yield from law.edition.check(entry, around)
    elif law.rule.code in around.told:
        yield from around.told[law.rule.code]


def around_of(
    dossier: Dossier, desk: Desk, now: datetime, told: Mapping[str, Sequence[EntryProblem]] | None = None
) -> Surroundings:
    """What a trade that is stored is judged against; with what others found."""
    return Surroundings(desk.plan, dossier.shelf, bool(dossier.shelf.tariffs), now, told or {})


def judged(
    book: RuleBook, dossier: Dossier, around: Surroundings, days: AnchorDays, *, pending: bool = False
) -> list[dict[str, Any]]:
    """What each rule in force finds of a stored trade, as it is kept: the rule, its edition, what it read and found.

    `pending`: only those whose event is to come. What has happened keeps the verdict of its day.
    """
    laws = in_force(book, days, day_of(around.now))
    return [
        {
            "rule": law.rule.code,
            "since": law.edition.since.isoformat() if law.edition.since else None,
            "day": law.day.isoformat(),
            "forecast": law.forecast,
            "digest": digest(law.rule, dossier, around),
            "found": [_kept(one, law) for one in _found(law, dossier.entry, around)],
        }
        for law in laws
        if (law.forecast or not pending) and (not law.rule.told or law.rule.code in around.told)
    ]


def judged_before_sending(book: RuleBook, dossier: Dossier, desk: Desk) -> list[dict[str, Any]]:
    """What the rules whose event is to come find of a trade before papers of it go out."""
    return judged(book, dossier, around_of(dossier, desk, desk.now()), desk.anchors(dossier), pending=True)


def first_block(verdicts: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Of what was judged, the first problem for which no paper may go out, as it asks for a person."""
    found = (one for verdict in verdicts for one in verdict["found"] if one["severity"] == Severity.BLOCK)
    return next(({**one["parameters"], "code": one["code"], "path": one["path"]} for one in found), None)


def _kept(problem: EntryProblem, law: InForce) -> dict[str, Any]:
    return {
        "code": problem.code,
        "path": problem.path,
        "severity": law.edition.severity,
        "source": problem.source or law.edition.source,
        "parameters": dict(problem.parameters),
    }


def digest(rule: TradeRule, dossier: Dossier, around: Surroundings) -> str:
    """SHA-256, 32 hexadecimal digits of it, of all that a rule reads of a trade."""
    read = {one: _around(one, dossier, around) if one in AROUND else _typed(dossier.entry, one) for one in rule.reads}
    text = json.dumps(read, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _typed(entry: Entry, path: str) -> Any:
    """What stands at a path; `goods[].hsCode` in every line."""
    group, lines, name = path.partition("[].")
    return [pick(line, name) for line in entry.get(group) or ()] if lines else pick(entry, path)


def _around(name: str, dossier: Dossier, around: Surroundings) -> Any:
    if name == "now":
        return around.now.astimezone(UTC).isoformat()
    if name == "plan":
        return [row.kind for row in around.plan.due(dossier.mode, dossier.entry, Days(day_of(around.now), {}))]
    if name == "entry":
        return dossier.entry
    if name == "registration":
        return dossier.enterprise["partners"]
    return sorted({line["hsCode"] for line in dossier.entry["goods"]} & around.shelf.tariffs.keys())
