"""A consolidation that an enterprise held, and that its trade left before anything came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from hub.model import Consolidation, ConsolidationLine, PaperSubject
from tests.support.consolidations.quay import CONSIGNEE
from tests.support.consolidations.yard import SHARED


def held_once(connection: Connection, holder_id: Any, trade_id: Any, now: datetime) -> str:
    """Its number."""
    id_ = connection.execute(insert(PaperSubject).values(kind="consolidation").returning(PaperSubject.id)).scalar_one()
    number = f"YC2601099999{id_:04d}X"
    connection.execute(
        insert(Consolidation).values(
            id=id_, number=number, kind="air_waybill", key="CA1037", holder_id=holder_id, state="cancelled",
            begun_at=now, entry={**SHARED, "consignee": CONSIGNEE},
        )
    )  # fmt: skip
    connection.execute(
        insert(ConsolidationLine).values(
            consolidation_id=id_, kind="air_waybill", trade_id=trade_id, packages=1, weight=1, state="left",
            why="held", by="hub", at=now,
        )
    )  # fmt: skip
    return number
