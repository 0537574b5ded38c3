"""Writing new trades: set-based, all tables in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from hub.access.caller import Caller
from hub.dossiers.dossier import Dossier
from hub.entry.parcels import parcel_of
from hub.model import GoodsLine, PaperSubject, PurchaseInvoice, Shipment, Trade
from hub.model.row_states import Occasion, SubjectKind
from hub.papers.computations.goods import goods_total, line_amount, trade_total
from hub.papers.desk import Desk
from hub.progress.decide import TradeDecision
from hub.progress.persist import insert_documents, record_papers
from hub.rules.kept_verdicts import keep_whole


@dataclass(slots=True)
class NewTrade:
    """A checked entry with its dossier, and what follows from it."""

    entry: dict[str, Any]
    digest: str
    dossier: Dossier
    decision: TradeDecision


def insert_trades(
    connection: Connection, desk: Desk, caller: Caller, enterprise_id: int, news: Sequence[NewTrade]
) -> None:
    ids = connection.scalars(
        insert(PaperSubject).returning(PaperSubject.id), [{"kind": SubjectKind.TRADE} for _ in news]
    )
    for new, id_ in zip(news, sorted(ids), strict=True):
        new.dossier.trade_id = id_
    connection.execute(insert(Trade), [_trade(new, caller, enterprise_id) for new in news])
    connection.execute(insert(GoodsLine), [line for new in news for line in _goods(new.entry, new.dossier.trade_id)])
    purchases = [purchase for new in news for purchase in _purchases(new.entry, new.dossier.trade_id)]
    if purchases:
        connection.execute(insert(PurchaseInvoice), purchases)
    connection.execute(insert(Shipment), [_shipment(new.entry, new.dossier.trade_id) for new in news])
    now = news[0].dossier.entered_at
    insert_documents(connection, ((new.dossier, list(new.dossier.documents.values())) for new in news), desk, now)
    record_papers(connection, (new.decision for new in news), desk)
    keep_whole(connection, (new.dossier for new in news), desk, Occasion.ENTERED, now)


def _trade(new: NewTrade, caller: Caller, enterprise_id: int) -> dict[str, Any]:
    dossier = new.dossier
    return {
        **trade_columns(new.entry, dossier.entry, dossier.enterprise),
        "id": dossier.trade_id,
        "number": dossier.number,
        "enterprise_id": enterprise_id,
        "state": new.decision.state,
        "typed": dossier.typed,
        "entered_by": caller.name,
        "entered_at": dossier.entered_at,
    }


def trade_columns(entry: dict[str, Any], kept: Mapping[str, Any], enterprise: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a trade that follow from what was typed."""
    return {
        "order_number": entry["orderNumber"],
        "mode": entry["mode"],
        "currency": entry["currency"],
        "terms": entry["terms"],
        "buyer_name": entry["buyer"]["name"],
        "buyer_country": entry["buyer"]["country"],
        "goods_value": goods_total(entry),
        "freight": entry["freight"],
        "insurance": entry["insurance"],
        "discount": entry["discount"],
        "total": trade_total(entry),
        "origin": entry["transport"]["from"],
        "destination": entry["transport"]["to"],
        "parcel": parcel_of(entry, enterprise),
        "entry": kept,
    }


def replace_lines(connection: Connection, trade_id: int, entry: dict[str, Any]) -> None:
    """Goods and purchases of an amended trade. A line that stays keeps its id: the 关联号 is made of it."""
    kept = set(connection.scalars(select(GoodsLine.line).where(GoodsLine.trade_id == trade_id)))
    lines = _goods(entry, trade_id)
    for line in lines:
        if line["line"] in kept:
            connection.execute(
                update(GoodsLine).where(GoodsLine.trade_id == trade_id, GoodsLine.line == line["line"]).values(**line)
            )
    added = [line for line in lines if line["line"] not in kept]
    if added:
        connection.execute(insert(GoodsLine), added)
    connection.execute(delete(GoodsLine).where(GoodsLine.trade_id == trade_id, GoodsLine.line > len(lines)))
    connection.execute(delete(PurchaseInvoice).where(PurchaseInvoice.trade_id == trade_id))
    purchases = _purchases(entry, trade_id)
    if purchases:
        connection.execute(insert(PurchaseInvoice), purchases)
    shipment = _shipment(entry, trade_id)
    connection.execute(update(Shipment).where(Shipment.trade_id == trade_id).values(**shipment))


def _goods(entry: dict[str, Any], trade_id: int | None) -> list[dict[str, Any]]:
    return [
        {
            "trade_id": trade_id,
            "line": number,
            "sku": line["sku"],
            "hs_code": line["hsCode"],
            "name_zh": line["name"]["zh"],
            "name_en": line["name"]["en"],
            "specification": line["specification"],
            "quantity": line["quantity"],
            "unit": line["unit"],
            "unit_price": line["unitPrice"],
            "amount": line_amount(entry, line),
            "origin": line["origin"],
            "net_weight": line["netWeight"],
            "gross_weight": line["grossWeight"],
        }
        for number, line in enumerate(entry["goods"], start=1)
    ]


def _purchases(entry: dict[str, Any], trade_id: int | None) -> list[dict[str, Any]]:
    return [
        {
            "trade_id": trade_id,
            "invoice": purchase["invoice"],
            "seller": purchase["seller"],
            "issued_on": purchase["issuedOn"],
            "line": purchase["line"],
            "quantity": purchase["quantity"] or entry["goods"][purchase["line"] - 1]["quantity"],
            "amount": purchase["amount"],
            "vat_rate": purchase["vatRate"],
        }
        for purchase in entry["purchases"]
    ]


def _shipment(entry: dict[str, Any], trade_id: int | None) -> dict[str, Any]:
    return {
        "trade_id": trade_id,
        "mode": entry["transport"]["wish"],
        "origin": entry["transport"]["from"],
        "destination": entry["transport"]["to"],
        "packages": entry["packages"],
        "gross_weight": sum((line["grossWeight"] for line in entry["goods"]), Decimal(0)),
    }
