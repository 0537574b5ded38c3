"""Sources of the customs papers of cross-border e-commerce (202205 edition: 303, 403, 505, 603, 607, 509, 701)."""

from __future__ import annotations

from hub.papers.derivation import derivation

SELLER = {"seller_code": "registration:customs_code", "seller_name": "registration:name_zh"}
PLATFORM = {"platform_code": "computed:platform_code", "platform_name": "computed:platform_name"}
LOGISTICS = {
    "logistics_code": "registration:logistics.code",
    "logistics_name": "registration:logistics.name",
}
DECLARANT = {
    "declarant_code": "registration:declarant.code",
    "declarant_name": "registration:declarant.name",
}

ORDER = derivation(
    "customs.order",
    {
        "order_type": "computed:order_type",
        "order_number": "entry:orderNumber",
        **PLATFORM,
        **SELLER,
        "goods_value": "computed:goods_value",
        "freight": "entry:freight",
        "currency": "entry:currency",
    },
    goods=(
        "goods",
        {
            "line": "line:number",
            "item_number": "entry:goods[].sku",
            "item_name": "entry:goods[].name.zh",
            "description": "entry:goods[].specification",
            "barcode": "entry:goods[].barcode",
            "unit": "entry:goods[].unit",
            "currency": "entry:currency",
            "quantity": "entry:goods[].quantity",
            "price": "computed:listed_price",
            "total": "computed:listed_total",
        },
    ),
)

RECEIPT = derivation(
    "customs.receipt",
    {
        **PLATFORM,
        **SELLER,
        "order_number": "entry:orderNumber",
        "payment_provider_code": "computed:payment_provider_code",
        "payment_provider": "entry:payment.provider",
        "payment_number": "entry:payment.transaction",
        "charge": "computed:total",
        "currency": "entry:currency",
        "received_at": "entry:payment.paidAt",
    },
)

WAYBILL = derivation(
    "customs.waybill",
    {
        **LOGISTICS,
        "parcel_number": "computed:parcel_number",
        "freight": "entry:freight",
        "insurance": "entry:insurance",
        "currency": "entry:currency",
        "gross_weight": "computed:gross_weight",
        "packages": "entry:packages",
        "goods_description": "computed:goods_description",
        **SELLER,
        "seller_telephone": "registration:telephone",
    },
)

INVENTORY = derivation(
    "customs.inventory",
    {
        "customs_office": "registration:customsOffice",
        **PLATFORM,
        "order_number": "entry:orderNumber",
        **LOGISTICS,
        "parcel_number": "computed:parcel_number",
        "port_office": "computed:port_office",
        "export_date": "computed:export_date",
        "statistics_flag": "entry:statisticsFlag",
        **DECLARANT,
        **SELLER,
        "owner_code": "computed:producer_code",
        "owner_name": "computed:producer_name",
        "supervision_mode": "entry:mode",
        "transport_mode": "entry:transport.wish",
        "destination_country": "computed:destination_country",
        "destination_port": "computed:destination_port",
        "freight": "entry:freight",
        "freight_currency": "entry:currency",
        "insurance": "entry:insurance",
        "insurance_currency": "entry:currency",
        "packaging": "entry:packaging",
        "packages": "entry:packages",
        "gross_weight": "computed:gross_weight",
        "net_weight": "computed:net_weight",
    },
    goods=(
        "goods",
        {
            "line": "line:number",
            "item_number": "entry:goods[].sku",
            "item_name": "entry:goods[].name.zh",
            "hs_code": "entry:goods[].hsCode",
            "name": "entry:goods[].name.zh",
            "specification": "entry:goods[].specification",
            "barcode": "entry:goods[].barcode",
            "destination_country": "computed:destination_country",
            "currency": "entry:currency",
            "quantity": "entry:goods[].quantity",
            "unit": "entry:goods[].unit",
            "legal_quantity": "computed:legal_quantity",
            "legal_unit": "tariff:unit1",
            "second_quantity": "computed:second_quantity",
            "second_unit": "tariff:unit2",
            "price": "computed:listed_price",
            "total": "computed:listed_total",
        },
    ),
)

WAYBILL_LIST = derivation(
    "customs.waybill_list",
    {
        "customs_office": "registration:customsOffice",
        **DECLARANT,
        "transport_mode": "entry:transport.wish",
        "transport_name": "leg:carrier",
        "voyage": "leg:transport_identifier",
        "transport_document": "leg:transport_document",
        "gross_weight": "computed:gross_weight",
        **LOGISTICS,
    },
    parcels=(
        "",
        {
            "line": "line:number",
            "parcel_number": "computed:parcel_number",
            "inventory_number": "answer:customs.inventory:invtNo",
        },
    ),
)

DEPARTURE = derivation(
    "customs.departure",
    {
        "customs_office": "registration:customsOffice",
        **LOGISTICS,
        "transport_mode": "entry:transport.wish",
        "transport_name": "leg:carrier",
        "voyage": "leg:transport_identifier",
        "transport_document": "leg:transport_document",
        "departed_at": "departure:happened_at",
    },
    parcels=("", {"line": "line:number", "parcel_number": "computed:parcel_number"}),
)

SUMMARY = derivation(
    "customs.summary",
    {"customs_office": "registration:customsOffice", **DECLARANT, **SELLER},
    inventories=("", {"inventory_number": "answer:customs.inventory:invtNo"}),
)

DECLARATION = derivation(
    "customs.declaration",
    {
        "customs_office": "registration:customsOffice",
        "port_office": "computed:port_office",
        "export_date": "computed:export_date",
        "supervision_mode": "entry:mode",
        **DECLARANT,
        **SELLER,
        "owner_code": "computed:producer_code",
        "owner_name": "computed:producer_name",
        "consignee": "entry:buyer.name",
        "consignee_country": "entry:buyer.country",
        "transport_mode": "entry:transport.wish",
        "destination_country": "computed:destination_country",
        "destination_port": "computed:destination_port",
        "terms": "entry:terms",
        "currency": "entry:currency",
        "freight": "entry:freight",
        "insurance": "entry:insurance",
        "packaging": "entry:packaging",
        "packages": "entry:packages",
        "gross_weight": "computed:gross_weight",
        "net_weight": "computed:net_weight",
        "order_number": "computed:attached_order",
    },
    goods=(
        "goods",
        {
            "line": "line:number",
            "hs_code": "entry:goods[].hsCode",
            "name": "entry:goods[].name.zh",
            "specification": "entry:goods[].specification",
            "quantity": "entry:goods[].quantity",
            "unit": "entry:goods[].unit",
            "legal_quantity": "computed:legal_quantity",
            "legal_unit": "tariff:unit1",
            "second_quantity": "computed:second_quantity",
            "second_unit": "tariff:unit2",
            "price": "entry:goods[].unitPrice",
            "total": "computed:line_total",
            "origin": "entry:goods[].origin",
        },
    ),
)

CUSTOMS = (ORDER, RECEIPT, WAYBILL, INVENTORY, WAYBILL_LIST, DEPARTURE, SUMMARY, DECLARATION)
