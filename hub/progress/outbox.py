"""The outbox: papers that are ready are claimed, handed over, and what became of it is recorded.

Never a transaction across the network: claim (transaction) → talk (none) → record (transaction). A claim that was
never recorded, and an attempt whose outcome is unknown, mean the same: it may have arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, exists, func, insert, literal, or_, select, tuple_, update
from sqlalchemy.sql import ColumnElement

from connectors.sdk.papers import Action, Paper
from connectors.sdk.states import Doing, State, that_may
from hub.dossiers.rows import Attention, KeptVersion, rows_of
from hub.model import DeliveryAttempt, Document, PaperVersion, Trade
from hub.model.row_states import DeliveryOutcome
from hub.model.types import Instant
from hub.papers.desk import Desk
from hub.progress.advance import touch
from hub.progress.apart import MESSAGE_REFUSED
from hub.progress.kept_papers import paper_of, select_versions

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=30)
MOST_DOUBLINGS = 10  # beyond which the longest wait is reached
GIVEN_UP = "DELIVERY_GIVEN_UP"


@dataclass(frozen=True, slots=True)
class Claim:
    """A version of a paper that this run hands over.

    `may_have_arrived`: ask before sending again. `alone`: a message that it shared was refused as a whole.
    """

    attempt_id: int
    document_id: int
    subject_id: int
    trade_id: int | None
    number: int
    may_have_arrived: bool
    alone: bool
    paper: Paper


def claim(
    connection: Connection, desk: Desk, source: str, kind: str, limit: int, run_id: str, lease: timedelta,
    most_attempts: int,
) -> list[Claim]:  # fmt: skip
    """Claims up to `limit` ready papers of one kind for a source, that nobody holds and whose time to try has come."""
    now = desk.now()
    rows = connection.execute(
        select_versions()
        .where(PaperVersion.version == Document.version, Document.kind == kind)
        .where(Document.authority == source, *_claimable(now))
        .where(or_(Trade.cancel_requested_at.is_(None), PaperVersion.action == Action.WITHDRAW))
        .order_by(Document.ready_at, Document.id)
        .limit(limit)
        .with_for_update(of=Document, skip_locked=True)
    )
    ready = [KeptVersion(*row) for row in rows]
    earlier = _earlier(connection, [one.document_id for one in ready])
    claims = []
    for kept in ready:
        attempts = earlier.get((kept.document_id, kept.version), [])
        since_ready = [one for one in attempts if kept.ready_at and one.claimed_at >= kept.ready_at]
        if len(since_ready) >= most_attempts:
            _give_up(connection, kept.document_id, attempts[-1], now)
            touch(connection, [kept.subject_id])
            continue
        claims.append(_write(connection, desk, kept, attempts, run_id, now, lease))
    return claims


def kinds_ready(connection: Connection, source: str, kinds: Iterable[str], now: datetime) -> set[str]:
    """Of these kinds, those with papers for a source that a claim would get now."""
    these = Document.kind.in_(kinds), Document.authority == source
    return set(connection.scalars(select(Document.kind).where(*these, *_claimable(now)).distinct()))


def _claimable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Document.state.in_(that_may(Doing.SEND)), Document.attention_since.is_(None), ~_held(now))


def _held(now: datetime) -> ColumnElement[bool]:
    """Somebody talks about this version right now, or its next attempt is not due yet."""
    return exists().where(
        DeliveryAttempt.document_id == Document.id,
        DeliveryAttempt.version == Document.version,
        or_(
            and_(DeliveryAttempt.outcome.is_(None), DeliveryAttempt.lease_until > now),
            DeliveryAttempt.next_try_at > now,
        ),
    )


def _earlier(connection: Connection, document_ids: Sequence[int]) -> dict[tuple[int, int], list[DeliveryAttempt]]:
    found: dict[tuple[int, int], list[DeliveryAttempt]] = {}
    these = DeliveryAttempt.document_id.in_(document_ids)
    for attempt in rows_of(connection, DeliveryAttempt, these, DeliveryAttempt.number):
        found.setdefault((attempt.document_id, attempt.version), []).append(attempt)
    return found


def _write(
    connection: Connection, desk: Desk, kept: KeptVersion, attempts: Sequence[DeliveryAttempt], run_id: str,
    now: datetime, lease: timedelta,
) -> Claim:  # fmt: skip
    attempt_id = connection.execute(
        insert(DeliveryAttempt)
        .values(
            document_id=kept.document_id,
            version=kept.version,
            number=len(attempts) + 1,
            guid=kept.guid,
            claimed_at=now,
            lease_until=now + lease,
            run_id=run_id,
        )
        .returning(DeliveryAttempt.id)
    ).scalar_one()
    return Claim(
        attempt_id=attempt_id,
        document_id=kept.document_id,
        subject_id=kept.subject_id,
        trade_id=kept.trade_id,
        number=len(attempts) + 1,
        may_have_arrived=any(attempt.outcome in (None, DeliveryOutcome.UNKNOWN) for attempt in attempts),
        alone=any(attempt.error_code == MESSAGE_REFUSED for attempt in attempts),
        paper=paper_of(connection, desk, kept),
    )


def _give_up(connection: Connection, document_id: int, last: DeliveryAttempt, now: datetime) -> None:
    attention: Attention = {"code": GIVEN_UP, "attempts": last.number, "error": last.error or ""}
    connection.execute(
        update(Document)
        .where(Document.id == document_id)
        .values(attention=attention, attention_since=now, state_since=now)
    )


def put_in_message(connection: Connection, claims: Iterable[Claim], message_id: str, raw_id: str) -> None:
    """Notes which message carries the claimed papers."""
    connection.execute(
        update(DeliveryAttempt)
        .where(DeliveryAttempt.id.in_([one.attempt_id for one in claims]))
        .values(message_id=message_id or None, sent_raw_id=raw_id)
    )


def delivered(connection: Connection, claims: Sequence[Claim], now: datetime, answer_raw_id: str | None) -> None:
    """The authority has the papers. A document that was heard of meanwhile keeps the state that gave it."""
    _end(connection, claims, now, outcome=DeliveryOutcome.DELIVERED, answer_raw_id=answer_raw_id)
    these = tuple_(Document.id, Document.version).in_([(one.document_id, one.paper.version) for one in claims])
    first_sent = func.coalesce(Document.sent_at, literal(now, Instant()))
    connection.execute(update(Document).where(these).values(sent_at=first_sent))
    connection.execute(
        update(Document)
        .where(these, Document.state.in_(that_may(Doing.SEND)))
        .values(state=State.SENT, state_since=now)
    )


def not_delivered(
    connection: Connection, claims: Sequence[Claim], now: datetime, outcome: DeliveryOutcome, error_code: str,
    error: str, after: float | None,
) -> None:  # fmt: skip
    """The papers may not have arrived, by the outcome. The next attempt waits longer each time."""
    for one in claims:
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(one.number - 1, MOST_DOUBLINGS))
        if after is not None:
            wait = max(wait, timedelta(seconds=after))
        _end(connection, [one], now, outcome=outcome, error_code=error_code, error=error, next_try_at=now + wait)


def release(connection: Connection, claims: Iterable[Claim]) -> None:
    """Claims of which nothing was begun, as if they had never been made."""
    connection.execute(delete(DeliveryAttempt).where(DeliveryAttempt.id.in_([one.attempt_id for one in claims])))


def revive(connection: Connection, authority: str, now: datetime) -> int:
    """Papers that were given up begin to be tried anew; how many."""
    ready = Document.authority == authority, Document.state.in_(that_may(Doing.SEND))
    rows = connection.execute(
        select(Document.id, Document.subject_id, Document.attention)
        .where(*ready, Document.attention_since.is_not(None))
        .with_for_update()
    )
    given_up = {id_: subject_id for id_, subject_id, asked in rows if asked and asked["code"] == GIVEN_UP}
    connection.execute(
        update(Document).where(Document.id.in_(given_up)).values(attention=None, attention_since=None, ready_at=now)
    )
    touch(connection, given_up.values())
    return len(given_up)


def _end(connection: Connection, claims: Sequence[Claim], now: datetime, **outcome: object) -> None:
    connection.execute(
        update(DeliveryAttempt)
        .where(DeliveryAttempt.id.in_([one.attempt_id for one in claims]))
        .values(ended_at=now, **outcome)
    )
