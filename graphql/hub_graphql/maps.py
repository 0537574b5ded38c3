"""Field maps: a GraphQL type tied to a model, one declaration per type, read top to bottom.

A map names columns, to-one and to-many relations, and what is worked out. The graphene type and its resolvers are made
from it; whoever may see a row is decided in `hub.access.visibility` and added wherever rows are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import graphene
from sqlalchemy import Row, select

from hub.access.visibility import visible
from hub.model import Base, Trade
from hub_graphql.asking import Asking

Maker = Callable[[], "TypeMap"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the model. `name` where it is not the field's own in snake_case."""

    type: Any
    about: str
    name: str = ""
    required: bool = True

    def mount(self, field: str) -> graphene.Field:
        column = self.name or field

        def resolve(row: Any, info: Any) -> Any:
            return getattr(row, column)

        return graphene.Field(self.type, description=self.about, required=self.required, resolver=resolve)


@dataclass(frozen=True, slots=True)
class ToOne:
    """The row that `key` points to; with `back`, the row that points here."""

    of: Maker
    about: str
    key: str = ""
    back: str = ""

    def mount(self, field: str) -> graphene.Field:
        def resolve(row: Any, info: Any) -> Any:
            wanted = (self.back or "id", row.id if self.back else getattr(row, self.key))
            rows = fetch(info.context, self.of().table, *wanted, order=("id",))
            return rows[0] if rows else None

        return graphene.Field(lambda: self.of().graphene_type, description=self.about, resolver=resolve)


@dataclass(frozen=True, slots=True)
class ToMany:
    """The rows whose column `back` points here (or to what `key` of this row points to), in a fixed order."""

    of: Maker
    back: str
    order: tuple[str, ...]
    about: str
    key: str = "id"

    def mount(self, field: str) -> graphene.Field:
        def resolve(row: Any, info: Any) -> Any:
            return fetch(info.context, self.of().table, self.back, getattr(row, self.key), order=self.order)

        inner = graphene.NonNull(lambda: self.of().graphene_type)
        return graphene.Field(graphene.NonNull(graphene.List(inner)), description=self.about, resolver=resolve)


@dataclass(frozen=True, slots=True)
class Worked:
    """A value that is worked out from the row, with what the operation has at hand."""

    type: Any
    about: str
    work: Callable[[Any, Asking], Any]
    required: bool = True

    def mount(self, field: str) -> graphene.Field:
        def resolve(row: Any, info: Any) -> Any:
            return self.work(row, info.context)

        return graphene.Field(self.type, description=self.about, required=self.required, resolver=resolve)


FieldMap = Column | ToOne | ToMany | Worked


@dataclass(slots=True)
class TypeMap:
    """A GraphQL type and the table behind it."""

    name: str
    table: type[Base]
    about: str
    fields: Mapping[str, FieldMap]
    _made: type[graphene.ObjectType] | None = None

    @property
    def graphene_type(self) -> type[graphene.ObjectType]:
        if self._made is None:
            mounted = {name: field.mount(name) for name, field in self.fields.items()}
            self._made = type(self.name, (graphene.ObjectType,), {**mounted, "__doc__": self.about})
        return self._made


def fetch(
    asking: Asking, table: type[Base], column: str, value: Any, *, order: tuple[str, ...], limit: int | None = None
) -> list[Row[Any]]:
    """Rows that the caller may see."""
    columns = table.__table__.c
    chosen = (
        select(table.__table__)
        .where(columns[column] == value, visible(table, asking.caller))
        .order_by(*(columns[name] for name in order))
        .limit(limit)
    )
    rows = asking.connection.execute(chosen).all()
    return asking.show(rows) if table is Trade else list(rows)
