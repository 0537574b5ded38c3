"""Worked out from the goods, the trade and the registration."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from connectors.sdk.moments import day_of
from hub.share.computations.registry import CannotCompute, computation
from hub.share.dossier import Dossier, Line
from hub.share.entries import pick
from hub.share.money import minor_unit
from hub.share.places import PLACES

CENT = Decimal("0.01")
KILOGRAM = "035"  # JGS-20 unit


def line_amount(entry: Any, line: Any) -> Decimal:
    """quantity × unit price, at the minor unit of the currency (ISO 4217)."""
    exact = Decimal(line["quantity"]) * Decimal(line["unitPrice"])
    return exact.quantize(minor_unit(entry["currency"]), ROUND_HALF_UP)


def goods_total(entry: Any) -> Decimal:
    return sum((line_amount(entry, line) for line in entry["goods"]), Decimal(0))


def trade_total(entry: Any) -> Decimal:
    """What the buyer pays: goods, freight and insurance, less the discount."""
    return goods_total(entry) + Decimal(entry["freight"]) + Decimal(entry["insurance"]) - Decimal(entry["discount"])


@computation("goods[].quantity", "goods[].unitPrice", "currency")
def goods_value(dossier: Dossier, line: Line) -> Decimal:
    return goods_total(dossier.entry)


@computation("goods[].quantity", "goods[].unitPrice", "currency")
def line_total(dossier: Dossier, line: Line) -> Decimal:
    return line_amount(dossier.entry, line.values)


@computation("goods[].quantity", "goods[].unitPrice", "freight", "insurance", "discount", "currency")
def total(dossier: Dossier, line: Line) -> Decimal:
    return trade_total(dossier.entry)


@computation("goods[].grossWeight")
def gross_weight(dossier: Dossier, line: Line) -> Decimal:
    return sum((Decimal(goods["grossWeight"]) for goods in dossier.entry["goods"]), Decimal(0))


@computation("goods[].netWeight")
def net_weight(dossier: Dossier, line: Line) -> Decimal:
    return sum((Decimal(goods["netWeight"]) for goods in dossier.entry["goods"]), Decimal(0))


@computation("goods[].name.zh")
def goods_description(dossier: Dossier, line: Line) -> str:
    return "、".join(goods["name"]["zh"] for goods in dossier.entry["goods"])[:200]


@computation("goods[].name.en")
def goods_description_en(dossier: Dossier, line: Line) -> str:
    return ", ".join(goods["name"]["en"] for goods in dossier.entry["goods"])[:200]


ORDER_TYPES = {"9610": "E", "1210": "E", "9710": "B", "9810": "W"}  # 202205 edition, CEB303 orderType
REFUND_BUSINESS = {"9810": "HWC-YT"}  # 公告2025年第3号: refund in advance for overseas warehouses
FOREX_CODES = {"9610": "122030"}  # 国际收支 transaction codes: online purchase, general trade otherwise
ATTACHED_ORDER = frozenset({"9710", "9810"})  # the declaration names the order (随附单据 10000004)


@computation("mode")
def order_type(dossier: Dossier, line: Line) -> str | None:
    return ORDER_TYPES.get(dossier.mode)


@computation("mode")
def refund_business_type(dossier: Dossier, line: Line) -> str:
    return REFUND_BUSINESS.get(dossier.mode, "01")


@computation("mode")
def forex_code(dossier: Dossier, line: Line) -> str:
    return FOREX_CODES.get(dossier.mode, "121010")


@computation("mode", "orderNumber")
def attached_order(dossier: Dossier, line: Line) -> str | None:
    return str(dossier.entry["orderNumber"]) if dossier.mode in ATTACHED_ORDER else None


@computation("platform", "warehouse")
def platform_name(dossier: Dossier, line: Line) -> str:
    """The platform, or for goods on their way to an overseas warehouse that warehouse (CEB303 ebpName)."""
    name = dossier.entry.get("platform") or dossier.entry.get("warehouse")
    if not name:
        raise CannotCompute("platform")
    return str(name)


@computation("platform")
def platform_code(dossier: Dossier, line: Line) -> str | None:
    """The platform's customs or credit code where the enterprise registered it; a platform abroad has none."""
    return (dossier.enterprise["partners"].get("platforms") or {}).get(dossier.entry.get("platform") or "")


@computation("goods[].quantity", "goods[].netWeight", "goods[].unit", "goods[].hsCode")
def legal_quantity(dossier: Dossier, line: Line) -> Decimal:
    return _in_unit(line, _tariff(dossier, line).unit1)


@computation("goods[].quantity", "goods[].netWeight", "goods[].unit", "goods[].hsCode")
def second_quantity(dossier: Dossier, line: Line) -> Decimal | None:
    unit = _tariff(dossier, line).unit2
    return _in_unit(line, unit) if unit else None


def _tariff(dossier: Dossier, line: Line) -> Any:
    tariff = dossier.shelf.tariffs.get(line.values["hsCode"])
    if tariff is None:
        raise CannotCompute(f"tariff:{line.values['hsCode']}")
    return tariff


def _in_unit(line: Line, unit: str) -> Decimal:
    """A line's quantity in a unit of the tariff: its weight in kilograms, otherwise the pieces that were sold."""
    return Decimal(line.values["netWeight"] if unit == KILOGRAM else line.values["quantity"])


@computation("transport.from")
def port_office(dossier: Dossier, line: Line) -> str:
    return PLACES[dossier.entry["transport"]["from"]].customs_office or dossier.enterprise["partners"]["customsOffice"]


@computation("transport.readyAt")
def export_date(dossier: Dossier, line: Line) -> str:
    """The day the goods are ready, in Beijing; the real departure follows with 607 and 509."""
    return day_of(datetime.fromisoformat(dossier.entry["transport"]["readyAt"])).isoformat()


@computation("transport.to")
def destination_port(dossier: Dossier, line: Line) -> str:
    return str(dossier.entry["transport"]["to"])[2:]


@computation("payment.provider")
def payment_provider_code(dossier: Dossier, line: Line) -> str | None:
    return (dossier.enterprise["partners"].get("paymentProviders") or {}).get(pick(dossier.entry, "payment.provider"))


@computation("goods[].quantity", "goods[].unitPrice", "currency")
def fob_usd(dossier: Dossier, line: Line) -> Decimal:
    """The line's FOB value in US dollars, by the central parity of both currencies."""
    amount, currency = line_amount(dossier.entry, line.values), dossier.entry["currency"]
    if currency == "USD":
        return amount
    return (amount * _yuan_for_one(dossier, currency) / _yuan_for_one(dossier, "USD")).quantize(CENT, ROUND_HALF_UP)


def _yuan_for_one(dossier: Dossier, currency: str) -> Decimal:
    if currency == "CNY":
        return Decimal(1)
    parity = dossier.shelf.parities.get(currency)
    if parity is None:
        raise CannotCompute(f"parity:{currency}")
    return Decimal(parity.rate) / int(parity.unit)


@computation("orderNumber")
def transaction_note(dossier: Dossier, line: Line) -> str:
    return f"货物出口收汇 {dossier.entry['orderNumber']}"[:50]
