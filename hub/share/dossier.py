"""The dossier: everything that is known about one trade, opened for many trades with a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from connectors.sdk.states import State
from hub.model import (
    Document,
    DocumentEvent,
    Enterprise,
    ExchangeRate,
    ForexReceipt,
    GoodsLine,
    Leg,
    Milestone,
    PaperVersion,
    RefundRate,
    Tariff,
    Trade,
)

Found = Mapping[str, Any]


class Line(NamedTuple):
    """The line of a paper that is being written: its place, and what it is a line of."""

    place: int
    values: Found


@dataclass(slots=True)
class DocumentFile:
    """One document with what was heard of its current version and the evidence of its current paper."""

    kind: str
    number: str
    id: int | None = None
    version: int = 1
    state: State = State.PLANNED
    attention: Mapping[str, Any] | None = None
    reference: str | None = None
    state_since: datetime | None = None
    attention_since: datetime | None = None
    sent_at: datetime | None = None
    has_paper: bool = False
    evidence: Sequence[Mapping[str, Any]] = ()
    events: list[Row[Any]] = field(default_factory=list)

    @property
    def current_events(self) -> list[Row[Any]]:
        return [event for event in self.events if event.version in (None, self.version)]


@dataclass(slots=True)
class Dossier:
    """What the papers of a trade are derived from."""

    number: str
    mode: str
    entry: Found
    enterprise: Found
    entered_at: datetime
    trade_id: int | None = None
    state: str = "running"
    typed_again: int = 0
    line_ids: list[int] = field(default_factory=list)
    documents: dict[str, DocumentFile] = field(default_factory=dict)
    milestones: dict[str, datetime] = field(default_factory=dict)
    legs: list[Row[Any]] = field(default_factory=list)
    receipts: list[Row[Any]] = field(default_factory=list)
    shelf: Shelf = field(default_factory=lambda: Shelf())

    def answer(self, kind: str, name: str) -> tuple[Any, datetime] | None:
        """The newest value that an authority gave in answer to a paper, and as of when."""
        document = self.documents.get(kind)
        for event in reversed(document.current_events if document else []):
            value = event.answers.get(name)
            if value not in (None, ""):
                return value, event.as_of
        return None

    def departed(self) -> Row[Any] | None:
        """What told us of the departure, once it is known."""
        events = (event for document in self.documents.values() for event in document.current_events)
        return next((event for event in events if event.milestone == "departed"), None)


@dataclass(slots=True)
class Shelf:
    """What is known beside the trades: tariffs and refund rates by HS code, parity by currency."""

    tariffs: dict[str, Row[Any]] = field(default_factory=dict)
    refund_rates: dict[str, Row[Any]] = field(default_factory=dict)
    parities: dict[str, Row[Any]] = field(default_factory=dict)


def open_dossiers(connection: Connection, trade_ids: Sequence[int], today: date) -> list[Dossier]:
    """The dossiers of these trades, in the order of their ids."""
    trades = connection.execute(
        select(Trade, *enterprise_columns()).join(Enterprise, Enterprise.id == Trade.enterprise_id)
        .where(Trade.id.in_(trade_ids)).order_by(Trade.id)
    ).mappings().all()  # fmt: skip
    dossiers = {
        trade["id"]: Dossier(
            number=trade["number"],
            mode=trade["mode"],
            entry=trade["entry"],
            enterprise=registration(dict(trade)),
            entered_at=trade["entered_at"],
            trade_id=trade["id"],
            state=trade["state"],
            typed_again=trade["typed_again"],
        )
        for trade in trades
    }
    _add_documents(connection, dossiers)
    for milestone in connection.execute(select(Milestone).where(Milestone.trade_id.in_(trade_ids))):
        dossiers[milestone.trade_id].milestones[milestone.name] = milestone.reached_at
    for line in connection.execute(
        select(GoodsLine.id, GoodsLine.trade_id).where(GoodsLine.trade_id.in_(trade_ids)).order_by(GoodsLine.line)
    ):
        dossiers[line.trade_id].line_ids.append(line.id)
    for table, place, order in (
        (Leg, "legs", Leg.sequence),
        (ForexReceipt, "receipts", ForexReceipt.booked_at),
    ):
        rows = connection.execute(
            select(table.__table__).where(table.trade_id.in_(trade_ids)).order_by(order, table.id)
        )
        for row in rows:
            getattr(dossiers[row.trade_id], place).append(row)
    shelf = open_shelf(connection, _hs_codes(dossiers.values()), today)
    for dossier in dossiers.values():
        dossier.shelf = shelf
    return list(dossiers.values())


def open_shelf(connection: Connection, hs_codes: Iterable[str], today: date) -> Shelf:
    """Tariffs and refund rates of these HS codes that are valid today, and the newest parity of each currency."""
    codes = sorted(set(hs_codes))
    shelf = Shelf()
    for table, place in ((Tariff, shelf.tariffs), (RefundRate, shelf.refund_rates)):
        rows = connection.execute(
            select(table.__table__)
            .where(table.hs_code.in_(codes), table.valid_from <= today)
            .where((table.valid_to.is_(None)) | (table.valid_to >= today))
            .order_by(table.valid_from)
        )
        place.update({row.hs_code: row for row in rows})
    for row in connection.execute(select(ExchangeRate.__table__).order_by(ExchangeRate.published_at)):
        shelf.parities[row.currency] = row
    return shelf


def enterprise_columns() -> list[Any]:
    """The registration of an enterprise, under names that do not meet a trade's."""
    return [column.label(f"owner_{column.name}") for column in Enterprise.__table__.columns]


def registration(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("owner_"): value for name, value in row.items() if name.startswith("owner_")}


def _add_documents(connection: Connection, dossiers: Mapping[int, Dossier]) -> None:
    files: dict[int, DocumentFile] = {}
    for row in connection.execute(
        select(Document.__table__, PaperVersion.evidence)
        .outerjoin(
            PaperVersion,
            (PaperVersion.document_id == Document.id) & (PaperVersion.version == Document.version),
        )
        .where(Document.trade_id.in_(dossiers))
        .order_by(Document.id)
    ):
        file = DocumentFile(
            kind=row.kind,
            number=row.number,
            id=row.id,
            version=row.version,
            state=State(row.state),
            attention=row.attention,
            reference=row.reference,
            state_since=row.state_since,
            attention_since=row.attention_since,
            sent_at=row.sent_at,
            has_paper=row.evidence is not None,
            evidence=row.evidence or (),
        )
        files[row.id] = file
        dossiers[row.trade_id].documents[row.kind] = file
    events: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for event in connection.execute(
        select(DocumentEvent.__table__)
        .where(DocumentEvent.document_id.in_(files))
        .order_by(DocumentEvent.happened_at, DocumentEvent.rank, DocumentEvent.id)
    ):
        events[event.document_id].append(event)
    for document_id, file in files.items():
        file.events = events[document_id]


def _hs_codes(dossiers: Iterable[Dossier]) -> set[str]:
    return {line["hsCode"] for dossier in dossiers for line in dossier.entry["goods"]}
