"""A declaration (报关单) as it is handed in: its cells, and the sums and codes that must be right in it by itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from mocks.customs.cells import Shape, shape_of
from mocks.customs.messages import FILE as CEB_FILE
from mocks.customs.tariffs import BY_CODE
from mocks.objection import Objection

Row = dict[str, Any]

CHANGE, MARKET = "change", "1039"
WITH_ORDER = ("9710", "9810")
ORDER_CATEGORY = "10000004"  # 跨境B2B出口单证
CENT = Decimal("0.01")


class Cell(NamedTuple):
    """A cell, the name of its column in the printed form, and how it may look."""

    name: str
    label: str
    shape: Shape
    optional: bool = False


Cells = tuple[Cell, ...]


def cells_of(rows: list[Row]) -> Cells:
    """Rows of the field file."""
    return tuple(Cell(row["name"], row["label"], shape_of(row), not row.get("required", True)) for row in rows)


FILE: Row = CEB_FILE["declaration"]
HEAD, ATTACHMENT, GOODS = (cells_of(FILE[part]) for part in ("head", "attachments", "goods"))
PARTIES = {name: cells_of(rows) for name, rows in FILE["parties"].items()}


@dataclass(frozen=True, slots=True)
class Form:
    """A declaration whose cells are right; `given` is the JSON as it came."""

    head: Row
    attachments: list[Row]
    goods: list[Row]
    given: Row = field(repr=False)

    @property
    def cop_no(self) -> str:
        return str(self.head["copNo"])

    @property
    def mode(self) -> str:
        return str(self.head["mode"])

    @property
    def order_number(self) -> str:
        """The number of the attached order; empty where none is attached."""
        return next((str(row["number"]) for row in self.attachments if row["category"] == ORDER_CATEGORY), "")


def read_form(body: str) -> Form:
    """Reads the JSON exactly (decimals stay decimals), every cell by itself and then what cells owe each other."""
    try:
        given = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as broken:
        raise Objection("UNREADABLE", "", f"内容不是JSON:{broken}", 400) from None
    head = read_row(HEAD, given, "")
    for name, party in PARTIES.items():
        head[name] = read_row(party, given.get(name), name)
    attached = given.get("attachments")
    attachments = read_rows(ATTACHMENT, [] if attached is None else attached, "attachments")
    form = Form(head, attachments, read_rows(GOODS, given.get("goods"), "goods", least=1), json.loads(body))
    check_head(form)
    for index, row in enumerate(form.goods):
        check_goods(row, f"goods[{index}]")
    return form


def read_rows(cells_of_row: Cells, given: Any, path: str, least: int = 0) -> list[Row]:
    if not isinstance(given, list) or len(given) < least:
        raise Objection("SHAPE", field=path, message="应为数组" + ("且不能为空" if least else ""))
    return [read_row(cells_of_row, row, f"{path}[{index}]") for index, row in enumerate(given)]


def read_row(cells_of_row: Cells, given: Any, path: str) -> Row:
    if not isinstance(given, dict):
        raise Objection("SHAPE", field=path, message="应为对象")
    row: Row = {}
    for cell in cells_of_row:
        place = f"{path}.{cell.name}".lstrip(".")
        value = given.get(cell.name)
        if value is None or (cell.optional and value == ""):
            if not cell.optional:
                raise Objection("MISSING", field=place, message=f"{cell.label}:必填项不能为空")
            continue
        try:
            row[cell.name] = cell.shape(value)
        except ValueError as broken:
            raise Objection("FORMAT", field=place, message=f"{cell.label}:{broken}") from None
    return row


def check_head(form: Form) -> None:
    head = form.head
    if head["grossKilograms"] < head["netKilograms"]:
        weights = f"毛重（千克）[{head['grossKilograms']}],净重（千克）[{head['netKilograms']}]"
        raise Objection("WEIGHT", field="grossKilograms", message=f"毛重小于净重,{weights}")
    if form.mode in WITH_ORDER and not form.order_number:
        message = f"监管方式[{form.mode}]应有随附单据,随附单据类别[{ORDER_CATEGORY}]"
        raise Objection("MISSING", field="attachments", message=message)
    if (twice := repeated(row["line"] for row in form.goods)) is not None:
        message = f"商品序号重复,商品序号[{form.goods[twice]['line']}]"
        raise Objection("LINE", field=f"goods[{twice}].line", message=message)


def check_goods(row: Row, path: str) -> None:
    tariff = BY_CODE.get(row["hsCode"])
    if tariff is None:
        raise Objection("HSCODE", field=f"{path}.hsCode", message=f"商品编码不存在,商品编码[{row['hsCode']}]")
    if row["legalUnit"] != tariff.unit1:
        message = f"法定第一计量单位与商品编码不符,法定第一计量单位[{row['legalUnit']}],应为[{tariff.unit1}]"
        raise Objection("UNIT", field=f"{path}.legalUnit", message=message)
    for name, other in (("secondQuantity", "secondUnit"), ("secondUnit", "secondQuantity")):
        if name not in row and other in row:
            raise Objection("MISSING", field=f"{path}.{name}", message="法定第二数量与法定第二计量单位应同时填报")
    product = row["quantity"] * row["unitPrice"]
    if abs(row["total"] - product) > CENT:
        message = f"总价与成交数量乘单价不符,总价[{row['total']}],应为[{product:.2f}]"
        raise Objection("TOTAL", field=f"{path}.total", message=message)


def repeated(values: Iterable[int]) -> int | None:
    """The place of the first value that was there before."""
    seen: set[int] = set()
    for place, value in enumerate(values):
        if value in seen:
            return place
        seen.add(value)
    return None
