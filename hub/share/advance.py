"""Moves trades on: reads their dossiers, decides, and writes down what follows. Doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from connectors.sdk.states import State
from hub.model import (
    Database,
    Document,
    Milestone,
    PaperVersion,
    Reference,
    TouchedTrade,
    Trade,
)
from hub.model.upsert import insert_new
from hub.share.decide import Decision, NewPaper, decide
from hub.share.desk import Desk
from hub.share.dossier import DocumentFile, Dossier, open_dossiers
from hub.share.sheet import write_content

BATCH = 100


def advance_touched(database: Database, desk: Desk) -> int:
    """Advances every trade about which something was heard; returns how many."""
    advanced = 0
    while True:
        with database.write() as connection:
            touched = connection.execute(select(TouchedTrade.id, TouchedTrade.trade_id).limit(BATCH)).all()
            if not touched:
                return advanced
            trade_ids = sorted({row.trade_id for row in touched})
            advance(connection, trade_ids, desk)
            connection.execute(delete(TouchedTrade).where(TouchedTrade.id.in_([row.id for row in touched])))
            advanced += len(trade_ids)


def touch_waiting(database: Database, limit: int = 500) -> int:
    """Touches trades whose papers lack something that may have come by another way: a tariff, a rate, a receipt."""
    with database.write() as connection:
        lacking = connection.scalars(
            select(Document.trade_id)
            .where(Document.state == State.PLANNED, Document.attention_since.is_not(None))
            .distinct()
            .limit(limit)
        ).all()
        touch(connection, lacking)
    return len(lacking)


def touch(connection: Connection, trade_ids: Iterable[int]) -> None:
    rows = [{"trade_id": trade_id} for trade_id in sorted(set(trade_ids))]
    if rows:
        connection.execute(insert(TouchedTrade), rows)


def advance(connection: Connection, trade_ids: Sequence[int], desk: Desk) -> None:
    """Advances these trades in the caller's transaction; their rows are locked against a second worker."""
    connection.execute(select(Trade.id).where(Trade.id.in_(trade_ids)).order_by(Trade.id).with_for_update()).all()
    now = desk.now()
    dossiers = open_dossiers(connection, trade_ids, now.date())
    record(connection, [decide(dossier, desk) for dossier in dossiers], desk, now)


def record(connection: Connection, decisions: Sequence[Decision], desk: Desk, now: datetime) -> None:
    """Writes decisions down, set-based."""
    milestones = [
        {"trade_id": decision.dossier.trade_id, "name": name, "reached_at": at, "written_at": now}
        for decision in decisions
        for name, at in decision.milestones.items()
    ]
    if milestones:
        connection.execute(insert(Milestone), milestones)
    for decision in decisions:
        for kind, document in decision.changed.items():
            connection.execute(
                update(Document).where(Document.id == document.id).values(**_columns(document, decision, kind, now))
            )
        if decision.state != decision.dossier.state:
            finished = now if decision.state == "finished" else None
            connection.execute(
                update(Trade)
                .where(Trade.id == decision.dossier.trade_id)
                .values(state=decision.state, finished_at=finished)
            )
    papers = [
        (decision.dossier, decision.dossier.documents[kind], paper)
        for decision in decisions
        for kind, paper in decision.papers.items()
    ]
    record_papers(connection, papers, desk)


def _columns(document: DocumentFile, decision: Decision, kind: str, now: datetime) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "state": document.state,
        "attention": document.attention,
        "attention_since": now if document.attention else None,
        "sent_at": document.sent_at,
    }
    if kind in decision.moved:
        columns["state_since"] = now
    if kind in decision.papers:
        columns["ready_at"] = now
    if document.current_events:
        reference = next((event.references for event in reversed(document.current_events) if event.references), None)
        if reference:
            columns["reference"] = list(reference.values())[-1]
    return columns


def record_papers(connection: Connection, papers: Sequence[tuple[Dossier, DocumentFile, NewPaper]], desk: Desk) -> None:
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
            }
            for _, document, new in papers
        ],
    )
    references = [
        {
            "source": desk.plan.authorities[document.kind],
            "kind": kind,
            "value": value,
            "document_id": document.id,
            "trade_id": dossier.trade_id,
        }
        for dossier, document, new in papers
        for kind, value in desk.documents[document.kind].references(new.paper).items()
    ]
    if references:
        connection.execute(insert_new(connection, Reference), references)
