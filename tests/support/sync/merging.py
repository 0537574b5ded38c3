"""Events as they are merged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from hub.model import Document, DocumentEvent, TouchedSubject
from tests.support.entry.office import Office

KEY = "411096500K/XC-20260108-0042"
PRE_NO = "B20260109000000001"


def forget_touches(office: Office) -> None:
    with office.world.hub.database.write() as connection:
        connection.execute(delete(TouchedSubject))


def event(kind: str = "customs.order", value: str = KEY, **changes: Any) -> dict[str, Any]:
    at = datetime.fromisoformat("2026-01-09T09:00:00+08:00")
    said = {"source_id": "e1", "as_of": at, "happened_at": at, "about_kind": kind, "about_value": value, "code": "2"}
    return said | {"words": "", **changes}


def kept(office: Office, source_id: str = "e1") -> Any:
    (row,) = office.rows(select(DocumentEvent.__table__).where(DocumentEvent.source_id == source_id))
    return row


def owned(paper: Any) -> dict[str, int]:
    """The columns by which a row is tied to a paper of a trade."""
    return {"subject_id": paper.subject_id, "trade_id": paper.subject_id, "document_id": paper.id}


def order(office: Office) -> Any:
    (row,) = office.rows(select(Document.__table__).where(Document.kind == "customs.order"))
    return row


def touched(office: Office) -> set[int]:
    return {row.subject_id for row in office.rows(select(TouchedSubject.subject_id))}
