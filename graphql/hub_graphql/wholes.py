"""What is about a whole consolidation (集拼), and whose it is: who is in it sees its own lines, never another's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Row, and_, or_, select

from hub.access.acts import Act
from hub.access.visibility import visible
from hub.dossiers.consolidation_kinds import consolidation_kinds
from hub.model import Consolidation, ConsolidationLine, PaperVersion, Trade
from hub.model.row_states import LineState
from hub_graphql.context import Context

LINE_OF = re.compile(r"(\w+)\[(\d+)\]\.")
OF_THE_WAY = re.compile(r"(leg|departure|fact|constant):|departure$|entry:transport\.(from|to|wish)$")
"""Sources of what a paper says of the way alone, and of nobody's goods."""


def anothers(context: Context, subject_ids: Iterable[int | None]) -> set[int]:
    """Those among these subjects that are consolidations which the caller does not hold: what is said of them as a
    whole is not for it.
    """
    if context.caller.is_staff:
        return set()
    place, wanted = id(anothers), {one for one in subject_ids if one is not None}
    unknown = [one for one in wanted if (place, one) not in context.fetched]
    if unknown:
        mine = context.caller.enterprises_for(Act.READ)
        chosen = select(Consolidation.id).where(Consolidation.id.in_(unknown), Consolidation.holder_id.not_in(mine))
        rows = {row.id: row for row in context.connection.execute(chosen)}
        context.fetched |= {(place, one): [rows[one]] if one in rows else [] for one in unknown}
    return {one for one in wanted if context.fetched[place, one]}


def is_anothers(row: Any, context: Context) -> bool:
    """Whether a row is about the whole of a consolidation that the caller does not hold."""
    if row.subject_id is None or row._mapping.get("trade_id") is not None:
        return False
    return row.subject_id in anothers(context, (one.subject_id for one in context.siblings(row)))


def aboard(context: Context, trade_ids: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """Trade → `id` and `kind` of the consolidations that it is in."""
    place, wanted = id(aboard), [*trade_ids]
    unknown = [one for one in wanted if (place, one) not in context.fetched]
    if unknown:
        line = ConsolidationLine
        chosen: Any = select(line.consolidation_id.label("id"), line.kind, line.trade_id)
        chosen = chosen.where(line.trade_id.in_(unknown), line.state != LineState.LEFT)
        rows: Sequence[Row[Any]] = context.connection.execute(chosen).all()
        context.fetched |= {(place, one): [] for one in unknown}
        for row in rows:
            context.fetched[place, row.trade_id].append(row)
    return {one: context.fetched[place, one] for one in wanted}


def consolidations_of(row: Any, context: Context) -> list[Row[Any]]:
    """The consolidations that a trade is in."""
    ids = [one.id for one in aboard(context, [one.id for one in context.siblings(row)])[row.id]]
    if not ids:
        return []
    chosen = select(Consolidation.__table__).where(Consolidation.id.in_(ids), visible(Consolidation, context.caller))
    return list(context.connection.execute(chosen.order_by(Consolidation.id)).all())


def is_dropped(document: Any, trade_id: int, context: Context) -> bool:
    """A paper of a trade itself that does not go out, because a consolidation that the trade is in has it."""
    if document.sent_at is not None or document.taken or document.subject_id != trade_id:
        return False
    of = {consolidation_kinds()[one.kind].of for one in aboard(context, [trade_id])[trade_id]}
    return context.desk.of(document.kind) in of


def is_whole(document: Any, context: Context) -> bool:
    """Whether a paper is a consolidation's, and the caller no staff: it is shown what concerns it."""
    this = select(Consolidation.id).where(Consolidation.id == document.subject_id)
    return not context.caller.is_staff and context.connection.scalar(this) is not None


def fields_shown(document: Any, version: int, context: Context) -> Callable[[str, str], bool]:
    """Which fields of a paper, by name and source, the caller is shown.

    Of a consolidation's, lines of its own trades alone; of the head, to who is not the holder, what says nothing of
    anybody's goods.
    """
    if not is_whole(document, context):
        return lambda name, source: True
    this = PaperVersion.document_id == document.id, PaperVersion.version == version
    of_lines = context.connection.scalar(select(PaperVersion.line_trades).where(*this)) or {}
    of_them = {trade_id for trades in of_lines.values() for trade_id in trades}
    seen = select(Trade.id).where(Trade.id.in_(of_them), visible(Trade, context.caller))
    own = set(context.connection.scalars(seen))
    holds = not is_anothers(document, context)

    def shown(name: str, source: str) -> bool:
        line = LINE_OF.match(name)
        if line is None:
            return holds or bool(OF_THE_WAY.match(source))
        return own.issuperset(of_lines.get(line[1], [0])[int(line[2]) :][:1] or [0])

    return shown


def rows_about(table: Any, trade_ids: list[int], subjects: Iterable[int]) -> Any:
    """Of a table, what is about these trades, and about the whole of these subjects."""
    columns = table.__table__.c
    of_subjects = columns.subject_id.in_(list(subjects))
    if "trade_id" not in columns:
        return of_subjects
    return or_(columns.trade_id.in_(trade_ids), and_(columns.trade_id.is_(None), of_subjects))
