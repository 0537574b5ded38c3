"""The bank's basic information of a remittance, and by when the remittance has to be declared."""

from __future__ import annotations

from typing import Any

import graphene
from sqlalchemy import Row

from hub.errors import term
from hub.model import BasicInformation
from hub.money.basic_information import WORKING_DAYS, declaration_due_of
from hub_graphql.context import Context
from hub_graphql.maps import MappedColumn, ToOne, TypeMap, Worked, fetch
from hub_graphql.scalars import DateTime, Decimal
from hub_graphql.states import REMITTANCE_MATCH

String = graphene.String


class DeclarationDueType(graphene.ObjectType):
    """By when a remittance has to be declared."""

    class Meta:
        name = "DeclarationDue"

    due = DateTime(required=True, description=f"{WORKING_DAYS} working days after the bank's basic information")
    declared_at = DateTime(description="When the declaration was taken")
    overdue = graphene.Boolean(required=True)
    weekends_only = graphene.Boolean(
        required=True, description="Holidays of that year are not published yet: weekends alone were left out"
    )
    note = String(required=True, description="How the days were counted, in the caller's language")


def declaration_due(row: Row[Any], context: Context) -> DeclarationDueType | None:
    if row.revoked:
        return None
    found = declaration_due_of(context.connection, row, context.now)
    return DeclarationDueType(
        due=found.due,
        declared_at=found.declared_at,
        overdue=found.overdue,
        weekends_only=found.weekends_only,
        note=term("weekends only" if found.weekends_only else "working days", context.language),
    )


def of_remittance(row: Row[Any], context: Context) -> Row[Any] | None:
    """The basic information of a remittance that the caller sees."""
    rows = fetch(context, BasicInformation, "remittance_id", row.id, order=("id",))
    return rows[0] if rows else None


def number_of(row: Row[Any], context: Context) -> str | None:
    found = of_remittance(row, context)
    return found.report_number if found else None


def due_of_remittance(row: Row[Any], context: Context) -> DeclarationDueType | None:
    found = of_remittance(row, context)
    return declaration_due(found, context) if found else None


def basic_information(remittance: Any) -> TypeMap:
    """The map; `remittance` makes that of the remittance which it is about."""
    return TypeMap(
        "BasicInformation",
        BasicInformation,
        "The bank's basic information (基础信息) of a remittance: its 申报号码 and what the bank says. Whole units.",
        {
            "id": MappedColumn(graphene.Int, "The hub's number of it"),
            "match": MappedColumn(REMITTANCE_MATCH, "Whether it is known of which remittance it is"),
            "remittance": ToOne(remittance, "The remittance, once that is certain", key="remittance_id"),
            "report_number": MappedColumn(String, "申报号码 (RPTNO), 22 characters; the bank made it"),
            "revoked": MappedColumn(graphene.Boolean, "The bank has taken it back"),
            "made_at": MappedColumn(DateTime, "When the bank made it"),
            "payee_code": MappedColumn(String, "Who was paid, as the bank knows the firm", required=False),
            "payee_name": MappedColumn(String, "Its name at the bank", required=False),
            "payer": MappedColumn(String, "Who paid; (JW) stands before who is abroad, (JN) before who is at home"),
            "currency": MappedColumn(String, "ISO 4217"),
            "amount": MappedColumn(Decimal, "What came in"),
            "settled_amount": MappedColumn(Decimal, "What of it was sold for yuan (结汇)", required=False),
            "settlement_rate": MappedColumn(String, "At which rate", required=False),
            "settled_account": MappedColumn(String, "To which account", required=False),
            "foreign_amount": MappedColumn(Decimal, "What of it is kept in foreign currency (现汇)", required=False),
            "foreign_account": MappedColumn(String, "On which account", required=False),
            "other_amount": MappedColumn(Decimal, "What of it is neither", required=False),
            "other_account": MappedColumn(String, "On which account", required=False),
            "method": MappedColumn(String, "结算方式: L, G, C, T, D, M or O", required=False),
            "bank_reference": MappedColumn(String, "The bank's business number"),
            "home_charge": MappedColumn(Decimal, "What banks in China kept", required=False),
            "home_charge_currency": MappedColumn(String, "ISO 4217", required=False),
            "abroad_charge": MappedColumn(Decimal, "What banks abroad kept", required=False),
            "abroad_charge_currency": MappedColumn(String, "ISO 4217", required=False),
            "declaration_due": Worked(DeclarationDueType, "By when it is declared", declaration_due, required=False),
            "as_of": MappedColumn(DateTime, "As of when, at the bank"),
        },
    )
