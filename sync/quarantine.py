"""Records that could not be read: kept with the reason, replayed once the mapping or the record is mended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from connectors.sdk.http import Page
from connectors.sdk.members import as_text, member_shown
from hub.model import Quarantined
from hub.model.upsert import insert_into
from sync.column_limits import legible
from sync.page_reading import SetAside

WHOLE_PAGE = -1


class Waiting(NamedTuple):
    """A page that was set aside whole, and the question that it answered: from which cursor, about which object."""

    raw_id: str
    asked: str
    part: str


def whole_page(page: Page, field: str | None, reason: str, asked: str) -> SetAside:
    """A page that cannot be read, as a whole; `asked` is the cursor from which it was asked for."""
    record = {
        "url": page.url,
        "status": page.status,
        "asked": asked,
        "part": page.part,
        "page": member_shown(page.body),
    }
    return SetAside(WHOLE_PAGE, "", field or "", reason, record)


def pages_waiting(connection: Connection, connector: str, stream: str) -> list[Waiting]:
    """The pages of a stream that wait as a whole."""
    rows = connection.execute(
        select(Quarantined.raw_id, Quarantined.record)
        .where(Quarantined.connector == connector, Quarantined.stream == stream)
        .where(Quarantined.position == WHOLE_PAGE, Quarantined.resolved_at.is_(None))
    )
    return [Waiting(row.raw_id, row.record.get("asked", ""), row.record.get("part", "")) for row in rows]


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
            "record": legible(json.loads(json.dumps(dict(one.record), default=as_text))),
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


def why_aside(connection: Connection, raw_id: str) -> str | None:
    """Why a page waits in quarantine as a whole; None where it does not."""
    return connection.scalar(
        select(Quarantined.reason).where(
            Quarantined.raw_id == raw_id, Quarantined.position == WHOLE_PAGE, Quarantined.resolved_at.is_(None)
        )
    )


def resolve(connection: Connection, raw_id: str, still: Sequence[SetAside], now: datetime) -> int:
    """After a replay: what is no longer set aside is resolved; returns how many."""
    result = connection.execute(
        update(Quarantined)
        .where(Quarantined.raw_id == raw_id, Quarantined.resolved_at.is_(None))
        .where(Quarantined.position.not_in([one.position for one in still]))
        .values(resolved_at=now)
    )
    return result.rowcount
