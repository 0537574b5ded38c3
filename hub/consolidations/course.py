"""What is done to a consolidation: begun, closed, reopened. That it has moved follows from its papers
(`hub.progress.decide`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.at_the_machine import ITSELF
from hub.access.caller import Caller
from hub.access.meant import enterprise_meant
from hub.consolidations.holding import (
    DOES,
    become,
    loads_of,
    lock_consolidations,
    note_change,
    refuse_departed,
    refuse_other_ways,
    require_holder,
)
from hub.errors import HubError
from hub.model import Consolidation
from hub.model.row_states import ConsolidationState
from hub.model.turns import take_turn
from hub.progress.beginning import find_open, insert_open, turn_of


def begin(
    connection: Connection, caller: Caller, kind: str, key: str, entry: Mapping[str, Any], now: datetime,
    holder: str | None = None, closes_at: datetime | None = None,
) -> str:  # fmt: skip
    """An open consolidation of a kind, that other trades may join; its number.

    `holder` is the USCC of who holds it, where the caller acts for several; at `closes_at` it closes by itself.
    CONSOLIDATION_TAKEN where one is open.
    """
    caller.must("enter")
    enterprise = enterprise_meant(connection, caller, Act.ENTER, holder)
    must_act(connection, caller, enterprise.id)
    _refuse_second(connection, kind, key)
    row = insert_open(connection, kind, key, enterprise.id, entry, now, closes_at)
    note_change(connection, caller, "consolidation.begin", row, now)
    return str(row.number)


def close(connection: Connection, caller: Caller, numbers: Collection[str], now: datetime) -> None:
    """Nobody joins them any more. CONSOLIDATION_STATE where one is not open, CONSOLIDATION_EMPTY where one is empty."""
    caller.must("enter")
    _take_turns(connection, Consolidation.number.in_(numbers))
    rows = lock_consolidations(connection, numbers)
    full = loads_of(connection, [row.id for row in rows])
    for row in rows:
        require_holder(connection, caller, row)
    refuse_other_ways(rows, ConsolidationState.CLOSED)
    for row in rows:
        if row.id not in full:
            raise HubError("CONSOLIDATION_EMPTY", number=row.number)
    become(connection, rows, ConsolidationState.CLOSED)
    for row in rows:
        note_change(connection, caller, "consolidation.close", row, now)


def reopen(connection: Connection, caller: Caller, numbers: Collection[str], now: datetime) -> None:
    """Trades may join them again, until somebody closes them.

    CONSOLIDATION_STATE where one is not closed or has moved, CONSOLIDATION_TAKEN where another has been opened since.
    """
    caller.must("enter")
    rows = lock_consolidations(connection, numbers)
    for row in rows:
        require_holder(connection, caller, row)
    refuse_other_ways(rows, ConsolidationState.OPEN)
    for row in rows:
        refuse_departed(connection, row, *DOES[ConsolidationState.OPEN])
        _refuse_second(connection, row.kind, row.key)
        become(connection, [row], ConsolidationState.OPEN, closes_at=None)
        note_change(connection, caller, "consolidation.reopen", row, now)


def close_due(connection: Connection, now: datetime) -> None:
    """What is to close by itself by now: it closes with the trades in it, and is cancelled where none is."""
    due = (Consolidation.state == ConsolidationState.OPEN) & (Consolidation.closes_at <= now)
    rows = lock_consolidations(connection, _take_turns(connection, due))
    rows = [row for row in rows if row.state is ConsolidationState.OPEN]
    full = loads_of(connection, [row.id for row in rows])
    for row in rows:
        state = ConsolidationState.CLOSED if row.id in full else ConsolidationState.CANCELLED
        become(connection, [row], state)
        note_change(connection, ITSELF, f"consolidation.{'close' if row.id in full else 'cancel'}", row, now)


def _take_turns(connection: Connection, these: ColumnElement[bool]) -> Sequence[str]:
    """The numbers of these consolidations; no trade is gathered into one of them until the transaction ends."""
    found = select(Consolidation.number, Consolidation.kind, Consolidation.key).where(these)
    rows = connection.execute(found.order_by(Consolidation.kind, Consolidation.key)).all()
    for row in rows:
        take_turn(connection, turn_of(row.kind, row.key))
    return [row.number for row in rows]


def _refuse_second(connection: Connection, kind: str, key: str) -> None:
    """CONSOLIDATION_TAKEN where one of this kind and key is open."""
    if taken := find_open(connection, kind, key):
        raise HubError("CONSOLIDATION_TAKEN", number=taken.number, key=key)
