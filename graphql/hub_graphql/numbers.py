"""The bank's basic information of a receipt, and by when the receipt has to be declared."""

from __future__ import annotations

from typing import Any

import graphene
from sqlalchemy import Row

from hub.errors import term
from hub.model import BasicInformation
from hub.share.basic_information import WORKING_DAYS, due_of
from hub_graphql.asking import Asking
from hub_graphql.maps import Column, ToOne, TypeMap, Worked, fetch
from hub_graphql.scalars import DateTime, Decimal
from hub_graphql.states import RECEIPT_MATCH

String = graphene.String


class DeclarationDue(graphene.ObjectType):
    """By when a receipt has to be declared."""

    due = DateTime(required=True, description=f"{WORKING_DAYS} working days after the bank's basic information")
    declared_at = DateTime(description="When the declaration was taken")
    overdue = graphene.Boolean(required=True)
    weekends_only = graphene.Boolean(
        required=True, description="Holidays of that year are not published yet: weekends alone were left out"
    )
    note = String(required=True, description="How the days were counted, in the caller's language")


def declaration_due(row: Row[Any], asking: Asking) -> DeclarationDue | None:
    if row.revoked:
        return None
    found = due_of(asking.connection, row, asking.now)
    return DeclarationDue(
        due=found.due,
        declared_at=found.declared_at,
        overdue=found.overdue,
        weekends_only=found.weekends_only,
        note=term("weekends only" if found.weekends_only else "working days", asking.language),
    )


def of_receipt(row: Row[Any], asking: Asking) -> Row[Any] | None:
    """The basic information of a receipt that the caller sees."""
    rows = fetch(asking, BasicInformation, "receipt_id", row.id, order=("id",))
    return rows[0] if rows else None


def number_of(row: Row[Any], asking: Asking) -> str | None:
    found = of_receipt(row, asking)
    return found.report_number if found else None


def due_of_receipt(row: Row[Any], asking: Asking) -> DeclarationDue | None:
    found = of_receipt(row, asking)
    return declaration_due(found, asking) if found else None


def basic_information(receipt: Any) -> TypeMap:
    """The map; `receipt` makes that of the receipt which it is about."""
    return TypeMap(
        "BasicInformation",
        BasicInformation,
        "The bank's basic information (基础信息) of a receipt: its 申报号码 and all that the bank says. Whole units.",
        {
            "id": Column(graphene.Int, "The hub's number of it"),
            "match": Column(RECEIPT_MATCH, "Whether it is known of which receipt it is"),
            "receipt": ToOne(receipt, "The receipt, once that is certain", key="receipt_id"),
            "report_number": Column(String, "申报号码 (RPTNO), 22 characters; the bank made it"),
            "revoked": Column(graphene.Boolean, "The bank has taken it back"),
            "made_at": Column(DateTime, "When the bank made it"),
            "payee_code": Column(String, "Who was paid, as the bank knows the firm", required=False),
            "payee_name": Column(String, "Its name at the bank", required=False),
            "payer": Column(String, "Who paid; (JW) stands before who is abroad, (JN) before who is at home"),
            "currency": Column(String, "ISO 4217"),
            "amount": Column(Decimal, "What came in"),
            "settled_amount": Column(Decimal, "What of it was sold for yuan (结汇)", required=False),
            "settlement_rate": Column(String, "At which rate", required=False),
            "settled_account": Column(String, "To which account", required=False),
            "foreign_amount": Column(Decimal, "What of it is kept in foreign currency (现汇)", required=False),
            "foreign_account": Column(String, "On which account", required=False),
            "other_amount": Column(Decimal, "What of it is neither", required=False),
            "other_account": Column(String, "On which account", required=False),
            "method": Column(String, "结算方式: L, G, C, T, D, M or O", required=False),
            "bank_reference": Column(String, "The bank's business number"),
            "home_charge": Column(Decimal, "What banks in China kept", required=False),
            "home_charge_currency": Column(String, "ISO 4217", required=False),
            "abroad_charge": Column(Decimal, "What banks abroad kept", required=False),
            "abroad_charge_currency": Column(String, "ISO 4217", required=False),
            "declaration_due": Worked(DeclarationDue, "By when it is declared", declaration_due, required=False),
            "as_of": Column(DateTime, "As of when, at the bank"),
        },
    )
