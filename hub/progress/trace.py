"""The steps that a trade went through, by the names of `hub.flow`, derived from what each step left behind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from hub.dossiers.loading import live_lines
from hub.flow import Step
from hub.model import (
    ConsolidationLine,
    DeliveryAttempt,
    Document,
    DocumentEvent,
    Milestone,
    PaperVersion,
    RawMessage,
    Trade,
)


@dataclass(frozen=True, slots=True)
class Trace:
    """One step: when, of which paper, under which reference, and the raw message behind it."""

    at: datetime
    step: Step
    kind: str = ""
    reference: str = ""
    raw_message: str = ""
    words: str = ""


ORDER = {step: place for place, step in enumerate(Step)}


def trace(connection: Connection, trade_id: int, unsaid: Collection[int] = ()) -> list[Trace]:
    """All steps of a trade, in time; what happened at the same moment in the order of the flow.

    `unsaid` are consolidations of whose papers no free words are given.
    """
    subjects = [trade_id, *(one for one, _ in live_lines(connection, ConsolidationLine.trade_id == trade_id))]
    steps = [
        *_entered(connection, trade_id),
        *_planned(connection, subjects),
        *_delivered(connection, subjects, unsaid),
        *_heard(connection, trade_id, subjects, unsaid),
        *_advanced(connection, subjects),
    ]
    return sorted(steps, key=lambda one: (one.at, ORDER[one.step]))


def _entered(connection: Connection, trade_id: int) -> Iterator[Trace]:
    trade = connection.execute(
        select(Trade.entered_at, Trade.order_number, Trade.number, Trade.entered_by).where(Trade.id == trade_id)
    ).one()
    yield Trace(trade.entered_at, Step.ENTERED, reference=trade.order_number, words=trade.entered_by)
    yield Trace(trade.entered_at, Step.CHECKED, reference=trade.number)


def _planned(connection: Connection, subjects: Sequence[int]) -> Iterator[Trace]:
    for paper in connection.execute(
        select(PaperVersion.derived_at, PaperVersion.version, Document.kind, Document.number)
        .join(Document, Document.id == PaperVersion.document_id)
        .where(Document.subject_id.in_(subjects))
    ):
        yield Trace(paper.derived_at, Step.PLANNED, paper.kind, paper.number, words=f"version {paper.version}")


def _delivered(connection: Connection, subjects: Sequence[int], unsaid: Collection[int]) -> Iterator[Trace]:
    for attempt in connection.execute(
        select(DeliveryAttempt, Document.kind, Document.subject_id)
        .join(Document, Document.id == DeliveryAttempt.document_id)
        .where(Document.subject_id.in_(subjects))
    ):
        again = f"attempt {attempt.number}" if attempt.number > 1 else ""
        yield Trace(attempt.claimed_at, Step.SENT, attempt.kind, attempt.guid, attempt.sent_raw_id or "", again)
        if attempt.ended_at:
            told = "" if attempt.subject_id in unsaid else attempt.error
            words = told or attempt.outcome or ""
            yield Trace(
                attempt.ended_at, Step.ACKNOWLEDGED, attempt.kind, attempt.guid, attempt.answer_raw_id or "", words
            )


def _heard(connection: Connection, trade_id: int, subjects: Sequence[int], unsaid: Collection[int]) -> Iterator[Trace]:
    """Fetched and kept are the page's steps, read and merged the record's."""
    for event in connection.execute(
        select(
            DocumentEvent.fetched_at,
            DocumentEvent.raw_id,
            DocumentEvent.code,
            DocumentEvent.words,
            Document.kind,
            DocumentEvent.subject_id,
            DocumentEvent.trade_id,
            RawMessage.kept_at,
            RawMessage.read_at,
        )
        .join(Document, Document.id == DocumentEvent.document_id)
        .outerjoin(RawMessage, RawMessage.id == DocumentEvent.raw_id)
        .where(DocumentEvent.subject_id.in_(subjects))
        .where(or_(DocumentEvent.trade_id.is_(None), DocumentEvent.trade_id == trade_id))
    ):
        raw_id = event.raw_id or ""
        yield Trace(event.fetched_at, Step.FETCHED, event.kind, event.code, raw_id)
        if event.kept_at:
            yield Trace(event.kept_at, Step.KEPT, event.kind, event.code, raw_id)
        if event.read_at:
            yield Trace(event.read_at, Step.READ, event.kind, event.code, raw_id)
            words = "" if event.trade_id is None and event.subject_id in unsaid else event.words
            yield Trace(event.read_at, Step.MERGED, event.kind, event.code, raw_id, words)


def _advanced(connection: Connection, subjects: Sequence[int]) -> Iterator[Trace]:
    for milestone in connection.execute(
        select(Milestone.name, Milestone.written_at).where(Milestone.subject_id.in_(subjects))
    ):
        yield Trace(milestone.written_at, Step.ADVANCED, reference=milestone.name)
