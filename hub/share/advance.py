"""Moves trades on: reads their dossiers, decides, and writes down what follows. Doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Select, delete, insert, select

from connectors.sdk.states import State
from hub.model import Database, Document, TouchedTrade, Trade
from hub.share.archive import open_dossiers
from hub.share.decide import decide
from hub.share.desk import Desk
from hub.share.record import record

BATCH = 100
MOST_TOUCHES = 10_000


def advance_touched(database: Database, desk: Desk) -> int:
    """Advances every trade about which something was heard; returns how many."""
    advanced = 0
    while True:
        with database.write() as connection:
            touched = connection.execute(_touched_next()).all()
            if not touched:
                return advanced
            trade_ids = sorted({row.trade_id for row in touched})
            advance(connection, trade_ids, desk)
            connection.execute(delete(TouchedTrade).where(TouchedTrade.id.in_([row.id for row in touched])))
            advanced += len(trade_ids)


def anything_touched(connection: Connection) -> bool:
    return connection.scalar(select(TouchedTrade.id).limit(1)) is not None


def _touched_next() -> Select[int, int]:
    """The rows of the next trades: however often a trade was touched, it is advanced once."""
    trades = select(TouchedTrade.trade_id).distinct().limit(BATCH).scalar_subquery()
    return select(TouchedTrade.id, TouchedTrade.trade_id).where(TouchedTrade.trade_id.in_(trades)).limit(MOST_TOUCHES)


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
