"""Versions of papers as they were kept, and as papers again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.sql import Select

from connectors.sdk.paper_json import read_content
from connectors.sdk.papers import Action, Paper
from hub.dossiers.dossier import known_from
from hub.dossiers.rows import KeptVersion, rows_of
from hub.model import Consolidation, Document, DocumentEvent, PaperVersion, Trade
from hub.papers.desk import Desk


def select_versions() -> Select[
    int, int, int, str, str, str, int, str, Action, datetime, dict[str, Any], *tuple[Any, ...]
]:
    """Versions of papers, each with the fields of `KeptVersion`."""
    return (
        select(
            Document.id,
            Document.subject_id,
            Trade.id,
            Document.kind,
            Document.authority,
            Document.number,
            PaperVersion.version,
            PaperVersion.guid,
            PaperVersion.action,
            PaperVersion.derived_at,
            PaperVersion.content,
            Document.ready_at,
            func.coalesce(Trade.enterprise_id, Consolidation.holder_id),
            Trade.cancel_reason,
        )
        .join(PaperVersion, PaperVersion.document_id == Document.id)
        .outerjoin(Trade, Trade.id == Document.subject_id)
        .outerjoin(Consolidation, Consolidation.id == Document.subject_id)
    )


def paper_of(connection: Connection, desk: Desk, kept: KeptVersion, sent_at: datetime | None = None) -> Paper:
    """A kept version as a paper; with `sent_at`, as it was when it went out, before anything was heard of it."""
    head, lines = read_content(desk.kinds[kept.kind].schema, kept.content)
    return Paper(
        kind=kept.kind,
        number=kept.number,
        version=kept.version,
        guid=kept.guid,
        action=kept.action,
        derived_at=kept.derived_at,
        head=head,
        lines=lines,
        known=_known(connection, kept.document_id, sent_at) if kept.action is not Action.NEW else {},
        reason=kept.cancel_reason if kept.cancel_reason and kept.action is Action.WITHDRAW else "",
    )


def _known(connection: Connection, document_id: int, until: datetime | None) -> dict[str, str]:
    of_it, order = DocumentEvent.document_id == document_id, (DocumentEvent.happened_at, DocumentEvent.rank)
    heard = rows_of(connection, DocumentEvent, of_it, *order)
    return known_from(event for event in heard if until is None or event.fetched_at <= until)
