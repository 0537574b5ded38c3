"""A consolidation as one whole: what the papers of many trades are derived from. Pure: no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from hub.dossiers.consolidation_kinds import consolidation_kinds
from hub.dossiers.dossier import Consolidated, Dossier, Shelf

US_DOLLAR = "USD"
HOLDER = "its_holder_"
"""Before the columns of the holder's registration, in the row of a consolidation."""


def whole_of(row: Row[Any], lines: Sequence[Dossier]) -> Dossier:
    """The dossier of a consolidation: registered is its holder, and what was typed is what its trades come to."""
    of = consolidation_kinds()[row.kind].of
    return Dossier(
        number=row.number,
        mode=row.entry["mode"],
        entry=_entry(row, lines),
        enterprise=_holder(row),
        entered_at=row.begun_at,
        version=row.version,
        cancelling=not lines,
        held=Consolidated(row.id, row.kind, of, row.state),
        lines=list(lines),
        refund_batch=lines[0].refund_batch if lines else None,
        shelf=lines[0].shelf if lines else Shelf(),
    )


def _holder(row: Row[Any]) -> dict[str, Any]:
    """As it is registered, but at the customs office that the consolidation is declared at."""
    columns = row._mapping
    holder = {name.removeprefix(HOLDER): value for name, value in columns.items() if name.startswith(HOLDER)}
    office = row.entry.get("office")
    return holder | {"partners": {**holder["partners"], **({"customsOffice": office} if office else {})}}


def _entry(row: Row[Any], lines: Sequence[Dossier]) -> dict[str, Any]:
    """Typed by the holder, and summed up of the lines: paths as in the entry of a trade."""
    typed, entries = row.entry, [line.entry for line in lines]
    currencies = {entry["currency"] for entry in entries}
    ready = [entry["transport"]["readyAt"] for entry in entries]
    return {
        "orderNumber": row.number,
        "mode": typed["mode"],
        "statisticsFlag": typed.get("statisticsFlag"),
        "currency": currencies.pop() if len(currencies) == 1 else US_DOLLAR,
        "goods": [goods for entry in entries for goods in entry["goods"]],
        "packages": sum(int(entry["packages"]) for entry in entries),
        "transport": {
            "wish": typed.get("transport"),
            "from": typed.get("from"),
            "to": typed.get("to"),
            "readyAt": max(ready, key=datetime.fromisoformat, default=None),
        },
        "buyer": typed.get("consignee"),
        "warehouse": typed.get("warehouse"),
    }
