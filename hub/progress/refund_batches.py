"""申报批次: the hub's refund filings of an enterprise are numbered within a month, from the number registered for it.

The Nth filing of a month (申报年月) is batch N, by the usual instructions of 外贸企业出口退税出口明细申报表.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, update

from hub.dossiers.dossier import Dossier, DossierLine
from hub.model import Trade
from hub.model.numbering import allot
from hub.papers.computations.refund import REFUND_BATCH, refund_period
from hub.progress.decide import TradeDecision

LAST_BATCH = 999
ONLY_THE_BATCH = {"code": "FIELDS_MISSING", "fields": [REFUND_BATCH]}


def number_filings(connection: Connection, decisions: Iterable[TradeDecision]) -> list[int]:
    """Gives a batch to each filing that lacks nothing else; returns the subjects that are to be decided anew.

    Where a month has no number left, the filing waits for a person.
    """
    numbered = []
    for dossier in (one.dossier for one in decisions):
        lacking = any(document.attention == ONLY_THE_BATCH for document in dossier.documents.values())
        if lacking and dossier.subject_id is not None and (batch := _next(connection, dossier)):
            trades = [line.trade_id for line in dossier.lines] or [dossier.trade_id]
            connection.execute(update(Trade).where(Trade.id.in_(trades)).values(refund_batch=batch))
            numbered.append(dossier.subject_id)
    return numbered


def _next(connection: Connection, dossier: Dossier) -> str | None:
    period, first = refund_period(dossier, DossierLine(0, {})), int(dossier.enterprise["partners"]["refundBatch"])
    batch = first - 1 + allot(connection, f"refund/{dossier.enterprise['uscc']}/{period}", 1)
    return f"{period}{batch:03d}" if batch <= LAST_BATCH else None
