"""Moves subjects on: reads their dossiers, decides, and writes down what follows. Doing it twice changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, Select, delete, insert, select
from sqlalchemy.exc import OperationalError

from connectors.sdk.instants import day_of
from connectors.sdk.states import Doing, that_may
from hub.dossiers.loading import open_dossiers
from hub.errors import DatabaseConflict, HubError
from hub.model import Database, Document, PaperSubject, TouchedSubject
from hub.papers.desk import Desk
from hub.progress.apart import send_apart
from hub.progress.boarding import leave_unfit
from hub.progress.decide import TradeDecision, decide
from hub.progress.gathering import gather
from hub.progress.persist import persist
from hub.progress.refund_batches import number_filings

LOG = logging.getLogger("yuhub.trades")
BATCH = 100
MOST_TOUCHES = 10_000


def advance_touched(database: Database, desk: Desk) -> int:
    """Advances every subject about which something was heard; returns how many."""
    advanced, broken, batch, met = 0, set[int](), BATCH, False
    while True:
        with database.read() as connection:
            touched = connection.execute(_touched_next(broken, batch)).all()
        if not touched:
            return advanced
        subject_ids = sorted({row.subject_id for row in touched})
        try:
            with database.write() as connection:
                advance(connection, subject_ids, desk)
                _done_with(connection, [row.id for row in touched], subject_ids)
        except DatabaseConflict:
            if met:
                raise
            met = True  # another change came between: what it left is read and decided anew, once
            continue
        except (HubError, OperationalError):  # of the database, and so of all trades
            raise
        except Exception:
            if batch == 1:
                LOG.exception("subject %s cannot be moved on; it stays as it is and is tried again", *subject_ids)
                broken.update(subject_ids)
            batch = 1  # one of them is broken, and holds up no other
            continue
        advanced += len(subject_ids)


def anything_touched(connection: Connection) -> bool:
    return connection.scalar(select(TouchedSubject.id).limit(1)) is not None


def _touched_next(but: Collection[int], batch: int) -> Select[int, int]:
    """The rows of the next subjects: however often one was touched, it is advanced once."""
    these = (
        select(TouchedSubject.subject_id)
        .where(TouchedSubject.subject_id.not_in(but))
        .distinct()
        .order_by(TouchedSubject.subject_id)
        .limit(batch)
        .scalar_subquery()
    )
    return (
        select(TouchedSubject.id, TouchedSubject.subject_id)
        .where(TouchedSubject.subject_id.in_(these))
        .limit(MOST_TOUCHES)
    )


def _done_with(connection: Connection, ids: Sequence[int], subject_ids: Sequence[int]) -> None:
    """Another worker may have been here since `ids` were read, and SQLite gives an id that is free to the next row.

    So a row goes only where it is about a subject that was advanced just now.
    """
    those = TouchedSubject.id.in_(ids), TouchedSubject.subject_id.in_(subject_ids)
    connection.execute(delete(TouchedSubject).where(*those))


def touch_waiting(database: Database, after: int = 0, limit: int = 500) -> int:
    """Touches subjects whose papers lack something that may have come by another way: a tariff, a rate, a remittance.

    The next `limit` of them behind the subject `after`; returns the last one, and 0 after the last of all: whoever goes
    on from there comes to each of them, however many they are.
    """
    with database.read() as connection:
        lacking = connection.scalars(
            select(Document.subject_id)
            .where(Document.state.in_(that_may(Doing.DERIVE)), Document.attention_since.is_not(None))
            .where(Document.subject_id > after)
            .distinct()
            .order_by(Document.subject_id)
            .limit(limit)
        ).all()
    if not lacking:
        return 0
    with database.write() as connection:
        touch(connection, lacking)
    return lacking[-1]


def touch(connection: Connection, subject_ids: Iterable[int]) -> None:
    rows = [{"subject_id": subject_id} for subject_id in sorted(set(subject_ids))]
    if rows:
        connection.execute(insert(TouchedSubject), rows)


def lock(connection: Connection, subject_ids: Sequence[int]) -> None:
    """Keeps a second worker from these subjects, and a sender from claiming their papers, until the transaction ends.

    Not so firmly that nobody could refer to them: who has a paper and writes about its subject is not kept waiting.
    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "sqlite":
        return
    for table, those in ((PaperSubject, PaperSubject.id), (Document, Document.subject_id)):
        rows = select(table.id).where(those.in_(subject_ids)).order_by(table.id)
        connection.execute(rows.with_for_update(key_share=True)).all()


def advance(connection: Connection, subject_ids: Sequence[int], desk: Desk) -> None:
    """Advances these subjects in the caller's transaction."""
    lock(connection, subject_ids)
    now = desk.now()
    send_apart(connection, subject_ids, now)
    dossiers = open_dossiers(connection, subject_ids, day_of(now))
    left = leave_unfit(connection, dossiers, desk, now)
    if left:
        dossiers = open_dossiers(connection, subject_ids, day_of(now))
    decisions = [decide(dossier, desk) for dossier in dossiers]
    if numbered := number_filings(connection, decisions):
        decisions = [one for one in decisions if one.dossier.subject_id not in numbered]
        decisions += [decide(dossier, desk) for dossier in open_dossiers(connection, numbered, day_of(now))]
    persist(connection, decisions, desk, now)
    left |= gather(connection, (one.dossier for one in decisions), desk, now)
    touch(connection, left | _others_of(one for one in decisions if one.tells))


def _others_of(decisions: Iterable[TradeDecision]) -> set[int]:
    """For whom something may follow: the consolidations of a trade that moved, the trades of a consolidation."""
    dossiers = [one.dossier for one in decisions]
    wholes = {held.id for one in dossiers for held in one.aboard}
    return wholes | {line.trade_id for one in dossiers for line in one.lines if line.trade_id}
