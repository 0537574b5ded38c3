"""Dossiers made by hand, for what is worked out of them alone: no hub, no database."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hub.dossiers.dossier import DocumentFile, Dossier, DossierLine, Shelf
from hub.model import DocumentEvent, ExchangeRate, RefundRate, Tariff
from hub.papers.computations import COMPUTATIONS, Reckoned

LINE: Mapping[str, Any] = {
    "hsCode": "6704200000", "name": {"zh": "假发", "en": "wig"}, "quantity": "2", "unit": "piece", "unitPrice": "10",
    "netWeight": "1.5", "grossWeight": "2",
}  # fmt: skip
ENTRY: Mapping[str, Any] = {
    "orderNumber": "O-1", "mode": "9610", "currency": "USD", "terms": "FOB", "freight": "0", "insurance": "0",
    "discount": "0", "transport": {"from": "CNCGO", "to": "USORD", "readyAt": "2026-01-09T08:00:00+08:00"},
}  # fmt: skip


def dossier(goods: list[dict[str, Any]] | None = None, **changes: Any) -> Dossier:
    """A dossier whose entry has these goods lines, each with what it has of its own, and these values."""
    entry = {**ENTRY, **changes, "goods": [{**copy.deepcopy(dict(LINE)), **one} for one in goods or [{}]]}
    entry["transport"] = {**ENTRY["transport"], **changes.get("transport", {})}
    return Dossier(
        number="YH1",
        mode=entry["mode"],
        entry=entry,
        enterprise={"partners": {"customsOffice": "4600"}},
        entered_at=datetime(2026, 1, 9, tzinfo=UTC),
        line_ids=[7 + index for index in range(len(entry["goods"]))],
    )


def computed(name: str, file: Dossier, line: int = 0, group: str = "goods") -> Any:
    """What a computation gives for a line; of one that says how, the value."""
    rows = file.entry.get(group) or [{}]
    found = COMPUTATIONS[name].function(file, DossierLine(line, rows[line], group=group))
    return found.value if isinstance(found, Reckoned) else found


def with_parities(file: Dossier, **rates: tuple[str, int]) -> Dossier:
    """`JPY=("4.85", 100)`: so many yuan for so many of the currency."""
    file.shelf.parities = {
        currency: ExchangeRate(rate=Decimal(rate), unit=unit) for currency, (rate, unit) in rates.items()
    }
    return file


def with_tariff(file: Dossier, unit1: str, unit2: str | None = None) -> Dossier:
    file.shelf.tariffs = {"6704200000": Tariff(unit1=unit1, unit2=unit2)}
    return file


def with_refund_rates(file: Dossier, *rates: tuple[str, str, str | None], code: str = "6704200000") -> Dossier:
    """Rate, first and last day: `("0.13", "2024-01-01", None)`."""
    file.shelf = Shelf(refund_rates={**file.shelf.refund_rates, code: refund_editions(*rates)})
    return file


def refund_editions(*rates: tuple[str, str, str | None]) -> list[RefundRate]:
    return [
        RefundRate(
            refund_rate=Decimal(rate),
            valid_from=date.fromisoformat(first),
            valid_to=date.fromisoformat(last) if last else None,
        )
        for rate, first, last in rates
    ]


def with_event(file: Dossier, kind: str, happened_at: str = "2026-01-15T12:00:00+00:00", **said: Any) -> Dossier:
    """Something that was heard of a paper."""
    at = datetime.fromisoformat(happened_at)
    event = DocumentEvent(**{"version": 1, "answers": {}, "happened_at": at, "as_of": at} | said)
    document = file.documents.setdefault(kind, DocumentFile(kind, f"YH1-{kind}"))
    document.events.append(event)
    return file
