"""An exporter's own trades are gathered, those of a day or a month, for one summary application or refund filing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from connectors.sdk.instants import BEIJING, day_of
from connectors.sdk.states import State
from hub.access.at_the_machine import ITSELF
from hub.dossiers.consolidation_kinds import DAY, ConsolidationKind
from hub.dossiers.dossier import Dossier
from hub.model import ConsolidationLine, Shipment
from hub.model.row_states import LineState
from hub.papers.computations.refund import REFUND_BATCH
from hub.papers.derivation import derive
from hub.papers.desk import Desk
from hub.papers.plan import PlanRow
from hub.progress.beginning import find_open, insert_open


class Gathered(NamedTuple):
    """Which of an exporter's consolidations a trade belongs into, and when that closes."""

    kind: ConsolidationKind
    key: str
    closes_at: datetime


def gather(connection: Connection, dossiers: Iterable[Dossier], desk: Desk, now: datetime) -> set[int]:
    """Has trades join the consolidation that they are gathered in; the subjects for which something follows."""
    moved = set[int]()
    for dossier in dossiers:
        if dossier.held is not None or dossier.cancelling or dossier.trade_id is None:
            continue
        for row in desk.due(dossier):
            kind = desk.gathers(dossier, row.kind)
            if kind and _is_ready(dossier, row, desk):
                consolidation_id = _opened(connection, _of(kind, dossier, desk), dossier, now)
                _join(connection, consolidation_id, kind.code, dossier.trade_id, now)
                moved |= {consolidation_id, dossier.trade_id}
    return moved


def _is_ready(dossier: Dossier, row: PlanRow, desk: Desk) -> bool:
    """Whether a paper of the trade alone could go out now, but for the number of its filing."""
    document = dossier.documents.get(row.kind)
    if document is None or document.state is not State.PLANNED or dossier.awaited(row.after, row.each, document.part):
        return False
    return not {missing.what for missing in derive(desk.derivations[row.kind], dossier).missing} - {REFUND_BATCH}


def _of(kind: ConsolidationKind, dossier: Dossier, desk: Desk) -> Gathered:
    day = _day(kind, dossier, desk)
    firm = dossier.enterprise
    period, after = _period(day, str(firm["partners"][kind.gathered_by]))
    declarant, office = firm["partners"]["declarant"]["code"], firm["partners"]["customsOffice"]
    key = f"{firm['uscc']}/{declarant}/{office}/{dossier.mode}/{period}"
    return Gathered(kind, key, datetime(after.year, after.month, after.day, tzinfo=BEIJING))


def _period(day: date, period: str) -> tuple[str, date]:
    """A day or a month as text, and the first day after it."""
    if period == DAY:
        return day.isoformat(), day + timedelta(days=1)
    return f"{day:%Y-%m}", (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _day(kind: ConsolidationKind, dossier: Dossier, desk: Desk) -> date:
    """The day that decides into which period a trade falls: its departure, or when customs closed its declaration."""
    if kind.dated == "departed":
        return day_of(dossier.milestones["departed"])
    closed = (
        event.happened_at
        for document in dossier.documents.values()
        if document.kind in desk.plan.declaring
        for event in document.current_events
        if event.state is State.DONE
    )
    return day_of(min(closed, default=dossier.milestones["released"]))


def _opened(connection: Connection, wanted: Gathered, dossier: Dossier, now: datetime) -> int:
    """The open consolidation of this key; a new one where there is none."""
    row = find_open(connection, wanted.kind.code, wanted.key)
    if row is None:
        shared = {"mode": dossier.mode, "statisticsFlag": dossier.entry.get("statisticsFlag")}
        holder_id = dossier.enterprise["id"]
        row = insert_open(connection, wanted.kind.code, wanted.key, holder_id, shared, now, wanted.closes_at)
    return int(row.id)


def _join(connection: Connection, consolidation_id: int, kind: str, trade_id: int, now: datetime) -> None:
    load = connection.execute(
        select(Shipment.packages, Shipment.gross_weight).where(Shipment.trade_id == trade_id)
    ).one()
    connection.execute(
        insert(ConsolidationLine).values(
            consolidation_id=consolidation_id, kind=kind, trade_id=trade_id, packages=load.packages,
            weight=load.gross_weight, state=LineState.IN, by=ITSELF.name, at=now,
        )
    )  # fmt: skip
