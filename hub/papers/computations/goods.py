"""Worked out from the goods, the trade and the registration."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hub.dossiers.dossier import Dossier, DossierLine
from hub.iso_codes import minor_unit
from hub.model import Tariff
from hub.papers.computations.catalogue import CannotCompute, Reckoned, computation
from hub.papers.computations.legal import LegalUnit, in_legal_unit, refuse_stated

US_DOLLAR = "USD"
CENT, PRICE = Decimal("0.01"), Decimal("0.00001")
AT_FOB = ("goods[].unitPrice", "goods[].quantity", "currency", "terms", "freight", "insurance")
"""What a value FOB depends on."""
BY_LIST = frozenset({"9610", "1210"})
"""Modes whose goods are declared by list: its price is 成交单价FOB (CEB603), and that of the order is the same."""
PRICE_HOLDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("CFR", "CPT"), ("freight",)),
    **dict.fromkeys(("CIF", "CIP", "DAP", "DPU", "DDP"), ("freight", "insurance")),
}
"""Incoterms 2020: what the price of the goods holds beside the goods; under other terms it is charged on top."""


def line_amount(entry: Any, line: Any) -> Decimal:
    """quantity × unit price, at the minor unit of the currency (ISO 4217)."""
    return _amount(entry, line, Decimal(line["unitPrice"]))


def _amount(entry: Any, line: Any, price: Decimal) -> Decimal:
    return (Decimal(line["quantity"]) * price).quantize(minor_unit(entry["currency"]), ROUND_HALF_UP)


def goods_total(entry: Any) -> Decimal:
    """The goods at the price that was agreed, with whatever it holds by the terms."""
    return sum((line_amount(entry, line) for line in entry["goods"]), Decimal(0))


def held_charges(entry: Any) -> Decimal:
    """Freight and insurance that the price of the goods holds by the terms."""
    return sum((Decimal(entry[name]) for name in PRICE_HOLDS.get(entry["terms"], ())), Decimal(0))


def trade_total(entry: Any) -> Decimal:
    """What the buyer pays: goods, and freight and insurance where their price does not hold them, less the discount."""
    charges = Decimal(entry["freight"]) + Decimal(entry["insurance"]) - held_charges(entry)
    return goods_total(entry) + charges - Decimal(entry["discount"])


def price_at_fob(entry: Any, line: Any) -> Decimal:
    """The unit price without its share of the freight and insurance that it holds, shared out by value."""
    price, charges = Decimal(line["unitPrice"]), held_charges(entry)
    if not charges:
        return price
    return (price * (1 - charges / goods_total(entry))).quantize(PRICE, ROUND_HALF_UP)


def amount_at_fob(entry: Any, line: Any) -> Decimal:
    """quantity × unit price FOB. A discount stays in it: customs' 商品金额 holds 非现金抵扣金额 (CEB303 goodsValue)."""
    return _amount(entry, line, price_at_fob(entry, line))


@computation(*AT_FOB)
def goods_value(dossier: Dossier, line: DossierLine) -> Decimal:
    """The value of the goods FOB; of several trades in the currency that they have in common, or in US dollars."""
    if not dossier.lines:
        return _fob(dossier)
    currency = str(dossier.entry["currency"])
    return sum((_converted(one, _fob(one), currency) for one in dossier.lines), Decimal(0))


def _fob(dossier: Dossier) -> Decimal:
    return sum((amount_at_fob(dossier.entry, goods) for goods in dossier.entry["goods"]), Decimal(0))


@computation("goods[].quantity", "goods[].unitPrice", "currency")
def line_total(dossier: Dossier, line: DossierLine) -> Decimal:
    return line_amount(dossier.entry, line.values)


@computation(*AT_FOB, "mode")
def listed_price(dossier: Dossier, line: DossierLine) -> Reckoned:
    """The unit price as the order has it and, by its side, the list or the declaration."""
    price, held = line.values["unitPrice"], held_charges(dossier.entry)
    if not held or dossier.mode not in BY_LIST:
        return Reckoned(Decimal(price), "entry:goods[].unitPrice")
    how = f"{price} × (1 − {held:f} ÷ {goods_total(dossier.entry):f})"
    return Reckoned(price_at_fob(dossier.entry, line.values), how)


@computation(*AT_FOB, "mode")
def listed_total(dossier: Dossier, line: DossierLine) -> Decimal:
    """quantity × that price."""
    return _amount(dossier.entry, line.values, listed_price(dossier, line).value)


@computation("terms", "goods[].quantity", "goods[].unitPrice", "freight", "insurance", "discount", "currency")
def total(dossier: Dossier, line: DossierLine) -> Decimal:
    return trade_total(dossier.entry)


@computation("goods[].grossWeight")
def gross_weight(dossier: Dossier, line: DossierLine) -> Decimal:
    """The gross weights of all lines, in kilograms."""
    return sum((Decimal(goods["grossWeight"]) for goods in dossier.entry["goods"]), Decimal(0))


@computation("goods[].netWeight")
def net_weight(dossier: Dossier, line: DossierLine) -> Decimal:
    """The net weights of all lines, in kilograms."""
    return sum((Decimal(goods["netWeight"]) for goods in dossier.entry["goods"]), Decimal(0))


LEGAL = ("goods[].quantity", "goods[].netWeight", "goods[].unit", "goods[].hsCode")
"""What a legal quantity follows from, beside what the exporter states."""


@computation(*LEGAL, "goods[].legalQuantity")
def legal_quantity(dossier: Dossier, line: DossierLine) -> Reckoned:
    """法定第一数量: what was sold, in the first legal unit of its HS code (海关总署公告2019年第18号)."""
    return in_legal_unit(line, LegalUnit(_tariff(dossier, line).unit1, "legalQuantity"))


@computation(*LEGAL, "goods[].legalQuantity2")
def second_quantity(dossier: Dossier, line: DossierLine) -> Reckoned | None:
    """法定第二数量 (海关总署公告2019年第18号); None where the HS code has no second legal unit."""
    code = _tariff(dossier, line).unit2
    if code:
        return in_legal_unit(line, LegalUnit(code, "legalQuantity2"))
    refuse_stated(line, "legalQuantity2")
    return None


def _tariff(dossier: Dossier, line: DossierLine) -> Tariff:
    tariff = dossier.shelf.tariffs.get(line.values["hsCode"])
    if tariff is None:
        raise CannotCompute(f"tariff:{line.values['hsCode']}")
    return tariff


@computation(*AT_FOB)
def fob_usd(dossier: Dossier, line: DossierLine) -> Decimal:
    """美元离岸价: the line's FOB value in US dollars, by the central parity of both currencies."""
    return _converted(dossier, amount_at_fob(dossier.entry, line.values), US_DOLLAR)


def _converted(dossier: Dossier, amount: Decimal, into: str) -> Decimal:
    """An amount in the trade's currency, in another one by the central parity of both."""
    currency = dossier.entry["currency"]
    if currency == into:
        return amount
    return (amount * _yuan_for_one(dossier, currency) / _yuan_for_one(dossier, into)).quantize(CENT, ROUND_HALF_UP)


def _yuan_for_one(dossier: Dossier, currency: str) -> Decimal:
    if currency == "CNY":
        return Decimal(1)
    parity = dossier.shelf.parities.get(currency)
    if parity is None:
        raise CannotCompute(f"parity:{currency}")
    return parity.rate / parity.unit
