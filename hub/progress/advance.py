"""Moves trades on: reads their dossiers, decides, and writes down what follows. Doing it twice changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, Select, delete, insert, select
from sqlalchemy.exc import OperationalError

from connectors.sdk.instants import day_of
from connectors.sdk.states import Doing, that_may
from hub.dossiers.loading import open_dossiers
from hub.errors import DatabaseConflict, HubError
from hub.model import Database, Document, TouchedTrade, Trade
from hub.papers.desk import Desk
from hub.progress.apart import send_apart
from hub.progress.decide import decide
from hub.progress.persist import persist
from hub.progress.refund_batches import number_filings

LOG = logging.getLogger("yuhub.trades")
BATCH = 100
MOST_TOUCHES = 10_000


def advance_touched(database: Database, desk: Desk) -> int:
    """Advances every trade about which something was heard; returns how many."""
    advanced, broken, batch, met = 0, set[int](), BATCH, False
    while True:
        with database.read() as connection:
            touched = connection.execute(_touched_next(broken, batch)).all()
        if not touched:
            return advanced
        trade_ids = sorted({row.trade_id for row in touched})
        try:
            with database.write() as connection:
                advance(connection, trade_ids, desk)
                _done_with(connection, [row.id for row in touched], trade_ids)
        except DatabaseConflict:
            if met:
                raise
            met = True  # another change came between: what it left is read and decided anew, once
            continue
        except (HubError, OperationalError):  # of the database, and so of all trades
            raise
        except Exception:
            if batch == 1:
                LOG.exception("trade %s cannot be moved on; it stays as it is and is tried again", *trade_ids)
                broken.update(trade_ids)
            batch = 1  # one of them is broken, and holds up no other
            continue
        advanced += len(trade_ids)


def anything_touched(connection: Connection) -> bool:
    return connection.scalar(select(TouchedTrade.id).limit(1)) is not None


def _touched_next(but: Collection[int], batch: int) -> Select[int, int]:
    """The rows of the next trades: however often a trade was touched, it is advanced once."""
    trades = (
        select(TouchedTrade.trade_id)
        .where(TouchedTrade.trade_id.not_in(but))
        .distinct()
        .order_by(TouchedTrade.trade_id)
        .limit(batch)
        .scalar_subquery()
    )
    return select(TouchedTrade.id, TouchedTrade.trade_id).where(TouchedTrade.trade_id.in_(trades)).limit(MOST_TOUCHES)


def _done_with(connection: Connection, ids: Sequence[int], trade_ids: Sequence[int]) -> None:
    """Another worker may have been here since `ids` were read, and SQLite gives an id that is free to the next row.

    So a row goes only where it is about a trade that was advanced just now.
    """
    those = TouchedTrade.id.in_(ids), TouchedTrade.trade_id.in_(trade_ids)
    connection.execute(delete(TouchedTrade).where(*those))


def touch_waiting(database: Database, after: int = 0, limit: int = 500) -> int:
    """Touches trades whose papers lack something that may have come by another way: a tariff, a rate, a remittance.

    The next `limit` of them behind the trade `after`; returns the last one, and 0 after the last of all: whoever goes
    on from there comes to each of them, however many they are.
    """
    with database.read() as connection:
        lacking = connection.scalars(
            select(Document.trade_id)
            .where(Document.state.in_(that_may(Doing.DERIVE)), Document.attention_since.is_not(None))
            .where(Document.trade_id > after)
            .distinct()
            .order_by(Document.trade_id)
            .limit(limit)
        ).all()
    if not lacking:
        return 0
    with database.write() as connection:
        touch(connection, lacking)
    return lacking[-1]


def touch(connection: Connection, trade_ids: Iterable[int]) -> None:
    rows = [{"trade_id": trade_id} for trade_id in sorted(set(trade_ids))]
    if rows:
        connection.execute(insert(TouchedTrade), rows)


def lock(connection: Connection, trade_ids: Sequence[int]) -> None:
    """Keeps a second worker from these trades, and a sender from claiming their papers, until the transaction ends.

    Not so firmly that nobody could refer to them: who has a paper and writes about its trade is not kept waiting.
    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "sqlite":
        return
    for table, those in ((Trade, Trade.id), (Document, Document.trade_id)):
        rows = select(table.id).where(those.in_(trade_ids)).order_by(table.id)
        connection.execute(rows.with_for_update(key_share=True)).all()


def advance(connection: Connection, trade_ids: Sequence[int], desk: Desk) -> None:
    """Advances these trades in the caller's transaction."""
    lock(connection, trade_ids)
    now = desk.now()
    send_apart(connection, trade_ids, now)
    decisions = [decide(dossier, desk) for dossier in open_dossiers(connection, trade_ids, day_of(now))]
    if numbered := number_filings(connection, decisions):
        decisions = [one for one in decisions if one.dossier.trade_id not in numbered]
        decisions += [decide(dossier, desk) for dossier in open_dossiers(connection, numbered, day_of(now))]
    persist(connection, decisions, desk, now)
