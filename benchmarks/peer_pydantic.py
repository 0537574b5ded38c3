"""The same declaration with pydantic, as a typed dictionary. It leaves times in their own offset."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Short = Annotated[str, Field(min_length=1, max_length=200)]


class Item(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    sku: Short
    hs_code: Annotated[str, Field(pattern=r"^\d{10}$")]
    name: Short
    quantity: Decimal
    unit: str
    price: Decimal


class Declaration(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    source_id: Short = Field(alias="id")
    as_of: datetime = Field(alias="updatedAt")
    mode: Literal["9610", "9710", "9810", "0110"]
    exporter: Short
    exporter_code: str
    agent: str | None = None
    customs: str
    port: str
    entry_number: str | None = None
    order_number: Short
    waybill: str | None = None
    transport: Literal["air", "rail", "road", "sea"]
    destination: str
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    value: Decimal
    freight: Decimal | None = None
    insurance: Decimal | None = None
    gross_weight: Decimal
    net_weight: Decimal
    packages: Annotated[int, Field(ge=1, le=99_999)]
    sealed: bool
    status: str
    remark: str = ""
    declared_on: date
    released_at: datetime | None = None
    items: list[Item]


from_values = Declaration.model_validate
from_json = Declaration.model_validate_json


def plain(made: Declaration) -> dict[str, Any]:
    """The object as a dictionary."""
    return made.model_dump()
