"""Records that could not be read: kept with the reason, replayed once the mapping or the record is mended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from hub.model import Quarantined
from hub.model.upsert import insert_into
from sync.limits import legible
from sync.read import SetAside

WHOLE_PAGE = -1


def set_aside(
    connection: Connection, connector: str, stream: str, raw_id: str, aside: Sequence[SetAside], now: datetime
) -> None:
    """Quarantines records of a page; one that stood there already is said again, not twice.

    The record is kept legible; its bytes, whatever they are, stand in the raw message.
    """
    rows = [
        {
            "connector": connector,
            "stream": stream,
            "noun": one.noun,
            "raw_id": raw_id,
            "position": one.position,
            "field": legible(one.field),
            "reason": legible(one.reason),
            "record": legible(json.loads(json.dumps(dict(one.record), default=str))),
            "quarantined_at": now,
            "resolved_at": None,
        }
        for one in aside
    ]
    if not rows:
        return
    statement = insert_into(connection, Quarantined)
    changing = {name: statement.excluded[name] for name in ("field", "reason", "record", "resolved_at")}
    connection.execute(statement.on_conflict_do_update(index_elements=["raw_id", "position"], set_=changing), rows)


def resolve(connection: Connection, raw_id: str, still: Sequence[SetAside], now: datetime) -> int:
    """After a replay: what is no longer set aside is resolved; returns how many."""
    result = connection.execute(
        update(Quarantined)
        .where(Quarantined.raw_id == raw_id, Quarantined.resolved_at.is_(None))
        .where(Quarantined.position.not_in([one.position for one in still]))
        .values(resolved_at=now)
    )
    return result.rowcount
