"""What a refund filing says in a way of its own: 关联号, 序号, per cents (外贸企业免退税申报)."""

from __future__ import annotations

from decimal import Decimal

from connectors.sdk.working_out import Lacks, reads

BUSINESS_TYPES = {"9610": "01", "9710": "01", "0110": "01", "9810": "HWC-YT"}
"""退(免)税业务类型. HWC-YT: in advance for overseas warehouses (公告2025年第3号); 01, general export: practice."""


@reads(mode="entry:mode")
def refund_business_type(mode: str) -> str:
    """A mode that is not in the table is refused, not taken for another."""
    if mode not in BUSINESS_TYPES:
        raise Lacks(f"mode:{mode}", "mode")
    return BUSINESS_TYPES[mode]


@reads(period="computed:refund_period", batch="computed:refund_batch", serial="computed:goods_serial")
def relation(period: str, batch: str, serial: int) -> str:
    """关联号: period (6) + batch (3) + sequence (8), one for each export line.

    The eight digits are the serial of the goods line itself: no other line of the taxpayer has them in the period.
    """
    return f"{period}{batch}{serial % 10**8:08d}"


@reads(line="line:number")
def row_sequence(line: int) -> str:
    """序号: eight digits from 00000001."""
    return f"{line:08d}"


@reads(entry_id="fact:entry_id", item="fact:entry_item?", line="line:item")
def declaration_item(entry_id: str, item: str | None, line: int) -> str:
    """出口货物报关单号: the 18-digit entry id and the item in three digits, which is the line where nobody says."""
    return f"{entry_id}{int(item or line):03d}"


@reads(rate="computed:refund_rate")
def refund_percent(rate: Decimal) -> Decimal:
    """退税率 in per cent."""
    return _percent(rate)


@reads(rate="entry:purchases[].vatRate")
def vat_percent(rate: str) -> Decimal:
    """征税率 in per cent."""
    return _percent(Decimal(rate))


def _percent(rate: Decimal) -> Decimal:
    """Without zeros at the end and without an exponent: 0.10000 is 10, where `normalize` alone makes it 1E+1."""
    return Decimal(f"{(rate * 100).normalize():f}")
