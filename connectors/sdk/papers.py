"""Papers: what the hub hands to a connector. One schema per kind; a connector sees these and never the model.

A paper speaks the trade's words with ISO codes (country, currency) and our own unit names; translating them into an
authority's code set is the connector's part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Value = str | int | Decimal | date | datetime | None
FieldType = Literal["text", "count", "amount", "quantity", "day", "moment"]


class Action(StrEnum):
    """What the authority is to do with a version of a paper."""

    NEW = "new"
    CHANGE = "change"  # of the version that it has
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """One field: its type, and whether the paper is complete without it."""

    type: FieldType
    required: bool = True


@dataclass(frozen=True, slots=True)
class PaperSchema:
    """The fields of one kind of paper: `head` once, each group of `lines` any number of times."""

    kind: str
    head: Mapping[str, FieldSchema]
    lines: Mapping[str, Mapping[str, FieldSchema]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of one paper, complete, ready to be encoded.

    `number` is the hub's own number of the document, the same in every version; `guid` belongs to the version. `known`
    are the identifiers that the authority gave earlier versions, `reason` is why the paper is withdrawn.
    """

    kind: str
    number: str
    version: int
    guid: str
    action: Action
    derived_at: datetime
    head: Mapping[str, Value]
    lines: Mapping[str, Sequence[Mapping[str, Value]]]
    known: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A field of a paper that the authority would not take, found before sending.

    `field` is the field's name, `lines[index].name` inside a group; `rule` is what the authority's table says, in
    Chinese, `rule_en` the same in English.
    """

    field: str
    code: str
    rule: str
    rule_en: str


def read_fields(text: str) -> dict[str, FieldSchema]:
    """Reads `name:type` pairs; a question mark after the type makes the field optional."""
    schema: dict[str, FieldSchema] = {}
    for word in text.split():
        name, _, kind = word.partition(":")
        schema[name] = FieldSchema(kind.rstrip("?") or "text", required=not kind.endswith("?"))  # type: ignore[arg-type]
    return schema


def paper(kind: str, head: str, **lines: str) -> PaperSchema:
    """A kind of paper from the texts of its fields: `head`, and one text for each group of lines (`read_fields`)."""
    return PaperSchema(kind, read_fields(head), {group: read_fields(text) for group, text in lines.items()})


CUSTOMS_ORDER = paper(
    "customs.order",
    """order_type order_number platform_code platform_name seller_code seller_name
       goods_value:amount freight:amount currency""",
    goods="""line:count item_number item_name description:text? barcode:text? unit currency
             quantity:quantity price:quantity total:amount""",
)
CUSTOMS_RECEIPT = paper(
    "customs.receipt",
    """platform_code platform_name seller_code seller_name order_number payment_provider_code:text?
       payment_provider payment_number:text? charge:amount currency received_at:moment""",
)
CUSTOMS_WAYBILL = paper(
    "customs.waybill",
    """logistics_code logistics_name parcel_number freight:amount insurance:amount currency gross_weight:quantity
       packages:count goods_description seller_code:text? seller_name:text? seller_telephone:text?""",
)
CUSTOMS_INVENTORY = paper(
    "customs.inventory",
    """customs_office platform_code platform_name order_number logistics_code logistics_name parcel_number
       port_office export_date:day statistics_flag declarant_code declarant_name seller_code seller_name
       owner_code owner_name supervision_mode transport_mode destination_country destination_port
       freight:amount freight_currency insurance:amount insurance_currency packaging packages:count
       gross_weight:quantity net_weight:quantity""",
    goods="""line:count item_number item_name:text? hs_code name specification barcode:text? destination_country
             currency quantity:quantity unit legal_quantity:quantity legal_unit second_quantity:quantity?
             second_unit:text? price:quantity total:amount""",
)
CUSTOMS_WAYBILL_LIST = paper(
    "customs.waybill_list",
    """customs_office declarant_code declarant_name transport_mode transport_name voyage transport_document
       gross_weight:quantity logistics_code logistics_name""",
    parcels="line:count parcel_number inventory_number:text?",
)
CUSTOMS_DEPARTURE = paper(
    "customs.departure",
    """customs_office logistics_code logistics_name transport_mode transport_name:text? voyage:text?
       transport_document:text? departed_at:moment""",
    parcels="line:count parcel_number",
)
CUSTOMS_SUMMARY = paper(
    "customs.summary",
    "customs_office declarant_code declarant_name seller_code seller_name",
    inventories="inventory_number",
)
CUSTOMS_DECLARATION = paper(
    "customs.declaration",
    """customs_office port_office export_date:day supervision_mode declarant_code declarant_name seller_code seller_name
       owner_code owner_name consignee consignee_country transport_mode destination_country destination_port terms
       currency freight:amount insurance:amount packaging packages:count gross_weight:quantity net_weight:quantity
       order_number:text?""",
    goods="""line:count hs_code name specification quantity:quantity unit legal_quantity:quantity legal_unit
             second_quantity:quantity? second_unit:text? price:quantity total:amount origin""",
)
AIRPORT_WAYBILL = paper(
    "airport.waybill",
    """reference shipper shipper_address consignee consignee_address consignee_country origin destination
       goods_description pieces:count gross_weight:quantity declared_value:amount currency ready_at:moment
       delivery_warehouse:text?""",
    goods="line:count item_number quantity:quantity unit",
)
RAIL_BOOKING = paper(
    "rail.booking",
    """reference shipper shipper_address consignee consignee_address consignee_country origin destination
       packages:count gross_weight:quantity ready_at:moment delivery_warehouse:text?""",
    goods="line:count item_number description hs_code quantity:quantity unit gross_weight:quantity",
)
TAX_REFUND = paper(
    "tax.refund",
    "taxpayer taxpayer_name period batch refund_amount:amount",
    exports="""sequence relation invoice declaration_item exported_on:day hs_code name unit quantity:quantity
               fob_usd:amount business_type""",
    purchases="""sequence relation tax_kind voucher_kind voucher supplier issued_on:day hs_code name unit
                 quantity:quantity taxable_amount:amount vat_rate:quantity refund_rate:quantity refundable:amount""",
)
FOREX_DECLARATION = paper(
    "forex.declaration",
    """report_number payee_kind payee_code payee_name payer currency amount:amount settled_amount:amount?
       settlement_rate:text? settled_account:text? foreign_amount:amount? foreign_account:text? other_amount:amount?
       other_account:text? method:text? bank_reference home_charge:amount? home_charge_currency:text?
       abroad_charge:amount? abroad_charge_currency:text? payer_country payment_type transaction_code
       transaction_amount:amount transaction_note second_code:text? second_amount:amount? second_note:text?
       bonded approval_number:text? reporter reporter_telephone""",
)

PAPERS: dict[str, PaperSchema] = {
    schema.kind: schema
    for schema in (
        CUSTOMS_ORDER,
        CUSTOMS_RECEIPT,
        CUSTOMS_WAYBILL,
        CUSTOMS_INVENTORY,
        CUSTOMS_WAYBILL_LIST,
        CUSTOMS_DEPARTURE,
        CUSTOMS_SUMMARY,
        CUSTOMS_DECLARATION,
        AIRPORT_WAYBILL,
        RAIL_BOOKING,
        TAX_REFUND,
        FOREX_DECLARATION,
    )
}
"""The kinds that the hub knows by itself; a connector may declare more in its manifest."""
