"""Input types, derived from the marshmallow schemas: what can be typed is declared once.

Every field is optional here, so that a missing one is answered like all other problems: with its path, a code and a way
out, together with everything else that is wrong.
"""

from __future__ import annotations

from typing import Any

import graphene
from marshmallow import Schema, fields

from connectors.sdk.instants import Moment
from hub.entry.entry_schema import TRADE_ENTRY
from hub.entry.value_fields import Number
from hub_graphql.scalars import Date, DateTime, Decimal, TextMap

SCALARS: tuple[tuple[type[fields.Field[Any]], Any], ...] = (
    (Number, Decimal),
    (Moment, DateTime),
    (fields.Date, Date),
    (fields.Integer, graphene.Int),
    (fields.Boolean, graphene.Boolean),
    (fields.String, graphene.String),
    (fields.Dict, TextMap),
)
"""The first row that fits counts."""


def input_type(schema: Schema, name: str) -> type[graphene.InputObjectType]:
    """An input type with the fields of a schema; nested ones are named after their place."""
    members = {
        field.data_key or own: _member(field, f"{name.removesuffix('Input')}{own.strip('_').title()}Input")
        for own, field in schema.fields.items()
    }
    about = type(schema).__doc__ or ""
    return type(name, (graphene.InputObjectType,), {**members, "__doc__": about})


def _member(field: Any, name: str) -> graphene.InputField:
    return graphene.InputField(_type(field, name), description="Required." if field.required else None)


def _type(field: Any, name: str) -> Any:
    if isinstance(field, fields.List):
        return graphene.List(graphene.NonNull(_type(field.inner, name)))
    if isinstance(field, fields.Nested):
        return input_type(field.schema, name)
    return next(scalar for kind, scalar in SCALARS if isinstance(field, kind))


TradeInput = input_type(TRADE_ENTRY, "TradeInput")
