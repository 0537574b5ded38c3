"""What customs looks into before it accepts a declaration (报关单), and why it returns one.

The fields are named as the inventory (CEB603) names them, so a trader reads the same words on both ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from mocks.customs.declaration_form import MARKET, WITH_ORDER, Form
from mocks.customs.documents import Archive, Content, Document
from mocks.customs.match import ORDER_TYPES, misfit, named, unequal
from mocks.customs.tariffs import BY_CODE

MARKET_LIMIT, MARKET_CURRENCY = Decimal(150_000), "USD"

# What CEB603 calls the cells of a row.
IN_CEB603 = {
    "gnum": "line",
    "gcode": "hsCode",
    "gname": "name",
    "unit": "unit",
    "unit1": "legalUnit",
    "unit2": "secondUnit",
    "qty": "quantity",
    "qty1": "legalQuantity",
    "qty2": "secondQuantity",
    "price": "unitPrice",
    "totalPrice": "total",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A declaration, its rows as CEB603 would have them, and the order that it names, if that can be found."""

    form: Form
    rows: list[Content]
    order: Document | None


def order_of(form: Form, archive: Archive) -> Document | None:
    """The stored order with the attached number, of the type that the mode wants; the consignor's own before others."""
    if form.mode not in WITH_ORDER:
        return None
    fitting = [
        order
        for order in archive.standing("CEB303", orderNo=form.order_number)
        if order.stored and order.head["orderType"] in ORDER_TYPES[form.mode]
    ]
    own = [order for order in fitting if order.head["ebcCode"] == form.head["consignor"]["code"]]
    return next(reversed(own or fitting), None)


def returned_by_review(form: Form, archive: Archive, *, came_after_order: bool) -> str | None:
    """Why customs returns the declaration. One that came before its order is, even where the order is here by now."""
    rows = [{name: written(row[cell]) for name, cell in IN_CEB603.items() if cell in row} for row in form.goods]
    case = Case(form, rows, order_of(form, archive) if came_after_order else None)
    return next(filter(None, (rule(case) for rule in RULES)), None)


def written(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def attached_order(case: Case) -> str | None:
    if case.form.mode in WITH_ORDER and case.order is None:
        return f"随附单据编号对应的订单不存在,随附单据编号[{case.form.order_number}]"
    return None


def rows_of_order(case: Case) -> str | None:
    if case.order is None:
        return None
    ordered = {int(row["gnum"]): row for row in case.order.rows}
    declared = {int(row["gnum"]): row for row in case.rows}
    if extra := declared.keys() - ordered.keys():
        return f"电子订单无对应商品项,{named('gnum', min(extra))}"
    if missing := ordered.keys() - declared.keys():
        return f"报关单缺少商品项,{named('gnum', min(missing))}"
    return next(filter(None, (unequal(row, ordered[line]) for line, row in declared.items())), None)


def market_limit(case: Case) -> str | None:
    """One declaration of market procurement is for 150 000 USD at most; other currencies are not converted here."""
    if case.form.mode != MARKET or case.form.head["currency"] != MARKET_CURRENCY:
        return None
    total = sum((row["total"] for row in case.form.goods), Decimal())
    if total <= MARKET_LIMIT:
        return None
    return f"市场采购单票报关单商品货值超过限额,总价合计[{total}],币制[{MARKET_CURRENCY}],限额[{MARKET_LIMIT}]"


def classification(case: Case) -> str | None:
    return next(filter(None, (misfit(row, [BY_CODE[row["gcode"]]]) for row in case.rows)), None)


RULES: tuple[Callable[[Case], str | None], ...] = (attached_order, rows_of_order, market_limit, classification)
