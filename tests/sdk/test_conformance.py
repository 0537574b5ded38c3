"""The contract suite itself: a sound connector passes every rule, and every rule can fail, with the reason."""

from __future__ import annotations

import pytest

from connectors.sdk.testing import RULES, RuleOutcome, RuleVerdict, check
from connectors.sdk.testing.of_asking import ASKS_FOR_ALL
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import judge
from tests.support.sdk.packages import Change, Make, make
from tests.support.sdk.planted import BUGS, LONG, OPEN, UNBUILT

__all__ = ["make"]
RULE = {rule.name: rule for rule in RULES}
SLOW = {"when-silent", "when-endless"}
"""Asked about their own bugs alone."""


def test_a_new_connector_keeps_every_rule(make: Make) -> None:
    made = make()
    expected = {name: RuleVerdict(RuleOutcome.PASSED) for name in RULE}
    expected |= dict.fromkeys(
        ("pushes", "push-names", "strangers"), RuleVerdict(RuleOutcome.EXEMPT, "nobody may push to it")
    )
    expected["asked"] = RuleVerdict(RuleOutcome.EXEMPT, f"nothing to judge; results: {ASKS_FOR_ALL}")
    assert {rule.name: verdict for rule, verdict in check(made.connector, made.twin)} == expected


def test_every_rule_has_a_planted_bug() -> None:
    assert set(BUGS) == set(RULE)


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_breaks_its_rule_and_no_other(make: Make, name: str) -> None:
    """What can be said without a twin is asked of every bug; the live rules of those that show in talking only."""
    bug = BUGS[name]
    made = make(*bug.changes)
    subject = Subject(made.connector, made.twin)
    verdict = judge(RULE[name], subject)
    assert verdict.outcome is RuleOutcome.FAILED
    assert bug.said.replace("NAME", made.connector.manifest.code) in verdict.reason
    if name == "builds":
        return  # nothing else can be asked then
    asked = {other for other, rule in RULE.items() if RULE[name].live or not rule.live} - SLOW - {name}
    others = {other: judge(RULE[other], subject) for other in asked}
    bad = {
        other: one.reason for other, one in others.items() if one.outcome in (RuleOutcome.FAILED, RuleOutcome.BROKEN)
    }
    assert set(bad) == bug.also, bad


def test_a_door_that_opens_to_nobody_is_no_door(make: Make) -> None:
    shut = Change("connector.py", "def check(self, push: object) -> None: ...", "check = lambda self, push: 1 / 0")
    verdict = judge(RULE["strangers"], Subject(make(*OPEN, shut).connector))
    assert "ZeroDivisionError" in verdict.reason
    wrong = Change("connector.py", "Anybody()", 'Signed("typed in by hand", signature="S")')
    imported = Change("connector.py", "import Connector, Hook,", "import Connector, Hook, Signed,")
    verdict = judge(RULE["strangers"], Subject(make(*OPEN, wrong, imported).connector))
    assert "news: a push is let in where no secret is set" in verdict.reason


def test_what_cannot_be_built_is_said_once(make: Make) -> None:
    made = make(UNBUILT)
    assert [rule.name for rule, _ in check(made.connector, made.twin)] == ["builds"]


def test_without_a_twin_the_live_rules_are_not_asked(make: Make) -> None:
    assert {rule.name for rule, _ in check(make().connector)} == {name for name, rule in RULE.items() if not rule.live}


@pytest.mark.parametrize("word", ["exempt", "todo"])
def test_what_a_manifest_excuses_is_told_with_its_reason(make: Make, word: str) -> None:
    excuse = Change("manifest.toml", "# [quality]", f'[quality]\nsmall = "{word}: it is a museum piece"')
    subject = Subject(make(LONG, excuse).connector)
    assert judge(RULE["small"], subject) == RuleVerdict(RuleOutcome(word), "it is a museum piece")


def test_an_excuse_that_is_not_needed_is_refused(make: Make) -> None:
    made = make(Change("manifest.toml", "# [quality]", '[quality]\nsmall = "exempt: it is large"'))
    verdict = judge(RULE["small"], Subject(made.connector))
    assert verdict.outcome is RuleOutcome.FAILED
    assert "take small out of [quality]" in verdict.reason


def test_who_asks_though_nothing_is_watched_is_told(make: Make) -> None:
    watches = Change("streams.py", "    records = (Result,)\n", "    records = (Result,)\n    watches = NOTICE\n")
    verdict = judge(RULE["asked"], Subject(*make(watches)[:2]))
    assert verdict == RuleVerdict(RuleOutcome.FAILED, "results: nothing is watched, and it asks all the same")
