"""What the file of a paper declares has to come about: its fields reach the wire, its milestones are brought."""

from __future__ import annotations

import pytest

from connectors.sdk.testing import RULES
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import RuleOutcome, judge
from tests.support.sdk.packages import Change, Make, make

__all__ = ["make"]
RULE = {rule.name: rule for rule in RULES}
FILE, SENT = "papers/notice.toml", "samples/NAME.notice.sent.json"
HEAD = "**{name: write_value(value) for name, value in paper.head.items()},"
LINES = "[{name: write_value(value) for name, value in line.items()} for line in paper.lines"
ACCEPTED, NORMAL = '"已受理", "Accepted"', 'normal = "1d"'
OWN = 'brings = ["NAME.seen"]\n\n[milestones."NAME.seen"]\nzh = "已查"\nen = "it was seen"\n\n[head]'


def verdict(make: Make, rule: str, *changes: Change) -> tuple[RuleOutcome, str]:
    made = make(*changes)
    judged = judge(RULE[rule], Subject(made.connector))
    return judged.outcome, judged.reason.replace(made.connector.manifest.code, "NAME")


def without(name: str, where: str) -> Change:
    """The submission leaves a field out of the message."""
    return Change("submissions.py", where, where.replace(".items()", f'.items() if name != "{name}"'))


@pytest.mark.parametrize(("name", "where", "place"), [("shipper", HEAD, "shipper"), ("sku", LINES, "goods[].sku")])
def test_a_field_that_is_not_written_is_named(make: Make, name: str, where: str, place: str) -> None:
    outcome, reason = verdict(make, "reaches-wire", without(name, where))
    assert (outcome, reason) == (
        RuleOutcome.FAILED,
        f"papers/notice.toml: {place} changes nothing in the message; write it in submissions.py, or delete the line",
    )


def test_a_field_that_is_only_looked_up_in_a_table_is_read(make: Make) -> None:
    looked_up = Change(
        "submissions.py", '"notice": paper.guid,',
        '"notice": paper.guid,\n            "by": {"Xuchang Hair Products Co., Ltd.": 1}[str(paper.head["shipper"])],',
    )  # fmt: skip
    assert verdict(make, "reaches-wire", without("shipper", HEAD), looked_up)[0] is RuleOutcome.PASSED


def test_a_milestone_that_the_file_does_not_name_is_told_with_the_nearest(make: Make) -> None:
    brings = Change(FILE, NORMAL, f'{NORMAL}\nbrings = ["released"]')
    code = Change("codes.py", ACCEPTED, f'{ACCEPTED}, "releasd"')
    outcome, reason = verdict(make, "code-milestones", brings, code)
    assert outcome is RuleOutcome.FAILED
    assert "'releasd' does not stand in brings of papers/notice.toml; near to it: released" in reason
    assert "papers/notice.toml: brings: no code of codes.py brings 'released' about; near to it: releasd" in reason


def test_a_milestone_of_its_own_that_a_code_brings_about_is_one(make: Make) -> None:
    file = Change(FILE, "[head]", OWN)
    code = Change("codes.py", ACCEPTED, f'{ACCEPTED}, "NAME.seen"')
    assert verdict(make, "code-milestones", file, code) == (RuleOutcome.PASSED, "")
    assert verdict(make, "code-milestones", file)[0] is RuleOutcome.FAILED, "nothing brings it about"
    assert verdict(make, "code-milestones", code)[0] is RuleOutcome.FAILED, "the file does not name it"


def test_a_folder_of_papers_holds_papers_alone(make: Make) -> None:
    made = make()
    folder = made.home / f"connector_{made.connector.manifest.code}" / "papers"
    (folder / "notes.txt").write_text("later", "utf-8")
    judged = judge(RULE["files"], Subject(made.connector))
    assert judged.reason == "papers/notes.txt is no kind of paper; each is declared in papers/<kind>.toml"
