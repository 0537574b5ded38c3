"""Enterprises and their industry belts, as field maps."""

from __future__ import annotations

import graphene

from hub.model import Belt, Enterprise
from hub_graphql import changes
from hub_graphql.maps import MappedColumn, ToMany, ToOne, TypeMap
from hub_graphql.scalars import DateTime
from hub_graphql.states import ENTERPRISE_STATE

String = graphene.String

ENTERPRISE: TypeMap = TypeMap(
    "Enterprise",
    Enterprise,
    "An exporter as registered.",
    {
        "uscc": MappedColumn(String, "统一社会信用代码, 18 characters"),
        "customs_code": MappedColumn(String, "Customs registration code, 10 characters"),
        "name_zh": MappedColumn(String, "Name in Chinese"),
        "name_en": MappedColumn(String, "Name in English"),
        "credit_class": MappedColumn(String, "Credit class at customs"),
        "state": MappedColumn(ENTERPRISE_STATE, "Whether it may enter trades"),
        "registered_at": MappedColumn(DateTime, "When it applied"),
        **changes.OF_ENTERPRISE,
        "belt": ToOne(lambda: BELT, "Its industry belt", key="belt_id"),
    },
)

BELT: TypeMap = TypeMap(
    "Belt",
    Belt,
    "An industry belt (产业带).",
    {
        "code": MappedColumn(String, "Code, such as xuchang-hair"),
        "name_zh": MappedColumn(String, "Name in Chinese"),
        "name_en": MappedColumn(String, "Name in English"),
        "place": MappedColumn(String, "Where it is"),
        "hs_chapters": MappedColumn(graphene.List(graphene.NonNull(String)), "HS chapters of its goods"),
        "members": ToMany(lambda: ENTERPRISE, "belt_id", ("id",), "Members that the caller may see"),
    },
)
