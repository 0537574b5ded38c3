"""Rows of the model as they are handed on: each is read once, by column, where its statement stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, select

from connectors.sdk.papers import Action
from hub.model import Base, BasicInformation, Remittance

Table = TypeVar("Table", bound=Base)
Attention = Mapping[str, object]
"""Why a person is asked: `code`, one of `hub.errors`, with its parameters."""
Corrected = Mapping[str, list[str | None]]
"""Field of a paper that is out → as it went out, as it would be now."""


class Evidence(TypedDict):
    """Where one value of a paper came from, and as of when (ISO 8601), as it is kept with the version."""

    name: str
    value: str
    source: str
    as_of: str | None


class RemittanceRow(NamedTuple):
    """A remittance of a trade; `bank` once the bank has told of it, `undone_at` where it is the trade's no more."""

    paid: Remittance
    bank: BasicInformation | None = None
    undone_at: datetime | None = None

    @property
    def reached(self) -> Mapping[str, datetime | None]:
        """What papers wait for and each remittance brings about by itself: when this one did."""
        return {"remittance_matched": self.paid.matched_at, "report_number": self.bank.made_at if self.bank else None}


class AllocatedShare(NamedTuple):
    """What of a remittance is for one trade, in the remittance's currency; `departed_at` of that trade."""

    remittance_id: int
    amount: Decimal
    mode: str
    order_number: str
    platform: str | None
    departed_at: datetime | None


class KeptVersion(NamedTuple):
    """A version of a paper as it is kept, with its document and its trade."""

    document_id: int
    subject_id: int
    trade_id: int | None
    kind: str
    authority: str
    number: str
    version: int
    guid: str
    action: Action
    derived_at: datetime
    content: Mapping[str, object]
    ready_at: datetime | None
    enterprise_id: int
    cancel_reason: str | None


def rows_of(connection: Connection, table: type[Table], where: ColumnElement[bool], *order: Any) -> list[Table]:
    """Rows of one table, to be read only. Each column is known, also to mypy, by the class that declares it."""
    found = connection.execute(select(table.__table__).where(where).order_by(*order)).all()
    return cast("list[Table]", found)
