"""Customs' own matching of the three documents with an inventory: order (CEB303), receipt (CEB403), waybill (CEB505).

The authority publishes no algorithm. These are the relations that the field notes of CEB603 state, the tolerance that
practice reports, and the tariff. Every rule says what is wrong with the official names of the fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from mocks.customs.documents import Archive, Content, Document
from mocks.customs.messages import label
from mocks.customs.tariffs import Tariff, tariffs_for

CENT = Decimal("0.01")
CHARGE_TOLERANCE = Decimal("0.05")
KIND = "CEB603"

# Which order types each supervision mode takes.
ORDER_TYPES: dict[str, str] = {"9610": "E", "1210": "EW", "9710": "B", "9810": "W"}
SPECIAL_ZONE = "1210"
SIMPLIFIED = "A"


@dataclass(frozen=True, slots=True)
class Case:
    """An inventory with the papers that were found for it."""

    inventory: Document
    order: Document
    receipts: list[Document]
    waybill: Document

    @property
    def head(self) -> Content:
        return self.inventory.head

    @property
    def rows(self) -> tuple[Content, ...]:
        return self.inventory.rows


Rule = Callable[[Case], str | None]


def named(name: str, value: object, kind: str = KIND) -> str:
    return f"{label(kind, name)}[{value}]"


def row_named(row: Content, *names: str) -> str:
    return ",".join(named(name, row[name]) for name in ("gnum", *names))


def returned_by_matching(inventory: Document, archive: Archive) -> str | None:
    """Why customs returns the inventory; nothing where it may be stored."""
    head = inventory.head
    of_order = {"ebcCode": head["ebcCode"], "orderNo": head["orderNo"]}
    of_parcel = {"logisticsCode": head["logisticsCode"], "logisticsNo": head["logisticsNo"]}
    orders = [paper for paper in archive.standing("CEB303", **of_order) if paper.stored]
    receipts = [paper for paper in archive.standing("CEB403", **of_order) if paper.stored]
    waybills = [paper for paper in archive.standing("CEB505", **of_parcel) if paper.stored]
    order_names = f"{named('orderNo', head['orderNo'])},{named('ebcCode', head['ebcCode'])}"
    if not orders:
        return f"三单比对不一致,电子订单信息不存在,{order_names}"
    if not receipts:
        return f"三单比对不一致,收款单信息不存在,{order_names}"
    if not waybills:
        parcel_names = f"{named('logisticsCode', head['logisticsCode'])},{named('logisticsNo', head['logisticsNo'])}"
        return f"三单比对不一致,物流运单信息不存在,{parcel_names}"
    case = Case(inventory, orders[-1], receipts, waybills[-1])
    return next(filter(None, (rule(case) for rule in RULES)), None)


def trade_mode(case: Case) -> str | None:
    mode, order_type = case.head["tradeMode"], case.order.head["orderType"]
    if mode not in ORDER_TYPES:
        return f"贸易方式不正确,{named('tradeMode', mode)}"
    if order_type not in ORDER_TYPES[mode]:
        return f"贸易方式与订单类型不符,{named('tradeMode', mode)},{named('orderType', order_type, 'CEB303')}"
    return None


def special_zone(case: Case) -> str | None:
    if case.head["tradeMode"] != SPECIAL_ZONE:
        return None
    for name in ("iacCode", "iacName", "emsNo"):
        if not case.inventory.value(name):
            return f"特殊区域出口必填项为空,{named('tradeMode', SPECIAL_ZONE)},{named(name, '')}"
    for row in case.rows:
        if not row.get("itemRecordNo"):
            return f"特殊区域出口必填项为空,{row_named(row)},{named('itemRecordNo', '')}"
    return None


def one_to_one(case: Case) -> str | None:
    ordered = {int(row["gnum"]) for row in case.order.rows}
    declared = {int(row["gnum"]) for row in case.rows}
    if extra := declared - ordered:
        return f"电子订单无对应商品项,{named('gnum', min(extra))}"
    if missing := ordered - declared:
        return f"申报清单缺少商品项,{named('gnum', min(missing))}"
    return None


def equal_rows(case: Case) -> str | None:
    ordered = {int(row["gnum"]): row for row in case.order.rows}
    for row in case.rows:
        line = ordered[int(row["gnum"])]
        for name in ("itemNo", "currency"):
            if row[name] != line[name]:
                return f"{label(KIND, name)}与电子订单不一致,{row_named(row, name)}"
        if reason := unequal(row, line):
            return reason
    return None


def unequal(row: Content, line: Content) -> str | None:
    """What a declared row and its line of the order do not have in common."""
    for name in ("qty", "price", "totalPrice"):
        if Decimal(row[name]) != Decimal(line[name]):
            return f"{label(KIND, name)}与电子订单不一致,{row_named(row, name)}"
    return None


def row_totals(case: Case) -> str | None:
    for row in case.rows:
        off = abs(Decimal(row["totalPrice"]) - Decimal(row["qty"]) * Decimal(row["price"]))
        if off > CENT * len(case.rows):
            return f"总价与申报数量乘单价不符,{row_named(row, 'qty', 'price', 'totalPrice')}"
    return None


def goods_value(case: Case) -> str | None:
    stated = Decimal(case.order.head["goodsValue"])
    total = sum((Decimal(row["totalPrice"]) for row in case.rows), Decimal())
    if abs(stated - total) > CENT:
        return f"商品金额与总价合计不符,{named('goodsValue', stated, 'CEB303')},总价合计[{total}]"
    return None


def charge(case: Case) -> str | None:
    head = case.order.head
    for receipt in case.receipts:
        if receipt.head["currency"] != head["currency"]:
            return f"收款单币制与电子订单不一致,{named('currency', receipt.head['currency'], 'CEB403')}"
    paid = sum((Decimal(receipt.head["charge"]) for receipt in case.receipts), Decimal())
    due = Decimal(head["goodsValue"]) + Decimal(head["freight"] or "0")
    if abs(paid - due) > CHARGE_TOLERANCE * due:
        freight = named("freight", head["freight"] or "0", "CEB303")
        value = named("goodsValue", head["goodsValue"], "CEB303")
        return f"收款金额与订单金额不符,{named('charge', paid, 'CEB403')},{value},{freight}"
    return None


def weights(case: Case) -> str | None:
    gross, net = case.head["grossWeight"], case.head["netWeight"]
    if Decimal(gross) < Decimal(net):
        return f"毛重小于净重,{named('grossWeight', gross)},{named('netWeight', net)}"
    return None


def classification(case: Case) -> str | None:
    """Code, statutory unit and name against the tariff; simplified declaration needs the heading only."""
    for row in case.rows:
        tariffs = tariffs_for(row["gcode"], by_heading=case.head["statisticsFlag"] == SIMPLIFIED)
        if not tariffs:
            return f"商品编码不存在,{row_named(row, 'gcode')}"
        if reason := misfit(row, tariffs):
            return reason
    return None


def misfit(row: Content, tariffs: list[Tariff]) -> str | None:
    """What of a declared row does not fit its code. That one unit has one quantity is practice."""
    if all(row["unit1"] != tariff.unit1 for tariff in tariffs):
        return f"法定计量单位与商品编码不符,{row_named(row, 'gcode', 'unit1')}"
    if not any(word in row["gname"] for tariff in tariffs for word in tariff.words):
        return f"商品编码与商品名称不符,{row_named(row, 'gcode')}"
    for unit, quantity in (("unit1", "qty1"), ("unit2", "qty2")):
        if row.get(unit) == row["unit"] and Decimal(row[quantity]) != Decimal(row["qty"]):
            return f"计量单位相同而数量不同,{row_named(row, 'unit', 'qty', quantity)}"
    return None


RULES: tuple[Rule, ...] = (
    trade_mode,
    special_zone,
    one_to_one,
    equal_rows,
    row_totals,
    goods_value,
    charge,
    weights,
    classification,
)
