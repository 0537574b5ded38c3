"""Opening dossiers: everything known about many trades, with a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, exists, or_, select, true

from connectors.sdk.papers import Action
from connectors.sdk.states import Doing, that_may
from hub.dossiers.dossier import DocumentFile, Dossier, Shelf
from hub.dossiers.rows import AllocatedShare, RemittanceRow, rows_of
from hub.dossiers.whole import HOLDER, whole_of
from hub.model import (
    BasicInformation,
    Consolidation,
    ConsolidationLine,
    DeliveryAttempt,
    Document,
    DocumentEvent,
    Enterprise,
    ExchangeRate,
    GoodsLine,
    Leg,
    Milestone,
    PaperVersion,
    RefundRate,
    Remittance,
    RemittanceAllocation,
    Tariff,
    Trade,
)
from hub.model.row_states import DeliveryOutcome, LineState

CHUNK = 1_000
Edition = TypeVar("Edition", Tariff, RefundRate)


def open_dossiers(connection: Connection, subject_ids: Sequence[int], today: date) -> list[Dossier]:
    """The dossiers of these trades and consolidations, in the order of their ids."""
    held = consolidations(connection, subject_ids)
    lines = live_lines(connection, ConsolidationLine.consolidation_id.in_(held))
    alone = [one for one in subject_ids if one not in held]
    trades = _open_trades(connection, sorted({*alone, *(trade_id for _, trade_id in lines)}), today)
    found = {one: trades[one] for one in alone if one in trades}
    found |= _open_consolidations(connection, held, lines, trades)
    return [found[one] for one in sorted(found)]


def _open_trades(connection: Connection, trade_ids: Sequence[int], today: date) -> dict[int, Dossier]:
    these = Trade.id.in_(trade_ids)
    owners = connection.execute(
        select(Enterprise.__table__).where(Enterprise.id.in_(select(Trade.enterprise_id).where(these)))
    )
    enterprises = {row["id"]: dict(row) for row in owners.mappings()}
    dossiers = {
        trade.id: Dossier(
            number=trade.number,
            mode=trade.mode,
            entry=trade.entry,
            enterprise=enterprises[trade.enterprise_id],
            entered_at=trade.entered_at,
            trade_id=trade.id,
            version=trade.version,
            state=trade.state,
            typed=trade.typed,
            typed_again=trade.typed_again,
            cancelling=trade.cancel_requested_at is not None,
            cancel_reason=trade.cancel_reason or "",
            refund_batch=trade.refund_batch,
        )
        for trade in connection.execute(select(Trade.__table__).where(these).order_by(Trade.id))
    }
    for line in connection.execute(
        select(GoodsLine.id, GoodsLine.trade_id).where(GoodsLine.trade_id.in_(trade_ids)).order_by(GoodsLine.line)
    ):
        dossiers[line.trade_id].line_ids.append(line.id)
    _add_remittances(connection, dossiers)
    _add_what_happened(connection, dossiers)
    _add_consolidations(connection, dossiers)
    shelf = open_shelf(connection, hs_codes_of(dossiers.values()), today)
    for dossier in dossiers.values():
        dossier.shelf = shelf
    return dossiers


def _add_what_happened(connection: Connection, dossiers: Mapping[int, Dossier]) -> None:
    """The documents of subjects with what was heard of them, their milestones and their legs."""
    _add_documents(connection, dossiers)
    for milestone in connection.execute(select(Milestone).where(Milestone.subject_id.in_(dossiers))):
        dossiers[milestone.subject_id].milestones[milestone.name] = milestone.reached_at
    for leg in rows_of(connection, Leg, Leg.subject_id.in_(dossiers), Leg.sequence, Leg.id):
        dossiers[leg.subject_id or 0].legs.append(leg)


def _add_consolidations(connection: Connection, dossiers: Mapping[int, Dossier]) -> None:
    """What each trade has of the consolidations that it is in: what was said of the whole, or of this trade."""
    lines = live_lines(connection, ConsolidationLine.trade_id.in_(dossiers))
    if not lines:
        return
    held = consolidations(connection, {one for one, _ in lines})
    wholes = {row.id: whole_of(row, []) for row in held.values()}
    _add_what_happened(connection, wholes)
    for consolidation_id, trade_id in lines:
        dossier, whole = dossiers[trade_id], wholes[consolidation_id]
        if whole.held:
            dossier.aboard.append(whole.held)
        dossier.elsewhere += [_seen_by(trade_id, document) for document in whole.documents.values()]
        dossier.milestones = {**whole.milestones, **dossier.milestones}
        dossier.legs += whole.legs


def _seen_by(trade_id: int, document: DocumentFile) -> DocumentFile:
    """A document of a consolidation as one of its trades has it."""
    heard = [event for event in document.events if event.trade_id in (None, trade_id)]
    return replace(document, events=heard)


def _open_consolidations(
    connection: Connection,
    held: Mapping[int, Row[Any]],
    lines: Sequence[tuple[int, int]],
    trades: Mapping[int, Dossier],
) -> dict[int, Dossier]:
    found = {
        id_: whole_of(row, [trades[trade_id] for one, trade_id in lines if one == id_]) for id_, row in held.items()
    }
    if found:
        _add_what_happened(connection, found)
    for whole in found.values():
        for document in whole.documents.values():  # what is said of a line is said of its trade
            document.events = [event for event in document.events if event.trade_id is None]
    return found


def consolidations(connection: Connection, subject_ids: Collection[int]) -> dict[int, Row[Any]]:
    """Those among these subjects that are consolidations, each with the registration of its holder."""
    rows = connection.execute(
        select(
            Consolidation.__table__, *(column.label(f"{HOLDER}{column.key}") for column in Enterprise.__table__.columns)
        )
        .join(Enterprise, Enterprise.id == Consolidation.holder_id)
        .where(Consolidation.id.in_(subject_ids))
    )
    return {row.id: row for row in rows}


def live_lines(connection: Connection, which: ColumnElement[bool]) -> list[tuple[int, int]]:
    """(consolidation, trade) of each line that has not left, in the order in which they joined."""
    line = ConsolidationLine
    chosen = select(line.consolidation_id, line.trade_id).where(which, line.state != LineState.LEFT).order_by(line.id)
    return [(consolidation_id, trade_id) for consolidation_id, trade_id in connection.execute(chosen)]


def open_shelf(connection: Connection, hs_codes: Iterable[str], today: date) -> Shelf:
    """Tariffs of these HS codes that are valid today, their refund rates, and the newest parity of each currency."""
    return open_store(connection, hs_codes).shelf(today)


class Store(NamedTuple):
    """Everything known of HS codes and parities, the old editions too, each in the order in which it took effect."""

    tariffs: Sequence[Tariff]
    refund_rates: Sequence[RefundRate]
    parities: Sequence[ExchangeRate]

    def shelf(self, day: date, known_at: datetime | None = None) -> Shelf:
        """What counts on a day; with `known_at` only what had been heard by then."""

        def heard(row: Tariff | RefundRate | ExchangeRate) -> bool:
            return known_at is None or row.fetched_at <= known_at

        shelf = Shelf(parities={parity.currency: parity for parity in self.parities if heard(parity)})
        for tariff in filter(heard, self.tariffs):
            if tariff.valid_from <= day and (tariff.valid_to is None or tariff.valid_to >= day):
                shelf.tariffs[tariff.hs_code] = tariff
        for rate in filter(heard, self.refund_rates):
            shelf.refund_rates.setdefault(rate.hs_code, []).append(rate)
        return shelf


def open_store(connection: Connection, hs_codes: Iterable[str]) -> Store:
    """The editions of these HS codes, and all parities."""
    codes = sorted(set(hs_codes))
    chunks = [codes[start : start + CHUNK] for start in range(0, len(codes), CHUNK)]

    def editions(table: type[Edition]) -> list[Edition]:
        some = (rows_of(connection, table, table.hs_code.in_(chunk), table.valid_from) for chunk in chunks)
        return [row for found in some for row in found]

    parities = rows_of(connection, ExchangeRate, true(), ExchangeRate.published_at)
    return Store(editions(Tariff), editions(RefundRate), parities)


def _add_remittances(connection: Connection, dossiers: Mapping[int, Dossier]) -> None:
    """The money of each trade, with the bank's basic information, and for which trades each remittance is."""
    allocations = connection.execute(
        select(RemittanceAllocation.trade_id, RemittanceAllocation.remittance_id, RemittanceAllocation.undone_at)
        .where(RemittanceAllocation.trade_id.in_(dossiers))
        .order_by(RemittanceAllocation.id)  # as they were matched: each part of a paper keeps its remittance
    ).all()
    ids = {remittance_id for _, remittance_id, _ in allocations}
    paid = {row.id: row for row in rows_of(connection, Remittance, Remittance.id.in_(ids))}
    told = rows_of(connection, BasicInformation, BasicInformation.remittance_id.in_(ids))
    bank = {row.remittance_id: row for row in told}
    for trade_id, remittance_id, undone_at in allocations:
        dossiers[trade_id].remittances.append(RemittanceRow(paid[remittance_id], bank.get(remittance_id), undone_at))
    found: defaultdict[int, list[AllocatedShare]] = defaultdict(list)
    for share in connection.execute(
        select(
            RemittanceAllocation.remittance_id,
            RemittanceAllocation.amount,
            Trade.mode,
            Trade.order_number,
            Trade.entry["platform"].as_string(),
            Milestone.reached_at,
        )
        .join(Trade, Trade.id == RemittanceAllocation.trade_id)
        .outerjoin(Milestone, (Milestone.subject_id == Trade.id) & (Milestone.name == "departed"))
        .where(RemittanceAllocation.remittance_id.in_(ids))
        .where(RemittanceAllocation.undone_at.is_(None))
        .order_by(RemittanceAllocation.id)
    ):
        found[share.remittance_id].append(AllocatedShare(*share))
    for dossier in dossiers.values():
        dossier.shares = {one.paid.id: found[one.paid.id] for one in dossier.remittances}


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
        .where(Document.subject_id.in_(dossiers))
        .order_by(Document.id)
    ):
        file = DocumentFile(
            kind=row.kind,
            number=row.number,
            part=row.part,
            authority=row.authority,
            subject_id=row.subject_id,
            id=row.id,
            version=row.version,
            state=row.state,
            attention=row.attention,
            reference=row.reference,
            state_since=row.state_since,
            attention_since=row.attention_since,
            corrected=row.corrected,
            sent_at=row.sent_at,
            taken=row.taken,
            action=row.action or Action.NEW,
            has_paper=row.evidence is not None,
            in_flight=row.in_flight,
            derived_at=row.derived_at,
            evidence=row.evidence or (),
        )
        files[row.id] = file
        dossiers[row.subject_id].documents[file.key] = file
    of_them, order = (
        DocumentEvent.document_id.in_(files),
        (DocumentEvent.happened_at, DocumentEvent.rank, DocumentEvent.id),
    )
    for event in rows_of(connection, DocumentEvent, of_them, *order):
        files[event.document_id or 0].events.append(event)


def hs_codes_of(dossiers: Iterable[Dossier]) -> set[str]:
    return {line["hsCode"] for dossier in dossiers for line in dossier.entry["goods"]}


def _in_flight() -> ColumnElement[bool]:
    """Somebody hands the current version over now, or it may have arrived without our knowing.

    Once it is known to have arrived, what was unknown of an earlier attempt no longer counts.
    """
    return exists().where(
        Document.state.in_(that_may(Doing.SEND)),
        DeliveryAttempt.document_id == Document.id,
        DeliveryAttempt.version == Document.version,
        or_(DeliveryAttempt.outcome.is_(None), DeliveryAttempt.outcome == DeliveryOutcome.UNKNOWN),
    )
