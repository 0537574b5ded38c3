"""Sources of the papers for the airport, the railway, the tax bureau and the forex administration."""

from __future__ import annotations

from hub.papers.derivation import derivation

AIRPORT_WAYBILL = derivation(
    "airport.waybill",
    {
        "reference": "trade:number",
        "shipper": "registration:name_en",
        "shipper_address": "registration:address_en",
        "consignee": "entry:buyer.name",
        "consignee_address": "entry:buyer.address",
        "consignee_country": "entry:buyer.country",
        "origin": "entry:transport.from",
        "destination": "entry:transport.to",
        "goods_description": "computed:goods_description_en",
        "pieces": "entry:packages",
        "gross_weight": "computed:gross_weight",
        "declared_value": "computed:goods_value",
        "currency": "entry:currency",
        "ready_at": "entry:transport.readyAt",
        "delivery_warehouse": "entry:warehouse",
    },
    goods=(
        "goods",
        {
            "line": "line:number",
            "item_number": "entry:goods[].sku",
            "quantity": "entry:goods[].quantity",
            "unit": "entry:goods[].unit",
        },
    ),
)

RAIL_BOOKING = derivation(
    "rail.booking",
    {
        "reference": "trade:number",
        "shipper": "registration:name_en",
        "shipper_address": "registration:address_en",
        "consignee": "entry:buyer.name",
        "consignee_address": "entry:buyer.address",
        "consignee_country": "entry:buyer.country",
        "origin": "entry:transport.from",
        "destination": "entry:transport.to",
        "packages": "entry:packages",
        "gross_weight": "computed:gross_weight",
        "ready_at": "entry:transport.readyAt",
        "delivery_warehouse": "entry:warehouse",
    },
    goods=(
        "goods",
        {
            "line": "line:number",
            "item_number": "entry:goods[].sku",
            "description": "entry:goods[].name.en",
            "hs_code": "entry:goods[].hsCode",
            "quantity": "entry:goods[].quantity",
            "unit": "entry:goods[].unit",
            "gross_weight": "entry:goods[].grossWeight",
        },
    ),
)

TAX_REFUND = derivation(
    "tax.refund",
    {
        "taxpayer": "registration:uscc",
        "taxpayer_name": "registration:name_zh",
        "period": "computed:refund_period",
        "batch": "computed:refund_batch",
        "refund_amount": "computed:refund_amount",
    },
    exports=(
        "goods",
        {
            "sequence": "computed:row_sequence",
            "relation": "computed:relation",
            "invoice": "computed:export_invoice",
            "declaration_item": "computed:declaration_item",
            "exported_on": "computed:exported_on",
            "hs_code": "entry:goods[].hsCode",
            "name": "entry:goods[].name.zh",
            "unit": "entry:goods[].unit",
            "quantity": "entry:goods[].quantity",
            "fob_usd": "computed:fob_usd",
            "business_type": "computed:refund_business_type",
        },
    ),
    purchases=(
        "purchases",
        {
            "sequence": "computed:row_sequence",
            "relation": "computed:purchase_relation",
            "tax_kind": "constant:V",
            "voucher_kind": "constant:增值税专用发票",
            "voucher": "entry:purchases[].invoice",
            "supplier": "entry:purchases[].seller",
            "issued_on": "entry:purchases[].issuedOn",
            "hs_code": "computed:purchased_hs_code",
            "name": "computed:purchased_goods_name",
            "unit": "computed:purchased_unit",
            "quantity": "computed:purchased_quantity",
            "taxable_amount": "entry:purchases[].amount",
            "vat_rate": "computed:vat_percent",
            "refund_rate": "computed:refund_percent",
            "refundable": "computed:refundable",
        },
    ),
)

FOREX_DECLARATION = derivation(
    "forex.declaration",
    {
        "report_number": "bank:report_number",
        "payee_kind": "bank:payee_kind",
        "payee_code": "computed:payee_code",
        "payee_name": "computed:payee_name",
        "payer": "bank:payer",
        "currency": "bank:currency",
        "amount": "bank:amount",
        "settled_amount": "bank:settled_amount",
        "settlement_rate": "bank:settlement_rate",
        "settled_account": "bank:settled_account",
        "foreign_amount": "bank:foreign_amount",
        "foreign_account": "bank:foreign_account",
        "other_amount": "bank:other_amount",
        "other_account": "bank:other_account",
        "method": "bank:method",
        "bank_reference": "bank:bank_reference",
        "home_charge": "bank:home_charge",
        "home_charge_currency": "bank:home_charge_currency",
        "abroad_charge": "bank:abroad_charge",
        "abroad_charge_currency": "bank:abroad_charge_currency",
        "payer_country": "computed:payer_country",
        "payment_type": "computed:payment_type",
        "transaction_code": "computed:transaction_code",
        "transaction_amount": "computed:transaction_amount",
        "transaction_note": "computed:transaction_note",
        "second_code": "computed:second_code",
        "second_amount": "computed:second_amount",
        "second_note": "computed:second_note",
        "bonded": "computed:bonded",
        "approval_number": "computed:approval_number",
        "reporter": "registration:contact",
        "reporter_telephone": "registration:telephone",
    },
)

OTHERS = (AIRPORT_WAYBILL, RAIL_BOOKING, TAX_REFUND, FOREX_DECLARATION)
