"""Rules, and what becomes of them for a connector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from connectors.sdk.testing.subject import Subject

SHOWN = 5
"""So many problems of one rule are told; the rest are like them."""


class Outcome(StrEnum):
    """What can become of a rule."""

    PASSED = "passed"
    FAILED = "failed"
    EXEMPT = "exempt"
    TODO = "todo"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a rule; `reason` says why it failed or does not hold here."""

    outcome: Outcome
    reason: str = ""


class NotHere(Exception):
    """A rule says nothing of this connector, such as one about papers of a connector that sends none."""


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


def judge(rule: Rule, subject: Subject) -> Verdict:
    """The verdict on a connector. What its manifest exempts is asked all the same: an exemption must be needed."""
    verdict = _ask(rule, subject)
    declared = subject.manifest.quality.get(rule.name)
    if declared is None:
        return verdict
    if verdict.outcome is Outcome.PASSED:
        return Verdict(Outcome.FAILED, f"it holds; take {rule.name} out of [quality] in manifest.toml")
    word, _, reason = declared.partition(": ")
    return Verdict(Outcome(word), reason)


def _ask(rule: Rule, subject: Subject) -> Verdict:
    try:
        problems = list(islice(rule.problems(subject), SHOWN))
    except NotHere as error:
        return Verdict(Outcome.EXEMPT, str(error))
    except Exception as error:  # noqa: BLE001 - whatever a connector raises is the answer
        return Verdict(Outcome.FAILED, f"{type(error).__name__}: {error}")
    return Verdict(Outcome.FAILED, "; ".join(problems)) if problems else Verdict(Outcome.PASSED)
