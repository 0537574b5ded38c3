"""What the rules said of trades, as it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from hub.dossiers.dossier import Dossier
from hub.model import Judgement
from hub.model.row_states import Occasion
from hub.papers.desk import Desk
from hub.rules.entry_rules import AUTHORITY_TABLE, RULES
from hub.rules.judging import around_of, judged


def keep_whole(
    connection: Connection, dossiers: Iterable[Dossier], desk: Desk, occasion: Occasion, now: datetime
) -> None:
    """Judges trades that are entered or amended, and stores it. Their papers have passed the authorities' tables."""
    rows = [
        (dossier, judged(RULES, dossier, around_of(dossier, desk, now, {AUTHORITY_TABLE: ()}), desk.anchors(dossier)))
        for dossier in dossiers
    ]
    keep_judged(connection, rows, occasion, now)


def keep_judged(
    connection: Connection, rows: Iterable[tuple[Dossier, Sequence[Any]]], occasion: Occasion, now: datetime
) -> None:
    """Stores what the rules said."""
    now_judged = {"occasion": occasion, "judged_at": now}
    judgements = [
        {"trade_id": dossier.trade_id, "version": dossier.version, "verdicts": verdicts, **now_judged}
        for dossier, verdicts in rows
    ]
    if judgements:
        connection.execute(insert(Judgement), judgements)
