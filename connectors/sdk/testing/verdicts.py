"""Rules, and what becomes of them for a connector."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from connectors.sdk.testing.blame import is_own_fault, raised_at
from connectors.sdk.testing.subject import Subject

Thing = TypeVar("Thing")
SHOWN = 5
"""So many problems of one rule are told; the rest are like them."""


class RuleOutcome(StrEnum):
    """What can become of a rule."""

    PASSED = "passed"
    FAILED = "failed"
    EXEMPT = "exempt"
    TODO = "todo"
    BROKEN = "broken"
    """The rule itself failed: that is a fault of the suite, and says nothing of the connector."""


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What became of a rule; `reason` says why it failed or does not hold here, or what could not be judged."""

    outcome: RuleOutcome
    reason: str = ""


class NotHere(Exception):
    """A rule says nothing of this connector, such as one about papers of a connector that sends none."""


class Note(str):
    """Told among a rule's problems, and none: what there is of a connector that the rule could not judge, and why."""

    __slots__ = ()


def some(things: Iterable[Thing], what: str) -> Sequence[Thing]:
    """These things. NotHere where there are none: a rule that nothing was asked of has not passed."""
    found = [*things]
    if not found:
        raise NotHere(f"nothing to judge: no {what}")
    return found


def beside(judged: int, notes: Sequence[Note]) -> Sequence[Note]:
    """Notes beside so many things that were judged. NotHere where there was none: the rule has not passed."""
    if not judged:
        raise NotHere("; ".join(["nothing to judge", *notes]))
    return notes


@dataclass(frozen=True, slots=True)
class Rule:
    """A promise of every connector. `problems` tells what breaks it; nothing means that it holds.

    A live rule needs a twin: an authority, standing in, that the connector talks to over HTTP.
    """

    name: str
    zh: str
    en: str
    problems: Callable[[Subject], Iterator[str]]
    live: bool = False

    def words(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def judge(rule: Rule, subject: Subject) -> RuleVerdict:
    """The verdict on a connector. What its manifest exempts is asked all the same: an exemption must be needed."""
    verdict = _ask(rule, subject)
    declared = subject.manifest.quality.get(rule.name)
    if declared is None or verdict.outcome is RuleOutcome.BROKEN:
        return verdict
    if verdict.outcome is RuleOutcome.PASSED:
        return RuleVerdict(RuleOutcome.FAILED, f"it holds; take {rule.name} out of [quality] in manifest.toml")
    word, _, reason = declared.partition(": ")
    return RuleVerdict(RuleOutcome(word), reason)


def _ask(rule: Rule, subject: Subject) -> RuleVerdict:
    problems, notes = list[str](), list[str]()
    try:
        for told in rule.problems(subject):
            (notes if isinstance(told, Note) else problems).append(told)
            if len(problems) == SHOWN:
                break
    except NotHere as error:
        return RuleVerdict(RuleOutcome.EXEMPT, str(error))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a connector raises is the answer
        if is_own_fault(error, getattr(rule.problems, "__module__", "")):
            return RuleVerdict(
                RuleOutcome.BROKEN, f"the rule itself failed: {raised_at(error)}: {type(error).__name__}: {error}"
            )
        return RuleVerdict(RuleOutcome.FAILED, f"{type(error).__name__}: {error}")
    return (
        RuleVerdict(RuleOutcome.FAILED, "; ".join(problems))
        if problems
        else RuleVerdict(RuleOutcome.PASSED, "; ".join(notes))
    )
