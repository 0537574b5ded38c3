"""Set-based merge: rows meet what is known, the newer one stays; links to trades; the set of touched trades."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, bindparam, or_, select, tuple_, update

from connectors.sdk.states import State
from hub.model import Base, Database, DocumentEvent, Reference
from hub.model.document import MESSAGE_REFERENCE
from hub.model.turns import take_turn
from hub.model.upsert import insert_into, insert_new
from hub.money.rematch import TAKEN_BACK, correct_remittances, told_before
from hub.progress.advance import touch
from sync.tables import TABLES
from sync.versions import versions_answered

LINKED = tuple(name for name, table in TABLES.items() if "about_kind" in table.__table__.c)
CHUNK = 500


class TiedPaper(NamedTuple):
    """What a reference leads to; the names are those of columns. Without a trade it is the whole of the paper."""

    subject_id: int
    trade_id: int | None
    document_id: int


NOTHING: Mapping[str, int | None] = dict.fromkeys(TiedPaper._fields)


@dataclass(slots=True)
class MergeCounts:
    """received = merged + unchanged + superseded + quarantined."""

    received: int = 0
    merged: int = 0
    unchanged: int = 0
    superseded: int = 0
    quarantined: int = 0

    def __add__(self, other: MergeCounts) -> MergeCounts:
        return MergeCounts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def add_up(self) -> bool:
        return self.received == self.merged + self.unchanged + self.superseded + self.quarantined


def merge(connection: Connection, source: str, rows: Mapping[str, Sequence[dict[str, Any]]]) -> MergeCounts:
    """Merges rows by noun. A row yields to a newer as-of time, and of two as of the same time to the one heard later.

    But the message that it stands in may always correct it. The same content again counts as unchanged.
    """
    await_merge_turn(connection, source)
    counts = MergeCounts()
    for noun, given in rows.items():
        counts.received += len(given)
        fresh = _sort_out(connection, source, TABLES[noun], given, counts)
        counts.merged += len(fresh)  # what is said of several papers counts once
        if noun in LINKED:
            _link(connection, source, noun, fresh)
        known = told_before(connection, source, noun, [row["source_id"] for row in fresh])
        _upsert(connection, TABLES[noun], fresh)
        if noun == "document_event":
            _learn_references(connection, source, fresh)
        if known:
            correct_remittances(connection, noun, known, max(row["fetched_at"] for row in fresh))
        touch(connection, subjects_of(fresh))
    return counts


def _sort_out(
    connection: Connection, source: str, table: type[Base], given: Sequence[dict[str, Any]], counts: MergeCounts
) -> list[dict[str, Any]]:
    """The rows that change something: at most one for each natural key, the newest of the page."""
    newest = newest_of(given, counts)
    known = _known(connection, source, table, list(newest))
    fresh, mistimed = [], []
    for key, row in newest.items():
        before = known.get(key)
        corrects = before is not None and row["raw_id"] is not None and before.raw_id == row["raw_id"]
        if before is not None and before.digest == row["digest"]:
            counts.unchanged += 1
            if corrects and before.as_of != row["as_of"]:
                mistimed.append({"key": key, "at": row["as_of"]})
        elif before is None or corrects or _is_newer(row, before):
            fresh.append(row)
        else:
            counts.superseded += 1
    if mistimed:
        columns = table.__table__.c
        those = update(table).where(columns.source == source, columns.source_id == bindparam("key"))
        connection.execute(those.values(as_of=bindparam("at")), mistimed)
    return fresh


def newest_of(given: Iterable[dict[str, Any]], counts: MergeCounts) -> dict[str, dict[str, Any]]:
    """Of the rows of a page, one for each natural key; those that give way are counted."""
    newest: dict[str, dict[str, Any]] = {}
    for row in given:
        rival = newest.setdefault(row["source_id"], row)
        if rival is row:
            continue
        if rival["digest"] == row["digest"]:
            counts.unchanged += 1
        else:
            counts.superseded += 1
        if row["as_of"] >= rival["as_of"]:
            newest[row["source_id"]] = row
    return newest


def _known(connection: Connection, source: str, table: type[Base], keys: Sequence[str]) -> dict[str, Row[Any]]:
    columns = table.__table__.c
    known: dict[str, Row[Any]] = {}
    for start in range(0, len(keys), CHUNK):
        chosen = select(columns.source_id, columns.digest, columns.as_of, columns.fetched_at, columns.raw_id).where(
            columns.source == source, columns.source_id.in_(keys[start : start + CHUNK])
        )
        known |= {row.source_id: row for row in connection.execute(chosen)}
    return known


def _is_newer(row: Mapping[str, Any], before: Row[Any]) -> bool:
    return before.digest == TAKEN_BACK or (row["as_of"], row["fetched_at"]) >= (before.as_of, before.fetched_at)


def _upsert(connection: Connection, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Another worker may have been faster: what stands there by now is weighed as in `_sort_out`."""
    if not rows:
        return
    statement, columns = insert_into(connection, table), table.__table__.c
    told = statement.excluded
    changing = {name: told[name] for name in rows[0] if name not in ("source", "source_id")}
    statement = statement.on_conflict_do_update(
        index_elements=["source", "source_id"],
        set_=changing,
        where=or_(
            told.raw_id == columns.raw_id,
            columns.digest == TAKEN_BACK,
            told.as_of > columns.as_of,
            and_(told.as_of == columns.as_of, told.fetched_at >= columns.fetched_at),
        ),
    )
    connection.execute(statement, list(rows))


def _link(connection: Connection, source: str, noun: str, rows: list[dict[str, Any]]) -> None:
    """Fills subject, trade and document by reference; what is about several papers is said of each of them.

    But that a message was refused is no verdict on any of several papers in it: their trades send them apart.
    """
    found = find_references(connection, source, {(row["about_kind"], row["about_value"]) for row in rows})
    copies: list[dict[str, Any]] = []
    for row in rows:
        papers = found.get((row["about_kind"], row["about_value"]), [])
        refuses_message = row["about_kind"] == MESSAGE_REFERENCE and row.get("state") == State.REJECTED
        if len(papers) > 1 and refuses_message:
            touch(connection, [paper.subject_id for paper in papers])
            papers = []
        row |= papers[0]._asdict() if papers else NOTHING
        copies += [
            row | paper._asdict() | {"source_id": f"{row['source_id']}#{paper.document_id}"} for paper in papers[1:]
        ]
    rows.extend(copies)
    if noun == "document_event":
        for row, version in zip(rows, versions_answered(connection, rows), strict=True):
            row["version"] = version


def find_references(
    connection: Connection, source: str, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[TiedPaper]]:
    """Kind and value → each paper that is known by it."""
    found: dict[tuple[str, str], list[TiedPaper]] = {}
    asked = sorted(wanted)
    for start in range(0, len(asked), CHUNK):
        rows = connection.execute(
            select(Reference.kind, Reference.value, *(getattr(Reference, name) for name in TiedPaper._fields))
            .where(Reference.source == source)
            .where(tuple_(Reference.kind, Reference.value).in_(asked[start : start + CHUNK]))
            .order_by(Reference.document_id)
        )
        for kind, value, *paper in rows:
            found.setdefault((kind, value), []).append(TiedPaper(*paper))
    return found


def subjects_of(rows: Iterable[Mapping[str, Any]]) -> set[int]:
    """The subjects for which something may follow from rows: those of their papers, and the trades that they name."""
    return {row[name] for row in rows for name in ("subject_id", "trade_id") if row.get(name)}


def _learn_references(connection: Connection, source: str, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps the identifiers that the authority gave, and links what waited for them."""
    learned = [
        {
            "source": source,
            "kind": kind,
            "value": value,
            **{name: row[name] for name in TiedPaper._fields},
        }
        for row in rows
        if row["document_id"]
        for kind, value in row["references"].items()
        if value
    ]
    if learned:
        connection.execute(insert_new(connection, Reference), learned)
        link_waiting(connection, source, {(one["kind"], one["value"]) for one in learned})


def link_waiting(connection: Connection, source: str, known: Iterable[tuple[str, str]]) -> int:
    """Ties rows that came before their reference (kind and value) was known, as if they came now; returns how many."""
    tied = 0
    wanted = sorted(known)
    for noun in LINKED:
        columns = TABLES[noun].__table__.c
        rows = []
        for start in range(0, len(wanted), CHUNK):
            waiting = select(*(column for column in columns if column.name != "id")).where(
                columns.source == source,
                columns.document_id.is_(None),
                tuple_(columns.about_kind, columns.about_value).in_(wanted[start : start + CHUNK]),
            )
            rows += [dict(row) for row in connection.execute(waiting).mappings()]
        _link(connection, source, noun, rows)
        found = [row for row in rows if row["document_id"]]
        _upsert(connection, TABLES[noun], found)
        touch(connection, subjects_of(found))
        if noun == DocumentEvent.__tablename__:
            _learn_references(connection, source, found)
        tied += len(found)
    return tied


def link_late(database: Database, limit: int = 500) -> int:
    """Ties rows whose reference became known while they were written, in a transaction that they did not see.

    Whoever merges has a turn, and meets all that was merged before; but papers are planned, and name their references,
    without one. The `limit` bounds what one call ties of each noun; returns how many rows were tied.
    """
    tied = 0
    with database.read() as connection:
        met = _met_late(connection, limit)
    for source, known in sorted(met.items()):
        with database.write() as connection:
            await_merge_turn(connection, source)
            tied += link_waiting(connection, source, known)
    return tied


def _met_late(connection: Connection, limit: int) -> dict[str, set[tuple[str, str]]]:
    """Source → what rows are about that no paper was known for, and one is now.

    Not messages: theirs are written before they leave, and a refusal of several papers stays untied on purpose.
    """
    met: dict[str, set[tuple[str, str]]] = {}
    for noun in LINKED:
        columns = TABLES[noun].__table__.c
        same = and_(
            Reference.source == columns.source,
            Reference.kind == columns.about_kind,
            Reference.value == columns.about_value,
        )
        late = (
            select(columns.source, columns.about_kind, columns.about_value)
            .join(Reference, same)
            .where(columns.document_id.is_(None), columns.about_kind != MESSAGE_REFERENCE)
            .distinct()
            .limit(limit)
        )
        for row in connection.execute(late):
            met.setdefault(row.source, set()).add((row.about_kind, row.about_value))
    return met


def await_merge_turn(connection: Connection, source: str) -> None:
    """Waits until nobody else merges what this source said: an event and the reference that it needs must meet.

    Whoever needs this turn and others in one transaction takes this one first.
    """
    take_turn(connection, f"merge/{source}")
