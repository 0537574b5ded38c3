"""What all tables share."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import ForeignKey, Index, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from hub.model.types import Exact, Identity, Instant, Json, word_column

Key = Annotated[int, mapped_column(Identity, primary_key=True, autoincrement=True)]
Text = Annotated[str, mapped_column(String)]


class Base(DeclarativeBase):
    """Names of constraints follow one pattern, so that migrations can find them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - the name and shape are SQLAlchemy's
        Decimal: Exact(),
        datetime: Instant(),
        StrEnum: word_column(StrEnum),
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class Sourced:
    """A row that an authority gave us: from whom, under which id of theirs, as of when, from which raw message."""

    source: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[str] = mapped_column(String(200))
    as_of: Mapped[datetime]
    fetched_at: Mapped[datetime]
    raw_id: Mapped[str | None] = mapped_column(ForeignKey("raw_message.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))


class About:
    """A row that is about one of our papers; its subject and the document stay empty until the reference is known.

    `trade_id` is the trade that it is about; empty where it is about the whole of a paper of several.
    """

    about_kind: Mapped[str] = mapped_column(String(60))
    about_value: Mapped[str] = mapped_column(String(200))

    @declared_attr
    def subject_id(cls) -> Mapped[int | None]:  # noqa: N805
        return mapped_column(ForeignKey("subject.id"), index=True)

    @declared_attr
    def trade_id(cls) -> Mapped[int | None]:  # noqa: N805
        return mapped_column(ForeignKey("trade.id"), index=True)

    @declared_attr
    def document_id(cls) -> Mapped[int | None]:  # noqa: N805
        return mapped_column(ForeignKey("document.id"), index=True)


def unique_where(name: str, *columns: str, where: str) -> Index:
    """At most one row for each value of the columns, among those that the condition holds for."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


def about_index(table: str) -> Index:
    """Finds the rows that wait for a reference."""
    return Index(f"ix_{table}_about", "about_kind", "about_value")
