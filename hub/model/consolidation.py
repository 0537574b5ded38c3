"""Consolidations (集拼): what several trades travel or are declared in together, and which trades those are."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.model.base import Base, Key, unique_where
from hub.model.row_states import ConsolidationState, LineState
from hub.model.types import word_column


class Consolidation(Base):
    """What several trades have their papers in together; its id is that of its subject.

    `holder_id` is the enterprise that holds it. `entry` is what the holder typed: what all its trades have in common
    (`office`, `declarant`, `carrier`, `mode`, `transport`, `from`, `to`) and to whom the master goes. `key` tells those
    of one kind apart: there is one open for each.
    """

    __tablename__ = "consolidation"
    __table_args__ = (unique_where("uq_consolidation_open", "kind", "key", where="state = 'open'"),)
    id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(17), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200))
    holder_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    entry: Mapped[dict[str, Any]]
    begun_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    state: Mapped[ConsolidationState] = mapped_column(word_column(ConsolidationState))
    version: Mapped[int] = mapped_column(default=1)


class ConsolidationLine(Base):
    """A trade in a consolidation, by one leg of its way. `weight` is kilograms, gross.

    `kind` is the consolidation's: a trade is on one line of a kind at a time. One that left stays, with the reason in
    `why`; who comes back has a new line. `by` and `at`: who joined it, and when; of one that left, who took it off.
    """

    __tablename__ = "consolidation_line"
    __table_args__ = (unique_where("uq_consolidation_line_live", "trade_id", "kind", "leg", where="state <> 'left'"),)
    id: Mapped[Key]
    consolidation_id: Mapped[int] = mapped_column(ForeignKey("consolidation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    trade_id: Mapped[int] = mapped_column(ForeignKey("trade.id"))
    leg: Mapped[int] = mapped_column(default=1)
    packages: Mapped[int]
    weight: Mapped[Decimal]
    state: Mapped[LineState] = mapped_column(word_column(LineState))
    why: Mapped[str | None]
    by: Mapped[str]
    at: Mapped[datetime]
