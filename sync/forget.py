"""Identifiers that an authority gave a paper are forgotten where it turns out that it did not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, or_, select, tuple_, update

from hub.dossiers.rows import KeptVersion
from hub.model import Document, DocumentEvent, Reference
from hub.papers.desk import Desk
from hub.progress.kept_papers import paper_of, select_versions
from sync.merge import LINKED, link_waiting
from sync.tables import TABLES

Taught = dict[int, set[tuple[str, str]]]
"""Document → (kind, value) of identifiers that it is known by."""


def taught_by(rows: Iterable[Mapping[str, Any]]) -> Taught:
    """The identifiers that these events gave to their papers."""
    taught: Taught = {}
    for row in rows:
        if row["document_id"]:
            taught.setdefault(row["document_id"], set()).update(
                (kind, value) for kind, value in row["references"].items() if value
            )
    return taught


def forget(connection: Connection, source: str, taught: Taught, desk: Desk) -> None:
    """What these papers were taught, and neither an event nor the paper itself says any more, is forgotten.

    Rows that were found by it wait for their paper again; what they had taught in their turn goes with them.
    """
    renamed = set[int]()
    while taught:
        stale = {id_: pairs - _said(connection, id_, desk, pairs) for id_, pairs in taught.items()}
        taught = {}
        for document_id, pairs in stale.items():
            if pairs:
                _drop(connection, source, document_id, pairs)
                taught |= taught_by(_untie(connection, source, document_id, pairs))
                _tie_to_others(connection, source, pairs)
                renamed.add(document_id)
    for document_id in renamed:
        _name(connection, document_id)


def _said(
    connection: Connection, document_id: int, desk: Desk, unless_known: set[tuple[str, str]]
) -> set[tuple[str, str]]:
    """By what a paper is known: what its events say, and what its own versions are called by.

    `unless_known` where the connector that knows what a paper is called by is left out.
    """
    events = connection.execute(
        select(DocumentEvent.document_id, DocumentEvent.references).where(DocumentEvent.document_id == document_id)
    )
    said = taught_by(map(dict, events.mappings())).get(document_id, set())
    for kept in map(KeptVersion._make, connection.execute(select_versions().where(Document.id == document_id)).all()):
        if kept.authority not in desk.served:
            return said | unless_known
        said.update(desk.served[kept.authority][kept.kind].references(paper_of(connection, desk, kept)).items())
    return said


def _name(connection: Connection, document_id: int) -> None:
    """A paper's main reference is the last one that its authority still says."""
    heard = (
        select(DocumentEvent.references)
        .join(Document, Document.id == DocumentEvent.document_id)
        .where(
            Document.id == document_id, or_(DocumentEvent.version.is_(None), DocumentEvent.version == Document.version)
        )
        .order_by(DocumentEvent.happened_at.desc(), DocumentEvent.rank.desc(), DocumentEvent.id.desc())
    )
    named = next((list(said.values())[-1] for said in connection.scalars(heard) if said), None)
    connection.execute(update(Document).where(Document.id == document_id).values(reference=named))


def _drop(connection: Connection, source: str, document_id: int, pairs: set[tuple[str, str]]) -> None:
    these = tuple_(Reference.kind, Reference.value).in_(sorted(pairs))
    connection.execute(delete(Reference).where(Reference.source == source, Reference.document_id == document_id, these))


def _untie(
    connection: Connection, source: str, document_id: int, pairs: set[tuple[str, str]]
) -> list[Mapping[str, Any]]:
    """Takes the rows off that were tied to a paper by these identifiers; the events among them, as they stood."""
    events: list[Mapping[str, Any]] = []
    for noun in LINKED:
        columns = TABLES[noun].__table__.c
        tied = (
            columns.source == source,
            columns.document_id == document_id,
            tuple_(columns.about_kind, columns.about_value).in_(sorted(pairs)),
        )
        if noun == DocumentEvent.__tablename__:
            events = [dict(row) for row in connection.execute(select(DocumentEvent.__table__).where(*tied)).mappings()]
        copies = columns.source_id.endswith(f"#{document_id}", autoescape=True)
        connection.execute(delete(TABLES[noun]).where(*tied, copies))
        loose: dict[str, Any] = {"subject_id": None, "trade_id": None, "document_id": None}
        if "version" in columns:
            loose["version"] = None
        connection.execute(update(TABLES[noun]).where(*tied).values(**loose))
    return events


def _tie_to_others(connection: Connection, source: str, pairs: set[tuple[str, str]]) -> None:
    """Another paper may be known by the same identifier."""
    those = tuple_(Reference.kind, Reference.value).in_(sorted(pairs))
    others = connection.execute(select(Reference.kind, Reference.value).where(Reference.source == source, those))
    link_waiting(connection, source, {(row.kind, row.value) for row in others})
