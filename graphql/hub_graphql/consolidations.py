"""Consolidations (集拼) and the trades in them, as field maps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from sqlalchemy import Row, func, select

from hub.consolidations.holding import LIVE
from hub.dossiers.consolidation_kinds import consolidation_kinds
from hub.errors import left_because
from hub.model import Consolidation, ConsolidationLine, Enterprise, Milestone, Trade
from hub_graphql import explained
from hub_graphql.context import Context
from hub_graphql.maps import Maker, MappedColumn, ToMany, TypeMap, Worked
from hub_graphql.scalars import DateTime, Decimal
from hub_graphql.states import CONSOLIDATION_STATE, LINE_STATE
from hub_graphql.wholes import anothers

String, Int = graphene.String, graphene.Int


class ConsigneeType(graphene.ObjectType):
    """To whom the master goes."""

    class Meta:
        name = "Consignee"

    name = String(required=True)
    address = String(required=True)
    country = String(required=True, description="ISO 3166-1 alpha-2")


def _typed(name: str) -> Any:
    return lambda row, context: row.entry.get(name)


def _kind_name(row: Row[Any], context: Context) -> str:
    return consolidation_kinds()[row.kind].name(context.language)


def _holds(row: Row[Any], context: Context) -> bool:
    return row.id not in anothers(context, (one.id for one in context.siblings(row)))


def _consignee(row: Row[Any], context: Context) -> ConsigneeType | None:
    given = row.entry.get("consignee") if _holds(row, context) else None
    return ConsigneeType(**{name: given[name] for name in ("name", "address", "country")}) if given else None


def _holder(name: str) -> Any:
    def work(row: Row[Any], context: Context) -> Any:
        column = Enterprise.__table__.c[name]
        return context.connection.scalar(select(column).where(Enterprise.id == row.holder_id))

    return work


def _load(name: str) -> Any:
    """A sum over all lines: the holder's alone, for it would tell of those of others."""

    def work(row: Row[Any], context: Context) -> Any:
        if not _holds(row, context):
            return None
        column = ConsolidationLine.__table__.c[name]
        of_it = ConsolidationLine.consolidation_id == row.id, LIVE
        return context.connection.scalar(select(func.sum(column)).where(*of_it)) or 0

    return work


def _of_line(column: Any, key: Any) -> Any:
    """A value of the trade that each line is about, asked for at once for all lines that are answered together."""

    def work(row: Row[Any], context: Context) -> Any:
        place = id(work)
        if (place, row.trade_id) not in context.fetched:
            ids = {one.trade_id for one in context.siblings(row)}
            rows: Mapping[int, list[Row[Any]]] = {one: [] for one in ids}
            for found in context.connection.execute(select(key.label("id"), column.label("value")).where(key.in_(ids))):
                rows[found.id].append(found)
            context.fetched |= {(place, one): found for one, found in rows.items()}
        return [one.value for one in context.fetched[place, row.trade_id]]

    return work


_numbers, _milestones = _of_line(Trade.number, Trade.id), _of_line(Milestone.name, Milestone.subject_id)


def _is_released(row: Row[Any], context: Context) -> bool:
    return "released" in _milestones(row, context)


def _why(row: Row[Any], context: Context) -> str | None:
    return left_because(row.why, context.language, context.desk.milestone_name) if row.why else None


CONSOLIDATION_LINE: TypeMap = TypeMap(
    "ConsolidationLine",
    ConsolidationLine,
    "A trade in a consolidation: its own exporter's to see, and of it this little the holder's.",
    {
        "number": Worked(String, "The hub's number of the trade", lambda row, context: _numbers(row, context)[0]),
        "leg": MappedColumn(Int, "By which leg of its way, from 1"),
        "packages": MappedColumn(Int, "Number of packages"),
        "weight": MappedColumn(Decimal, "Kilograms, gross"),
        "state": MappedColumn(LINE_STATE, "Where it stands"),
        "released": Worked(
            graphene.Boolean,
            "Customs has released it",
            _is_released,
        ),
        "why": Worked(String, "Why it left, in the caller's language", _why, required=False),
        "at": MappedColumn(DateTime, "When it joined; of one that left, when it left"),
    },
)


def consolidation(document: Maker, event: Maker) -> TypeMap:
    """The map of a consolidation, with those of its papers and what was said of them."""
    return TypeMap(
        "Consolidation",
        Consolidation,
        "What trades of several exporters travel in together. What is said of all of it is the holder's to see.",
        {
            "number": MappedColumn(String, "The hub's number of it"),
            "kind": MappedColumn(String, f"One of {', '.join(consolidation_kinds())}"),
            "name": Worked(String, "Name of the kind, in the caller's language", _kind_name),
            "state": MappedColumn(CONSOLIDATION_STATE, "Where it stands"),
            "holder": Worked(String, "USCC of who holds it", _holder("uscc")),
            "holder_name": Worked(String, "Its name in Chinese", _holder("name_zh")),
            "office": Worked(String, "Customs office", _typed("office"), required=False),
            "mode": Worked(String, "Supervision mode (监管方式)", _typed("mode"), required=False),
            "transport": Worked(String, "air or rail", _typed("transport"), required=False),
            "origin": Worked(String, "UN/LOCODE", _typed("from"), required=False),
            "destination": Worked(String, "UN/LOCODE", _typed("to"), required=False),
            "departure": Worked(String, "As the holder typed it", _typed("departure"), required=False),
            "warehouse": Worked(String, "Overseas warehouse that it goes to", _typed("warehouse"), required=False),
            "consignee": Worked(ConsigneeType, "To whom the master goes; the holder's to see", _consignee, False),
            "begun_at": MappedColumn(DateTime, "When it was opened"),
            "closes_at": MappedColumn(DateTime, "When it closes by itself", required=False),
            "packages": Worked(Int, "Of all lines that have not left; the holder's to see", _load("packages"), False),
            "weight": Worked(Decimal, "The same in kilograms, gross", _load("weight"), False),
            "lines": ToMany(
                lambda: CONSOLIDATION_LINE, "consolidation_id", ("id",), "The caller's own; for the holder all"
            ),
            "documents": ToMany(document, "subject_id", ("id",), "Its papers, in the order of the plan"),
            "events": ToMany(event, "subject_id", ("happened_at", "rank", "id"), "What the authorities said of it"),
            "waits_for": Worked(
                graphene.List(graphene.NonNull(explained.WaitType)),
                "What it waits for, from whom, since when",
                explained.waits_of,
            ),
        },
    )
