"""The record that is loaded: a declaration with 25 fields and two goods items, as a platform sends it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from connectors.sdk.instants import Moment

SHORT = validate.Length(min=1, max=200)
HS_CODE = validate.Regexp(r"^\d{10}$")
CURRENCY = validate.Regexp(r"^[A-Z]{3}$")


class Item(Schema):
    class Meta:
        unknown = EXCLUDE

    sku = fields.String(required=True, validate=SHORT)
    hs_code = fields.String(required=True, data_key="hsCode", validate=HS_CODE)
    name = fields.String(required=True, validate=SHORT)
    quantity = fields.Decimal(required=True)
    unit = fields.String(required=True)
    price = fields.Decimal(required=True)


class Declaration(Schema):
    class Meta:
        unknown = EXCLUDE

    source_id = fields.String(required=True, data_key="id", validate=SHORT)
    as_of = Moment(required=True, data_key="updatedAt")
    mode = fields.String(required=True, validate=validate.OneOf(["9610", "9710", "9810", "0110"]))
    exporter = fields.String(required=True, validate=SHORT)
    exporter_code = fields.String(required=True, data_key="exporterCode")
    agent = fields.String(load_default=None)
    customs = fields.String(required=True)
    port = fields.String(required=True)
    entry_number = fields.String(load_default=None, data_key="entryNumber")
    order_number = fields.String(required=True, data_key="orderNumber", validate=SHORT)
    waybill = fields.String(load_default=None)
    transport = fields.String(required=True, validate=validate.OneOf(["air", "rail", "road", "sea"]))
    destination = fields.String(required=True)
    currency = fields.String(required=True, validate=CURRENCY)
    value = fields.Decimal(required=True)
    freight = fields.Decimal(load_default=None)
    insurance = fields.Decimal(load_default=None)
    gross_weight = fields.Decimal(required=True, data_key="grossWeight")
    net_weight = fields.Decimal(required=True, data_key="netWeight")
    packages = fields.Integer(required=True, validate=validate.Range(min=1, max=99_999))
    sealed = fields.Boolean(required=True)
    status = fields.String(required=True)
    remark = fields.String(load_default="")
    declared_on = fields.Date(required=True, data_key="declaredOn")
    released_at = Moment(load_default=None, allow_none=True, data_key="releasedAt")
    items = fields.List(fields.Nested(Item), required=True)


SENT: dict[str, Any] = {
    "id": "D-2026-0000001",
    "updatedAt": "2026-01-09T02:15:00Z",
    "mode": "9610",
    "exporter": "许昌某某发制品有限公司",
    "exporterCode": "4110960001",
    "agent": "郑州某某报关行",
    "customs": "4612",
    "port": "CNCGO",
    "entryNumber": "461220260000000001",
    "orderNumber": "XC-20260108-0042",
    "waybill": "784-12345675",
    "transport": "air",
    "destination": "US",
    "currency": "USD",
    "value": "6122.00",
    "freight": "120.00",
    "insurance": "15.00",
    "grossWeight": "22.00",
    "netWeight": "18.20",
    "packages": 3,
    "sealed": True,
    "status": "RELEASED",
    "remark": "",
    "declaredOn": "2026-01-08",
    "releasedAt": "2026-01-09T10:12:30+08:00",
    "items": [
        {
            "sku": "RX-HH-12B",
            "hsCode": "6704200000",
            "name": "人发制假发",
            "quantity": "40",
            "unit": "piece",
            "price": "64.50",
        },
        {
            "sku": "RX-HH-18C",
            "hsCode": "6704200000",
            "name": "人发制长卷假发",
            "quantity": "25",
            "unit": "piece",
            "price": "98.00",
        },
    ],
}
WRONG = SENT | {"currency": "usd", "packages": 0}


def by_hand(sent: dict[str, Any]) -> dict[str, Any]:
    """The floor: the same conversions and no check at all."""
    released = sent["releasedAt"]
    return {
        "source_id": sent["id"],
        "as_of": datetime.fromisoformat(sent["updatedAt"]).astimezone(UTC),
        "mode": sent["mode"],
        "exporter": sent["exporter"],
        "exporter_code": sent["exporterCode"],
        "agent": sent.get("agent"),
        "customs": sent["customs"],
        "port": sent["port"],
        "entry_number": sent.get("entryNumber"),
        "order_number": sent["orderNumber"],
        "waybill": sent.get("waybill"),
        "transport": sent["transport"],
        "destination": sent["destination"],
        "currency": sent["currency"],
        "value": Decimal(sent["value"]),
        "freight": Decimal(sent["freight"]),
        "insurance": Decimal(sent["insurance"]),
        "gross_weight": Decimal(sent["grossWeight"]),
        "net_weight": Decimal(sent["netWeight"]),
        "packages": sent["packages"],
        "sealed": sent["sealed"],
        "status": sent["status"],
        "remark": sent.get("remark", ""),
        "declared_on": date.fromisoformat(sent["declaredOn"]),
        "released_at": datetime.fromisoformat(released).astimezone(UTC) if released else None,
        "items": [
            {
                "sku": item["sku"],
                "hs_code": item["hsCode"],
                "name": item["name"],
                "quantity": Decimal(item["quantity"]),
                "unit": item["unit"],
                "price": Decimal(item["price"]),
            }
            for item in sent["items"]
        ],
    }
