"""One run of a stream: what was kept and not read comes first, pushed pages too, then page after page.

page: fetch → keep raw → read → merge + cursor + counters + fencing token in one transaction → next page
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Row, and_, or_, select

from connectors.sdk.connector import Connector
from connectors.sdk.errors import BadData, Bug
from connectors.sdk.hook import is_pushed
from connectors.sdk.http import Page
from connectors.sdk.states import State
from connectors.sdk.stream import PAGE_LIMIT, Stream
from hub.model import Document, RawMessage, Reference, SyncJob, Trade
from hub.model.operation import as_page
from hub.model.states import TradeState
from hub.share.plan import ENDS
from sync import raw
from sync.lease import JobLease, hold
from sync.ledger import count
from sync.merge import Counts, merge
from sync.parts import Parts
from sync.quarantine import WHOLE_PAGE, resolve, set_aside
from sync.read import Reader, Reading, SetAside

NEVER = datetime.min.replace(tzinfo=UTC)


class Kept(NamedTuple):
    """What became of pages that were kept and not read: objects that pushed ones name, and pages not readable yet."""

    named: set[str]
    unreadable: list[str]


class Pull:
    """A run of one stream under a lease."""

    def __init__(self, parts: Parts, connector: Connector, stream: Stream, lease: JobLease) -> None:
        self.parts = parts
        self.connector = connector
        self.stream = stream
        self.lease = lease
        self.chain = raw.chain_name(connector.code, stream.name)
        self.reader = Reader(connector.code, connector.codes)

    def run(self) -> datetime:
        """Pulls until the source has no more; the time as of which the data is. Errors say what happens next."""
        kept = self._read_kept()
        as_of = self.parts.now()
        self._fetch(*self._asks())
        self._lay_to_rest(kept.unreadable)
        return as_of

    def read_pushed(self) -> None:
        """Reads what was pushed, and asks at once about the objects that it only names, where the source lets us."""
        named = self._read_kept().named
        with self.parts.database.read() as connection:
            wait = connection.scalar(select(SyncJob.not_before).where(SyncJob.name == self.lease.job))
        if named and not (wait and wait > self.parts.now()):
            cursor, watched = self._asks()
            self._fetch(cursor, [one for one in watched if one in named])

    def _asks(self) -> tuple[str, list[str]]:
        """From where on the source is asked, and about which objects."""
        with self.parts.database.read() as connection:
            job = connection.execute(
                select(SyncJob.cursor, SyncJob.data_as_of).where(SyncJob.name == self.lease.job)
            ).one()
            watched = watched_values(connection, self.connector.code, self.stream.watches, job.data_as_of)
            return job.cursor, watched

    def _fetch(self, cursor: str, watched: Sequence[str]) -> None:
        with closing(self.parts.open(self.connector)) as http:
            for number, page in enumerate(ahead(self.stream.pages(http, cursor, watched)), start=1):
                if number > PAGE_LIMIT:
                    raise Bug(f"{self.chain}: still pages after {PAGE_LIMIT}; the source does not end")
                self._take(page)

    def _read_kept(self) -> Kept:
        """Merges what was kept and not read, the oldest first. What still cannot be read waits on.

        The cursor stands before that, so its records are asked for again: a page that only came in broken does not hold
        up its stream for good.
        """
        found = Kept(set(), [])
        seq = 0
        while kept := self._unread(seq):
            for one in kept:
                seq, page = one.seq, as_page(one)
                if is_pushed(page):
                    found.named.update(self._merge_pushed(one.id, page, one.kept_at))
                elif not self._can_merge(one.id, page, one.kept_at):
                    found.unreadable.append(one.id)
        return found

    def _unread(self, after: int) -> Sequence[Row[tuple[RawMessage]]]:
        with self.parts.database.read() as connection:
            return raw.unread(connection, self.chain, after)

    def _can_merge(self, raw_id: str, page: Page, kept_at: datetime) -> bool:
        try:
            self.merge_page(raw_id, page, kept_at)
        except BadData:
            return False
        return True

    def _lay_to_rest(self, raw_ids: Sequence[str]) -> None:
        """Everything from the cursor on has come again and could be read: what was unreadable before is settled."""
        if not raw_ids:
            return
        with self.parts.database.write() as connection:
            for raw_id in raw_ids:
                resolve(connection, raw_id, [], self.parts.now())
                raw.mark_read(connection, raw_id, self.parts.now())

    def _merge_pushed(self, raw_id: str, page: Page, kept_at: datetime) -> Sequence[str]:
        """Unlike a fetched page, one that is bad as a whole stops nobody: no cursor hangs on it, the rest is sound."""
        try:
            self.merge_page(raw_id, page, kept_at, move_cursor=False)
        except BadData:
            with self.parts.database.write() as connection:
                now = self.parts.now()
                hold(connection, self.lease, now, self.parts.lease)
                raw.mark_read(connection, raw_id, now)
                count(connection, self.lease.run_id, Counts(received=1, quarantined=1), pages=1)
            return ()
        return self.stream.named(page)

    def _take(self, page: Page) -> None:
        now = self.parts.now()
        with self.parts.database.write() as connection:
            hold(connection, self.lease, now, self.parts.lease)
            same = raw.same_as_before(connection, self.chain, page)
            if same and same.was_read:
                hold(connection, self.lease, now, self.parts.lease, cursor=page.cursor)
                count(connection, self.lease.run_id, Counts(), pages=1)
                return
            raw_id = same.id if same else raw.keep(connection, self.chain, page, self.lease.run_id, now)
        self.merge_page(raw_id, page, now)

    def reread(self, raw_id: str, page: Page, fetched_at: datetime) -> None:
        """Reads a kept page again; the cursor stays where it is."""
        self.merge_page(raw_id, page, fetched_at, move_cursor=False)

    def merge_page(self, raw_id: str, page: Page, fetched_at: datetime, *, move_cursor: bool = True) -> None:
        """Reads and merges one kept page; a page that is bad as a whole stops the stream, and says so."""
        try:
            reading = self.reader.read(self.stream.read(page), raw_id, fetched_at)
        except BadData as error:
            self._refuse(raw_id, page, error)
            raise
        with self.parts.database.write() as connection:
            now = self.parts.now()
            counts = self._write(connection, raw_id, reading, now)
            moved = {"cursor": page.cursor} if move_cursor else {}
            hold(connection, self.lease, now, self.parts.lease, **moved)
            count(connection, self.lease.run_id, counts, pages=1)

    def _write(self, connection: Connection, raw_id: str, reading: Reading, now: datetime) -> Counts:
        counts = merge(connection, self.connector.code, reading.rows)
        set_aside(connection, self.connector.code, self.stream.name, raw_id, reading.aside, now)
        resolve(connection, raw_id, reading.aside, now)
        raw.mark_read(connection, raw_id, now)
        return counts + Counts(received=len(reading.aside), quarantined=len(reading.aside))

    def _refuse(self, raw_id: str, page: Page, error: BadData) -> None:
        """The whole page waits unread; staff mend the mapping, and the next run reads it first."""
        reason = self.connector.mask(error.text)
        aside = SetAside(WHOLE_PAGE, "", error.field or "", reason, {"url": page.url, "status": page.status})
        with self.parts.database.write() as connection:
            set_aside(connection, self.connector.code, self.stream.name, raw_id, [aside], self.parts.now())


def watched_values(connection: Connection, source: str, kind: str | None, asked_at: datetime | None) -> list[str]:
    """What a stream that asks about single objects asks about: the references of a kind whose papers are still open.

    One whose paper was done since `asked_at`, when all were asked about, is asked about once more: another stream may
    have heard of the end first, and what this one has to tell is still wanted.
    """
    if kind is None:
        return []
    is_open = Document.state.in_([State.SENT, State.ACCEPTED, State.HELD])
    not_asked_since = Document.state_since >= (asked_at or NEVER)
    # a waybill is delivered before the goods are in the warehouse, which ends such a trade
    is_wanted = and_(
        Document.state == State.DONE,
        Trade.state.in_([TradeState.RUNNING, TradeState.ATTENTION]),
        or_(Trade.mode.in_(ENDS), not_asked_since),
    )
    return list(
        connection.scalars(
            select(Reference.value)
            .join(Document, Document.id == Reference.document_id)
            .join(Trade, Trade.id == Document.trade_id)
            .where(Reference.source == source, Reference.kind == kind, or_(is_open, is_wanted))
            .order_by(Reference.document_id)
        )
    )


def ahead(pages: Iterator[Page]) -> Iterator[Page]:
    """Fetches the next page while the one before is merged; never more than one, so memory does not grow."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="fetch") as fetcher:
        coming: Future[Page | None] = fetcher.submit(next, pages, None)
        while (page := coming.result()) is not None:
            coming = fetcher.submit(next, pages, None)
            yield page
