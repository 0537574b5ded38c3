"""Judging a stored trade anew: by what was known then, under the editions that the days of its events choose."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from connectors.sdk.instants import day_of
from hub.dossiers.dossier import Dossier
from hub.dossiers.loading import Store, hs_codes_of, open_store
from hub.dossiers.rows import rows_of
from hub.entry.precheck import precheck
from hub.model import Judgement, TradeVersion
from hub.model.row_states import Occasion
from hub.papers.desk import Desk
from hub.rules.entry_rules import AUTHORITY_TABLE, RULES
from hub.rules.judging import AnchorDays, around_of, judged
from hub.rules.rule_book import RuleBook

ALWAYS = ("since", "digest", "found")


@dataclass(frozen=True, slots=True)
class Rejudged:
    """One rule of one judgement. `then` and `now` are its verdicts as kept, None where it was, or is, no law.

    `differs` names what is otherwise: `rule`, `since` (the edition), `digest` (what it read), `found`, `day`.
    """

    rule: str
    occasion: Occasion
    version: int
    judged_at: datetime
    then: Mapping[str, Any] | None
    now: Mapping[str, Any] | None
    differs: tuple[str, ...]


def rejudge(connection: Connection, desk: Desk, dossier: Dossier, book: RuleBook = RULES) -> list[Rejudged]:
    """Every judgement of a trade, rule by rule, the oldest first.

    An event that has happened chooses the edition, whatever was forecast; for one that has not, it is the day of the
    judgement. Tariffs are those that were known then, the registration is that of now.
    """
    mine = Judgement.trade_id == dossier.trade_id
    earlier = rows_of(connection, TradeVersion, TradeVersion.trade_id == dossier.trade_id)
    entries = {row.version: row.entry for row in earlier} | {dossier.version: dossier.entry}
    days, found = desk.anchors(dossier), list[Rejudged]()
    for row in rows_of(connection, Judgement, mine, Judgement.id):
        then = replace(dossier, entry=entries[row.version], version=row.version)
        store = open_store(connection, hs_codes_of([then]))
        found += _compared(row, _anew(row, then, desk, store, days, book))
    return found


def _anew(
    row: Judgement, then: Dossier, desk: Desk, store: Store, days: AnchorDays, book: RuleBook
) -> list[dict[str, Any]]:
    """What the rules say now, as it would be kept."""
    then.shelf = store.shelf(day_of(row.judged_at), row.judged_at)
    whole = row.occasion is not Occasion.SENDING
    fresh = Dossier(then.number, then.mode, then.entry, then.enterprise, then.entered_at, shelf=then.shelf)
    told = {AUTHORITY_TABLE: precheck(fresh, desk)} if whole else {}
    verdicts = judged(book, then, around_of(then, desk, row.judged_at, told), days)
    kept: list[dict[str, Any]] = json.loads(json.dumps(verdicts, default=str))
    judged_then = {one["rule"] for one in row.verdicts}
    return [one for one in kept if whole or one["rule"] in judged_then]


def _compared(row: Judgement, anew: list[dict[str, Any]]) -> Iterator[Rejudged]:
    then, now = ({one["rule"]: one for one in verdicts} for verdicts in (row.verdicts, anew))
    for rule in {**then, **now}:
        differs = _differing(then.get(rule), now.get(rule))
        yield Rejudged(rule, row.occasion, row.version, row.judged_at, then.get(rule), now.get(rule), differs)


def _differing(then: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> tuple[str, ...]:
    """A forecast whose event has happened since is another day, and no difference by itself."""
    if then is None or now is None:
        return ("rule",)
    came = then.get("forecast") and not now["forecast"]
    compared = ALWAYS if came else (*ALWAYS, "day", "forecast")
    return tuple(name for name in compared if then.get(name) != now[name])
