"""What is typed to open a consolidation, and the opening of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from marshmallow import ValidationError, fields
from sqlalchemy import Connection

from connectors.sdk.instants import Moment, day_of
from hub.access.acts import Act
from hub.access.caller import Caller
from hub.access.meant import enterprise_meant
from hub.consolidations.course import begin
from hub.dossiers.consolidation_kinds import ConsolidationKind, consolidation_kinds
from hub.entry.entry_schema import LOCODE, Buyer, Strict
from hub.entry.reading import problems_of
from hub.entry.registration import CUSTOMS_OFFICE
from hub.entry.value_fields import CodeField, CreditCode, Identifier, unknown
from hub.errors import EntryProblem, EntryRefused
from hub.papers.desk import Desk
from hub.papers.places import PLACES
from hub.papers.plan import Days


def _is_kind(value: str) -> None:
    kinds = [code for code, kind in consolidation_kinds().items() if not kind.gathered_by]
    if value not in kinds:
        raise unknown("consolidation", value, ", ".join(kinds), ", ".join(kinds), get_close_matches(value, kinds))


class ConsolidationEntry(Strict):
    """What all the trades of a consolidation have in common, and to whom the master goes.

    `kind` says how it moves: air_waybill, train_box. `departure` is free text, such as CA1037/2026-01-10: a holder has
    one consolidation open for each. `office` is the holder's own where none is typed. At `closesAt` it closes by
    itself.
    """

    kind = CodeField(required=True, validate=_is_kind)
    mode = CodeField(required=True)
    from_ = CodeField(LOCODE, "locode", required=True, data_key="from", attribute="from")
    to = CodeField(LOCODE, "locode", required=True)
    office = CodeField(CUSTOMS_OFFICE, "customs office", load_default=None, allow_none=True)
    departure = Identifier(100, required=True)
    consignee = fields.Nested(Buyer, required=True)
    warehouse = Identifier(40, load_default=None, allow_none=True)
    closesAt = Moment(load_default=None, allow_none=True)
    enterprise = CreditCode(load_default=None, allow_none=True)


CONSOLIDATION_ENTRY = ConsolidationEntry()


def open_consolidation(connection: Connection, desk: Desk, caller: Caller, typed: Any) -> str:
    """An open consolidation that trades may join; its number. EntryRefused names all that is wrong with what was typed,
    CONSOLIDATION_TAKEN the one that is open for the same departure.
    """
    caller.must("enter")
    entry = _read(typed, desk)
    kind, now = consolidation_kinds()[entry["kind"]], desk.now()
    holder = enterprise_meant(connection, caller, Act.ENTER, entry["enterprise"])
    shared = {name: entry[name] for name in ("mode", "from", "to", "departure", "consignee", "warehouse")}
    shared |= {"transport": kind.transport, "office": entry["office"] or holder.partners["customsOffice"]}
    shared |= {"declarant": holder.partners["declarant"]["code"], "carrier": holder.partners["logistics"]["code"]}
    key = f"{holder.uscc}/{entry['departure']}"
    return begin(connection, caller, kind.code, key, shared, now, holder.uscc, entry["closesAt"])


def _read(typed: Any, desk: Desk) -> Mapping[str, Any]:
    try:
        entry: Mapping[str, Any] = CONSOLIDATION_ENTRY.load(typed)
    except ValidationError as error:
        sound = error.valid_data if isinstance(error.valid_data, dict) else {}
        raise EntryRefused([*problems_of(error, CONSOLIDATION_ENTRY), *_problems(sound, desk)]) from None
    if problems := list(_problems(entry, desk)):
        raise EntryRefused(problems)
    return entry


def _problems(entry: Mapping[str, Any], desk: Desk) -> Iterator[EntryProblem]:
    """What does not fit together, among the fields that are sound."""
    now, kind = desk.now(), consolidation_kinds().get(entry.get("kind", ""))
    if kind is not None:
        yield from _unfit_places(entry, kind)
        yield from _unfit_mode(entry, kind, desk, now)
    closes = entry.get("closesAt")
    if closes is not None and closes <= now:
        yield EntryProblem("closesAt", "IN_THE_PAST", {"value": closes.isoformat()})


def _unfit_places(entry: Mapping[str, Any], kind: ConsolidationKind) -> Iterator[EntryProblem]:
    for end in ("from", "to"):
        known = sorted(code for code, place in PLACES.items() if place.serves(end, kind.transport))
        if entry.get(end) is not None and entry[end] not in known:
            what = f"{kind.transport} place {end}"
            yield EntryProblem(end, "UNKNOWN_CODE", {"value": entry[end], "what": what, "standard": ", ".join(known)})


def _unfit_mode(entry: Mapping[str, Any], kind: ConsolidationKind, desk: Desk, now: datetime) -> Iterator[EntryProblem]:
    """Goods of a mode whose plan has no paper for a consolidation of this kind go alone."""
    mode = entry.get("mode")
    if mode is None:
        return
    taken_over = desk.kinds_for(kind.of)
    route = {"transport": {"wish": kind.transport, "from": entry.get("from")}}

    def is_planned(one: str) -> bool:
        return any(row.kind in taken_over for row in desk.plan.due(one, route, Days(day_of(now), {})))

    if not is_planned(mode):
        known = ", ".join(filter(is_planned, sorted(desk.plan.modes())))
        yield EntryProblem("mode", "NOT_PLANNED", {"mode": mode, "wish": kind.transport, "known": known})
