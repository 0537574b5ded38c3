"""What a value was read from: what somebody typed, the registration, a row of an authority."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from connectors.sdk.instants import day_of
from hub.dossiers.dossier import Dossier, DossierLine
from hub.dossiers.loading import Store
from hub.dossiers.typed_paths import leaves, pick
from hub.model import DocumentEvent, Trade, TradeVersion
from hub.papers.computations import COMPUTATIONS
from hub.papers.sources import MissingError, ValueSource

BESIDE: Mapping[str, tuple[str, ...]] = {
    "legal_quantity": ("tariff:unit1",),
    "second_quantity": ("tariff:unit2",),
    "fob_usd": ("parity:",),
    "payee_code": ("bank:payee_code", "registration:uscc"),
    "payee_name": ("bank:payee_name", "registration:name_zh"),
    "payer_country": ("remittance:payer_country",),
    "platform_code": ("registration:platforms",),
    "payment_provider_code": ("registration:paymentProviders",),
    "payment_type": ("remittance:booked_at", "departure:happened_at"),
    "transaction_amount": ("remittance:amount",),
    "refund_period": ("departure:happened_at",),
    "exported_on": ("departure:happened_at",),
}
"""Computation → what it reads beside the entry, as sources; `parity:` are the central parities of the currency."""
US_DOLLAR = "USD"


@dataclass(slots=True)
class Read:
    """One thing that was read. `source` names it (`entry:goods[2].quantity`), `value` is what stood there.

    Of what was typed `by` is who and `at` when, in `version` of the entry; of what an authority told `authority` is
    which, `at` when it was heard, `raw_id` the raw message. `event_id` and `code` are of a response; `valid_from` is of
    an edition. A row that was told anew since has no raw message here: what was read then no longer stands in it.
    """

    source: str
    value: str | None
    as_of: datetime | None = None
    by: str = ""
    at: datetime | None = None
    version: int = 0
    authority: str = ""
    raw_id: str = ""
    event_id: int = 0
    code: str = ""
    valid_from: str = ""

    @property
    def kind(self) -> str:
        return self.source.partition(":")[0]


class EntryVersion(NamedTuple):
    """What was typed, by whom, when."""

    leaves: Mapping[str, Any]
    entry: Mapping[str, Any]
    by: str
    at: datetime


class EvidenceReader:
    """Reads in a dossier as it was when a version was derived; as it is now where nobody says `as_known`."""

    def __init__(self, connection: Connection, dossier: Dossier) -> None:
        self.dossier = dossier
        self.versions = [*_entry_versions(connection, dossier.trade_id or 0)]
        self.known_at: datetime | None = None

    def hs_codes(self) -> set[str]:
        """Of all that was ever typed."""
        return {line["hsCode"] for one in self.versions for line in one.entry["goods"]}

    def as_known(self, store: Store, at: datetime) -> None:
        """From here on it reads what had been typed and heard by then."""
        while len(self.versions) > 1 and self.versions[-1].at > at:
            self.versions.pop()
        self.known_at = at
        self.dossier.entry = self.versions[-1].entry
        self.dossier.shelf = store.shelf(day_of(at), at)

    def read(self, kind: str, path: str, line: DossierLine, each: str = "") -> Iterator[Read]:
        """What a source of this kind is read from; of a path through all lines each line by itself."""
        if kind == "entry":
            yield from self._typed(path, line, each)
        elif kind == "parity":
            yield from self._parities()
        elif kind not in ("line", "constant", "trade"):
            yield self._told(kind, path, line)

    def inputs(self, computation: str, line: DossierLine, each: str) -> Iterator[Read]:
        """All that a computation reads: of the entry as it declares, and what stands in BESIDE."""
        for path in COMPUTATIONS[computation].reads if computation in COMPUTATIONS else ():
            yield from self._typed(path, line, each)
        for source in BESIDE.get(computation, ()):
            kind, _, path = source.partition(":")
            yield from (one for one in self.read(kind, path, line, each) if one.value is not None)

    def _typed(self, path: str, line: DossierLine, each: str) -> Iterator[Read]:
        own = each and path.startswith(f"{each}[].")
        wanted = re.escape(path.replace("[]", f"[{line.place}]", 1) if own else path).replace(r"\[\]", r"\[\d+\]")
        for place, value in self.versions[-1].leaves.items():
            if re.fullmatch(wanted, place):
                number = self._typed_in(place, value)
                typed = self.versions[number]
                yield Read(f"entry:{place}", str(value), typed.at, typed.by, typed.at, number + 1)

    def _typed_in(self, place: str, value: Any) -> int:
        """The version of the entry in which this was typed at this place."""
        number = len(self.versions) - 1
        while number and self.versions[number - 1].leaves.get(place) == value:
            number -= 1
        return number

    def _told(self, kind: str, path: str, line: DossierLine) -> Read:
        found = Read(f"{kind}:{path}", None)
        try:
            value, found.as_of, _ = ValueSource(kind, path).read(self.dossier, line)
        except MissingError:
            return found
        found.value = _written(value)
        row = ROWS[kind](self.dossier, line, path) if kind in ROWS else None
        if row is not None:
            _note(found, row, self.known_at)
        return found

    def _parities(self) -> Iterator[Read]:
        own = self.dossier.entry["currency"]
        for currency in () if own == US_DOLLAR else (own, US_DOLLAR):
            parity = self.dossier.shelf.parities.get(currency)
            if parity is not None:
                found = Read(f"parity:{currency}", f"{parity.rate / parity.unit:f}", parity.as_of)
                _note(found, parity, self.known_at)
                yield found


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={one}" for name, one in value.items())
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _note(found: Read, row: Any, known_at: datetime | None) -> None:
    found.authority = row.source
    if getattr(row, "valid_from", None):
        found.valid_from = row.valid_from.isoformat()
    if known_at is not None and row.fetched_at > known_at:
        return
    found.at, found.raw_id = row.fetched_at, row.raw_id or ""
    if isinstance(getattr(row, "code", None), str):
        found.event_id, found.code = row.id, row.code


def _event(dossier: Dossier, line: DossierLine, path: str) -> DocumentEvent | None:
    """The response that gave an answer; as `Dossier.answer` finds its value."""
    kind, _, name = path.partition(":")
    document = dossier.documents.get(kind)
    heard = reversed(document.current_events if document else [])
    return next((event for event in heard if event.answers.get(name) not in (None, "")), None)


def _of_remittance(dossier: Dossier, line: DossierLine, name: str) -> Any:
    remittance = dossier.remittance(line.part)
    return getattr(remittance, name) if remittance else None


ROWS: Mapping[str, Callable[[Dossier, DossierLine, str], Any]] = {
    "tariff": lambda dossier, line, path: dossier.shelf.tariffs.get(pick(line.values, "hsCode")),
    "refund_rate": lambda dossier, line, path: (
        dossier.shelf.refund_rate(line.values["hsCode"], day_of(left.happened_at))
        if (left := dossier.departed())
        else None
    ),
    "answer": _event,
    "leg": lambda dossier, line, path: dossier.legs[0] if dossier.legs else None,
    "departure": lambda dossier, line, path: dossier.departed(),
    "remittance": lambda dossier, line, path: _of_remittance(dossier, line, "paid"),
    "bank": lambda dossier, line, path: _of_remittance(dossier, line, "bank"),
}
"""Kind of source → the row of an authority that it is read from."""


def _entry_versions(connection: Connection, trade_id: int) -> Iterator[EntryVersion]:
    """What was typed, from the first on."""
    trade = connection.execute(
        select(Trade.entry, Trade.entered_by, Trade.entered_at).where(Trade.id == trade_id)
    ).one()
    by, at = trade.entered_by, trade.entered_at
    for row in connection.execute(
        select(TradeVersion.__table__).where(TradeVersion.trade_id == trade_id).order_by(TradeVersion.version)
    ):
        yield EntryVersion(dict(leaves(row.entry)), row.entry, by, at)
        by, at = row.amended_by, row.amended_at
    yield EntryVersion(dict(leaves(trade.entry)), trade.entry, by, at)
