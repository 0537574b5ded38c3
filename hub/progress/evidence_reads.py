"""What a value was read from: what somebody typed, the registration, a row of an authority."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from connectors.sdk.instants import day_of
from hub.dossiers.dossier import Dossier, DossierLine
from hub.dossiers.loading import Store
from hub.dossiers.typed_paths import leaves, pick
from hub.model import DocumentEvent, Trade, TradeVersion
from hub.papers.sources import MissingError, Shelves, ValueSource, read_source

PARITY = "parity:"
BESIDE: Mapping[str, tuple[str, ...]] = {
    "legal_quantity": ("tariff:unit1",),
    "second_quantity": ("tariff:unit2",),
    "fob_usd": (PARITY,),
    "refund_period": ("departure:happened_at",),
    "exported_on": ("departure:happened_at",),
}
"""Computation of the hub → what it reads beside the entry, as sources; PARITY are the parities of the currency."""
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


UNTYPED = EntryVersion({}, {"goods": []}, "", datetime.min.replace(tzinfo=UTC))
"""Of a consolidation nothing is typed by itself."""


class EvidenceReader:
    """Reads in a dossier as it was when a version was derived; as it is now where nobody says `as_known`."""

    def __init__(self, connection: Connection, dossier: Dossier) -> None:
        self.dossier = dossier
        self.versions = [*_entry_versions(connection, dossier.trade_id)] if dossier.trade_id else [UNTYPED]
        self.known_at: datetime | None = None

    def hs_codes(self) -> set[str]:
        """Of all that was ever typed."""
        return {line["hsCode"] for one in self.versions for line in one.entry["goods"]}

    def as_known(self, store: Store, at: datetime) -> None:
        """From here on it reads what had been typed and heard by then."""
        while len(self.versions) > 1 and self.versions[-1].at > at:
            self.versions.pop()
        self.known_at = at
        if self.dossier.trade_id:
            self.dossier.entry = self.versions[-1].entry
        self.dossier.shelf = store.shelf(day_of(at), at)

    def read(self, source: ValueSource, line: DossierLine, each: str = "") -> Iterator[Read]:
        """What a source is read from; of a path through all lines each line by itself."""
        if source.kind == "entry":
            yield from self._typed(source.path, line, each)
        elif source.kind == "computed":
            yield from self.inputs(source, line, each)
        elif source.kind not in ("line", "constant", "trade"):
            yield self._told(source, line)

    def inputs(self, source: ValueSource, line: DossierLine, each: str) -> Iterator[Read]:
        """All that a computation reads: as a connector declares, or of the entry and what stands in BESIDE."""
        beside = BESIDE.get(source.path, ()) if not source.inputs else ()
        for path in source.entry_paths if not source.inputs else ():
            yield from self._typed(path, line, each)
        if PARITY in beside:
            yield from self._parities()
        others = [read_source(one, Shelves()) for one in beside if one != PARITY]
        for one in (*source.inputs, *others):
            yield from (found for found in self.read(one, line, each) if found.value is not None)

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

    def _told(self, source: ValueSource, line: DossierLine) -> Read:
        found = Read(source.text, None)
        try:
            value, found.as_of, how = source.read(self.dossier, line)
        except MissingError:
            return found
        found.value = _written(value)
        path = how if source.kind == "fact" else source.path
        row = ROWS[source.kind](self.dossier, line, path) if source.kind in ROWS else None
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
    """The response that gave a fact, by the paper that it answers and what it calls the fact."""
    kind, _, name = path.partition(" ")
    return dossier.answer(kind, name)


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
    "fact": _event,
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
