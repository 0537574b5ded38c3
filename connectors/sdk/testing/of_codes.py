"""Rules about codes: both languages, a way out, and never a success by mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connectors.sdk.inside.toml_files import nearest_of
from connectors.sdk.states import HAVING_IT, NEED_A_CODE, NEED_A_WAY_OUT, Ruling
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import NotHere, Rule, some

Table = Mapping[tuple[str, str], Ruling]


def speaks_two_languages(subject: Subject) -> Iterator[str]:
    """Staff read Chinese, partners abroad English; a code that says nothing is called about."""
    for said, ruling in some(_table(subject).items(), "code"):
        if not ruling.zh or ruling.zh.isascii():
            yield f"{said}: no Chinese words"
        if not ruling.en or not ruling.en.isascii():
            yield f"{said}: no English words"


def shows_a_way_out(subject: Subject) -> Iterator[str]:
    """A rejection, a hold or a call for attention is of use only with what to do about it, in both languages."""
    for said, ruling in some(_table(subject).items(), "code"):
        needed = ruling.attention or ruling.state in NEED_A_WAY_OUT
        ways = (ruling.way_out_zh, ruling.way_out_en)
        if needed and not all(ways):
            yield f"{said}: asks for a person and does not say what to do, in both languages"
        elif any(ways) and (not all(ways) or ways[0] == ways[1]):
            yield f"{said}: the way out stands in one language only"


def brings_about_what_is_declared(subject: Subject) -> Iterator[str]:
    """What no file of a paper names, or what a refused paper brings about, would send other papers wrongly."""
    brought: dict[str, set[str]] = {kind: set() for kind in subject.manifest.papers}
    for said, ruling in some(_table(subject).items(), "code"):
        if not ruling.milestone:
            continue
        if ruling.state not in HAVING_IT:
            yield f"{said}: brings about {ruling.milestone!r} though the authority has not taken the paper"
        kinds = _kinds_of(subject, said[0])
        declared = {name for kind in kinds for name in subject.manifest.papers[kind].brings}
        if ruling.milestone not in declared:
            files, near = " or ".join(map(_file, kinds)) or "no file", nearest_of(ruling.milestone, declared)
            yield f"codes.py {said}: {ruling.milestone!r} does not stand in brings of {files}; {near}"
        for kind in kinds:
            brought[kind].add(ruling.milestone)
    for kind, names in brought.items():
        for name in sorted({*subject.manifest.papers[kind].brings} - names):
            yield f"{_file(kind)}: brings: no code of codes.py brings {name!r} about; {nearest_of(name, names)}"


def ends_every_paper(subject: Subject) -> Iterator[str]:
    """Without such rulings a paper would stay where it is for ever, or count as taken whatever was said."""
    if not subject.manifest.papers:
        raise NotHere("it sends no papers")
    for kind in subject.manifest.papers:
        names = {kind, "*", *_other_names(subject, kind)}
        states = {ruling.state for (about, _), ruling in _table(subject).items() if about in names}
        for state in NEED_A_CODE:
            if state not in states:
                yield f"{kind}: no code leads to {state}"


def knows_what_was_said(subject: Subject) -> Iterator[str]:
    """A code of the samples that is in no table would ask for a person each time it comes."""
    events = [
        (sample.name, record)
        for sample in subject.samples.received
        for record in sample.records
        if record["noun"] == "document_event"
    ]
    for name, record in some(events, "event about a paper in the samples"):
        kind, code = record["about_kind"], record["code"]
        if not {(kind, code), ("*", code)} & set(_table(subject)):
            yield f"{name}: {code!r} about {kind} is in no table"


def _other_names(subject: Subject, kind: str) -> set[str]:
    """Names under which the authority goes on about a kind of paper: identifiers that it gave one."""
    events = (record for sample in subject.samples.received for record in sample.records)
    return {name for event in events if event.get("about_kind") == kind for name in event.get("references") or ()}


def _kinds_of(subject: Subject, about: str) -> list[str]:
    """The kinds of paper that a code can be about: one, that of a line, every kind (`*`), or that of an identifier."""
    kinds = subject.manifest.papers
    return [kind for kind in kinds if about in (kind, "*", f"{kind}.line") or about in _other_names(subject, kind)]


def _file(kind: str) -> str:
    return f"papers/{kind.partition('.')[2]}.toml"


def _table(subject: Subject) -> Table:
    return subject.connector.codes.table


RULES = (
    Rule("code-words", "每个代码有中英文说明", "Every code is said in Chinese and in English", speaks_two_languages),
    Rule("code-way-out", "退单与待办均有办法", "Whoever is asked for is told what to do", shows_a_way_out),
    Rule(
        "code-milestones",
        "里程碑只由已受理的单证带来，并见于其文件",
        "Only a paper that was taken brings anything about, and what its file says",
        brings_about_what_is_declared,
    ),
    Rule("code-ends", "每种单证可退回、可办结", "Every kind of paper can be refused and finished", ends_every_paper),
    Rule("code-known", "样例中的代码都在表中", "Every code of the samples is in the table", knows_what_was_said),
)
