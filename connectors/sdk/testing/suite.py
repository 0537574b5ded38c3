"""Every rule, and the two ways to ask them: all at once for the command line, one by one as tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from connectors.sdk.connector import Connector
from connectors.sdk.testing import (
    of_asking,
    of_codes,
    of_hooks,
    of_packages,
    of_pages,
    of_safety,
    of_samples,
    of_talking,
    of_troubles,
    of_wires,
)
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.twin import Twin
from connectors.sdk.testing.verdicts import Rule, RuleOutcome, RuleVerdict, judge


def exempts_known_rules(subject: Subject) -> Iterator[str]:
    """An exemption of a rule that there is not excuses nothing: it is misspelt, or outlived its rule."""
    known = {rule.name for rule in RULES}
    for name in sorted(subject.manifest.quality):
        if name not in known:
            yield f"[quality] names {name}, and there is no such rule"


RULES: tuple[Rule, ...] = (
    *of_packages.RULES,
    Rule("quality", "豁免只针对现有规则", "Exemptions are of rules that there are", exempts_known_rules),
    *of_codes.RULES,
    *of_samples.RULES,
    *of_wires.RULES,
    *of_safety.RULES,
    *of_hooks.RULES,
    *of_talking.RULES,
    *of_pages.RULES,
    *of_asking.RULES,
    *of_troubles.RULES,
)


def check(connector: type[Connector], twin: Twin | None = None) -> Iterator[tuple[Rule, RuleVerdict]]:
    """Each rule with its verdict; the live ones where there is a twin. A connector that cannot be built fails once."""
    subject = Subject(connector, twin)
    for rule in RULES:
        if rule.live and twin is None:
            continue
        verdict = judge(rule, subject)
        yield rule, verdict
        if rule.name == "builds" and verdict.outcome is RuleOutcome.FAILED:
            return


def conformance(connector: type[Connector], twin: Twin) -> Callable[[Rule], None]:
    """The contract suite as a test, one case for each rule: `test_tax = conformance(Tax, TWIN)`."""
    import pytest  # only whoever runs tests has it

    subject = Subject(connector, twin)

    @pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in RULES])
    def holds(rule: Rule) -> None:
        verdict = judge(rule, subject)
        if verdict.outcome is RuleOutcome.EXEMPT:
            pytest.skip(f"exempt: {verdict.reason}")
        if verdict.outcome is RuleOutcome.TODO:
            pytest.xfail(verdict.reason)
        if verdict.outcome in (RuleOutcome.FAILED, RuleOutcome.BROKEN):
            pytest.fail(f"{rule.en}: {verdict.reason}", pytrace=False)

    return holds
