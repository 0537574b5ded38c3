"""Taking back what a remittance was said to be for; what follows is undone, what has gone out asks a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from hub.dossiers.dossier import OF_REMITTANCE
from hub.model import Milestone, Remittance, RemittanceAllocation
from hub.model.row_states import RemittanceMatch
from hub.model.turns import take_turn
from hub.progress.advance import touch

ALLOCATING = "remittances"
"""A turn of `hub.model.turns`: two who read the same debt would each cover it."""


def undo_allocations(connection: Connection, remittance_ids: Sequence[int], now: datetime) -> list[int]:
    """These remittances are for no trade any more, and open to be matched anew; the ids of the trades that had them.

    The trades owe again, and say so: their milestones of remittances fall (and are reached again from what is left),
    papers that have not gone out are dropped, those that have ask a person. Remittances of the same enterprises that
    were unclear are looked at again. What a bank took back, and what counts elsewhere, is not opened.
    """
    take_turn(connection, ALLOCATING)
    live = RemittanceAllocation.remittance_id.in_(remittance_ids), RemittanceAllocation.undone_at.is_(None)
    trades = sorted(set(connection.scalars(select(RemittanceAllocation.trade_id).where(*live))))
    connection.execute(update(RemittanceAllocation).where(*live).values(undone_at=now))
    connection.execute(delete(Milestone).where(Milestone.subject_id.in_(trades), Milestone.name.in_(OF_REMITTANCE)))
    those = Remittance.id.in_(remittance_ids)
    enterprises = select(Remittance.enterprise_id).where(those, Remittance.match == RemittanceMatch.MATCHED)
    neighbours = Remittance.enterprise_id.in_(enterprises)
    connection.execute(
        update(Remittance)
        .where(or_(those, neighbours), Remittance.match == RemittanceMatch.UNCLEAR)
        .where(or_(those, Remittance.attention.is_(None)))  # a person is asked about the others that have one
        .values(match=RemittanceMatch.OPEN)
    )
    connection.execute(
        update(Remittance)
        .where(those, Remittance.match == RemittanceMatch.MATCHED)
        .values(match=RemittanceMatch.OPEN, matched_at=None, candidates=None)
    )
    touch(connection, trades)
    return trades
