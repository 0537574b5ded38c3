"""What the rows of a filing owe each other, checked while the sender waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from mocks.objection import Objection
from mocks.tax.filing import Filing
from mocks.tax.rates import rate_on
from mocks.tax.shapes import HUNDREDTH


def relation_carries_the_heading(filing: Filing) -> Iterator[Objection]:
    """关联号 = 申报年月 + 申报批次 + 8 digits."""
    start = filing.heading["period"] + filing.heading["batch"]
    for form, rows in (("exports", filing.exports), ("purchases", filing.purchases)):
        for index, row in enumerate(rows):
            if not row["relation"].startswith(start):
                yield Objection("RELATION", f"{form}[{index}].relation", f"must begin with {start}")


def both_forms_share_relations(filing: Filing) -> Iterator[Objection]:
    for index, row in enumerate(filing.exports):
        if not filing.purchases_of(row["relation"]):
            yield Objection("RELATION", f"exports[{index}].relation", "no purchase row carries this relation")
    for index, row in enumerate(filing.purchases):
        if not filing.exports_of(row["relation"]):
            yield Objection("RELATION", f"purchases[{index}].relation", "no export row carries this relation")


def relations_stand_once(filing: Filing) -> Iterator[Objection]:
    """A relation ties one export row to its purchases."""
    seen: set[str] = set()
    for index, row in enumerate(filing.exports):
        if row["relation"] in seen:
            yield Objection("RELATION", f"exports[{index}].relation", "stands in an export row before")
        seen.add(row["relation"])


def tied_rows_are_the_same_goods(filing: Filing) -> Iterator[Objection]:
    """Commodity code and unit agree within a relation; units are compared as the bureau does, case and blanks aside."""
    for relation in filing.relations:
        exports = filing.exports_of(relation)
        first = exports[0][1]
        tied = [(f"exports[{index}]", row) for index, row in exports]
        tied += [(f"purchases[{index}]", row) for index, row in filing.purchases_of(relation)]
        for path, row in tied:
            if row["hsCode"] != first["hsCode"]:
                yield Objection("GOODS", f"{path}.hsCode", f"relation {relation} is for {first['hsCode']}")
            if _bare(row["unit"]) != _bare(first["unit"]):
                yield Objection("UNIT", f"{path}.unit", f"relation {relation} counts in {first['unit']}")


def quantities_agree(filing: Filing) -> Iterator[Objection]:
    for relation in filing.relations:
        bought = filing.purchases_of(relation)
        sold = sum(row["quantity"] for _, row in filing.exports_of(relation))
        total = sum(row["quantity"] for _, row in bought)
        if total != sold:
            path = f"purchases[{bought[-1][0]}].quantity"
            yield Objection("QUANTITY", path, f"purchased {total}, exported {sold} under {relation}")


def rate_is_the_bureaus(filing: Filing) -> Iterator[Objection]:
    """The rate in force on the day of export counts, not that of the day of filing; or that of the invoice if lower."""
    for index, row in enumerate(filing.purchases):
        exported = filing.exports_of(row["relation"])[0][1]["exportedOn"]
        rate = rate_on(row["hsCode"], exported)
        if rate is None:
            yield Objection("HSCODE", f"purchases[{index}].hsCode", "not in the refund rate table")
        elif row["refundRate"] != (lower := min(rate * 100, row["vatRate"])):
            wanted = f"{row['hsCode']} is refunded at {lower:.0f} on {exported}"
            yield Objection("RATE", f"purchases[{index}].refundRate", wanted)


def refundable_is_worked_out(filing: Filing) -> Iterator[Objection]:
    """应退税额 = 计税金额 × 退税率, to the cent, row by row."""
    for index, row in enumerate(filing.purchases):
        due = (row["taxableAmount"] * row["refundRate"] / 100).quantize(HUNDREDTH, ROUND_HALF_UP)
        if row["refundable"] != due:
            yield Objection("AMOUNT", f"purchases[{index}].refundable", f"{due} is due")


def heading_adds_up(filing: Filing) -> Iterator[Objection]:
    total = sum((row["refundable"] for row in filing.purchases), Decimal(0))
    if filing.refund != total:
        yield Objection("AMOUNT", "heading.refundAmount", f"the rows add up to {total}")


RULES: tuple[Callable[[Filing], Iterator[Objection]], ...] = (
    relation_carries_the_heading,
    both_forms_share_relations,
    relations_stand_once,
    tied_rows_are_the_same_goods,
    quantities_agree,
    rate_is_the_bureaus,
    refundable_is_worked_out,
    heading_adds_up,
)


def check(filing: Filing) -> None:
    """Raises the first objection; rules stand in the order in which they build on each other."""
    for rule in RULES:
        for objection in rule(filing):
            raise objection


# 换汇成本: yuan of purchase for one dollar of export. Outside this band a reviewer does not believe the price.
EXCHANGE_COST_BAND = (Decimal(3), Decimal(12))


def doubtful_price(filing: Filing) -> str | None:
    """Path of the export price that review will not accept, if there is one."""
    lowest, highest = EXCHANGE_COST_BAND
    for relation in filing.relations:
        exports = filing.exports_of(relation)
        dollars = sum((row["fobUsd"] for _, row in exports), Decimal(0))
        yuan = sum((row["taxableAmount"] for _, row in filing.purchases_of(relation)), Decimal(0))
        if not lowest <= yuan / dollars <= highest:
            return f"exports[{exports[0][0]}].fobUsd"
    return None


def _bare(unit: str) -> str:
    return "".join(unit.split()).casefold()
