"""The outbox: papers that are ready are claimed, handed over, and what became of it is recorded.

Never a transaction across the network: claim (transaction) → talk (none) → record (transaction). A claim that was
never recorded, and an attempt whose outcome is unknown, mean the same: it may have arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, func, insert, literal, or_, select, tuple_, update

from connectors.sdk.papers import Paper
from connectors.sdk.states import State
from connectors.sdk.written import read_content
from hub.model import DeliveryAttempt, Document, DocumentEvent, PaperVersion, Trade
from hub.model.types import Instant
from hub.share.advance import touch
from hub.share.desk import Desk
from hub.share.dossier import known_from

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=30)
MOST_DOUBLINGS = 10  # beyond which the longest wait is reached
MESSAGE_REFUSED = "MESSAGE_REFUSED"
GIVEN_UP = "DELIVERY_GIVEN_UP"


@dataclass(frozen=True, slots=True)
class Claim:
    """A version of a paper that this run hands over.

    `may_have_arrived`: ask before sending again. `alone`: a message that it shared was refused as a whole.
    """

    attempt_id: int
    document_id: int
    trade_id: int
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
    ready = connection.execute(
        select(
            Document.id,
            Document.trade_id,
            Document.number,
            Document.kind,
            Document.ready_at,
            Trade.cancel_reason,
            PaperVersion.version,
            PaperVersion.guid,
            PaperVersion.action,
            PaperVersion.content,
            PaperVersion.derived_at,
        )
        .join(PaperVersion, and_(PaperVersion.document_id == Document.id, PaperVersion.version == Document.version))
        .join(Trade, Trade.id == Document.trade_id)
        .where(Document.kind == kind, Document.authority == source, *_claimable(now))
        .where(or_(Trade.cancel_requested_at.is_(None), PaperVersion.action == "withdraw"))
        .order_by(Document.ready_at, Document.id)
        .limit(limit)
        .with_for_update(of=Document, skip_locked=True)
    ).all()
    earlier = _earlier(connection, [row.id for row in ready])
    claims = []
    for row in ready:
        attempts = earlier.get((row.id, row.version), [])
        if sum(one.claimed_at >= row.ready_at for one in attempts) >= most_attempts:
            _give_up(connection, row.id, attempts[-1], now)
            touch(connection, [row.trade_id])
            continue
        claims.append(_write(connection, desk, row, attempts, run_id, now, lease))
    return claims


def kinds_ready(connection: Connection, source: str, kinds: Iterable[str], now: datetime) -> set[str]:
    """Of these kinds, those with papers for a source that a claim would get now."""
    these = Document.kind.in_(kinds), Document.authority == source
    return set(connection.scalars(select(Document.kind).where(*these, *_claimable(now)).distinct()))


def _claimable(now: datetime) -> tuple[Any, ...]:
    return (Document.state == State.READY, Document.attention_since.is_(None), ~_held(now))


def _held(now: datetime) -> Any:
    """Somebody talks about this version right now, or its next attempt is not due yet."""
    return exists().where(
        DeliveryAttempt.document_id == Document.id,
        DeliveryAttempt.version == Document.version,
        or_(
            and_(DeliveryAttempt.outcome.is_(None), DeliveryAttempt.lease_until > now),
            DeliveryAttempt.next_try_at > now,
        ),
    )


def _earlier(connection: Connection, document_ids: Sequence[int]) -> dict[tuple[int, int], list[Any]]:
    found: dict[tuple[int, int], list[Any]] = {}
    for attempt in connection.execute(
        select(DeliveryAttempt.__table__)
        .where(DeliveryAttempt.document_id.in_(document_ids))
        .order_by(DeliveryAttempt.number)
    ):
        found.setdefault((attempt.document_id, attempt.version), []).append(attempt)
    return found


def _write(
    connection: Connection, desk: Desk, row: Any, attempts: Sequence[Any], run_id: str, now: datetime, lease: timedelta
) -> Claim:
    attempt_id = connection.execute(
        insert(DeliveryAttempt)
        .values(
            document_id=row.id,
            version=row.version,
            number=len(attempts) + 1,
            guid=row.guid,
            claimed_at=now,
            lease_until=now + lease,
            run_id=run_id,
        )
        .returning(DeliveryAttempt.id)
    ).scalar_one()
    return Claim(
        attempt_id=attempt_id,
        document_id=row.id,
        trade_id=row.trade_id,
        number=len(attempts) + 1,
        may_have_arrived=any(attempt.outcome in (None, "unknown") for attempt in attempts),
        alone=any(attempt.error_code == MESSAGE_REFUSED for attempt in attempts),
        paper=paper_of(connection, desk, row),
    )


def paper_of(connection: Connection, desk: Desk, row: Any, sent_at: datetime | None = None) -> Paper:
    """A kept version as a paper; with `sent_at`, as it was when it went out, before anything was heard of it."""
    head, lines = read_content(desk.schemas[row.kind], row.content)
    return Paper(
        kind=row.kind,
        number=row.number,
        version=row.version,
        guid=row.guid,
        action=row.action,
        derived_at=row.derived_at,
        head=head,
        lines=lines,
        known=_known(connection, row.id, sent_at) if row.action != "new" else {},
        reason=row.cancel_reason or "",
    )


def _known(connection: Connection, document_id: int, until: datetime | None) -> dict[str, str]:
    heard = select(DocumentEvent.about_kind, DocumentEvent.about_value, DocumentEvent.references).where(
        DocumentEvent.document_id == document_id
    )
    if until:
        heard = heard.where(DocumentEvent.fetched_at <= until)
    return known_from(connection.execute(heard.order_by(DocumentEvent.happened_at, DocumentEvent.rank)))


def _give_up(connection: Connection, document_id: int, last: Any, now: datetime) -> None:
    attention = {"code": GIVEN_UP, "attempts": last.number, "error": last.error or ""}
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
    _end(connection, claims, now, outcome="delivered", answer_raw_id=answer_raw_id)
    these = tuple_(Document.id, Document.version).in_([(one.document_id, one.paper.version) for one in claims])
    connection.execute(
        update(Document).where(these).values(sent_at=func.coalesce(Document.sent_at, literal(now, Instant())))
    )
    connection.execute(
        update(Document).where(these, Document.state == State.READY).values(state=State.SENT, state_since=now)
    )


def not_delivered(
    connection: Connection, claims: Sequence[Claim], now: datetime, outcome: str, error_code: str, error: str,
    after: float | None,
) -> None:  # fmt: skip
    """`unknown`: it may have arrived; `failed`: it has not. The next attempt waits longer each time."""
    for one in claims:
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(one.number - 1, MOST_DOUBLINGS))
        if after is not None:
            wait = max(wait, timedelta(seconds=after))
        _end(connection, [one], now, outcome=outcome, error_code=error_code, error=error, next_try_at=now + wait)


def send_apart(connection: Connection, message_id: str, document_ids: Sequence[int], words: str, now: datetime) -> None:
    """A message that held several papers was refused as a whole: each goes out again, alone, at once.

    That says which of them was to blame, and holds up none of the others. Said again, it sends nothing again.
    """
    attempts = connection.execute(
        select(DeliveryAttempt.id, DeliveryAttempt.document_id, DeliveryAttempt.version)
        .where(DeliveryAttempt.message_id == message_id, DeliveryAttempt.document_id.in_(document_ids))
        .where(DeliveryAttempt.error_code.is_distinct_from(MESSAGE_REFUSED))
    ).all()
    connection.execute(
        update(DeliveryAttempt)
        .where(DeliveryAttempt.id.in_([one.id for one in attempts]))
        .values(outcome="failed", error_code=MESSAGE_REFUSED, error=words, ended_at=now, next_try_at=now)
    )
    refused = tuple_(Document.id, Document.version).in_([(one.document_id, one.version) for one in attempts])
    connection.execute(
        update(Document)
        .where(refused, Document.state == State.SENT)
        .values(state=State.READY, state_since=now, sent_at=None)
    )


def release(connection: Connection, claims: Iterable[Claim]) -> None:
    """Claims of which nothing was begun, as if they had never been made."""
    connection.execute(delete(DeliveryAttempt).where(DeliveryAttempt.id.in_([one.attempt_id for one in claims])))


def revive(connection: Connection, authority: str, now: datetime) -> int:
    """Papers that were given up begin to be tried anew; how many."""
    rows = connection.execute(
        select(Document.id, Document.trade_id, Document.attention)
        .where(Document.authority == authority, Document.state == State.READY, Document.attention_since.is_not(None))
        .with_for_update()
    )
    given_up = [row for row in rows if row.attention["code"] == GIVEN_UP]
    connection.execute(
        update(Document)
        .where(Document.id.in_([row.id for row in given_up]))
        .values(attention=None, attention_since=None, ready_at=now)
    )
    touch(connection, [row.trade_id for row in given_up])
    return len(given_up)


def _end(connection: Connection, claims: Sequence[Claim], now: datetime, **columns: Any) -> None:
    connection.execute(
        update(DeliveryAttempt)
        .where(DeliveryAttempt.id.in_([one.attempt_id for one in claims]))
        .values(ended_at=now, **columns)
    )
