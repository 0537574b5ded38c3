"""What papers belong to: trades and consolidations have their ids from one table, and so one order of locks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.model.base import Base, Key
from hub.model.row_states import SubjectKind
from hub.model.types import word_column


class PaperSubject(Base):
    """What a paper belongs to: a trade or a consolidation, which has the same id. Whoever moves one locks this row."""

    __tablename__ = "subject"
    id: Mapped[Key]
    kind: Mapped[SubjectKind] = mapped_column(word_column(SubjectKind))


class Milestone(Base):
    """Something that papers wait for and that has happened: when it did, and when the hub moved its subject on."""

    __tablename__ = "milestone"
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    reached_at: Mapped[datetime]
    written_at: Mapped[datetime]


class TouchedSubject(Base):
    """A subject about which something new was heard; the advance step empties this table.

    Append-only: a row per hearing, so that one that comes while the subject is being advanced is not lost.
    """

    __tablename__ = "touched"
    id: Mapped[Key]
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
