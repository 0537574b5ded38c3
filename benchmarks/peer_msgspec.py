"""The same declaration with msgspec. It makes objects and not dictionaries, and leaves times in their own offset."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Short = Annotated[str, Meta(min_length=1, max_length=200)]


class Item(msgspec.Struct, rename="camel"):
    sku: Short
    hs_code: Annotated[str, Meta(pattern=r"^\d{10}$")]
    name: Short
    quantity: Decimal
    unit: str
    price: Decimal


class Declaration(msgspec.Struct, rename="camel"):
    source_id: Short = msgspec.field(name="id")
    as_of: datetime = msgspec.field(name="updatedAt")
    mode: Literal["9610", "9710", "9810", "0110"]
    exporter: Short
    exporter_code: str
    customs: str
    port: str
    order_number: Short
    transport: Literal["air", "rail", "road", "sea"]
    destination: str
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    value: Decimal
    gross_weight: Decimal
    net_weight: Decimal
    packages: Annotated[int, Meta(ge=1, le=99_999)]
    sealed: bool
    status: str
    declared_on: date
    items: list[Item]
    agent: str | None = None
    entry_number: str | None = None
    waybill: str | None = None
    freight: Decimal | None = None
    insurance: Decimal | None = None
    remark: str = ""
    released_at: datetime | None = None


from_values = partial(msgspec.convert, type=Declaration)
from_json = msgspec.json.Decoder(Declaration).decode


def plain(made: Declaration) -> dict[str, object]:
    """The object as a dictionary."""
    return {**msgspec.structs.asdict(made), "items": [msgspec.structs.asdict(item) for item in made.items]}
