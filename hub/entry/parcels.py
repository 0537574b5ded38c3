"""Parcel numbers that a carrier gave (面单号): answers find their trade by them, so one may stand on one trade only.

A carrier repeats none within six months (202205 edition, logisticsNo); what customs says may come later still.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from hub.errors import EntryProblem
from hub.model import Trade


def parcel_of(entry: Mapping[str, Any], enterprise: Mapping[str, Any]) -> str | None:
    """Carrier and number, as the column `trade.parcel` keeps them; None where no number was typed."""
    number = entry.get("parcelNumber")
    carrier = (enterprise["partners"].get("logistics") or {}).get("code", "")
    return f"{carrier}/{number}" if number else None


def taken(connection: Connection, parcels: Iterable[str | None], but: int | None = None) -> set[str]:
    """Those of these parcels that a trade has already, other than the trade `but`."""
    wanted = [one for one in parcels if one]
    if not wanted:
        return set()
    rows = connection.execute(select(Trade.id, Trade.parcel).where(Trade.parcel.in_(wanted)))
    return {str(row.parcel) for row in rows if row.id != but}


def parcel_taken(entry: Mapping[str, Any]) -> EntryProblem:
    return EntryProblem("parcelNumber", "PARCEL_TAKEN", {"value": entry["parcelNumber"]})
