"""Writing new trades: set-based, all tables in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert

from hub.access.caller import Caller
from hub.entry.checks import Entry
from hub.model import GoodsLine, PurchaseInvoice, Shipment, Trade
from hub.share.computations import goods_total, gross_weight, line_amount, trade_total
from hub.share.decide import Decision
from hub.share.desk import Desk
from hub.share.dossier import Dossier, Line
from hub.share.record import filed, insert_documents, record_papers


@dataclass(slots=True)
class NewTrade:
    """A checked entry with its dossier, and what follows from it."""

    entry: Entry
    digest: str
    dossier: Dossier
    decision: Decision


def insert_trades(
    connection: Connection, desk: Desk, caller: Caller, enterprise_id: int, news: Sequence[NewTrade]
) -> None:
    rows = connection.execute(
        insert(Trade).returning(Trade.id, Trade.number), [_trade(new, caller, enterprise_id) for new in news]
    )
    ids = {row.number: row.id for row in rows}
    for new in news:
        new.dossier.trade_id = ids[new.dossier.number]
    connection.execute(insert(GoodsLine), [line for new in news for line in _goods(new)])
    purchases = [purchase for new in news for purchase in _purchases(new)]
    if purchases:
        connection.execute(insert(PurchaseInvoice), purchases)
    connection.execute(insert(Shipment), [_shipment(new) for new in news])
    now = news[0].dossier.entered_at
    insert_documents(connection, ((new.dossier, list(new.dossier.documents.values())) for new in news), desk, now)
    record_papers(connection, filed(new.decision for new in news), desk)


def _trade(new: NewTrade, caller: Caller, enterprise_id: int) -> dict[str, Any]:
    entry, dossier = new.entry, new.dossier
    return {
        "number": dossier.number,
        "enterprise_id": enterprise_id,
        "order_number": entry["orderNumber"],
        "state": new.decision.state,
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
        "entry": dossier.entry,
        "digest": new.digest,
        "entered_by": caller.name,
        "entered_at": dossier.entered_at,
    }


def _goods(new: NewTrade) -> list[dict[str, Any]]:
    return [
        {
            "trade_id": new.dossier.trade_id,
            "line": number,
            "sku": line["sku"],
            "hs_code": line["hsCode"],
            "name_zh": line["name"]["zh"],
            "name_en": line["name"]["en"],
            "specification": line["specification"],
            "quantity": line["quantity"],
            "unit": line["unit"],
            "unit_price": line["unitPrice"],
            "amount": line_amount(new.entry, line),
            "origin": line["origin"],
            "net_weight": line["netWeight"],
            "gross_weight": line["grossWeight"],
        }
        for number, line in enumerate(new.entry["goods"], start=1)
    ]


def _purchases(new: NewTrade) -> list[dict[str, Any]]:
    goods = new.entry["goods"]
    return [
        {
            "trade_id": new.dossier.trade_id,
            "invoice": purchase["invoice"],
            "seller": purchase["seller"],
            "issued_on": purchase["issuedOn"],
            "line": purchase["line"],
            "quantity": purchase["quantity"] or goods[purchase["line"] - 1]["quantity"],
            "amount": purchase["amount"],
            "vat_rate": purchase["vatRate"],
        }
        for purchase in new.entry["purchases"]
    ]


def _shipment(new: NewTrade) -> dict[str, Any]:
    entry = new.entry
    return {
        "trade_id": new.dossier.trade_id,
        "mode": entry["transport"]["wish"],
        "origin": entry["transport"]["from"],
        "destination": entry["transport"]["to"],
        "packages": entry["packages"],
        "gross_weight": gross_weight(new.dossier, Line(0, {})),
    }
