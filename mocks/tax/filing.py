"""One export refund filing of a trading firm (外贸企业免退税): its columns as the two detail forms have them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mocks.objection import Objection, read_object
from mocks.tax import shapes
from mocks.tax.shapes import Shape

Row = dict[str, Any]
Columns = tuple[tuple[str, Shape], ...]

FORM_SEQUENCE = shapes.pattern(r"(?!0{8})\d{8}", "an 8-digit sequence from 00000001")
RELATION = shapes.pattern(r"\d{17}", "period (6) + batch (3) + sequence (8)")
HS_CODE = shapes.pattern(r"\d{10}", "a 10-digit commodity code")
PERIOD = shapes.pattern(r"20\d{2}(0[1-9]|1[0-2])", "a period YYYYMM")
BATCH = shapes.pattern(r"(?!000)\d{3}", "a batch from 001")
DECLARATION_ITEM = shapes.pattern(r"\d{18}(?!000)\d{3}", "18 digits of the declaration and 3 of its item")

HEADING: Columns = (
    ("taxpayer", shapes.credit_code),  # 纳税人识别号
    ("taxpayerName", shapes.text(100)),
    ("period", PERIOD),  # 申报年月
    ("batch", BATCH),  # 申报批次
    ("refundAmount", shapes.number(2)),  # 申报退税额
)

# 出口明细申报表
EXPORTS: Columns = (
    ("sequence", FORM_SEQUENCE),
    ("relation", RELATION),  # 关联号
    ("invoice", shapes.text(60)),
    ("declarationItem", DECLARATION_ITEM),
    ("exportedOn", shapes.day),
    ("hsCode", HS_CODE),
    ("name", shapes.text(255)),
    ("unit", shapes.text(20)),
    ("quantity", shapes.number(5, above="0")),
    ("fobUsd", shapes.number(2, above="0")),
    ("businessType", shapes.one_of("01", "HWC-YT")),  # 一般出口, 海外仓预退
)

# 进货明细申报表; consumption tax (C) is refunded by another form's arithmetic and not taken here
PURCHASES: Columns = (
    ("sequence", FORM_SEQUENCE),
    ("relation", RELATION),
    ("taxKind", shapes.one_of("V")),
    ("voucherKind", shapes.text(60)),
    ("voucher", shapes.text(40)),
    ("supplier", shapes.credit_code),
    ("issuedOn", shapes.day),
    ("hsCode", HS_CODE),
    ("name", shapes.text(255)),
    ("unit", shapes.text(20)),
    ("quantity", shapes.number(5, above="0")),
    ("taxableAmount", shapes.number(2, above="0")),
    ("vatRate", shapes.vat_rate),
    ("refundRate", shapes.number(2)),
    ("refundable", shapes.number(2)),
)


@dataclass(frozen=True)
class Filing:
    heading: Row
    exports: list[Row]
    purchases: list[Row]
    body: str = field(repr=False)

    @property
    def relation(self) -> str:
        """The 关联号 that stands for the filing: that of its first export row."""
        return str(self.exports[0]["relation"])

    @property
    def relations(self) -> list[str]:
        return list(dict.fromkeys(str(row["relation"]) for row in self.exports))

    @property
    def taxpayer(self) -> str:
        return str(self.heading["taxpayer"])

    def refund_of(self, relation: str) -> Decimal:
        return sum((row["refundable"] for _, row in self.purchases_of(relation)), Decimal(0))

    @property
    def refund(self) -> Decimal:
        return Decimal(self.heading["refundAmount"])

    def exports_of(self, relation: str) -> list[tuple[int, Row]]:
        return _tied(self.exports, relation)

    def purchases_of(self, relation: str) -> list[tuple[int, Row]]:
        return _tied(self.purchases, relation)


def read_filing(body: str) -> Filing:
    """Reads the JSON exactly (decimals stay decimals) and checks every cell by itself."""
    given = read_object(body, wanted="an object with heading, exports and purchases wanted")
    return Filing(
        _read_row(HEADING, given.get("heading"), "heading"),
        _read_rows(EXPORTS, given.get("exports"), "exports"),
        _read_rows(PURCHASES, given.get("purchases"), "purchases"),
        body,
    )


def _read_rows(columns: Columns, given: Any, path: str) -> list[Row]:
    if not isinstance(given, list) or not given:
        raise Objection("SHAPE", path, "at least one row wanted")
    rows = [_read_row(columns, row, f"{path}[{index}]") for index, row in enumerate(given)]
    for index in range(1, len(rows)):
        if rows[index]["sequence"] <= rows[index - 1]["sequence"]:
            raise Objection("SEQUENCE", f"{path}[{index}].sequence", "sequences of a form must rise")
    return rows


def _read_row(columns: Columns, given: Any, path: str) -> Row:
    if not isinstance(given, dict):
        raise Objection("SHAPE", path, "an object wanted")
    row: Row = {}
    for name, shape in columns:
        if given.get(name) is None:
            raise Objection("MISSING", f"{path}.{name}", "mandatory")
        try:
            row[name] = shape(given[name])
        except ValueError as broken:
            raise Objection("FORMAT", f"{path}.{name}", str(broken)) from broken
    return row


def _tied(rows: Iterable[Row], relation: str) -> list[tuple[int, Row]]:
    return [(index, row) for index, row in enumerate(rows) if row["relation"] == relation]
