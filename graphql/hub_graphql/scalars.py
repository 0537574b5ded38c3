"""How values leave: decimals as text, times in RFC 3339 and UTC."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal as ExactDecimal
from typing import Any

import graphene
from graphene.types.generic import GenericScalar
from graphql import GraphQLError, Undefined, ValueNode
from graphql.language import FloatValueNode, IntValueNode, StringValueNode

from hub.entry.entry_schema import LOCODE
from hub.model.types import write_instant


class Decimal(graphene.Scalar):
    """An exact decimal as text, such as "1234.50". Text and numbers are read."""

    @staticmethod
    def serialize(value: Any) -> str:
        return write_decimal(ExactDecimal(value))

    @staticmethod
    def parse_value(value: Any) -> str:
        return str(value)

    @staticmethod
    def parse_literal(node: ValueNode, variables: Any = None) -> Any:
        return node.value if isinstance(node, StringValueNode | IntValueNode | FloatValueNode) else Undefined


class TextMap(GenericScalar):
    """An object whose values are texts, such as {"taobao": "411096K001"}."""


class DateTime(graphene.Scalar):
    """A point in time: RFC 3339, UTC, with microseconds."""

    @staticmethod
    def serialize(value: datetime) -> str:
        return write_instant(value)

    @staticmethod
    def parse_value(value: Any) -> str:
        return str(value)

    @staticmethod
    def parse_literal(node: ValueNode, variables: Any = None) -> Any:
        return node.value if isinstance(node, StringValueNode) else Undefined


class Locode(graphene.Scalar):
    """UN/LOCODE of a place: two letters of the country and three of the place, such as CNZGZ or DEHAM."""

    @staticmethod
    def serialize(value: str) -> str:
        return value

    @staticmethod
    def parse_value(value: Any) -> str:
        if not re.fullmatch(LOCODE, str(value)):
            raise GraphQLError(f"{str(value)[:20]!r} is no UN/LOCODE: five characters such as CNZGZ")
        return str(value)

    @staticmethod
    def parse_literal(node: ValueNode, variables: Any = None) -> Any:
        return Locode.parse_value(node.value) if isinstance(node, StringValueNode) else Undefined


class Date(graphene.Scalar):
    """A day: YYYY-MM-DD."""

    @staticmethod
    def serialize(value: date) -> str:
        return value.isoformat()

    @staticmethod
    def parse_value(value: Any) -> str:
        return str(value)

    @staticmethod
    def parse_literal(node: ValueNode, variables: Any = None) -> Any:
        return node.value if isinstance(node, StringValueNode) else Undefined


def write_decimal(value: ExactDecimal) -> str:
    """At least two decimals, more where there are any: 64.5 → "64.50", 0.00125 → "0.00125"."""
    text = format(value.normalize(), "f")
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"
