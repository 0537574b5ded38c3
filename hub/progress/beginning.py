"""Open consolidations: the one that there is of a kind and key, and how a new one comes to be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from hub.model import Consolidation, PaperSubject
from hub.model.numbering import allot, consolidation_number
from hub.model.row_states import ConsolidationState, SubjectKind
from hub.model.turns import take_turn


def turn_of(kind: str, key: str) -> str:
    """Whoever opens, fills or closes the consolidation of a key takes this turn first."""
    return f"consolidation/{kind}/{key}"


def find_open(connection: Connection, kind: str, key: str) -> Row[Any] | None:
    """The open one of this kind and key; nobody else opens one until the transaction ends."""
    take_turn(connection, turn_of(kind, key))
    same = Consolidation.kind == kind, Consolidation.key == key
    is_open = Consolidation.state == ConsolidationState.OPEN
    return connection.execute(select(Consolidation.__table__).where(*same, is_open)).one_or_none()


def insert_open(
    connection: Connection, kind: str, key: str, holder_id: int, entry: Mapping[str, Any], now: datetime,
    closes_at: datetime | None,
) -> Row[Any]:  # fmt: skip
    """A new one, of which `find_open` has found none."""
    id_ = connection.scalars(insert(PaperSubject).returning(PaperSubject.id), {"kind": SubjectKind.CONSOLIDATION}).one()
    new = insert(Consolidation).values(
        id=id_, number=consolidation_number(allot(connection, "consolidation", 1), now), kind=kind, key=key,
        holder_id=holder_id, entry=dict(entry), state=ConsolidationState.OPEN, begun_at=now, closes_at=closes_at,
    )  # fmt: skip
    return connection.execute(new.returning(Consolidation.__table__)).one()
