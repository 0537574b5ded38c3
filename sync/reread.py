"""Kept pages read again: what a page tells now takes the place of what it told before, and what was derived follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from threading import Event
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select, update

from connectors.sdk.connector import Connector
from connectors.sdk.errors import BadData
from connectors.sdk.members import FAULT
from connectors.sdk.stream import Stream
from hub.model import BasicInformation, DocumentEvent, ExchangeRate, RawMessage
from hub.model.operation import as_page
from hub.model.turns import take_turn
from hub.money.allocations import ALLOCATING
from hub.money.rematch import TAKE_BACK, TAKEN_BACK, reconsider_converted, take_back
from hub.money.remittances import match_remittances
from hub.progress.advance import lock
from hub.progress.correct import TradeStanding, correct_trades, trade_standings
from hub.progress.reach import sharing_remittances, trades_reached
from sync.forget import forget, taught_by
from sync.identity_changes import Change, Key, by_identity, is_given_up, original_of, told_in
from sync.lease import JobLease, hold
from sync.merge import LINKED, MergeCounts, await_merge_turn, find_references, merge, subjects_of
from sync.page_reading import Reading
from sync.pull import Pull
from sync.services import Services
from sync.tables import TABLES
from sync.timed import TooSlow, in_time, until

CHUNK = 500
MONEY = {*TAKE_BACK, BasicInformation.__tablename__, ExchangeRate.__tablename__}


class Teller(NamedTuple):
    """A page that tells of a row: as of when, and when it was heard. The greatest is right."""

    as_of: datetime
    kept_at: datetime
    raw_id: str


class Reread(Pull):
    """Reads kept pages again.

    A row that stands in a page, and that the page tells of no more, goes; or it becomes what another page of the stream
    tells of it. Everything that was derived from rows that are otherwise now follows in the same transaction.
    """

    def __init__(self, services: Services, connector: Connector, stream: Stream, lease: JobLease) -> None:
        super().__init__(services, connector, stream, lease)
        self.elsewhere: dict[Key, Teller] = {}
        """Of rows that their page vouches for no more: the page that does."""
        self.taken_back = 0
        """Rows that no page tells of any more."""

    def look_through(self, raw_ids: Sequence[str]) -> None:
        """Finds out before anything is written which rows these pages will give up, and who else tells of those."""
        owners: dict[Key, str] = {}
        for raw_id, reading in self._readings(raw_ids):
            with self.services.database.read() as connection:
                owners |= {change.key: raw_id for change in self._given_up(connection, raw_id, reading)}
        if not owners:
            return
        with self.services.database.read() as connection:
            chain = select(RawMessage.id).where(RawMessage.chain == self.chain).order_by(RawMessage.seq)
            everyone = list(connection.scalars(chain))
        for raw_id, reading in self._readings(everyone):
            for noun, rows in told_in(reading).items():
                for source_id, row in rows.items():
                    key, teller = (noun, source_id), Teller(row["as_of"], row["fetched_at"], raw_id)
                    if owners.get(key, raw_id) != raw_id:
                        self.elsewhere[key] = max(teller, self.elsewhere.get(key, teller))

    def read_again(self, raw_id: str) -> None:
        """Reads a page and merges it, or sets it aside; the cursor stays where it is."""
        with self.services.database.read() as connection:
            kept = connection.execute(select(RawMessage.__table__).where(RawMessage.id == raw_id)).one()
        self.reread(raw_id, as_page(kept), kept.kept_at)

    def _readings(self, raw_ids: Iterable[str]) -> Iterator[tuple[str, Reading]]:
        """What can be read of these pages. One that is bad as a whole is left out: it says nothing.

        TooSlow where reading one does not end: the others would only leave more threads alone.
        """
        for raw_id in raw_ids:
            with self.services.database.write() as connection:
                hold(connection, self.lease, self.services.now(), self.services.lease)
            try:
                yield raw_id, self._reading(raw_id)
            except TooSlow:
                raise
            except BadData:
                continue

    def _reading(self, raw_id: str) -> Reading:
        with self.services.database.read() as connection:
            kept = connection.execute(select(RawMessage.__table__).where(RawMessage.id == raw_id)).one()

        def read(late: Event) -> Reading:
            return self.reader.read(until(late, self.stream.read(as_page(kept))), raw_id, kept.kept_at)

        return in_time(self.services, self.chain, raw_id, read)

    def _write(self, connection: Connection, raw_id: str, reading: Reading, now: datetime) -> MergeCounts:
        await_merge_turn(connection, self.connector.code)
        changes = self._changes(connection, raw_id, reading)
        if not changes:
            return super()._write(connection, raw_id, reading, now)
        before = self._stand(connection, changes)
        changes = self._rename(connection, changes)
        self._give_up(connection, raw_id, [change for change in changes if is_given_up(change, raw_id)], now)
        _ask_version_anew(connection, changes)
        counts = super()._write(connection, raw_id, reading, now)
        self._drop_copies(connection, raw_id, changes)
        self._follow(connection, changes, before, now)
        return counts

    def _changes(self, connection: Connection, raw_id: str, reading: Reading) -> list[Change]:
        """The rows that may be otherwise once the page is merged."""
        told, changes = told_in(reading), self._given_up(connection, raw_id, reading)
        for noun, rows in told.items():
            known = self._rows(connection, noun, list(rows))
            changes += [Change(noun, known.get(key), row) for key, row in rows.items()]
        for noun, row in self._standing(connection, raw_id):
            original = told.get(noun, {}).get(original_of(row) or "")
            if original is not None:
                changes.append(Change(noun, row, original))
        return [one for one in changes if not one.is_same]

    def _rows(self, connection: Connection, noun: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        columns = TABLES[noun].__table__.c
        found: dict[str, dict[str, Any]] = {}
        chosen = select(TABLES[noun].__table__).where(columns.source == self.connector.code)
        for start in range(0, len(keys), CHUNK):
            rows = connection.execute(chosen.where(columns.source_id.in_(keys[start : start + CHUNK]))).mappings()
            found |= {row["source_id"]: dict(row) for row in rows}
        return found

    def _standing(self, connection: Connection, raw_id: str) -> list[tuple[str, dict[str, Any]]]:
        """The rows that stand in a page, each with its noun."""
        found = []
        for noun, table in TABLES.items():
            columns = table.__table__.c
            chosen = select(table.__table__).where(columns.raw_id == raw_id, columns.digest != TAKEN_BACK)
            found += [(noun, dict(row)) for row in connection.execute(chosen).mappings()]
        return found

    def _given_up(self, connection: Connection, raw_id: str, reading: Reading) -> list[Change]:
        """Rows that stand in the page, and that it tells of no more, or only as of an earlier time.

        A page over a member of which the connector fails gives up nothing: that says nothing of what it tells.
        """
        if any(one.reason.startswith(FAULT) for one in reading.aside):
            return []
        told, given_up = told_in(reading), []
        for noun, row in self._standing(connection, raw_id):
            rows = told.get(noun, {})
            now = rows.get(row["source_id"])
            if (now is None and original_of(row) not in rows) or (now is not None and now["as_of"] < row["as_of"]):
                given_up.append(Change(noun, row, now))
        return given_up

    def _stand(self, connection: Connection, changes: Sequence[Change]) -> dict[int, TradeStanding]:
        """What follows for the trades that these rows reach, before they change; nobody else moves them meanwhile."""
        if any(change.noun in MONEY for change in changes):
            take_turn(connection, ALLOCATING)
        reached = set[int]()
        for noun in {change.noun for change in changes}:
            those = [change for change in changes if change.noun == noun]
            rows = [row for change in those for row in (change.before, change.told) if row is not None]
            reached |= trades_reached(connection, noun, rows)
            if noun in LINKED:
                about = {(row["about_kind"], row["about_value"]) for row in rows}
                found = find_references(connection, self.connector.code, about)
                reached |= subjects_of(paper._asdict() for papers in found.values() for paper in papers)
        reached |= sharing_remittances(connection, reached)
        lock(connection, sorted(reached))
        return trade_standings(connection, reached, self.services.desk)

    def _rename(self, connection: Connection, changes: Sequence[Change]) -> list[Change]:
        """One that the page tells under another source id now is the same one still, with what hangs on it."""
        gone = by_identity(one for one in changes if one.told is None and one.key not in self.elsewhere)
        came = by_identity(one for one in changes if one.before is None)
        same = [(old, came[identity]) for identity, old in gone.items() if identity in came]
        source = self.connector.code
        for old, new in same:
            columns = TABLES[old.noun].__table__.c
            this = update(TABLES[old.noun]).where(columns.source == source, columns.source_id == old.key[1])
            connection.execute(this.values(source_id=new.key[1]))
        done = {id(one) for pair in same for one in pair}
        rest = [one for one in changes if id(one) not in done]
        return rest + [Change(old.noun, old.before, new.told) for old, new in same]

    def _give_up(self, connection: Connection, raw_id: str, given_up: Sequence[Change], now: datetime) -> None:
        """Rows go over to the page that tells of them now; those that no page does are taken back."""
        handed_over: dict[str, list[Key]] = {}
        taken_back: dict[str, list[int]] = {}
        for change in given_up:
            other = self.elsewhere.get(change.key)
            own = Teller(change.told["as_of"], change.told["fetched_at"], raw_id) if change.told else None
            if other and (own is None or other > own):
                handed_over.setdefault(other.raw_id, []).append(change.key)
            elif own is None and change.before:
                taken_back.setdefault(change.noun, []).append(change.before["id"])
        for teller, keys in handed_over.items():
            self._hand_over(connection, teller, keys)
        for noun, ids in taken_back.items():
            self.taken_back += len(ids)
            if noun in TAKE_BACK:
                take_back(connection, noun, ids, now)
            else:
                _delete(connection, noun, ids)

    def _hand_over(self, connection: Connection, teller: str, keys: Sequence[Key]) -> None:
        told = told_in(self._reading(teller))
        rows: dict[str, list[dict[str, Any]]] = {}
        for noun, source_id in keys:
            columns = TABLES[noun].__table__.c
            this = update(TABLES[noun]).where(columns.source == self.connector.code, columns.source_id == source_id)
            connection.execute(this.values(raw_id=teller))
            rows.setdefault(noun, []).append(told[noun][source_id])
        merge(connection, self.connector.code, rows)

    def _drop_copies(self, connection: Connection, raw_id: str, changes: Sequence[Change]) -> None:
        """What was said of several papers stands once for each; of a paper that it is not said of now, it goes."""
        told = {(one.noun, one.told["source_id"]): one.told["digest"] for one in changes if one.told is not None}
        old: dict[str, list[int]] = {}
        for noun, row in self._standing(connection, raw_id):
            if told.get((noun, original_of(row) or ""), row["digest"]) != row["digest"]:
                old.setdefault(noun, []).append(row["id"])
        for noun, ids in old.items():
            _delete(connection, noun, ids)

    def _follow(
        self, connection: Connection, changes: Sequence[Change], before: dict[int, TradeStanding], now: datetime
    ) -> None:
        """What was derived from these rows: identifiers, matches of money, milestones, states, papers."""
        was = [change for change in changes if change.before is not None]
        events = [change.before for change in was if change.noun == DocumentEvent.__tablename__ and change.before]
        forget(connection, self.connector.code, taught_by(events), self.services.desk)
        parities = [row for one in changes if one.noun == ExchangeRate.__tablename__ for row in one[1:] if row]
        reconsider_converted(connection, parities, now)
        if any(change.noun in MONEY for change in changes):
            match_remittances(connection, now)
        correct_trades(connection, before, self.services.desk, now)


def _ask_version_anew(connection: Connection, changes: Sequence[Change]) -> None:
    """An event keeps the version that it was first heard of, but not where that was found by what was misread."""
    decisive = ("happened_at", "about_kind", "about_value")
    moved = [
        one.before["id"]
        for one in changes
        if one.noun == DocumentEvent.__tablename__ and one.before and one.told
        if any(one.before[name] != one.told[name] for name in decisive)
    ]
    for start in range(0, len(moved), CHUNK):
        these = DocumentEvent.id.in_(moved[start : start + CHUNK])
        connection.execute(update(DocumentEvent).where(these).values(version=None))


def _delete(connection: Connection, noun: str, ids: Sequence[int]) -> None:
    columns = TABLES[noun].__table__.c
    for start in range(0, len(ids), CHUNK):
        connection.execute(delete(TABLES[noun]).where(columns.id.in_(ids[start : start + CHUNK])))
