"""The contract suite over other kinds of pages and of paging; what it misses, what it cannot judge, what breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from marshmallow import ValidationError

from connectors.sdk import BadData
from connectors.sdk.testing import RULES, Rule, RuleOutcome, RuleVerdict, conformance
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import Note, NotHere, judge
from hub.cli.connector import exit_code
from tests.support.sdk.packages import Change, Made, Make, make
from tests.support.sdk.planted import PAGES, READ, last_is, pages
from tests.support.sdk.variants import VARIANTS

__all__ = ["make"]
RULE = {rule.name: rule for rule in RULES}
SLOW = {"when-silent", "when-endless"}
"""The same for every kind of page."""
NOT_THERE = {"asked", "pushes", "push-names", "strangers"}
"""What the connector that is written has not: doors, and a stream that is asked by object or by time."""
TELLS_TOKENS = VARIANTS["a token that is null on the last page"][1:]
DROPS_THE_LAST = """cursor = ask.cursor
        while cursor is not None:
            page = http.get("results", params={"after": cursor or "0", "limit": PAGE})
            cursor = __import__("json").loads(page.body)["next"]
            if cursor:
                cursor = str(cursor)
                yield page
        return"""


def verdict_on(made: Made, name: str) -> RuleVerdict:
    return judge(RULE[name], Subject(made.connector, made.twin))


@pytest.mark.parametrize("name", VARIANTS)
def test_a_sound_connector_of_any_kind_keeps_every_rule(make: Make, name: str) -> None:
    made = make(*VARIANTS[name])
    subject = Subject(made.connector, made.twin)
    verdicts = {rule.name: judge(rule, subject) for rule in RULES if rule.name not in SLOW}
    assert {one: verdict.reason for one, verdict in verdicts.items() if verdict.outcome is RuleOutcome.FAILED} == {}
    assert {one for one, verdict in verdicts.items() if verdict.outcome is not RuleOutcome.PASSED} == NOT_THERE


def test_a_last_page_that_is_dropped_is_missed(make: Make) -> None:
    """Its token is null, and the walk takes that for an empty page: five results served, four read."""
    made = make(*TELLS_TOKENS, Change("streams.py", PAGES, DROPS_THE_LAST))
    verdict = verdict_on(made, "served")
    assert verdict.outcome is RuleOutcome.FAILED
    assert "results: a page is asked for and not handed on; document_event 5D0E7E0B" in verdict.reason
    unsaid = judge(RULE["served"], Subject(made.connector, replace(made.twin, served=None)))
    assert unsaid.outcome is RuleOutcome.FAILED, "the answers at the desk are enough to see it"


def test_a_second_page_that_is_never_asked_for_is_missed(make: Make) -> None:
    made = make(pages("yield next(source)"))
    assert "in pages of 2, the twin served 5D0E7E0B" in verdict_on(made, "served").reason
    unsaid = judge(RULE["served"], Subject(made.connector, replace(made.twin, served=None)))
    assert "results: in pages of 2 it reads other things, such as document_event 5D0E7E0B" in unsaid.reason


def test_a_twin_that_does_not_say_what_it_served_is_told_of(make: Make) -> None:
    made = make()
    unsaid = judge(RULE["served"], Subject(made.connector, replace(made.twin, served=None)))
    assert unsaid == RuleVerdict(RuleOutcome.PASSED, "the twin does not say what it served (Twin.served)")
    wrong = judge(RULE["served"], Subject(made.connector, replace(made.twin, served=lambda app, stream: [])))
    assert "results: the twin says that it served nothing (Twin.served), and 4 records were read" in wrong.reason


def test_paging_that_is_stopped_is_told_with_its_reason(make: Make) -> None:
    made = make(*last_is('return str(read_list(page.body, "results")[-1]["number"])'))
    verdict = verdict_on(made, "served")
    assert "results: results: what follows this page cannot be told: the connector's fault: KeyError" in verdict.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("served", "nothing to judge; results: the twin says nothing"),
        ("broken-off", "nothing to judge; results: the twin says nothing"),
        ("cursor", "nothing to judge; results: the twin says nothing"),
        ("understands", "nothing to judge; results: the twin says nothing"),
    ],
)
def test_where_a_twin_says_nothing_no_rule_passes_that_is_about_what_it_says(
    make: Make, name: str, reason: str
) -> None:
    made = make(
        Change("tests/twin.py", "app=opened", "app=create_app"), Change("tests/twin.py", "said.append(", "str(")
    )
    assert verdict_on(made, name) == RuleVerdict(RuleOutcome.EXEMPT, reason)


def test_a_stream_of_one_page_is_no_proof_of_a_second(make: Make) -> None:
    made = make()
    subject = Subject(made.connector, replace(made.twin, lengths=()))
    assert judge(RULE["broken-off"], subject) == RuleVerdict(
        RuleOutcome.EXEMPT, "nothing to judge; results: one page only"
    )
    assert judge(RULE["served"], subject) == RuleVerdict(RuleOutcome.PASSED, "results: one page only")


@pytest.mark.parametrize(
    "name",
    ["sample-received", "read-again", "read-any-order", "encodings", "garbage", "drift", "bad-member", "code-known"],
)
def test_without_samples_of_pages_no_rule_about_them_passes(make: Make, name: str) -> None:
    refused = "samples/NAME.notice-refused"
    made = make(
        *(Change(f"{one}.{part}.json") for one in ("samples/results", refused) for part in ("received", "records"))
    )
    verdict = verdict_on(made, name)
    assert verdict.outcome is RuleOutcome.EXEMPT
    assert verdict.reason.startswith("nothing to judge")


def test_what_a_rule_could_not_judge_stands_beside_what_it_did() -> None:
    def problems(subject: Subject) -> Iterator[str]:
        yield Note("the other one: nothing came")

    rule = Rule("half", "一半", "Half of it", problems)
    assert judge(rule, blank()) == RuleVerdict(RuleOutcome.PASSED, "the other one: nothing came")


def blank() -> Subject:
    from connectors.tax.connector import Tax

    return Subject(Tax)


def breaks(subject: Subject) -> Iterator[str]:
    yield "so far so good" if not subject.manifest.code else str({}["a slip of the rule"])


def asks(subject: Subject) -> Iterator[str]:
    yield from (str(one) for one in subject.connector.streams["results"].read(None))  # type: ignore[arg-type]


def test_a_rule_that_breaks_down_says_nothing_of_the_connector() -> None:
    broken = Rule("broken", "坏", "It breaks", breaks)
    verdict = judge(broken, blank())
    assert verdict.outcome is RuleOutcome.BROKEN
    assert verdict.reason.startswith(f"the rule itself failed: {__file__}:")
    assert "in breaks: KeyError: 'a slip of the rule'" in verdict.reason
    with pytest.raises(pytest.fail.Exception, match="It breaks: the rule itself failed"):
        conformance(blank().kind, None)(broken)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ('{}["gone"]', "KeyError: 'gone'"),
        ("__import__('json').loads('{')", "JSONDecodeError"),
        ("__import__('lxml.etree').etree.fromstring('<')", "XMLSyntaxError"),
        ("__import__('sys').exit('bye')", "SystemExit: bye"),
        ("len(None)", "TypeError"),
    ],
)
def test_what_a_connector_raises_is_the_connectors(make: Make, raised: str, said: str) -> None:
    """Also out of a library that it calls."""
    made = make(Change("streams.py", READ, f"{raised}\n        {READ}"))
    verdict = verdict_on(made, "sample-received")
    assert verdict.outcome is RuleOutcome.FAILED
    assert said in verdict.reason


@pytest.mark.parametrize("error", [BadData("no"), ValidationError("no")])
def test_what_is_raised_on_purpose_is_the_connectors(error: Exception) -> None:
    def problems(subject: Subject) -> Iterator[str]:
        raise error
        yield ""

    assert judge(Rule("on purpose", "故意", "On purpose", problems), blank()).outcome is RuleOutcome.FAILED


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("return None", "what `read` gives are no records, but None"),
        ('return iter(["row"])', "`read` gives 'row', which is no record"),
        ("return iter([(dict, {})])", "which is no record"),
    ],
)
def test_what_is_no_record_is_said(make: Make, given: str, said: str) -> None:
    assert said in verdict_on(make(Change("streams.py", READ, given)), "sample-received").reason


def test_a_stream_without_pages_is_said(make: Make) -> None:
    assert (
        "results: what `pages` gives are no pages, but None"
        in verdict_on(make(Change("streams.py", PAGES, "return None")), "served").reason
    )


@pytest.mark.parametrize("records", ["[]", "{}", '{"stream": "results", "records": [1]}'])
def test_a_sample_that_is_none_is_said(make: Make, records: str) -> None:
    verdict = verdict_on(make(Change("samples/results.records.json", None, records)), "sample-received")
    assert verdict.outcome is RuleOutcome.FAILED
    assert "results.records.json: an object with a list of `records` is wanted" in verdict.reason


def test_an_exemption_does_not_cover_a_rule_that_breaks_down(make: Make) -> None:
    made = make(Change("manifest.toml", "# [quality]", '[quality]\nbroken = "exempt: x"'))
    assert judge(Rule("broken", "坏", "It breaks", breaks), Subject(made.connector)).outcome is RuleOutcome.BROKEN


def test_the_exit_code_tells_a_fault_of_the_suite_from_one_of_the_connector() -> None:
    assert exit_code({RuleOutcome.PASSED, RuleOutcome.EXEMPT, RuleOutcome.TODO}) == 0
    assert exit_code({RuleOutcome.PASSED, RuleOutcome.FAILED}) == 1
    assert exit_code({RuleOutcome.FAILED, RuleOutcome.BROKEN}) == 70


def test_a_rule_that_is_not_about_this_connector_does_not_pass() -> None:
    def problems(subject: Subject) -> Iterator[str]:
        raise NotHere("nobody may push to it")
        yield ""

    assert judge(Rule("x", "无", "None", problems), blank()) == RuleVerdict(RuleOutcome.EXEMPT, "nobody may push to it")
