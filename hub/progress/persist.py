"""Writing decisions down, set-based, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from connectors.sdk.paper_json import read_content
from connectors.sdk.papers import Action, Paper
from connectors.sdk.states import State, accepted
from hub.dossiers.dossier import DocumentFile, Dossier, known_from
from hub.dossiers.rows import Evidence
from hub.model import Consolidation, ConsolidationLine, Document, Milestone, PaperVersion, Reference, Trade
from hub.model.row_states import UNDER_WAY, ConsolidationState, LineState, Occasion
from hub.model.upsert import insert_into, insert_new
from hub.notices.queue import EVENTS, Told, queue_notices
from hub.papers.derivation import Derived, write_content
from hub.papers.desk import Desk
from hub.progress.decide import TradeDecision
from hub.rules.kept_verdicts import keep_judged


class Content(NamedTuple):
    """What stands in a version of a paper. `line_trades`: group → whose each line is, where it is of several trades."""

    content: Mapping[str, object]
    evidence: Sequence[Evidence]
    line_trades: Mapping[str, Sequence[int]] | None = None


def persist(connection: Connection, decisions: Sequence[TradeDecision], desk: Desk, now: datetime) -> None:
    """Everything that follows from the decisions: milestones, documents, papers, the trades' states, notices."""
    _record_milestones(connection, decisions, now)
    insert_documents(connection, ((one.dossier, list(one.added.values())) for one in decisions), desk, now)
    for decision in decisions:
        for key, document in decision.changed.items():
            if key not in decision.added:
                _update_document(connection, document, decision, now)
        if decision.dossier.held is not None:
            _move_whole(connection, decision)
        elif decision.state != decision.dossier.state:
            ended = None if decision.state in UNDER_WAY else now
            this = update(Trade).where(Trade.id == decision.dossier.trade_id)
            connection.execute(this.values(state=decision.state, finished_at=ended))
        for key in decision.withdrawn:
            withdraw(connection, decision.dossier, decision.dossier.documents[key], desk, now)
    record_papers(connection, decisions, desk)
    judged = [(one.dossier, one.verdicts) for one in decisions if one.papers and one.dossier.trade_id]
    keep_judged(connection, judged, Occasion.SENDING, now)
    queue_notices(connection, [notice for one in decisions for notice in _notices(one)], now)


def _move_whole(connection: Connection, decision: TradeDecision) -> None:
    """Once a consolidation has moved, what is in it is loaded, and cannot leave."""
    held = decision.dossier.held
    if held is None or decision.whole in (None, held.state):
        return
    connection.execute(update(Consolidation).where(Consolidation.id == held.id).values(state=decision.whole))
    if decision.whole is ConsolidationState.MOVED:
        these = ConsolidationLine.consolidation_id == held.id, ConsolidationLine.state == LineState.IN
        connection.execute(update(ConsolidationLine).where(*these).values(state=LineState.LOADED))


def insert_documents(
    connection: Connection, files: Iterable[tuple[Dossier, Sequence[DocumentFile]]], desk: Desk, now: datetime
) -> None:
    """Writes new documents and gives each its id."""
    new = [(dossier, document) for dossier, documents in files for document in documents]
    if not new:
        return
    rows = connection.execute(
        insert(Document).returning(Document.id, Document.number),
        [
            {
                "subject_id": dossier.subject_id,
                "kind": document.kind,
                "part": document.part,
                "authority": document.authority,
                "number": document.number,
                "version": document.version,
                "state": document.state,
                "state_since": now,
                "planned_at": now,
                "ready_at": now if document.state is State.READY else None,
                "attention": document.attention,
                "attention_since": now if document.attention else None,
            }
            for dossier, document in new
        ],
    )
    ids = {row.number: row.id for row in rows}
    for dossier, document in new:
        document.id, document.subject_id = ids[document.number], dossier.subject_id


def record_papers(connection: Connection, decisions: Iterable[TradeDecision], desk: Desk) -> None:
    """Keeps the new papers of decisions, and the references by which their answers will be found."""
    new = [
        (one.dossier, one.dossier.documents[key], paper, _content(one.dossier, derived))
        for one in decisions
        for key, (paper, derived) in one.papers.items()
    ]
    _keep(connection, desk, new)


def _content(dossier: Dossier, derived: Derived) -> Content:
    return Content(write_content(derived), derived.evidence, derived.trades if dossier.held else None)


def _keep(connection: Connection, desk: Desk, papers: Iterable[tuple[Dossier, DocumentFile, Paper, Content]]) -> None:
    versions, references = [], []
    for dossier, document, paper, content in papers:
        names = desk.served[document.authority][document.kind].references(paper)
        versions.append(
            {
                "document_id": document.id,
                "version": paper.version,
                "guid": paper.guid,
                "action": paper.action,
                **content._asdict(),
                "derived_at": paper.derived_at,
                "known_by": sorted(names),
            }
        )
        subject = {"subject_id": dossier.subject_id, "trade_id": dossier.trade_id}
        about = {"source": document.authority, "document_id": document.id, **subject}
        references += [about | {"kind": kind, "value": value} for kind, value in names.items()]
        references += [
            about | {"kind": f"{paper.kind}.line", "value": value, "trade_id": trade_id}
            for value, trade_id in _named_lines(desk.kinds[paper.kind].line_key, paper, content, dossier)
        ]
    if versions:
        connection.execute(insert(PaperVersion), versions)
    if references:
        connection.execute(insert_new(connection, Reference), references)


def _named_lines(line_key: str, paper: Paper, content: Content, dossier: Dossier) -> Iterator[tuple[str, int | None]]:
    """What the authority calls each line of a paper by, and the trade that it is about."""
    group, _, name = line_key.partition(".")
    trades = (content.line_trades or {}).get(group)
    for place, line in enumerate(paper.lines.get(group, ())):
        yield str(line[name]), trades[place] if trades else dossier.trade_id


def newest_paper(connection: Connection, document: DocumentFile) -> Content:
    """The content of the newest version that was derived; one that was reopened has none yet."""
    newest = connection.execute(
        select(PaperVersion.content, PaperVersion.evidence, PaperVersion.line_trades)
        .where(PaperVersion.document_id == document.id, PaperVersion.version <= document.version)
        .order_by(PaperVersion.version.desc())
        .limit(1)
    )
    return Content(*newest.one())


def withdraw(connection: Connection, dossier: Dossier, document: DocumentFile, desk: Desk, now: datetime) -> None:
    """A new version with the content of the last one that takes the paper back."""
    last = newest_paper(connection, document)
    head, lines = read_content(desk.kinds[document.kind].schema, last.content)
    paper = Paper(
        kind=document.kind,
        number=document.number,
        version=document.version + 1,
        guid=desk.guid(),
        action=Action.WITHDRAW,
        derived_at=now,
        head=head,
        lines=lines,
        known=known_from(document.events),
        reason=dossier.cancel_reason,
    )
    _keep(connection, desk, [(dossier, document, paper, last)])
    _begin(connection, document, now, version=paper.version, state=State.READY, ready_at=now)


def reopen(connection: Connection, documents: Iterable[DocumentFile], now: datetime) -> None:
    """Papers begin anew, in their next version; what waited for their acceptance waits again."""
    for document in documents:
        version = document.version + document.has_paper
        _begin(connection, document, now, version=version, state=State.PLANNED, taken=document.is_held)
        if document.sent_at is not None:
            gone = Milestone.subject_id == document.subject_id, Milestone.name == accepted(document.kind)
            connection.execute(delete(Milestone).where(*gone))


def _begin(connection: Connection, document: DocumentFile, now: datetime, **columns: object) -> None:
    """Nobody is asked about a version that begins, and it has not been sent."""
    fresh = update(Document).where(Document.id == document.id).values(**columns, state_since=now, sent_at=None)
    connection.execute(fresh.values(attention=None, attention_since=None, corrected=None))


def _record_milestones(connection: Connection, decisions: Sequence[TradeDecision], now: datetime) -> None:
    for decision in decisions:
        if decision.unreached:
            gone = Milestone.subject_id == decision.dossier.subject_id, Milestone.name.in_(decision.unreached)
            connection.execute(delete(Milestone).where(*gone))
    milestones = [
        {"subject_id": decision.dossier.subject_id, "name": name, "reached_at": at, "written_at": now}
        for decision in decisions
        for name, at in decision.milestones.items()
    ]
    if milestones:
        statement = insert_into(connection, Milestone)
        earlier = {"reached_at": statement.excluded.reached_at}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["subject_id", "name"], set_=earlier), milestones
        )


def _update_document(connection: Connection, document: DocumentFile, decision: TradeDecision, now: datetime) -> None:
    columns: dict[str, object] = {
        "authority": document.authority,
        "version": document.version,
        "state": document.state,
        "attention": document.attention,
        "attention_since": now if document.attention else None,
        "sent_at": document.sent_at,
        "taken": document.taken,
    }
    if document.key in decision.moved:
        columns["state_since"] = now
    if document.key in decision.papers:
        columns["ready_at"] = now
    reference = next((event.references for event in reversed(document.current_events) if event.references), None)
    if reference:
        columns["reference"] = list(reference.values())[-1]
    connection.execute(update(Document).where(Document.id == document.id).values(**columns))


def _notices(decision: TradeDecision) -> Iterator[Told]:
    """Who is told of which event, and what of it."""
    dossier = decision.dossier
    for key in sorted(decision.moved):
        document = dossier.documents[key]
        if document.state is State.REJECTED:
            yield from _rejected(document, dossier)
    if dossier.held is None and decision.state != dossier.state and f"trade.{decision.state}" in EVENTS:
        yield dossier.enterprise["id"], f"trade.{decision.state}", {"trade": _named(dossier)}


def _rejected(document: DocumentFile, dossier: Dossier) -> Iterator[Told]:
    """Of a consolidation's paper its holder is told why; who is in it, that this is so."""
    paper = {"kind": document.kind, "number": document.number, "version": document.version}
    why, whole = dict(document.attention or {}), {"consolidation": {"number": dossier.number}}
    about = {"trade": _named(dossier)} if dossier.held is None else whole
    yield dossier.enterprise["id"], "paper.rejected", {**about, "paper": paper, "attention": why}
    for line in dossier.lines:
        if line.enterprise["id"] != dossier.enterprise["id"]:
            yield line.enterprise["id"], "paper.rejected", {"trade": _named(line), **whole, "paper": paper}


def _named(dossier: Dossier) -> dict[str, Any]:
    return {"number": dossier.number, "orderNumber": dossier.entry["orderNumber"]}
