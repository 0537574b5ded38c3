"""What every change to a consolidation has in common: it is locked, somebody may do it, and it is written down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select, update

from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import write_audit
from hub.access.caller import Caller
from hub.access.meant import require
from hub.errors import HubError, NotFound
from hub.model import Consolidation, ConsolidationLine, DocumentEvent, Trade
from hub.model.row_states import BECOMES, ConsolidationState, LineState
from hub.progress.advance import lock, touch

DOES: Mapping[ConsolidationState, tuple[str, str]] = {
    ConsolidationState.OPEN: ("重新打开", "reopened"),
    ConsolidationState.CLOSED: ("封闭", "closed"),
}
"""State → what is done to a consolidation that comes into it. Chinese, English."""
LIVE = ConsolidationLine.state != LineState.LEFT


class Load(NamedTuple):
    """What the live lines of a consolidation come to; `weight` is kilograms, gross."""

    lines: int = 0
    packages: int = 0
    weight: Decimal = Decimal(0)


def lock_consolidations(
    connection: Connection, numbers: Collection[str], trades: Collection[str] = ()
) -> Sequence[Row[Any]]:
    """Consolidations as they stay until the transaction ends, and with them these trades; all by number.

    Subjects are locked in the order of their ids. NotFound where there is no such consolidation.
    """
    named = Consolidation.number.in_(numbers)
    ids = {*connection.scalars(select(Consolidation.id).where(named))}
    lock(connection, sorted(ids.union(connection.scalars(select(Trade.id).where(Trade.number.in_(trades))))))
    rows = connection.execute(select(Consolidation.__table__).where(named).order_by(Consolidation.id)).all()
    for number in sorted({*numbers} - {row.number for row in rows}):
        raise NotFound("consolidation", number)
    return rows


def require_carrying(connection: Connection, caller: Caller, enterprise_id: int, missing: NotFound) -> None:
    """`missing` or ACT_NOT_GRANTED for who neither carries for an enterprise nor amends its trades."""
    if enterprise_id not in caller.carries_for:
        require(connection, caller, Act.CARRY, enterprise_id, missing)
    must_act(connection, caller, enterprise_id)


def require_holder(connection: Connection, caller: Caller, row: Row[Any]) -> None:
    """NotFound or ACT_NOT_GRANTED for who does not act for the holder, ENTERPRISE_NOT_APPROVED where that may not."""
    require_carrying(connection, caller, row.holder_id, NotFound("consolidation", row.number))


def loads_of(connection: Connection, ids: Collection[int]) -> dict[int, Load]:
    """Consolidation → what its live lines come to; nothing where it has none."""
    line = ConsolidationLine
    sums = func.count(), func.sum(line.packages), func.sum(line.weight)
    of_them = select(line.consolidation_id, *sums).where(line.consolidation_id.in_(ids), LIVE)
    rows = connection.execute(of_them.group_by(line.consolidation_id))
    return {id_: Load(lines, packages, weight) for id_, lines, packages, weight in rows}


def refuse_other_ways(rows: Iterable[Row[Any]], state: ConsolidationState) -> None:
    """CONSOLIDATION_STATE where one may not come into a state from that which it is in."""
    for row in rows:
        if state not in BECOMES[row.state]:
            zh, en = DOES[state]
            raise HubError("CONSOLIDATION_STATE", number=row.number, state=row.state, done=zh, done_en=en)


def has_departed(connection: Connection, consolidation_id: int) -> bool:
    """Whether it was heard that its goods have left, also where that has not been written down yet."""
    told = DocumentEvent.subject_id == consolidation_id, DocumentEvent.milestone == "departed"
    return connection.scalar(select(DocumentEvent.id).where(*told).limit(1)) is not None


def refuse_departed(connection: Connection, row: Row[Any], done: str, done_en: str) -> None:
    """CONSOLIDATION_STATE where the goods have left, whatever its state still says."""
    if has_departed(connection, row.id):
        state = ConsolidationState.MOVED
        raise HubError("CONSOLIDATION_STATE", number=row.number, state=state, done=done, done_en=done_en)


def become(connection: Connection, rows: Iterable[Row[Any]], state: ConsolidationState, **columns: object) -> None:
    """Brings consolidations into a state, and has them and their trades looked after."""
    ids = [row.id for row in rows]
    change(connection, ids, state=state, **columns)
    on_it = select(ConsolidationLine.trade_id).where(ConsolidationLine.consolidation_id.in_(ids), LIVE)
    touch(connection, connection.scalars(on_it))


def change(connection: Connection, ids: Collection[int], **columns: object) -> None:
    """A new version of consolidations, which are looked after."""
    new = update(Consolidation).where(Consolidation.id.in_(ids))
    connection.execute(new.values(version=Consolidation.version + 1, **columns))
    touch(connection, ids)


def note_change(
    connection: Connection, caller: Caller, action: str, row: Row[Any], now: datetime, *,
    trades: Iterable[Row[Any]] = (), reason: str = "",
) -> None:  # fmt: skip
    """Into the audit log: the holder reads all of it, each exporter that of its own trades (`number`,
    `enterprise_id`).
    """
    concerned: dict[int, list[str]] = {row.holder_id: []}
    for trade in trades:
        for enterprise_id in {row.holder_id, trade.enterprise_id}:
            concerned.setdefault(enterprise_id, []).append(trade.number)
    for enterprise_id, numbers in concerned.items():
        before = {"state": row.state} | ({"trades": numbers} if numbers else {})
        write_audit(
            connection, caller, action, row.number, now, reason=reason, before=before, enterprise_id=enterprise_id
        )
