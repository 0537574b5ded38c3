"""Why a field of a paper has its value: what was kept with the version that went out, and what that was read from.

A version keeps of each field its value, the text of its source and as of when (`hub.dossiers.rows.Evidence`). Here the
text is followed to what it names: who typed it, which row of an authority, what a computation read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select

from connectors.sdk.instants import day_of
from hub.dossiers.dossier import Dossier, DossierLine
from hub.dossiers.loading import open_dossiers, open_store
from hub.errors import HubError, NotFound
from hub.model import DeliveryAttempt, PaperVersion
from hub.model.row_states import DeliveryOutcome
from hub.papers.derivation import Derivation, Derived, Missing, derive
from hub.papers.desk import Desk
from hub.papers.sources import MissingError, ValueSource
from hub.progress.evidence_reads import EvidenceReader, Read
from hub.progress.waiting import awaited_milestones

SOURCE = re.compile(r"(?P<kind>\w+):(?P<path>[^ ]*)(?: \((?P<how>.*)\))?", re.DOTALL)
LINE = re.compile(r"(\w+)\[(\d+)\]\.(\w+)")
RULE = re.compile(
    r"\d{6} edition(?:, [A-Z]{3}\d{3} \w+)?|[^\s(（:,]*(?:公告\s?\d{4}年第\d+号|〔\d{4}〕\d+号)|Incoterms \d{4}"
)
"""How the docstrings of computations name a form, an announcement (公告) or an order."""


class FieldPlace(NamedTuple):
    """A field by its name, and the line that it stands in: `goods[2].hs_code`, or the head's where group is empty."""

    group: str
    line: int
    name: str


class Lack(NamedTuple):
    """What is not there yet: a word of `hub.errors.LACKS`, a path of the entry, or a milestone; and who brings it.

    `kinds` are the papers whose progress brings it; `path` is where in the entry a person says it.
    """

    what: str
    milestone: bool
    kinds: tuple[str, ...] = ()
    path: str = ""


@dataclass(slots=True)
class Why:
    """The answer for one field of one paper.

    `standing` is `sent` (this version went out), `written`, `planned` (it would be so now), `missing` or `left_out`
    (the paper is complete without it). `version` is 0 where none is written; `source` is the text of the evidence.
    """

    name: str
    standing: str
    version: int = 0
    value: str | None = None
    sent_at: datetime | None = None
    source: str = ""
    as_of: datetime | None = None
    computation: str = ""
    meaning: str = ""
    how: str = ""
    rules: list[str] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)


def why(connection: Connection, desk: Desk, document: Row[Any], name: str, version: int | None = None) -> Why:
    """Answers for the newest version that went out, else the newest that is written, or the one that is named.

    PAPER_FIELD_UNKNOWN where the paper has no such field; NOT_FOUND where it has no such version.
    """
    derivation = desk.derivations.get(document.kind)
    if derivation is None:  # its connector is left out
        raise HubError("PAPER_UNWRITABLE", number=document.number, version=document.version, cause=document.kind)
    (dossier,) = open_dossiers(connection, [document.subject_id], day_of(desk.now()))
    kept = _kept(connection, document.id, version)
    if kept is None:
        if version is not None:
            raise NotFound("paper", f"{document.number} v{version}")
        derived = derive(derivation, dossier, document.part)
        lines = {group: len(written) for group, written in derived.lines.items()}
        place = _place(document, derivation, name, lines)
        trade, line = _line(derivation, place, dossier, document.part)
        reader = EvidenceReader(connection, trade)
        answer = _from_now(derived, name, _missing(derivation, place, trade, line), desk)
        answer.lacks += _milestones(desk, dossier, document)
    else:
        lines = {group: len(written) for group, written in kept.content["lines"].items()}
        place = _place(document, derivation, name, lines)
        answer = _from_kept(kept, name)
        reader = EvidenceReader(connection, _line(derivation, place, dossier, document.part)[0])
        reader.as_known(open_store(connection, reader.hs_codes()), kept.derived_at)
    _follow(answer, place, derivation, _line(derivation, place, dossier, document.part)[1], reader)
    return answer


def _milestones(desk: Desk, dossier: Dossier, document: Row[Any]) -> list[Lack]:
    """The milestones that a paper waits for, and which papers bring them."""
    return [
        Lack(name, milestone=True, kinds=tuple(desk.plan.bringers(name)))
        for name in awaited_milestones(dossier, desk, document.kind, document.part)
    ]


def _kept(connection: Connection, document_id: int, version: int | None) -> Row[Any] | None:
    """The version that is asked about, with when it went out."""
    delivered = (
        select(DeliveryAttempt.version, func.max(DeliveryAttempt.ended_at).label("sent_at"))
        .where(DeliveryAttempt.document_id == document_id, DeliveryAttempt.outcome == DeliveryOutcome.DELIVERED)
        .group_by(DeliveryAttempt.version)
        .subquery()
    )
    chosen = (
        select(PaperVersion.__table__, delivered.c.sent_at)
        .outerjoin(delivered, delivered.c.version == PaperVersion.version)
        .where(PaperVersion.document_id == document_id)
        .order_by(delivered.c.sent_at.is_(None), PaperVersion.version.desc())
        .limit(1)
    )
    return connection.execute(
        chosen if version is None else chosen.where(PaperVersion.version == version)
    ).one_or_none()


def _from_kept(kept: Row[Any], name: str) -> Why:
    standing = "sent" if kept.sent_at else "written"
    for one in kept.evidence:
        if one["name"] == name:
            as_of = datetime.fromisoformat(one["as_of"]) if one["as_of"] else None
            return Why(name, standing, kept.version, one["value"], kept.sent_at, one["source"], as_of)
    return Why(name, "left_out", kept.version, sent_at=kept.sent_at)


def _from_now(derived: Derived, name: str, missing: Missing | None, desk: Desk) -> Why:
    """Of a paper that is not written: what would stand there now, or what is missing."""
    missing = next((one for one in derived.missing if one.name == name), missing)
    if missing:
        return Why(name, "missing", source=missing.source.text, lacks=[_lack(missing, desk)])
    for one in derived.evidence:
        if one["name"] == name:
            as_of = datetime.fromisoformat(one["as_of"]) if one["as_of"] else None
            return Why(name, "planned", 0, one["value"], None, one["source"], as_of)
    return Why(name, "left_out")


def _missing(derivation: Derivation, place: FieldPlace, dossier: Dossier, line: DossierLine) -> Missing | None:
    """What a field waits for that may be left out in the end. A computation that gives nothing waits for nothing."""
    source = _source_of(derivation, place)
    try:
        source.read(dossier, line)
    except MissingError as error:
        if str(error) != source.path:
            return Missing(place.name, source, str(error), line.place, error.path, error.problem)
    return None


def _lack(missing: Missing, desk: Desk) -> Lack:
    path = missing.problem.path if missing.problem else missing.path
    if missing.source.kind == "entry":
        path = missing.what
    return Lack(missing.what, milestone=False, kinds=_givers(missing, desk), path=path)


def _givers(missing: Missing, desk: Desk) -> tuple[str, ...]:
    """The papers whose answer gives a fact that is missing."""
    kind, _, fact = missing.what.partition(":")
    return tuple(one.kind for one in desk.kinds.values() if fact in one.gives) if kind == "fact" else ()


def _place(document: Row[Any], derivation: Derivation, name: str, lines: Mapping[str, int]) -> FieldPlace:
    found = LINE.fullmatch(name)
    if found:
        group, line, own = found[1], int(found[2]), found[3]
        if group in derivation.groups and own in derivation.groups[group].fields and line < lines.get(group, 0):
            return FieldPlace(group, line, own)
    elif name in derivation.head:
        return FieldPlace("", 0, name)
    each = [f"{group}[{line}].{own}" for group, own in _of_lines(derivation) for line in range(lines.get(group, 0))]
    shown = [f"{group}[{_range(lines.get(group, 0))}].{own}" for group, own in _of_lines(derivation)]
    near = get_close_matches(name, [*derivation.head, *each], n=3, cutoff=0.0)
    known = ", ".join([*derivation.head, *shown])
    raise HubError("PAPER_FIELD_UNKNOWN", field=name[:100], kind=document.kind, near=", ".join(near), known=known)


def _of_lines(derivation: Derivation) -> Iterator[tuple[str, str]]:
    return ((group, own) for group, rows in derivation.groups.items() for own in rows.fields)


def _range(count: int) -> str:
    return "0" if count < 2 else f"0…{count - 1}"


def _source_of(derivation: Derivation, place: FieldPlace) -> ValueSource:
    return (derivation.groups[place.group].fields if place.group else derivation.head)[place.name]


def _line(derivation: Derivation, place: FieldPlace, dossier: Dossier, part: int) -> tuple[Dossier, DossierLine]:
    """The dossier that a line is derived from, and what it is a line of, in the entry as it was."""
    if place.group:
        for number, found in enumerate(derivation.groups[place.group].lines(dossier, part)):
            if number == place.line:
                return found
    return dossier, DossierLine(place.line, {}, part)


def _follow(answer: Why, place: FieldPlace, derivation: Derivation, line: DossierLine, reader: EvidenceReader) -> None:
    """Where the text of a source leads: to one thing that was read, or to a computation and all that it read."""
    source = _source_of(derivation, place)
    answer.source = answer.source or source.text
    found = SOURCE.fullmatch(answer.source)
    if found is None or f"{found['kind']}:{found['path']}" != source.text:
        return  # it was derived from elsewhere then
    answer.how = found["how"] or ""
    each = derivation.groups[place.group].each if place.group else ""
    answer.reads = [*reader.read(source, line, each)]
    if source.kind == "computed":
        answer.computation, answer.meaning = source.path, source.meaning.partition("\n")[0]
        answer.rules = list(dict.fromkeys(RULE.findall(source.meaning)))
        return
    for one in answer.reads:
        if source.kind != "entry" and answer.value is not None:
            one.value, one.as_of = answer.value, answer.as_of
