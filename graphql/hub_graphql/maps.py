"""Field maps: a GraphQL type tied to a model, one declaration per type, read top to bottom.

A map names columns, to-one and to-many relations, and what is worked out. The graphene type and its resolvers are made
from it; whoever may see a row is decided in `hub.access.visibility` and added wherever rows are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import graphene
from sqlalchemy import ColumnElement, Row, select

from hub.access.visibility import visible
from hub.model import Base
from hub_graphql.context import Context

Maker = Callable[[], "TypeMap"]
CHUNK = 1_000
"""Rows are asked for by so many values at once."""


@dataclass(frozen=True, slots=True)
class MappedColumn:
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
            rows = related(info.context, self, row, "id" if self.back else self.key, self.back or "id", ("id",))
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
            return related(info.context, self, row, self.key, self.back, self.order)

        inner = graphene.NonNull(lambda: self.of().graphene_type)
        return graphene.Field(graphene.NonNull(graphene.List(inner)), description=self.about, resolver=resolve)


@dataclass(frozen=True, slots=True)
class Worked:
    """A value that is worked out from the row, with what the operation has at hand."""

    type: Any
    about: str
    work: Callable[[Any, Context], Any]
    required: bool = True

    def mount(self, field: str) -> graphene.Field:
        def resolve(row: Any, info: Any) -> Any:
            return self.work(row, info.context)

        return graphene.Field(self.type, description=self.about, required=self.required, resolver=resolve)


class FieldMap(Protocol):
    """A field of a type, that is made once the type is."""

    def mount(self, field: str) -> graphene.Field: ...


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
            shown = {"is_type_of": self._is_shown, "__doc__": self.about}
            self._made = type(self.name, (graphene.ObjectType,), {**mounted, **shown})
        return self._made

    def _is_shown(self, row: Any, info: Any) -> bool:
        """Asked of every row that is about to be shown, whatever way led to it and whatever is asked of it."""
        info.context.note(self.table, row)
        return True


def fetch(
    context: Context, table: type[Base], column: str, value: Any, *, order: tuple[str, ...], limit: int | None = None
) -> list[Row[Any]]:
    """Rows that the caller may see."""
    columns = table.__table__.c
    chosen = (
        select(table.__table__)
        .where(columns[column] == value, visible(table, context.caller))
        .order_by(*(columns[name] for name in order))
        .limit(limit)
    )
    return list(context.connection.execute(chosen).all())


def afresh(context: Context, table: type[Base], column: str, value: Any) -> Row[Any]:
    """A row as it is once this operation itself has written."""
    context.renew()
    (row,) = fetch(context, table, column, value, order=("id",))
    return row


def newest(context: Context, table: type[Base], by: str, limit: int, **wanted: Any) -> list[Row[Any]]:
    """Rows that the caller may see, newest first. `wanted` are values of columns, None where any will do."""
    columns = table.__table__.c
    these = (columns[name] == value for name, value in wanted.items() if value is not None)
    chosen = select(table.__table__).where(visible(table, context.caller), *these)
    return list(context.connection.execute(chosen.order_by(columns[by].desc(), columns.id.desc()).limit(limit)).all())


def related(
    context: Context, relation: ToOne | ToMany, row: Any, key: str, column: str, order: tuple[str, ...]
) -> list[Row[Any]]:
    """The rows whose `column` is the `key` of this row; fetched at once for all rows that are answered with it."""
    place = id(relation)
    wanted = getattr(row, key)
    if (place, wanted) not in context.fetched:
        values = {getattr(one, key) for one in context.siblings(row)} | {wanted}
        unknown = [value for value in values if value is not None and (place, value) not in context.fetched]
        table = relation.of().table
        columns = table.__table__.c
        rows = [
            found
            for start in range(0, len(unknown), CHUNK)
            for found in read_rows(context, table, columns[column].in_(unknown[start : start + CHUNK]), order)
        ]
        context.fetched |= {(place, value): [] for value in (*unknown, wanted)}
        for found in rows:
            context.fetched[place, getattr(found, column)].append(found)
    return context.fetched[place, wanted]


def read_rows(
    context: Context, table: type[Base], which: ColumnElement[bool], order: tuple[str, ...]
) -> list[Row[Any]]:
    """Rows that the caller may see, no more than the operation may still read and one."""
    columns = table.__table__.c
    chosen = (
        select(table.__table__)
        .where(which, visible(table, context.caller))
        .order_by(*(columns[name] for name in order))
        .limit(context.spent.left("rows") + 1)
    )
    rows = list(context.connection.execute(chosen).all())
    context.spent.add("rows", len(rows))
    context.keep_together(rows)
    return rows
