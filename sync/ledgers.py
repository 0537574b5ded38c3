"""Our papers against each authority's own ledger, over the wire and by its protocol's own questions.

Asked is what `Submission.holding` asks, and the streams that list what an authority has; nothing is sent or changed,
and a line is opened as senders open theirs, with its limits. Where a protocol has no question, what was kept of its
responses is its word (`sync.kept_responses`), and the result says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from threading import Event
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from connectors.sdk.connector import Connector
from connectors.sdk.errors import BadData, ConnectorError
from connectors.sdk.http import Http, Page
from connectors.sdk.members import reason_of
from connectors.sdk.papers import Paper
from connectors.sdk.records import DocumentEvent
from connectors.sdk.states import ENDED, HAVING_IT, Codes, State, fold
from connectors.sdk.stream import Ask, Stream
from connectors.sdk.submission import Holding
from hub.errors import HubError
from hub.model import Document
from sync.kept_responses import hold_against_responses
from sync.merge import find_references
from sync.page_reading import Reader
from sync.paper_beliefs import Belief, as_paper, beliefs, stands_still
from sync.raw import chain_name
from sync.services import Services
from sync.timed import in_time, until
from sync.verify_results import PartFound, VerifyFault, VerifyPart

LedgerFault = tuple[str, Mapping[str, Any]]
"""Code of a fault and what fills its words."""


class ListedPaper(NamedTuple):
    """What an authority's lists say of one object: its state by all of it, and which of its identifiers are alive."""

    state: State
    alive: Mapping[str, set[str]]


def verify_ledgers(services: Services, since: datetime | None = None) -> PartFound:
    """Counts are rows of source; with `since` papers that were over before it are left out, and counted so."""
    found = PartFound(VerifyPart.LEDGERS)
    for connector in services.connectors.values():
        if connector.submissions:
            found.counts.append(SourceLedger(services, connector, found, since).compare())
    with services.database.read() as connection:
        papers = select(Document.authority, func.count()).group_by(Document.authority)
        for source, number in connection.execute(papers.where(Document.authority.not_in(list(services.connectors)))):
            found.unknown.append(VerifyFault("LEDGER_LEFT_OUT", {"source": source, "papers": number}))
    return found


class SourceLedger:
    """One source: what it says that it has against what we believe."""

    def __init__(self, services: Services, connector: Connector, found: PartFound, since: datetime | None) -> None:
        self.services, self.connector, self.found = services, connector, found
        self.source = connector.code
        askable = [kind for kind, one in connector.submissions.items() if one.says_back]
        silent = [kind for kind in connector.submissions if kind not in askable]
        with services.database.read() as connection:
            self.asked = beliefs(connection, self.source, askable, since)
            self.unasked = beliefs(connection, self.source, silent, since)
            papers = select(func.count()).where(Document.authority == self.source, Document.ready_at.is_not(None))
            written = connection.scalar(papers) or 0
        self.lists = [] if silent else [one for one in connector.streams.values() if _lists(one)]
        names = dict.fromkeys(("asked", "agree", "moving", "faults", "unknown", "listed"), 0)
        left_out = written - len(self.asked) - len(self.unasked)
        self.row: dict[str, Any] = {"source": self.source, "papers": written, "leftOut": max(left_out, 0), **names}
        self.row["unasked"] = len(self.unasked)
        self.named: set[int] = set()
        """Papers that a fault names; none is named twice."""
        self.identifiers: set[str] = set()

    def compare(self) -> dict[str, Any]:
        if self.asked or self.lists:
            try:
                with closing(self.services.open(self.connector)) as http:
                    self._ask_about_papers(http)
                    self._look_through_lists(http)
            except ConnectorError as error:
                self._not_reached(error.text)
        if self.unasked:
            for belief, (code, told) in hold_against_responses(self.services, self.connector, self.unasked):
                self._tell(belief, code, **told)
        return self.row

    def _not_reached(self, words: str) -> None:
        rest = len(self.asked) - self.row["asked"]
        self.row["unknown"] += rest
        told = {"source": self.source, "papers": rest, "said": self.connector.mask(words)}
        self.found.unknown.append(VerifyFault("LEDGER_UNREACHABLE", told))

    def _tell(self, belief: Belief, code: str, **told: Any) -> None:
        """Where the paper has moved since we looked, the next look will tell."""
        with self.services.database.read() as connection:
            if not stands_still(connection, belief):
                self.row["moving"] += 1
                return
        if belief.stands.id not in self.named:
            self.named.add(belief.stands.id)
            self.row["faults"] += 1
            one = belief.stands
            about = {"source": self.source, "number": one.number, "kind": one.kind, "state": one.state.value}
            self.found.tell(code, **{**about, "version": belief.versions[0].version, **told})

    def _ask_about_papers(self, http: Http) -> None:
        for belief in self.asked:
            try:
                told = self._ask_about(http, belief)
            except BadData as error:
                self.row["unknown"] += 1
                number, said = belief.stands.number, self.connector.mask(error.text)
                about = {"source": self.source, "number": number, "said": said}
                self.found.unknown.append(VerifyFault("LEDGER_UNREADABLE", about))
            else:
                if told and not belief.moving:
                    self._tell(belief, told[0], **told[1])
                else:
                    self.row["moving" if told else "agree"] += 1
            self.row["asked"] += 1

    def _ask_about(self, http: Http, belief: Belief) -> LedgerFault | None:
        """What is wrong with one paper; None where the authority has of it what we believe."""
        with self.services.database.read() as connection:
            papers = [as_paper(connection, self.services.desk, one) for one in belief.versions]
        newest = self._holding(http, papers[0])
        self.identifiers.update(newest.references if newest else ())
        told = judge(belief, newest, self.connector.codes)
        submission = self.connector.submissions[belief.stands.kind]
        names = submission.references(papers[0])
        for older in papers[1:]:
            if told is None and submission.references(older) != names:
                earlier = self._holding(http, older)
                if earlier and belief.has_it and _state(earlier, belief, self.connector.codes) in HAVING_IT:
                    return "LEDGER_TWICE", {"said": f"v{older.version}, v{papers[0].version}"}
        return told

    def _holding(self, http: Http, paper: Paper) -> Holding | None:
        """BadData for whatever a connector stumbles over in an answer; other errors say that nobody was reached."""
        try:
            return self.connector.submissions[paper.kind].holding(http, paper)
        except (ConnectorError, HubError, SQLAlchemyError):
            raise
        except Exception as error:
            raise BadData(f"the answer cannot be read; {reason_of(error)}") from error

    def _look_through_lists(self, http: Http) -> None:
        """What the authority lists and we know nothing of; and what it lists twice."""
        by_id = {one.stands.id: one for one in self.asked}
        for about, listed in self._listed(http).items():
            self.row["listed"] += 1
            with self.services.database.read() as connection:
                papers = find_references(connection, self.source, [about]).get(about, [])
            if not papers and listed.state not in ENDED:
                self.row["faults"] += 1
                self.found.tell("LEDGER_STRANGER", source=self.source, kind=about[0], name=about[1])
            twice = next((names for names in listed.alive.values() if len(names) > 1), None)
            for document_id in {one.document_id for one in papers} & by_id.keys() if twice else ():
                self._tell(by_id[document_id], "LEDGER_TWICE", said=", ".join(sorted(twice or ())))

    def _listed(self, http: Http) -> dict[tuple[str, str], ListedPaper]:
        events: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
        for stream in self.lists:
            for page in stream.pages(http, Ask()):
                for row in self._read(stream, page):
                    if row["about_kind"] in self.connector.submissions:
                        events[row["about_kind"], row["about_value"]].append(_Event(row))
        return {about: self._as_listed(told) for about, told in events.items()}

    def _as_listed(self, told: Sequence[_Event]) -> ListedPaper:
        alive: dict[str, set[str]] = {}
        for kind in self.identifiers:
            names = {one.references[kind] for one in told if one.references.get(kind)}
            alive[kind] = {name for name in names if _alive([one for one in told if one.references.get(kind) == name])}
        return ListedPaper(fold(told, State.SENT), alive)

    def _read(self, stream: Stream, page: Page) -> list[dict[str, Any]]:
        """Events of a page; one that cannot be read says nothing, and waits in quarantine where its stream met it."""
        reader = Reader(self.source, self.connector.codes)

        def read(late: Event) -> list[dict[str, Any]]:
            return reader.read(until(late, stream.read(page)), None, page.received_at).rows.get("document_event", [])

        try:
            return in_time(self.services, chain_name(self.source, stream.name), "what is listed", read)
        except BadData:
            return []


class _Event:
    """An event as the fold sees it, with the identifiers that it names."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.state, self.rank, self.happened_at = row["state"], row["rank"], row["happened_at"]
        self.references: Mapping[str, str] = row["references"]


def _alive(told: Sequence[_Event]) -> bool:
    return fold(told, State.SENT) in HAVING_IT


def _lists(stream: Stream) -> bool:
    """Whether a stream lists what its authority says of papers, without being told which."""
    return stream.watches is None and any(issubclass(one, DocumentEvent) for one in stream.records)


def _state(holding: Holding, belief: Belief, codes: Codes) -> State | None:
    return codes.rule(belief.stands.kind, holding.code).state if holding.code else None


def judge(belief: Belief, holding: Holding | None, codes: Codes) -> LedgerFault | None:
    """What is wrong between what we believe of a paper and what its authority has; None where nothing is."""
    return next(_faults(belief, holding, codes), None)


def _faults(belief: Belief, holding: Holding | None, codes: Codes) -> Iterator[LedgerFault]:
    sent = belief.stands.state is State.SENT and belief.versions[0].version == belief.stands.version
    if holding is None:
        if belief.has_it or (sent and not belief.moving):
            yield "LEDGER_GONE", {}
        return
    state = _state(holding, belief, codes)
    if not belief.has_it and not sent:
        if state not in ENDED:
            yield "LEDGER_UNKNOWN", {"said": holding.code or "—"}
        return
    if state in ENDED:
        yield "LEDGER_ENDED", {"said": holding.code}
    if not holding.same:
        yield "LEDGER_VERSION", {}
    for kind, name in holding.references.items():
        ours = belief.known.get(kind)
        if ours and name not in ours:
            yield "LEDGER_IDENTIFIER", {"said": name, "ours": ", ".join(sorted(ours))}
