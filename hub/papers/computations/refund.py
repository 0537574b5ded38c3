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
PURCHASES = "purchases"
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


def _period_and_batch(dossier: Dossier) -> str:
    """A batch of another month, before it was known when the goods left, is none of this one."""
    if not dossier.enterprise["partners"].get("refundBatch"):
        raise CannotCompute("registration:refundBatch")
    period, kept = refund_period(dossier, DossierLine(0, {})), dossier.refund_batch or ""
    if not kept.startswith(period):
        raise CannotCompute(REFUND_BATCH)
    return kept


@computation("purchases[].line")
def goods_serial(dossier: Dossier, line: DossierLine) -> int:
    """The serial of a line of goods, or of the line that a purchase is for: no other line has it, and it stays."""
    place = int(line.values["line"]) - 1 if line.group == PURCHASES else line.place
    return dossier.line_ids[place]


@computation("exportInvoice")
def export_invoice(dossier: Dossier, line: DossierLine) -> str:
    """出口发票号: the exporter's own number of its export invoice; often it is written only when the goods leave."""
    number = dossier.entry.get("exportInvoice")
    if not number:
        raise CannotCompute("export invoice")
    return str(number)


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


def export_rate(dossier: Dossier, hs_code: str) -> Decimal:
    """The refund rate in force on the day of export, whenever it is filed."""
    row = dossier.shelf.refund_rate(hs_code, _departed(dossier).date())
    if row is None:
        raise CannotCompute(f"refund rate:{hs_code}")
    return row.refund_rate


@computation("purchases[].line", "purchases[].vatRate", "goods[].hsCode")
def refund_rate(dossier: Dossier, line: DossierLine) -> Decimal:
    """孰低 (财税〔2012〕39号): the refund rate, never more than the rate that the invoice was taxed at."""
    rate = export_rate(dossier, _bought(dossier, line)["hsCode"])
    return min(rate, Decimal(line.values["vatRate"]))


@computation("purchases[].amount", "purchases[].line", "purchases[].vatRate", "goods[].hsCode")
def refundable(dossier: Dossier, line: DossierLine) -> Decimal:
    """免退税: taxable amount × refund rate."""
    amount, rate = Decimal(line.values["amount"]), Decimal(refund_rate(dossier, line))
    return (amount * rate).quantize(CENT, ROUND_HALF_UP)


@computation(
    "purchases[].amount", "purchases[].line", "purchases[].quantity", "purchases[].vatRate", "goods[].hsCode",
    "goods[].quantity",
)  # fmt: skip
def refund_amount(dossier: Dossier, line: DossierLine) -> Decimal:
    """可退税额 of all purchases, once every line of goods is tied to what was bought for it."""
    for lack in untied(dossier):
        raise CannotCompute(lack)
    trades = dossier.lines or [dossier]
    return sum((refundable(trade, row) for trade in trades for row in _purchases(trade)), Decimal(0))


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
    if dossier.lines:
        return [lack for trade in dossier.lines for lack in untied(trade)]
    return [f"tie:{tie.line}" if tie.bought else f"purchase:{tie.line}" for tie in ties(dossier) if not tie.agrees]


def _purchases(dossier: Dossier) -> list[DossierLine]:
    return [DossierLine(place, one, group=PURCHASES) for place, one in enumerate(dossier.entry.get(PURCHASES) or ())]
