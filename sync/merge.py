"""Set-based merge: rows meet what is known, the newer one stays; links to trades; the set of touched trades."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, or_, select, tuple_, update

from connectors.sdk.states import State
from hub.model import Base, DocumentEvent, Reference
from hub.model.upsert import insert_into, insert_new
from hub.share.advance import touch
from hub.share.outbox import send_apart
from hub.share.rematch import TAKEN_BACK, correct, told_before
from sync.tables import TABLES
from sync.versions import MESSAGE_REFERENCE, versions_answered

LINKED = tuple(name for name, table in TABLES.items() if "about_kind" in table.__table__.c)
CHUNK = 500


@dataclass(slots=True)
class Counts:
    """received = merged + unchanged + superseded + quarantined."""

    received: int = 0
    merged: int = 0
    unchanged: int = 0
    superseded: int = 0
    quarantined: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def add_up(self) -> bool:
        return self.received == self.merged + self.unchanged + self.superseded + self.quarantined


def merge(connection: Connection, source: str, rows: Mapping[str, Sequence[dict[str, Any]]]) -> Counts:
    """Merges rows by noun. A row yields to a newer as-of time, and of two as of the same time to the one heard later.

    But the message that it stands in may always correct it. The same content again counts as unchanged.
    """
    counts = Counts()
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
            correct(connection, noun, known, max(row["fetched_at"] for row in fresh))
        touch(connection, [row["trade_id"] for row in fresh if row.get("trade_id")])
    return counts


def _sort_out(
    connection: Connection, source: str, table: type[Base], given: Sequence[dict[str, Any]], counts: Counts
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


def newest_of(given: Iterable[dict[str, Any]], counts: Counts) -> dict[str, dict[str, Any]]:
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
    """Fills trade and document by reference; what is about several papers is said of each of them.

    But that a message was refused is no verdict on any of several papers in it: they are sent apart.
    """
    found = find_references(connection, source, {(row["about_kind"], row["about_value"]) for row in rows})
    copies: list[dict[str, Any]] = []
    for row in rows:
        papers = found.get((row["about_kind"], row["about_value"]), [])
        if len(papers) > 1 and _refuses_message(row):
            documents = [document_id for _, document_id in papers]
            send_apart(connection, row["about_value"], documents, row["words"], row["fetched_at"])
            papers = []
        row["trade_id"], row["document_id"] = papers[0] if papers else (None, None)
        for trade_id, document_id in papers[1:]:
            copies.append(
                row
                | {
                    "trade_id": trade_id,
                    "document_id": document_id,
                    "source_id": f"{row['source_id']}#{document_id}",
                }
            )
    rows.extend(copies)
    if noun == "document_event":
        for row, version in zip(rows, versions_answered(connection, rows), strict=True):
            row["version"] = version


def _refuses_message(row: Mapping[str, Any]) -> bool:
    return row["about_kind"] == MESSAGE_REFERENCE and row.get("state") == State.REJECTED


def find_references(
    connection: Connection, source: str, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Kind and value → (trade, document) of each paper that is known by it."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    asked = sorted(wanted)
    for start in range(0, len(asked), CHUNK):
        rows = connection.execute(
            select(Reference.kind, Reference.value, Reference.trade_id, Reference.document_id)
            .where(Reference.source == source)
            .where(tuple_(Reference.kind, Reference.value).in_(asked[start : start + CHUNK]))
            .order_by(Reference.document_id)
        )
        for row in rows:
            found.setdefault((row.kind, row.value), []).append((row.trade_id, row.document_id))
    return found


def _learn_references(connection: Connection, source: str, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps the identifiers that the authority gave, and links what waited for them."""
    learned = [
        {
            "source": source,
            "kind": kind,
            "value": value,
            "document_id": row["document_id"],
            "trade_id": row["trade_id"],
        }
        for row in rows
        if row["document_id"]
        for kind, value in row["references"].items()
        if value
    ]
    if learned:
        connection.execute(insert_new(connection, Reference), learned)
        link_waiting(connection, source, learned)


def link_waiting(connection: Connection, source: str, learned: Sequence[Mapping[str, Any]]) -> None:
    """Ties rows that came before their reference was known."""
    for noun in LINKED:
        columns = TABLES[noun].__table__.c
        waiting = connection.execute(
            select(columns.about_kind, columns.about_value)
            .where(columns.source == source, columns.document_id.is_(None))
            .where(
                tuple_(columns.about_kind, columns.about_value).in_([(one["kind"], one["value"]) for one in learned])
            )
            .distinct()
        ).all()
        if not waiting:
            continue
        papers = {(one["kind"], one["value"]): one for one in learned}
        found = [papers[row.about_kind, row.about_value] for row in waiting]
        connection.execute(
            update(TABLES[noun])
            .where(columns.source == source, columns.document_id.is_(None))
            .where(columns.about_kind == bindparam("kind"), columns.about_value == bindparam("value"))
            .values(trade_id=bindparam("trade"), document_id=bindparam("document")),
            [
                {
                    "kind": one["kind"],
                    "value": one["value"],
                    "trade": one["trade_id"],
                    "document": one["document_id"],
                }
                for one in found
            ],
        )
        touch(connection, [one["trade_id"] for one in found])
        if noun == DocumentEvent.__tablename__:
            _version_those_linked(connection, [one["document_id"] for one in found])


def _version_those_linked(connection: Connection, document_ids: Sequence[int]) -> None:
    """What waited for its paper answers one version of it; else it would count for every one."""
    events = connection.execute(
        select(DocumentEvent.__table__).where(
            DocumentEvent.document_id.in_(document_ids), DocumentEvent.version.is_(None)
        )
    ).all()
    if not events:
        return
    versions = versions_answered(connection, [dict(event._mapping) for event in events])
    connection.execute(
        update(DocumentEvent).where(DocumentEvent.id == bindparam("event")).values(version=bindparam("answered")),
        [{"event": one.id, "answered": version} for one, version in zip(events, versions, strict=True)],
    )
