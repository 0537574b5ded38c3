"""Worked out for the refund of VAT (免退税) after the departure."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from connectors.sdk.instants import BEIJING
from hub.dossiers.dossier import Dossier, DossierLine
from hub.papers.computations.catalogue import CannotCompute, computation

CENT = Decimal("0.01")
PERIOD = len("YYYYMM")
REFUND_BATCH = "refund batch"
"""What the hub gives to a filing of which all else is known (`hub.progress.refund_batches`); nobody is asked."""


def _departed(dossier: Dossier) -> datetime:
    event = dossier.departed()
    if event is None:
        raise CannotCompute("departure")
    return event.happened_at.astimezone(BEIJING)


@computation()
def refund_period(dossier: Dossier, line: DossierLine) -> str:
    """所属期: the month of export, YYYYMM."""
    return _departed(dossier).strftime("%Y%m")


@computation()
def exported_on(dossier: Dossier, line: DossierLine) -> str:
    return _departed(dossier).date().isoformat()


@computation()
def refund_batch(dossier: Dossier, line: DossierLine) -> str:
    """申报批次: the how-manieth filing of the taxpayer in the month this is, three digits from 001.

    It is numbered once the rest of the filing is known (`hub.progress.refund_batches`), and stays with the trade.
    """
    return _period_and_batch(dossier)[PERIOD:]


@computation()
def relation(dossier: Dossier, line: DossierLine) -> str:
    """关联号: period (6) + batch (3) + sequence (8), one for each export line."""
    return f"{_period_and_batch(dossier)}{_refund_sequence(dossier, line.place)}"


@computation("purchases[].line")
def purchase_relation(dossier: Dossier, line: DossierLine) -> str:
    index = int(line.values["line"]) - 1
    return f"{_period_and_batch(dossier)}{_refund_sequence(dossier, index)}"


def _period_and_batch(dossier: Dossier) -> str:
    """A batch of another month, before it was known when the goods left, is none of this one."""
    if not dossier.enterprise["partners"].get("refundBatch"):
        raise CannotCompute("registration:refundBatch")
    period, kept = refund_period(dossier, DossierLine(0, {})), dossier.refund_batch or ""
    if not kept.startswith(period):
        raise CannotCompute(REFUND_BATCH)
    return kept


@computation("exportInvoice")
def export_invoice(dossier: Dossier, line: DossierLine) -> str:
    """出口发票号: the exporter's own number of its export invoice; often it is written only when the goods leave."""
    number = dossier.entry.get("exportInvoice")
    if not number:
        raise CannotCompute("export invoice")
    return str(number)


@computation()
def row_sequence(dossier: Dossier, line: DossierLine) -> str:
    return f"{line.place + 1:08d}"


def _refund_sequence(dossier: Dossier, index: int) -> str:
    """Eight digits that no other line of the enterprise has in the period: the serial of the goods line itself."""
    return f"{dossier.line_ids[index] % 10**8:08d}"


@computation()
def declaration_item(dossier: Dossier, line: DossierLine) -> str:
    """出口货物报关单号: the 18-digit entry id and the item in three digits."""
    found = dossier.answer("customs.summary", "entryId") or dossier.answer("customs.declaration", "entryId")
    if found is None:
        raise CannotCompute("entry id")
    return f"{found[0]}{line.place + 1:03d}"


@computation("purchases[].line", "goods[].name.zh")
def purchased_goods_name(dossier: Dossier, line: DossierLine) -> str:
    return str(_bought(dossier, line)["name"]["zh"])


@computation("purchases[].line", "goods[].hsCode")
def purchased_hs_code(dossier: Dossier, line: DossierLine) -> str:
    return str(_bought(dossier, line)["hsCode"])


@computation("purchases[].line", "goods[].unit")
def purchased_unit(dossier: Dossier, line: DossierLine) -> str:
    return str(_bought(dossier, line)["unit"])


@computation("purchases[].line", "purchases[].quantity", "goods[].quantity")
def purchased_quantity(dossier: Dossier, line: DossierLine) -> Decimal:
    return Decimal(line.values.get("quantity") or _bought(dossier, line)["quantity"])


def _bought(dossier: Dossier, line: DossierLine) -> Any:
    return dossier.entry["goods"][int(line.values["line"]) - 1]


def refund_rate(dossier: Dossier, hs_code: str) -> Decimal:
    """The rate in force on the day of export, whenever it is filed."""
    row = dossier.shelf.refund_rate(hs_code, _departed(dossier).date())
    if row is None:
        raise CannotCompute(f"refund rate:{hs_code}")
    return row.refund_rate


def _rate(dossier: Dossier, line: DossierLine) -> Decimal:
    """孰低 (财税〔2012〕39号): never more than the rate that the invoice was taxed at."""
    return min(refund_rate(dossier, _bought(dossier, line)["hsCode"]), Decimal(line.values["vatRate"]))


@computation("purchases[].line", "purchases[].vatRate", "goods[].hsCode")
def refund_percent(dossier: Dossier, line: DossierLine) -> Decimal:
    return _percent(_rate(dossier, line))


@computation("purchases[].vatRate")
def vat_percent(dossier: Dossier, line: DossierLine) -> Decimal:
    return _percent(Decimal(line.values["vatRate"]))


def _percent(rate: Decimal) -> Decimal:
    """Without zeros at the end and without an exponent: 0.10000 is 10, where `normalize` alone makes it 1E+1."""
    return Decimal(f"{(rate * 100).normalize():f}")


@computation("purchases[].amount", "purchases[].line", "purchases[].vatRate", "goods[].hsCode")
def refundable(dossier: Dossier, line: DossierLine) -> Decimal:
    """免退税: taxable amount × refund rate."""
    return (Decimal(line.values["amount"]) * _rate(dossier, line)).quantize(CENT, ROUND_HALF_UP)


@computation(
    "purchases[].amount", "purchases[].line", "purchases[].quantity", "purchases[].vatRate", "goods[].hsCode",
    "goods[].quantity",
)  # fmt: skip
def refund_amount(dossier: Dossier, line: DossierLine) -> Decimal:
    """可退税额 of all purchases, once every line of goods is tied to what was bought for it."""
    for lack in untied(dossier):
        raise CannotCompute(lack)
    return sum((refundable(dossier, row) for row in _purchases(dossier)), Decimal(0))


class Tie(NamedTuple):
    """关联: what was sold in a line of goods, and what was bought for it; one is only refunded where they agree."""

    line: int
    sold: Decimal
    bought: Decimal

    @property
    def agrees(self) -> bool:
        return self.sold == self.bought


def ties(dossier: Dossier) -> list[Tie]:
    """One for each line of goods."""
    bought: defaultdict[int, Decimal] = defaultdict(Decimal)
    for row in _purchases(dossier):
        bought[int(row.values["line"])] += purchased_quantity(dossier, row)
    return [
        Tie(number, Decimal(goods["quantity"]), bought[number])
        for number, goods in enumerate(dossier.entry["goods"], start=1)
    ]


def untied(dossier: Dossier) -> list[str]:
    """What each line of goods lacks to be refunded, as `hub.errors.lack` reads it; nothing where all agree."""
    return [f"tie:{tie.line}" if tie.bought else f"purchase:{tie.line}" for tie in ties(dossier) if not tie.agrees]


def _purchases(dossier: Dossier) -> list[DossierLine]:
    return [DossierLine(index, purchase) for index, purchase in enumerate(dossier.entry.get("purchases") or ())]
