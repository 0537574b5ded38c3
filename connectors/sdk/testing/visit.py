"""A connector at the desk of its twin: what live rules are asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from connectors.sdk.connector import Connector
from connectors.sdk.errors import BadData
from connectors.sdk.http import Http, Page, Timeouts
from connectors.sdk.inside.rate_limits import RateLimits, Restraint
from connectors.sdk.papers import Paper
from connectors.sdk.states import MAY_HAVE_IT, Ruling
from connectors.sdk.stream import Ask
from connectors.sdk.testing.samples import ASIDE, loaded
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.twin import TwinDesk, twin_serving
from connectors.sdk.testing.verdicts import NotHere

PATIENT = timedelta(seconds=10)
UNHURRIED = RateLimits(per_second=1_000_000, burst=1_000_000)
"""A twin's clock may stand still, and its own rate would hold the connector back for good."""
MOST_PAGES = 50
EVERYTHING = Ask()


@dataclass(frozen=True, slots=True)
class Visit:
    """A connector at the desk of its twin, over an open line."""

    connector: Connector
    desk: TwinDesk
    http: Http

    def send(self, paper: Paper) -> Page:
        submission = self.connector.submissions[paper.kind]
        return submission.send(self.http, submission.encode([paper]), [paper])

    def rulings(self, answer: Page, paper: Paper) -> list[Ruling]:
        records = loaded(self.connector.submissions[paper.kind].read(answer, [paper]))
        return [
            self.connector.codes.rule(record["about_kind"], record["code"])
            for record in records
            if record["noun"] != ASIDE
        ]

    def pages(self, stream: str, papers: Sequence[Paper], ask: Ask = EVERYTHING) -> Iterator[Page]:
        """Asks a stream, about these papers where it asks about single objects."""
        source = self.connector.streams[stream]
        watched = tuple(
            value
            for paper in papers
            for kind, value in self.connector.submissions[paper.kind].references(paper).items()
            if kind == source.watches
        )
        pages: Any = source.pages(self.http, replace(ask, watched=watched))
        if not isinstance(pages, Iterable):
            raise BadData(f"{stream}: what `pages` gives are no pages, but {pages!r}")
        return iter(pages)


@contextmanager
def visiting(
    subject: Subject, settings: Mapping[str, str] | None = None, patience: timedelta = PATIENT
) -> Iterator[Visit]:
    """A fresh twin, and a connector that has signed in to it."""
    if subject.twin is None:
        raise NotHere("no twin was given")
    desk = TwinDesk(subject.twin)
    with twin_serving(desk) as address:
        connector = subject.build({**subject.twin.settings, "base_url": address, **(settings or {})}, subject.twin.now)
        if not settings:
            with closing(connector.open()) as http:
                http.get("", answers=range(200, 600))  # whoever fetches a token has it before anything goes wrong
        connector.timeouts = Timeouts(patience, patience, patience * 2)
        connector.restraint = Restraint(UNHURRIED, subject.twin.now)
        with closing(connector.open()) as http:
            yield Visit(connector, desk, http)


def new_papers(subject: Subject) -> list[Paper]:
    """The new papers among the samples; one of each kind."""
    return [*{paper.kind: paper for paper in reversed(all_new_papers(subject))}.values()]


def all_new_papers(subject: Subject) -> list[Paper]:
    """Every new paper among the samples: the more of a kind, the more there is to pull afterwards."""
    return [sample.paper for sample in subject.samples.sent if sample.paper.action == "new"]


def hand_all_in(visit: Visit, subject: Subject) -> list[Paper]:
    """Sends every new paper and waits for what follows; the papers."""
    papers = all_new_papers(subject)
    for paper in papers:
        visit.send(paper)
    visit.desk.twin.later(visit.desk.app)
    return papers


def found(visit: Visit, paper: Paper) -> list[Ruling] | None:
    """What the authority says to "do you have it?"; None where it has not, or cannot be asked."""
    submission = visit.connector.submissions[paper.kind]
    page = submission.find(visit.http, paper) if submission.says_back else None
    return None if page is None else visit.rulings(page, paper)


def has_it(rulings: Sequence[Ruling] | None) -> bool:
    """Whether these rulings say that the authority has the paper."""
    return any(ruling.state in MAY_HAVE_IT for ruling in rulings or ())


def caught(act: Callable[[], object]) -> Exception | None:
    """The error that this ends in."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - which one it is, is the question
        return error
    return None


def ends_in(act: Callable[[], object]) -> type[Exception] | None:
    """The class of the error that this ends in; None where it ends well."""
    error = caught(act)
    return None if error is None else type(error)


def name_of(found: type[Exception] | None) -> str:
    """The name of an error's class, for a sentence."""
    return found.__name__ if found else "no error"
