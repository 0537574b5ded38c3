"""Writing decisions down, set-based, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from connectors.sdk.papers import Paper
from connectors.sdk.states import HAVING_IT, State, accepted
from connectors.sdk.written import read_content
from hub.model import Document, Milestone, PaperVersion, Reference, Trade
from hub.model.states import TradeState
from hub.model.upsert import insert_into, insert_new
from hub.share.decide import Decision, NewPaper
from hub.share.desk import Desk
from hub.share.dossier import DocumentFile, Dossier, known_from
from hub.share.notices import queue_notices
from hub.share.sheet import write_content

Filed = tuple[Dossier, DocumentFile, NewPaper]


def record(connection: Connection, decisions: Sequence[Decision], desk: Desk, now: datetime) -> None:
    """Everything that follows from the decisions: milestones, documents, papers, the trades' states, notices."""
    _record_milestones(connection, decisions, now)
    insert_documents(connection, ((one.dossier, list(one.added.values())) for one in decisions), desk, now)
    for decision in decisions:
        for key, document in decision.changed.items():
            if key not in decision.added:
                _update_document(connection, document, decision, now)
        if decision.state != decision.dossier.state:
            ended = now if decision.state in (TradeState.FINISHED, TradeState.CANCELLED) else None
            connection.execute(
                update(Trade)
                .where(Trade.id == decision.dossier.trade_id)
                .values(state=decision.state, finished_at=ended)
            )
        for key in decision.withdrawn:
            withdraw(connection, decision.dossier, decision.dossier.documents[key], desk, now)
    record_papers(connection, filed(decisions), desk)
    queue_notices(connection, decisions, now)


def filed(decisions: Iterable[Decision]) -> list[Filed]:
    """The new papers of decisions, with dossier and document."""
    return [
        (decision.dossier, decision.dossier.documents[key], paper)
        for decision in decisions
        for key, paper in decision.papers.items()
    ]


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
                "trade_id": dossier.trade_id,
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
    for _, document in new:
        document.id = ids[document.number]


def record_papers(connection: Connection, papers: Sequence[Filed], desk: Desk) -> None:
    """Keeps the papers, and the references by which their answers will be found."""
    if not papers:
        return
    connection.execute(
        insert(PaperVersion),
        [
            {
                "document_id": document.id,
                "version": new.paper.version,
                "guid": new.paper.guid,
                "action": new.paper.action,
                "content": write_content(new.derived),
                "evidence": [evidence._asdict() for evidence in new.derived.evidence],
                "derived_at": new.paper.derived_at,
                "known_by": _known_by(desk, document, new.paper),
            }
            for _, document, new in papers
        ],
    )
    _keep_references(connection, desk, ((dossier, document, new.paper) for dossier, document, new in papers))


def _keep_references(connection: Connection, desk: Desk, papers: Iterable[tuple[Dossier, DocumentFile, Paper]]) -> None:
    references = [
        {
            "source": document.authority,
            "kind": kind,
            "value": value,
            "document_id": document.id,
            "trade_id": dossier.trade_id,
        }
        for dossier, document, paper in papers
        for kind, value in desk.served[document.authority][document.kind].references(paper).items()
    ]
    if references:
        connection.execute(insert_new(connection, Reference), references)


def _known_by(desk: Desk, document: DocumentFile, paper: Paper) -> list[str]:
    """The reference kinds under which the authority answers this version."""
    return sorted(desk.served[document.authority][paper.kind].references(paper))


def newest_paper(connection: Connection, document: DocumentFile) -> Row[Any]:
    """Content and evidence of the newest version that was derived; one that was reopened has none yet."""
    return connection.execute(
        select(PaperVersion.content, PaperVersion.evidence)
        .where(PaperVersion.document_id == document.id, PaperVersion.version <= document.version)
        .order_by(PaperVersion.version.desc())
        .limit(1)
    ).one()


def withdraw(connection: Connection, dossier: Dossier, document: DocumentFile, desk: Desk, now: datetime) -> None:
    """A new version with the content of the last one that takes the paper back."""
    last = newest_paper(connection, document)
    head, lines = read_content(desk.schemas[document.kind], last.content)
    paper = Paper(
        kind=document.kind,
        number=document.number,
        version=document.version + 1,
        guid=desk.guid(),
        action="withdraw",
        derived_at=now,
        head=head,
        lines=lines,
        known=known_from(document.events),
        reason=dossier.cancel_reason,
    )
    connection.execute(
        insert(PaperVersion).values(
            document_id=document.id,
            version=paper.version,
            guid=paper.guid,
            action=paper.action,
            content=last.content,
            evidence=last.evidence,
            derived_at=now,
            known_by=_known_by(desk, document, paper),
        )
    )
    _keep_references(connection, desk, [(dossier, document, paper)])
    connection.execute(
        update(Document)
        .where(Document.id == document.id)
        .values(
            version=paper.version,
            state=State.READY,
            state_since=now,
            ready_at=now,
            sent_at=None,
            attention=None,
            attention_since=None,
            corrected=None,
        )
    )


def reopen(connection: Connection, trade_id: int, documents: Iterable[DocumentFile], now: datetime) -> None:
    """Papers begin anew, in their next version; what waited for their acceptance waits again."""
    for document in documents:
        sent = document.sent_at is not None
        columns: dict[str, Any] = {
            "state": State.PLANNED,
            "state_since": now,
            "attention": None,
            "attention_since": None,
            "corrected": None,
            "taken": document.taken or document.state in HAVING_IT,
            "sent_at": None,
        }
        if document.has_paper:
            columns["version"] = document.version + 1
        connection.execute(update(Document).where(Document.id == document.id).values(**columns))
        if sent:
            gone = Milestone.trade_id == trade_id, Milestone.name == accepted(document.kind)
            connection.execute(delete(Milestone).where(*gone))


def _record_milestones(connection: Connection, decisions: Sequence[Decision], now: datetime) -> None:
    milestones = [
        {"trade_id": decision.dossier.trade_id, "name": name, "reached_at": at, "written_at": now}
        for decision in decisions
        for name, at in decision.milestones.items()
    ]
    if milestones:
        statement = insert_into(connection, Milestone)
        earlier = {"reached_at": statement.excluded.reached_at}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["trade_id", "name"], set_=earlier), milestones
        )


def _update_document(connection: Connection, document: DocumentFile, decision: Decision, now: datetime) -> None:
    columns: dict[str, Any] = {
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
