"""One run of a stream: what was kept and not read comes first, pushed pages too, then page after page.

page: fetch → keep raw → read → merge + cursor + counters + fencing token in one transaction → next page

A page that cannot be read is set aside whole and the run goes on behind it; in the end the run says so and counts as
failed. Where the authority changed its form the cursor stays. Ten such pages in a row, or one whose reading does not
end, pause the stream.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, or_, select
from sqlalchemy.exc import DataError, IntegrityError

from connectors.sdk.connector import Connector
from connectors.sdk.errors import BadData, Bug
from connectors.sdk.hook import is_pushed
from connectors.sdk.http import Page
from connectors.sdk.members import reason_of
from connectors.sdk.states import Doing, State, that_may
from connectors.sdk.stream import PAGE_LIMIT, Ask, Stream
from hub.model import Document, RawMessage, Reference, SyncJob, Trade
from hub.model.operation import as_page
from hub.model.row_states import UNDER_WAY
from sync import raw
from sync.lease import JobLease, hold
from sync.merge import MergeCounts, merge
from sync.page_reading import Drift, Reader, Reading
from sync.pausing import pause_over
from sync.quarantine import pages_waiting, resolve, set_aside, whole_page, why_aside
from sync.run_ledger import count
from sync.services import Services
from sync.timed import TooSlow, in_time, until

NEVER = datetime.min.replace(tzinfo=UTC)
PAGE_ASIDE = MergeCounts(received=1, quarantined=1)


class Came(NamedTuple):
    """How a page came: from which cursor it was asked for, and where to go on behind it; None where no cursor hangs on
    it. `again`: it was read before, so it says nothing new of how the source is.
    """

    asked: str = ""
    cursor: str | None = None
    again: bool = False


class Pull:
    """A run of one stream under a lease."""

    def __init__(self, services: Services, connector: Connector, stream: Stream, lease: JobLease) -> None:
        self.services = services
        self.connector = connector
        self.stream = stream
        self.lease = lease
        self.chain = raw.chain_name(connector.code, stream.name)
        self.reader = Reader(connector.code, connector.codes)
        self.pages = 0
        self.aside: list[str] = []
        """Why pages of this run were set aside whole."""
        self.stopped = ""
        """Why nothing was asked for behind the last page, though the source had not said that it ends."""
        self.stands = False
        """Whether the cursor stays before a page of another form than agreed: what is behind it is of that form too."""

    def run(self) -> datetime:
        """Pulls until the source has no more; the time as of which the data is. Errors say what happens next."""
        with self.services.database.read() as connection:
            waiting = pages_waiting(connection, self.connector.code, self.stream.name)
        self._read_kept()
        as_of = self.services.now()
        ask = self._asks()
        answered = self._fetch(ask)
        self.complain()
        self._settle([one.raw_id for one in waiting if one.asked == ask.cursor and one.part in answered])
        return as_of

    def read_pushed(self) -> None:
        """Reads what was pushed, and asks at once about the objects that it only names, where the source lets us."""
        named = self._read_kept()
        with self.services.database.read() as connection:
            wait = connection.scalar(select(SyncJob.not_before).where(SyncJob.name == self.lease.job))
        if named and not (wait and wait > self.services.now()):
            ask = self._asks()
            self._fetch(replace(ask, watched=tuple(one for one in ask.watched if one in named)))

    def complain(self) -> None:
        """BadData where pages were set aside whole, or what follows one could not be told: we have not all there is."""
        if self.aside:
            number = len(self.aside)
            raise BadData(f"{number} of {self.pages} pages set aside whole; {self.aside[0]}")
        if self.stopped:
            raise BadData(self.stopped)

    def _asks(self) -> Ask:
        """From where on the source is asked, and about which objects."""
        with self.services.database.read() as connection:
            job = connection.execute(
                select(SyncJob.cursor, SyncJob.data_as_of).where(SyncJob.name == self.lease.job)
            ).one()
            watched = watched_values(
                connection, self.connector.code, self.stream.watches, job.data_as_of, self.services.desk.plan.ends
            )
            return Ask(job.cursor, watched=tuple(watched))

    def _fetch(self, ask: Ask) -> set[str]:
        """Takes page after page; the parts that came."""
        answered, cursor = set(), ask.cursor
        self.stands = False  # what was kept before may be of another form; this is asked for anew
        with closing(self.services.open(self.connector)) as http:
            for number, page in enumerate(ahead(self.stream.pages(http, ask)), start=1):
                if number > PAGE_LIMIT:
                    raise Bug(f"{self.chain}: still pages after {PAGE_LIMIT}; the source does not end")
                self._take(page, cursor)
                self.stopped = page.stopped
                if self.stands:
                    break
                cursor = page.cursor
                answered.add(page.part)
        return answered

    def _read_kept(self) -> set[str]:
        """Reads what was kept and not read, the oldest first; the objects that pushed pages name."""
        named: set[str] = set()
        seq = 0
        while kept := self._unread(seq):
            asked = self._asks().cursor
            for one in kept:
                seq, page = one.seq, as_page(one)
                came = Came() if is_pushed(page) else Came(asked, page.cursor)
                named.update(self._merge_page(one.id, page, one.kept_at, came))
        return named

    def _unread(self, after: int) -> Sequence[Row[tuple[RawMessage]]]:
        with self.services.database.read() as connection:
            return raw.unread(connection, self.chain, after)

    def _settle(self, raw_ids: Sequence[str]) -> None:
        """Whoever answered with a page that could not be read has answered the same question readably since."""
        if not raw_ids:
            return
        with self.services.database.write() as connection:
            for raw_id in raw_ids:
                resolve(connection, raw_id, [], self.services.now())

    def _take(self, page: Page, asked: str) -> None:
        now = self.services.now()
        with self.services.database.write() as connection:
            hold(connection, self.lease, now, self.services.lease)
            same = raw.same_as_before(connection, self.chain, page)
            if same and same.was_read and why_aside(connection, same.id) is None:
                hold(connection, self.lease, now, self.services.lease, cursor=page.cursor)
                count(connection, self.lease.run_id, MergeCounts(), pages=1)
                self.pages += 1
                return
            raw_id = same.id if same else raw.keep(connection, self.chain, page, self.lease.run_id, now)
        self._merge_page(raw_id, page, now, Came(asked, page.cursor, again=bool(same and same.was_read)))

    def reread(self, raw_id: str, page: Page, fetched_at: datetime) -> None:
        """Reads a kept page again; the cursor stays where it is."""
        self._merge_page(raw_id, page, fetched_at, Came(again=True))

    def _merge_page(self, raw_id: str, page: Page, fetched_at: datetime, came: Came) -> Sequence[str]:
        """Reads and merges one kept page, or sets it aside whole with nothing of it merged; the objects it names."""
        moved: dict[str, Any] = {} if came.cursor is None else {"cursor": came.cursor}
        self.pages += 1

        def read(late: Event) -> tuple[Reading, Sequence[str]]:
            reading = self.reader.read(until(late, self.stream.read(page)), raw_id, fetched_at)
            return reading, [*self.stream.named(page)] if is_pushed(page) else []

        try:
            reading, named = in_time(self.services, self.chain, raw_id, read)
            with self.services.database.write() as connection:
                now = self.services.now()
                counts = self._write(connection, raw_id, reading, now)
                hold(connection, self.lease, now, self.services.lease, pages_aside=0, **moved)
                count(connection, self.lease.run_id, counts, raw_id=raw_id, pages=1)
        except BadData as error:
            self._set_page_aside(raw_id, page, error, came)
        except (DataError, IntegrityError) as error:
            unfit = BadData(f"the database refuses a row of it: {type(error.orig).__name__}")
            self._set_page_aside(raw_id, page, unfit, came)
        else:
            return named
        return ()

    def _write(self, connection: Connection, raw_id: str, reading: Reading, now: datetime) -> MergeCounts:
        counts = merge(connection, self.connector.code, reading.rows)
        set_aside(connection, self.connector.code, self.stream.name, raw_id, reading.aside, now)
        resolve(connection, raw_id, reading.aside, now)
        raw.mark_read(connection, raw_id, now)
        return counts + MergeCounts(received=len(reading.aside), quarantined=len(reading.aside))

    def _set_page_aside(self, raw_id: str, page: Page, error: BadData, came: Came) -> None:
        """The page waits in quarantine with its reason, and the stream goes on; too many in a row pause it.

        It goes on behind the page, too, which would stop all others for good otherwise; but not where the authority
        changed its form: that page is asked for again until it can be read.
        """
        reason, endless = self.connector.mask(error.text), isinstance(error, TooSlow)
        self.aside.append(f"raw message {raw_id}: {reason}")
        self.stands = isinstance(error, Drift) and came.cursor not in (None, came.asked)
        moved = {} if came.cursor is None or self.stands else {"cursor": came.cursor}
        with self.services.database.write() as connection:
            now = self.services.now()
            one = whole_page(page, error.field, reason, came.asked)
            for earlier in pages_waiting(connection, self.connector.code, self.stream.name) if self.stands else ():
                if earlier.asked == came.asked and earlier.part == page.part:
                    resolve(connection, earlier.raw_id, [], now)  # the same question, answered anew
            set_aside(connection, self.connector.code, self.stream.name, raw_id, [one], now)
            raw.mark_read(connection, raw_id, now)
            count(connection, self.lease.run_id, PAGE_ASIDE, raw_id=raw_id, pages=1)
            hold(connection, self.lease, now, self.services.lease, **moved)
            counts = endless or not came.again
            paused = pause_over(connection, self.lease.job, self.aside[-1], endless, now) if counts else None
        if paused:
            raise paused


def watched_values(
    connection: Connection, source: str, kind: str | None, asked_at: datetime | None, ending: Collection[str] = ()
) -> list[str]:
    """What a stream that asks about single objects asks about: the references of a kind whose papers are still open.

    One whose paper was done since `asked_at`, when all were asked about, is asked about once more: another stream may
    have heard of the end first, and what this one has to tell is still wanted. Of the modes `ending`, whose trades end
    with more than their papers, it is asked about until the trade is over.
    """
    if kind is None:
        return []
    is_open = Document.state.in_(that_may(Doing.ASK))
    not_asked_since = Document.state_since >= (asked_at or NEVER)
    # a waybill is delivered before the goods are in the warehouse, which ends such a trade
    is_wanted = and_(
        Document.state == State.DONE,
        or_(Trade.id.is_(None), Trade.state.in_(UNDER_WAY)),
        or_(Trade.mode.in_(ending), not_asked_since),
    )
    return list(
        connection.scalars(
            select(Reference.value)
            .join(Document, Document.id == Reference.document_id)
            .outerjoin(Trade, Trade.id == Document.subject_id)
            .where(Reference.source == source, Reference.kind == kind, or_(is_open, is_wanted))
            .order_by(Reference.document_id)
        )
    )


def ahead(pages: Iterator[Page]) -> Iterator[Page]:
    """Fetches the next page while the one before is merged; never more than one, so memory does not grow."""

    def fetch() -> Page | None:
        try:
            return next(pages, None)
        except Exception:
            raise
        except BaseException as error:  # it ends the fetching, and nobody else's thread
            raise Bug(reason_of(error)) from error

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="fetch") as fetcher:
        coming = fetcher.submit(fetch)
        while (page := coming.result()) is not None:
            coming = fetcher.submit(fetch)
            yield page
