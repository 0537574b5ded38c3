"""The rule about fields: what a paper declares is typed or worked out by somebody, so it has to reach the wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from connectors.sdk.errors import Bug
from connectors.sdk.papers import Action, Paper, Value
from connectors.sdk.submission import Submission
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import NotHere, Rule, some

LATER = timedelta(days=1, hours=1)


def reaches_the_wire(subject: Subject) -> Iterator[str]:
    """Of each field there is a sample in which another value makes another message, or is refused by `check`."""
    if not subject.manifest.papers:
        raise NotHere("it sends no papers")
    samples = some((one.paper for one in subject.samples.sent), "sample of a paper")
    for kind, declared in subject.manifest.papers.items():
        papers = [one for one in samples if one.kind == kind and one.action is not Action.WITHDRAW]
        submission, file = subject.connector.submissions[kind], f"papers/{kind.partition('.')[2]}.toml"
        for place, _, _ in declared.fields():
            tried = [reaches(submission, paper, *one) for paper in papers for one in otherwise(paper, place)]
            if not tried:
                yield f"{file}: {place} is in no sample; write it into {kind}.paper.json, or delete the line"
            elif not any(tried):
                yield f"{file}: {place} changes nothing in the message; write it in submissions.py, or delete the line"


def otherwise(paper: Paper, place: str) -> Iterator[tuple[str, Paper]]:
    """The paper with another value in a field, once for each line that has it, and where that is (`goods[0].unit`)."""
    group, marker, name = place.rpartition("[].")
    if not marker:
        if name in paper.head:
            yield name, replace(paper, head=_with_another(paper.head, name))
        return
    rows = paper.lines.get(group, ())
    for index, row in enumerate(rows):
        if name in row:
            changed = [*rows[:index], _with_another(row, name), *rows[index + 1 :]]
            yield f"{group}[{index}].{name}", replace(paper, lines={**paper.lines, group: changed})


def reaches(submission: Submission, paper: Paper, where: str, changed: Paper) -> bool:
    """Whether the change shows: in the message, as a problem with that very field, or as a code that there is not."""
    if any(problem.field == where for problem in submission.check(changed)):
        return True
    try:
        return _letter(submission, changed) != _letter(submission, paper)
    except (Bug, LookupError):  # nothing but this value is another one
        return True


def _letter(submission: Submission, paper: Paper) -> bytes:
    return submission.letter(submission.encode([paper]))


def _with_another(values: Mapping[str, Value], name: str) -> dict[str, Value]:
    return {**values, name: another(values[name])}


def another(value: Value) -> Value:
    """Another value of the same type."""
    if isinstance(value, date):  # a point in time is one, too
        return value + LATER
    return value + 1 if isinstance(value, int | Decimal) else f"{value}7"


RULES = (
    Rule(
        "reaches-wire",
        "所列字段都进入报文",
        "Every field of a paper reaches the wire",
        reaches_the_wire,
    ),
)
