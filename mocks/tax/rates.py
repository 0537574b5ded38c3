"""出口退税率: the bureau's refund rate per 10-digit commodity code and day of export.

The figures are the stand-in's own and plausible; the official rate library is not reproduced here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

FOREVER = None

# hsCode, vatRate, refundRate, validFrom, validTo, updatedAt
RATES: tuple[tuple[str, str, str, str, str | None, str], ...] = (
    ("0703201000", "0.09", "0.09", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),  # garlic
    ("0712391000", "0.09", "0.09", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),  # dried shiitake
    ("1211905099", "0.09", "0.09", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),  # plants for medicine
    ("2106909090", "0.13", "0.13", "2020-03-20", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("3406000000", "0.13", "0.13", "2020-03-20", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("6204620000", "0.13", "0.13", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("6204630000", "0.13", "0.13", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("6703000000", "0.13", "0.13", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("6704110000", "0.13", "0.13", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("6704190000", "0.13", "0.13", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("6704200000", "0.13", "0.13", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("7606112000", "0.13", "0.13", "2019-04-01", "2024-11-30", "2024-11-15T00:00:00+08:00"),  # aluminium plate
    ("7606112000", "0.13", "0.00", "2024-12-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("8517130000", "0.13", "0.13", "2022-01-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("8541430000", "0.13", "0.13", "2022-01-01", "2024-11-30", "2024-11-15T00:00:00+08:00"),  # photovoltaic modules
    ("8541430000", "0.13", "0.09", "2024-12-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("9401710000", "0.13", "0.13", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("9403100000", "0.13", "0.13", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("9403200000", "0.13", "0.13", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),
    ("9603302000", "0.13", "0.13", "2019-04-01", FOREVER, "2026-01-01T00:00:00+08:00"),
)

COLUMNS = ("hsCode", "vatRate", "refundRate", "validFrom", "validTo", "updatedAt")


def rate_on(hs_code: str, day: date) -> Decimal | None:
    """The refund rate as a fraction, or None where the table has no row for that code and day."""
    for code, _, refund, valid_from, valid_to, _ in RATES:
        if code == hs_code and valid_from <= day.isoformat() <= (valid_to or "9999-12-31"):
            return Decimal(refund)
    return None


def rate_page(page: int, size: int) -> dict[str, Any]:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in RATES]
    return {
        "page": page,
        "pages": max(1, -(-len(rows) // size)),
        "rows": rows[(page - 1) * size : page * size],
    }
