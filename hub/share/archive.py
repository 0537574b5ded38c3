"""Opening dossiers: everything known about many trades, with a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, exists, or_, select

from connectors.sdk.states import State
from hub.model import (
    Base,
    BasicInformation,
    DeliveryAttempt,
    Document,
    DocumentEvent,
    Enterprise,
    ExchangeRate,
    ForexAllocation,
    ForexReceipt,
    GoodsLine,
    Leg,
    Milestone,
    PaperVersion,
    RefundRate,
    Tariff,
    Trade,
)
from hub.share.dossier import DocumentFile, Dossier, Shelf

CHUNK = 1_000


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
            typed=trade["typed"],
            typed_again=trade["typed_again"],
            cancelling=trade["cancel_requested_at"] is not None,
            cancel_reason=trade["cancel_reason"] or "",
            refund_batch=trade["refund_batch"],
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
    for leg in connection.execute(
        select(Leg.__table__).where(Leg.trade_id.in_(trade_ids)).order_by(Leg.sequence, Leg.id)
    ):
        dossiers[leg.trade_id].legs.append(leg)
    _add_receipts(connection, dossiers)
    shelf = open_shelf(connection, hs_codes_of(dossiers.values()), today)
    for dossier in dossiers.values():
        dossier.shelf = shelf
    return list(dossiers.values())


def open_shelf(connection: Connection, hs_codes: Iterable[str], today: date) -> Shelf:
    """Tariffs of these HS codes that are valid today, their refund rates, and the newest parity of each currency."""
    return open_store(connection, hs_codes).shelf(today)


class Store(NamedTuple):
    """Everything known of HS codes and parities, the old editions too, each in the order in which it took effect."""

    tariffs: Sequence[Row[Any]]
    refund_rates: Sequence[Row[Any]]
    parities: Sequence[Row[Any]]

    def shelf(self, day: date, known_at: datetime | None = None) -> Shelf:
        """What counts on a day; with `known_at` only what had been heard by then."""
        heard = [rows if known_at is None else [row for row in rows if row.fetched_at <= known_at] for rows in self]
        tariffs, refund_rates, parities = heard
        shelf = Shelf(parities={row.currency: row for row in parities})
        for row in tariffs:
            if row.valid_from <= day and (row.valid_to is None or row.valid_to >= day):
                shelf.tariffs[row.hs_code] = row
        for row in refund_rates:
            shelf.refund_rates.setdefault(row.hs_code, []).append(row)
        return shelf


def open_store(connection: Connection, hs_codes: Iterable[str]) -> Store:
    """The editions of these HS codes, and all parities."""
    codes = sorted(set(hs_codes))
    chunks = [codes[start : start + CHUNK] for start in range(0, len(codes), CHUNK)]

    def editions(table: type[Tariff | RefundRate]) -> list[Row[Any]]:
        chosen = select(table.__table__).order_by(table.valid_from)
        return [row for chunk in chunks for row in connection.execute(chosen.where(table.hs_code.in_(chunk)))]

    parities = connection.execute(select(ExchangeRate.__table__).order_by(ExchangeRate.published_at)).all()
    return Store(editions(Tariff), editions(RefundRate), parities)


def enterprise_columns() -> list[Any]:
    """The registration of an enterprise, under names that do not meet a trade's."""
    return _labelled(Enterprise, "owner")


def _labelled(table: type[Base], owner: str) -> list[Any]:
    return [column.label(f"{owner}_{column.name}") for column in table.__table__.columns]


def registration(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("owner_"): value for name, value in row.items() if name.startswith("owner_")}


def _add_receipts(connection: Connection, dossiers: Mapping[int, Dossier]) -> None:
    """The money of each trade, with the bank's basic information, and for which trades each receipt is."""
    of_trade = ForexAllocation.trade_id, ForexAllocation.undone_at
    for receipt in connection.execute(
        select(ForexReceipt.__table__, *_labelled(BasicInformation, "bank"), *of_trade)
        .join(ForexAllocation, ForexAllocation.receipt_id == ForexReceipt.id)
        .outerjoin(BasicInformation, BasicInformation.receipt_id == ForexReceipt.id)
        .where(ForexAllocation.trade_id.in_(dossiers))
        .order_by(ForexAllocation.id)  # as they were matched: each part of a paper keeps its receipt
    ):
        dossiers[receipt.trade_id].receipts.append(receipt)
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for share in connection.execute(
        select(
            ForexAllocation.receipt_id,
            ForexAllocation.amount,
            Trade.mode,
            Trade.order_number,
            Trade.entry["platform"].as_string().label("platform"),
            Milestone.reached_at.label("departed_at"),
        )
        .join(Trade, Trade.id == ForexAllocation.trade_id)
        .outerjoin(Milestone, (Milestone.trade_id == Trade.id) & (Milestone.name == "departed"))
        .where(ForexAllocation.receipt_id.in_({one.id for dossier in dossiers.values() for one in dossier.receipts}))
        .where(ForexAllocation.undone_at.is_(None))
        .order_by(ForexAllocation.id)
    ):
        found[share.receipt_id].append(share)
    for dossier in dossiers.values():
        dossier.shares = {receipt.id: found[receipt.id] for receipt in dossier.receipts}


def _add_documents(connection: Connection, dossiers: Mapping[int, Dossier]) -> None:
    files: dict[int, DocumentFile] = {}
    for row in connection.execute(
        select(
            Document.__table__,
            PaperVersion.evidence,
            PaperVersion.action,
            PaperVersion.derived_at,
            _in_flight().label("in_flight"),
        )
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
            part=row.part,
            authority=row.authority,
            id=row.id,
            version=row.version,
            state=State(row.state),
            attention=row.attention,
            reference=row.reference,
            state_since=row.state_since,
            attention_since=row.attention_since,
            corrected=row.corrected,
            sent_at=row.sent_at,
            taken=row.taken,
            action=row.action or "new",
            has_paper=row.evidence is not None,
            in_flight=row.in_flight,
            derived_at=row.derived_at,
            evidence=row.evidence or (),
        )
        files[row.id] = file
        dossiers[row.trade_id].documents[file.key] = file
    events: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for event in connection.execute(
        select(DocumentEvent.__table__)
        .where(DocumentEvent.document_id.in_(files))
        .order_by(DocumentEvent.happened_at, DocumentEvent.rank, DocumentEvent.id)
    ):
        events[event.document_id].append(event)
    for document_id, file in files.items():
        file.events = events[document_id]


def hs_codes_of(dossiers: Iterable[Dossier]) -> set[str]:
    return {line["hsCode"] for dossier in dossiers for line in dossier.entry["goods"]}


def _in_flight() -> Any:
    """Somebody hands the current version over now, or it may have arrived without our knowing.

    Once it is known to have arrived, what was unknown of an earlier attempt no longer counts.
    """
    return exists().where(
        Document.state == State.READY,
        DeliveryAttempt.document_id == Document.id,
        DeliveryAttempt.version == Document.version,
        or_(DeliveryAttempt.outcome.is_(None), DeliveryAttempt.outcome == "unknown"),
    )
