"""The refund statement: 出口明细 and 进货明细 with their ties, formulas and what is missing."""

from __future__ import annotations

from typing import Any

import graphene

from hub.access.acts import Act
from hub.errors import lack
from hub.papers.refund_statement import Formula, refund_statement
from hub_graphql.context import Context
from hub_graphql.scalars import Date, Decimal


class RefundExport(graphene.ObjectType):
    """A line of the 出口明细; what is not known yet is null."""

    sequence = graphene.String()
    relation = graphene.String()
    invoice = graphene.String()
    declaration_item = graphene.String()
    exported_on = Date()
    hs_code = graphene.String()
    name = graphene.String()
    unit = graphene.String()
    quantity = Decimal()
    fob_usd = Decimal()
    business_type = graphene.String()


class RefundPurchase(graphene.ObjectType):
    """A line of the 进货明细; what is not known yet is null."""

    sequence = graphene.String()
    relation = graphene.String()
    tax_kind = graphene.String()
    voucher_kind = graphene.String()
    voucher = graphene.String()
    supplier = graphene.String()
    issued_on = Date()
    hs_code = graphene.String()
    name = graphene.String()
    unit = graphene.String()
    quantity = Decimal()
    taxable_amount = Decimal()
    vat_rate = Decimal()
    refund_rate = Decimal()
    refundable = Decimal()


class RefundTie(graphene.ObjectType):
    """What was sold in a goods line and what was bought for it (关联号)."""

    line = graphene.Int(required=True, description="Of the goods, from 1")
    sold = Decimal(required=True)
    bought = Decimal(required=True)
    agrees = graphene.Boolean(required=True, description="Only then the line is refunded")


class RefundFormula(graphene.ObjectType):
    """How a purchase line is refunded (免退税)."""

    sequence = graphene.String(required=True)
    text = graphene.String(required=True, description="计税金额 × 退税率 = 可退税额")
    refundable = Decimal(required=True, description="Yuan")
    cost = Decimal(required=True, description="计税金额 × (征税率 - 退税率): stays with the enterprise, in yuan")

    @staticmethod
    def resolve_text(row: Formula, info: Any) -> str:
        return row.text


class RefundMissing(graphene.ObjectType):
    """Something that the filing still lacks, and the fields that wait for it."""

    what = graphene.String(required=True, description="In the caller's language")
    fields = graphene.List(graphene.NonNull(graphene.String), required=True)


class RefundStatementType(graphene.ObjectType):
    """The refund as it stands; it is filed once nothing is missing."""

    class Meta:
        name = "RefundStatement"

    period = graphene.String(description="所属期, YYYYMM")
    exports = graphene.List(graphene.NonNull(RefundExport), required=True)
    purchases = graphene.List(graphene.NonNull(RefundPurchase), required=True)
    ties = graphene.List(graphene.NonNull(RefundTie), required=True)
    formulas = graphene.List(graphene.NonNull(RefundFormula), required=True)
    refundable = Decimal(required=True, description="Sum of the formulas, in yuan")
    missing = graphene.List(graphene.NonNull(RefundMissing), required=True)


def statement_of(row: Any, context: Context) -> RefundStatementType | None:
    if not (context.caller.is_staff or context.caller.may(Act.READ, row.enterprise_id)):
        return None  # purchases are nobody else's, consent or not
    found = refund_statement(context.dossier(row), context.desk)
    if found is None:
        return None
    lacking: dict[str, list[str]] = {}
    for field, what in found.missing:
        lacking.setdefault(what, []).append(field)
    return RefundStatementType(
        period=found.head.get("period"),
        exports=[RefundExport(**line) for line in found.exports],
        purchases=[RefundPurchase(**line) for line in found.purchases],
        ties=found.ties,
        formulas=found.formulas,
        refundable=found.refundable,
        missing=[RefundMissing(what=lack(what, context.language), fields=fields) for what, fields in lacking.items()],
    )
