"""Which trades stay in a consolidation that is closed: who is not ready, is held or cancelled leaves until it moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, update

from hub.access.at_the_machine import ITSELF
from hub.access.audit import write_audit
from hub.access.caller import Caller
from hub.dossiers.consolidation_kinds import consolidation_kinds
from hub.dossiers.dossier import Dossier
from hub.errors import left_because
from hub.model import Consolidation, ConsolidationLine, Trade
from hub.model.row_states import ConsolidationState, LineState
from hub.notices.queue import queue_notices
from hub.papers.desk import Desk
from hub.progress.recall import is_stopped
from hub.progress.responses import milestones_heard


def leave_unfit(connection: Connection, dossiers: Iterable[Dossier], desk: Desk, now: datetime) -> set[int]:
    """Takes off whoever cannot go along, and tells the holder and the exporter of it; the trades that left."""
    left = set[int]()
    for dossier in dossiers:
        held = dossier.held
        if held is None or held.state is not ConsolidationState.CLOSED:
            continue
        if "departed" in {*dossier.milestones, *milestones_heard(dossier)}:  # heard, perhaps not written down yet
            continue
        leaving = [(line, why) for line in dossier.lines if (why := _why(line, held.of, desk))]
        for line, why in leaving:
            take_off(connection, dossier, line, why, ITSELF, desk, now)
        left |= {line.trade_id for line, _ in leaving if line.trade_id is not None}
    return left


def take_off(
    connection: Connection, whole: Dossier, trade: Dossier, why: str, caller: Caller, desk: Desk, now: datetime
) -> None:
    """A trade leaves a consolidation; holder and exporter are told, and read it in the audit log."""
    line = ConsolidationLine
    this = line.consolidation_id == whole.subject_id, line.trade_id == trade.trade_id, line.state == LineState.IN
    gone = {"state": LineState.LEFT, "why": why, "by": caller.name, "at": now}
    connection.execute(update(line).where(*this).values(**gone))
    if whole.held and trade.trade_id is not None:
        forget_batch(connection, whole.held.kind, [trade.trade_id])
    newer = {"version": Consolidation.version + 1}
    connection.execute(update(Consolidation).where(Consolidation.id == whole.subject_id).values(**newer))
    owner, holder = trade.enterprise["id"], whole.enterprise["id"]
    of_trade = {"number": trade.number, "orderNumber": trade.entry["orderNumber"]}
    tell_left(connection, whole.number, holder, owner, of_trade, why, desk, now)
    for one in {holder, owner}:
        write_audit(
            connection, caller, "consolidation.leave", whole.number, now, reason=why,
            before={"state": whole.held.state if whole.held else "", "trades": [trade.number]}, enterprise_id=one,
        )  # fmt: skip


def tell_left(
    connection: Connection, number: str, holder: int, owner: int, trade: Mapping[str, str], why: str, desk: Desk,
    now: datetime,
) -> None:  # fmt: skip
    """The holder of a consolidation and the exporter hear that a trade (`number`, `orderNumber`) has left it."""
    said: dict[str, object] = {"consolidation": {"number": number}, "why": why}
    said |= {language: left_because(why, language, desk.milestone_name) for language in ("zh", "en")}
    told = {holder: {"number": trade["number"]}, owner: trade}  # the order number is the exporter's own
    queue_notices(connection, [(one, "consolidation.left", {**said, "trade": of}) for one, of in told.items()], now)


def forget_batch(connection: Connection, kind: str, trade_ids: Collection[int]) -> None:
    """Who leaves a batch of filings leaves its number there: no second filing may have it."""
    if consolidation_kinds()[kind].gathered_by == "refunds":
        connection.execute(update(Trade).where(Trade.id.in_(trade_ids)).values(refund_batch=None))


def _why(line: Dossier, of: str, desk: Desk) -> str:
    """Why it leaves, a word of `hub.errors.terms.LEFT`; empty where it stays."""
    if line.cancelling:
        return "cancelled"
    if is_stopped(line, desk):
        return "held"
    reached = {*line.milestones, *milestones_heard(line)}  # what was heard may not have been written down yet
    return next((f"awaits:{name}" for name in desk.needed(line, of) if name not in reached), "")
