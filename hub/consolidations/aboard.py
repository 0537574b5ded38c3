"""Which trades are in a consolidation: they join while it is open, and leave until it has moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from connectors.sdk.instants import day_of
from connectors.sdk.states import State
from hub.access.acting import must_act
from hub.access.caller import Caller
from hub.consolidations.holding import (
    LIVE,
    change,
    has_departed,
    lock_consolidations,
    note_change,
    refuse_departed,
    require_carrying,
    require_holder,
)
from hub.dossiers.consolidation_kinds import consolidation_kinds
from hub.dossiers.loading import open_dossiers
from hub.errors import HubError, NotFound
from hub.model import Consolidation, ConsolidationLine, Enterprise, Shipment, Trade
from hub.model.row_states import UNDER_WAY, ConsolidationState, LineState
from hub.papers.desk import Desk
from hub.papers.occasions import has_gone_out
from hub.progress.advance import touch
from hub.progress.boarding import forget_batch, tell_left

COMMON: Mapping[str, tuple[Any, str, str]] = {
    "office": (Enterprise.partners["customsOffice"].as_string(), "申报地海关", "customs office"),
    "declarant": (Enterprise.partners[("declarant", "code")].as_string(), "申报单位", "declarant"),
    "carrier": (Enterprise.partners[("logistics", "code")].as_string(), "物流企业", "logistics company"),
    "mode": (Trade.mode, "监管方式", "supervision mode"),
    "transport": (Shipment.mode, "运输方式", "transport"),
    "from": (Trade.origin, "启运地", "place of departure"),
    "to": (Trade.destination, "目的地", "destination"),
}
"""What the trades of a consolidation have in common, where its entry says it: by its name there, the column of the
trade, and what it is called. Chinese, English.
"""


IN_COMMON = [column.label(f"its_{name}") for name, (column, *_) in COMMON.items()]


def join(connection: Connection, caller: Caller, number: str, trades: Sequence[str], desk: Desk, leg: int = 1) -> None:
    """Trades join an open consolidation by a leg of their way: all of these or none.

    Who has them join acts for the holder and for their exporters: NotFound or ACT_NOT_GRANTED where not.
    CONSOLIDATION_STATE, TRADE_OVER, CONSOLIDATION_DIFFERS, ON_A_LINE, BOOKED_ALONE where one may not.
    """
    caller.must("enter")
    (row,) = lock_consolidations(connection, [number], trades)
    require_holder(connection, caller, row)
    if row.state is not ConsolidationState.OPEN or consolidation_kinds()[row.kind].gathered_by:
        raise HubError("CONSOLIDATION_STATE", number=number, state=row.state, done="加入", done_en="joined")
    joining = _joining(connection, row.kind, trades, leg)
    for one in joining:
        require_carrying(connection, caller, one.enterprise_id, NotFound("trade", one.number))
        _refuse(one, row)
    _refuse_booked(connection, row.kind, joining, desk)
    refuse_departed(connection, row, "加入", "joined")
    now = desk.now()
    new = {
        "consolidation_id": row.id,
        "kind": row.kind,
        "leg": leg,
        "state": LineState.IN,
        "by": caller.name,
        "at": now,
    }
    lines = [new | {"trade_id": one.id, "packages": one.packages, "weight": one.gross_weight} for one in joining]
    if lines:
        connection.execute(insert(ConsolidationLine), lines)
        change(connection, [row.id])
        touch(connection, [one.id for one in joining])
        note_change(connection, caller, "consolidation.join", row, now, trades=joining)


def leave(connection: Connection, caller: Caller, number: str, trades: Sequence[str], why: str, desk: Desk) -> None:
    """Trades leave a consolidation that has not moved: all of these or none; their lines stay, with the reason.

    Holder and exporters are told. The holder takes them off, or who acts for their exporter. REASON_MISSING,
    NOT_ABOARD, LINE_LOADED.
    """
    caller.must("enter")
    if not why.strip():
        raise HubError("REASON_MISSING")
    (row,) = lock_consolidations(connection, [number], trades)
    leaving = _leaving(connection, caller, row, trades)
    for one in leaving:
        must_act(connection, caller, row.holder_id if row.holder_id in caller.carries_for else one.enterprise_id)
        if one.state is LineState.LOADED or has_departed(connection, row.id):
            raise HubError("LINE_LOADED", trade=one.number, number=number)
    now = desk.now()
    off = {"state": LineState.LEFT, "why": why.strip(), "by": caller.name, "at": now}
    these = ConsolidationLine.id.in_([one.id for one in leaving])
    connection.execute(update(ConsolidationLine).where(these).values(**off))
    forget_batch(connection, row.kind, [one.trade_id for one in leaving])
    change(connection, [row.id])
    touch(connection, [one.trade_id for one in leaving])
    note_change(connection, caller, "consolidation.leave", row, now, trades=leaving, reason=why)
    for one in leaving:
        of_trade = {"number": one.number, "orderNumber": one.order_number}
        tell_left(connection, number, row.holder_id, one.enterprise_id, of_trade, why.strip(), desk, now)


def restate_lines(connection: Connection, trade_id: int) -> None:
    """After a trade has been amended: the lines that it is on say what of it goes along now.

    CONSOLIDATION_DIFFERS where it has become another than the others.
    """
    line = ConsolidationLine
    on_it = select(line.consolidation_id).where(line.trade_id == trade_id, LIVE)
    wholes = connection.execute(select(Consolidation.__table__).where(Consolidation.id.in_(on_it))).all()
    if not wholes:
        return
    now: Any = select(Trade.number, Shipment.packages, Shipment.gross_weight, *IN_COMMON)
    now = now.join(Enterprise, Enterprise.id == Trade.enterprise_id).join(Shipment, Shipment.trade_id == Trade.id)
    one = connection.execute(now.where(Trade.id == trade_id)).one()
    for row in wholes:
        _refuse_otherwise(one, row)
    these = line.trade_id == trade_id, line.state == LineState.IN
    connection.execute(update(line).where(*these).values(packages=one.packages, weight=one.gross_weight))
    change(connection, [row.id for row in wholes])


def _joining(connection: Connection, kind: str, trades: Sequence[str], leg: int) -> Sequence[Row[Any]]:
    """The trades, with what they have in common with others, and `aboard`: the consolidation whose line they are on."""
    line = ConsolidationLine
    on_a_line = (line.trade_id == Trade.id) & (line.kind == kind) & (line.leg == leg) & LIVE
    rows = connection.execute(
        select(
            Trade.id, Trade.number, Trade.enterprise_id, Trade.state, Trade.cancel_requested_at, Shipment.packages,
            Shipment.gross_weight, Consolidation.number.label("aboard"),
            *IN_COMMON,
        )
        .join(Enterprise, Enterprise.id == Trade.enterprise_id)
        .join(Shipment, Shipment.trade_id == Trade.id)
        .outerjoin(line, on_a_line)
        .outerjoin(Consolidation, Consolidation.id == line.consolidation_id)
        .where(Trade.number.in_(trades))
        .order_by(Trade.id)
    ).all()  # fmt: skip
    for number in sorted({*trades} - {row.number for row in rows}):
        raise NotFound("trade", number)
    return rows


def _refuse(one: Row[Any], row: Row[Any]) -> None:
    """A trade that may not join: it is over, on a line of that kind already, or another than the others."""
    if one.state not in UNDER_WAY or one.cancel_requested_at is not None:
        raise HubError("TRADE_OVER", state="cancelling" if one.state in UNDER_WAY else one.state)
    if one.aboard is not None:
        raise HubError("ON_A_LINE", trade=one.number, number=one.aboard)
    _refuse_otherwise(one, row)


def _refuse_otherwise(one: Row[Any], row: Row[Any]) -> None:
    """CONSOLIDATION_DIFFERS for a trade that is another than the others, by what its consolidation says."""
    for name, (_, zh, en) in COMMON.items():
        theirs, ours = getattr(one, f"its_{name}"), row.entry.get(name)
        if ours is not None and ours != theirs:
            raise HubError(
                "CONSOLIDATION_DIFFERS", trade=one.number, number=row.number, field=zh, field_en=en, theirs=theirs,
                ours=ours,
            )  # fmt: skip


def _refuse_booked(connection: Connection, kind: str, joining: Sequence[Row[Any]], desk: Desk) -> None:
    """BOOKED_ALONE where a paper of a trade itself has gone out, which the consolidation would have."""
    taken_over = desk.kinds_for(consolidation_kinds()[kind].of)
    for dossier in open_dossiers(connection, [one.id for one in joining], day_of(desk.now())):
        for document in dossier.documents.values():
            sent = document.sent_at is not None and document.state is not State.CANCELLED
            if document.kind in taken_over and (sent or has_gone_out(document, document.state)):
                zh, en = (desk.kind_name(document.kind, language) for language in ("zh", "en"))
                raise HubError("BOOKED_ALONE", trade=dossier.number, paper=zh, paper_en=en)


def _leaving(connection: Connection, caller: Caller, row: Row[Any], trades: Sequence[str]) -> Sequence[Row[Any]]:
    """The live lines of these trades, as far as the caller may take them off; NOT_ABOARD where one has none."""
    line = ConsolidationLine
    chosen: Any = (
        select(line.id, line.trade_id, line.state, Trade.number, Trade.order_number, Trade.enterprise_id)
        .join(Trade, Trade.id == line.trade_id)
        .where(line.consolidation_id == row.id, Trade.number.in_(trades), LIVE)
        .order_by(line.trade_id, line.id)
    )
    if row.holder_id not in caller.carries_for:
        chosen = chosen.where(Trade.enterprise_id.in_(caller.carries_for))
    rows: Sequence[Row[Any]] = connection.execute(chosen).all()
    if not rows and row.holder_id not in caller.carries_for and not _has_lines(connection, caller, row.id):
        raise NotFound("consolidation", row.number)
    for number in sorted({*trades} - {one.number for one in rows}):
        raise HubError("NOT_ABOARD", trade=number, number=row.number)
    return rows


def _has_lines(connection: Connection, caller: Caller, consolidation_id: int) -> bool:
    """Whether a trade of who the caller carries for is in it: to others it is not there."""
    line = ConsolidationLine
    of_it = (
        select(line.id).join(Trade, Trade.id == line.trade_id).where(line.consolidation_id == consolidation_id, LIVE)
    )
    return connection.scalar(of_it.where(Trade.enterprise_id.in_(caller.carries_for)).limit(1)) is not None
