"""Which trades stay in a consolidation that is closed: who is not ready, is held or cancelled leaves until it moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, update

from hub.dossiers.consolidation_kinds import consolidation_kinds
from hub.dossiers.dossier import Dossier
from hub.model import Consolidation, ConsolidationLine
from hub.model.row_states import ConsolidationState, LineState
from hub.papers.desk import Desk
from hub.progress.recall import is_stopped
from hub.progress.responses import milestones_heard

HUB = "hub"


def leave_unfit(connection: Connection, dossiers: Iterable[Dossier], desk: Desk, now: datetime) -> set[int]:
    """Takes off whoever cannot go along; the trades that left."""
    left = set[int]()
    for dossier in dossiers:
        held = dossier.held
        if held is None or held.state is not ConsolidationState.CLOSED or "departed" in dossier.milestones:
            continue
        for trade_id, why in _unfit(dossier, desk):
            line = ConsolidationLine
            this = line.consolidation_id == held.id, line.trade_id == trade_id, line.state == LineState.IN
            gone = {"state": LineState.LEFT, "why": why, "by": HUB, "at": now}
            connection.execute(update(line).where(*this).values(**gone))
            left.add(trade_id)
        if left:
            newer = {"version": Consolidation.version + 1}
            connection.execute(update(Consolidation).where(Consolidation.id == held.id).values(**newer))
    return left


def _unfit(dossier: Dossier, desk: Desk) -> Iterator[tuple[int, str]]:
    """Trade and why it leaves: a word of `hub.errors.terms.LEFT`."""
    needs = consolidation_kinds()[dossier.held.kind].needs if dossier.held else ()
    for line in dossier.lines:
        why = _why(line, needs, desk)
        if line.trade_id is not None and why:
            yield line.trade_id, why


def _why(line: Dossier, needs: Iterable[str], desk: Desk) -> str:
    if line.cancelling:
        return "cancelled"
    if is_stopped(line, desk):
        return "held"
    reached = {*line.milestones, *milestones_heard(line)}  # what was heard may not have been written down yet
    return next((f"awaits:{name}" for name in needs if name not in reached), "")
