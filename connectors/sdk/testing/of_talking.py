"""Live rules of a working authority: a paper is taken once, whatever happens, and what is said is understood."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice

from connectors.sdk.errors import NeedsCredentials, OutcomeUnknown
from connectors.sdk.states import State
from connectors.sdk.testing.faults import obliging, saves_and_hangs_up
from connectors.sdk.testing.samples import ASIDE, loaded
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import Note, NotHere, Rule, beside, some
from connectors.sdk.testing.visit import (
    MOST_PAGES,
    caught,
    ends_in,
    found,
    hand_all_in,
    has_it,
    name_of,
    new_papers,
    visiting,
)

MARK = "overheard-7f3a"


def sends_each_paper_once(subject: Subject) -> Iterator[str]:
    """The same guid twice is one acceptance in the authority's own books, and no rejection."""
    for paper in some(new_papers(subject), "paper to send"):
        with visiting(subject) as visit:
            if found(visit, paper):
                yield f"{paper.kind}: before it is sent, the authority is said to have it"
            visit.send(paper)
            again = visit.rulings(visit.send(paper), paper)
            if visit.desk.accepted != 1:
                yield f"{paper.kind}: sent twice with the same guid, it was taken {visit.desk.accepted} times"
            if any(ruling.state is State.REJECTED for ruling in again):
                yield f"{paper.kind}: sent again, the answer counts as a rejection though the authority has it"
            answer = found(visit, paper)
            if answer is not None and not has_it(answer):
                yield f"{paper.kind}: it was taken, and asking for it says otherwise"


def finds_what_was_saved(subject: Subject) -> Iterator[str]:
    """The answer is lost after the paper was saved: a time-out is not a failure."""
    for paper in some(new_papers(subject), "paper to send"):
        with visiting(subject) as visit:
            visit.desk.misbehave(saves_and_hangs_up)
            said = ends_in(partial(visit.send, paper))
            if said is not OutcomeUnknown:
                yield f"{paper.kind}: its answer was lost, and that ends in {name_of(said)} instead of OutcomeUnknown"
            visit.desk.misbehave(obliging)
            if visit.connector.submissions[paper.kind].says_back:
                if not has_it(found(visit, paper)):
                    yield f"{paper.kind}: the authority has it, and `find` does not say so"
            else:
                visit.send(paper)
            if visit.desk.accepted != 1:
                yield f"{paper.kind}: after a lost answer it was taken {visit.desk.accepted} times"


def reads_what_its_twin_says(subject: Subject) -> Iterator[str]:
    """Nothing that a working authority says is set aside, and no code of it is unknown."""
    notes = list[Note]()
    streams = some(subject.connector.streams, "stream")
    with visiting(subject) as visit:
        papers = hand_all_in(visit, subject)
        for name in streams:
            records = [
                record
                for page in islice(visit.pages(name, papers), MOST_PAGES)
                for record in loaded(visit.connector.streams[name].read(page))
            ]
            if not records:
                notes.append(Note(f"{name}: the twin says nothing"))
            for record in records:
                if record["noun"] == ASIDE:
                    yield f"{name}: set aside: {record['reason']}"
                elif record["noun"] == "document_event":
                    kind, code = record["about_kind"], record["code"]
                    if not {(kind, code), ("*", code)} & set(visit.connector.codes.table):
                        yield f"{name}: {code!r} about {kind} is in no table"
    yield from beside(len(streams) - len(notes), notes)


def keeps_secrets_when_refused(subject: Subject) -> Iterator[str]:
    """Credentials that are refused stand in no error and in no line of a log."""
    secrets = subject.marked_secrets(MARK)
    if not secrets:
        raise NotHere("it has no secret settings")
    heard = _Ear()
    with heard.listening(), visiting(subject, secrets) as visit:
        error = caught(lambda: visit.http.get(""))
        if not isinstance(error, NeedsCredentials):
            yield f"wrong credentials end in {name_of(type(error) if error else None)} instead of NeedsCredentials"
        for where, text in (("the error", f"{error!r} {error}"), ("the log", "\n".join(heard.lines))):
            if MARK in text:
                yield f"{where} shows a secret setting"


class _Ear(logging.Handler):
    """Hears every line that is logged, of all levels."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    @contextmanager
    def listening(self) -> Iterator[None]:
        root, level = logging.getLogger(), logging.getLogger().level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        try:
            yield
        finally:
            root.removeHandler(self)
            root.setLevel(level)


RULES = (
    Rule("sent-once", "重复发送只受理一次", "A paper sent twice is taken once", sends_each_paper_once, live=True),
    Rule(
        "lost-answer",
        "应答丢失后可查回",
        "A paper whose answer was lost is found, or taken once",
        finds_what_was_saved,
        live=True,
    ),
    Rule(
        "understands",
        "读懂对方所说的一切",
        "What a working authority says is understood",
        reads_what_its_twin_says,
        live=True,
    ),
    Rule(
        "hush",
        "凭证被拒时不泄露密钥",
        "Refused credentials stand in no error and no log",
        keeps_secrets_when_refused,
        live=True,
    ),
)
