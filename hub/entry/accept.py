"""Acceptance: what was typed becomes trades with their papers, or a list of problems; never something between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.functions import count

from connectors.sdk.instants import day_of
from hub.access.acts import Act
from hub.access.audit import write_audit
from hub.access.caller import Caller
from hub.access.meant import enterprise_meant
from hub.dossiers.dossier import Dossier
from hub.dossiers.loading import open_shelf
from hub.dossiers.typed_paths import leaves
from hub.entry import entry_schema
from hub.entry.content import content_digest
from hub.entry.entry_schema import MOST_LINES, TRADE_ENTRY
from hub.entry.insert import NewTrade, insert_trades
from hub.entry.parcels import parcel_of, parcel_taken, taken
from hub.entry.precheck import precheck
from hub.entry.reading import read_entry
from hub.errors import DatabaseConflict, EntryProblem, HubError
from hub.model import Database, Tariff, Trade
from hub.model.numbering import allot, trade_number
from hub.model.row_states import EnterpriseState, TradeState
from hub.money.remittances import reopen_unclear
from hub.papers.desk import Desk
from hub.progress.decide import TradeDecision, decide
from hub.rules.judging import blocking
from hub.rules.rule_book import Surroundings

MOST_AT_ONCE = 1_000
HS_CODE = re.compile(entry_schema.HS_CODE)


class Known(NamedTuple):
    """The trade that an order was entered as."""

    number: str
    digest: str
    state: str


NOBODY = Known("", "", "")


@dataclass(slots=True)
class Accepted:
    """What became of one entry: a number, or problems. `same`: it had been entered before with the same content."""

    number: str | None = None
    same: bool = False
    problems: list[EntryProblem] = field(default_factory=list)


@dataclass(slots=True)
class NewlyEntered(NewTrade):
    """A trade to be written, and the place of its answer."""

    place: int = 0


def enter(
    database: Database, desk: Desk, caller: Caller, typed: Sequence[Any], enterprise_uscc: str | None = None
) -> list[Accepted]:
    """Enters up to 1,000 trades; one answer for each, in order.

    A trade with a problem is refused whole, the others go in. The same content again answers with the same trade.
    """
    caller.must("enter")
    with database.read() as connection:
        enterprise = acting_for(connection, caller, enterprise_uscc)
        around = surroundings(connection, desk, typed)
    answers = [Accepted() for _ in typed]
    news: list[NewlyEntered] = []
    for place, one in enumerate(typed):
        entry, verdicts = read_entry(one, around)
        answers[place].problems = blocking(verdicts)
        if entry is not None and not answers[place].problems:
            news.append(open_new(place, one, entry, enterprise, around))
    with database.read() as connection:
        entered = entered_as(connection, enterprise["id"], [new.entry["orderNumber"] for new in news])
    for new in news:
        if entered.get(new.entry["orderNumber"], NOBODY).digest != new.digest:  # the same again was checked before
            answers[new.place].problems = precheck(new.dossier, desk)
    sound = [new for new in news if not answers[new.place].problems]
    if sound:
        try:
            _write(database, desk, caller, enterprise["id"], sound, answers)
        except (IntegrityError, DatabaseConflict):  # somebody entered the same order: now it is there to be met
            _write(database, desk, caller, enterprise["id"], sound, answers)
    return answers


def acting_for(connection: Connection, caller: Caller, uscc: str | None) -> dict[str, Any]:
    """The registration of the enterprise that is meant."""
    row = enterprise_meant(connection, caller, Act.ENTER, uscc)
    if row.state != EnterpriseState.APPROVED:
        raise HubError("ENTERPRISE_NOT_APPROVED", uscc=row.uscc, state=row.state)
    return dict(row._mapping)


def surroundings(connection: Connection, desk: Desk, typed: Iterable[Any]) -> Surroundings:
    """What entries are checked against, as of now."""
    now = desk.now()
    tariff_known = bool(connection.scalar(select(count()).select_from(select(Tariff.id).limit(1).subquery())))
    return Surroundings(desk.plan, open_shelf(connection, _hs_codes(typed), day_of(now)), tariff_known, now)


def _hs_codes(typed: Iterable[Any]) -> set[str]:
    """HS codes as typed, before anything is known to be sound."""
    codes = set()
    for one in typed:
        goods = one.get("goods") if isinstance(one, dict) else None
        for line in goods[:MOST_LINES] if isinstance(goods, list) else ():
            code = line.get("hsCode") if isinstance(line, dict) else None
            if isinstance(code, str) and HS_CODE.fullmatch(code.strip()):
                codes.add(code.strip())
    return codes


def open_new(
    place: int, typed: Any, entry: dict[str, Any], enterprise: dict[str, Any], around: Surroundings
) -> NewlyEntered:
    """A dossier for a trade that has no number yet; papers that need nothing else are derived at once."""
    kept = TRADE_ENTRY.dump(entry)
    dossier = Dossier(
        number=trade_number(0, around.now),
        mode=entry["mode"],
        entry=kept,
        enterprise=enterprise,
        entered_at=around.now,
        shelf=around.shelf,
        typed=sum(1 for _ in leaves(typed)),
    )
    return NewlyEntered(entry, content_digest(kept), dossier, TradeDecision(dossier), place)


def _write(
    database: Database,
    desk: Desk,
    caller: Caller,
    enterprise_id: int,
    sound: Sequence[NewlyEntered],
    answers: Sequence[Accepted],
) -> None:
    with database.write() as connection:
        entered = entered_as(connection, enterprise_id, [new.entry["orderNumber"] for new in sound])
        fresh = _fresh(connection, sound, entered, answers)
        first = allot(connection, "trade", len(fresh)) if fresh else 0
        for serial, new in enumerate(fresh.values(), start=first):
            new.dossier.number = trade_number(serial, new.dossier.entered_at)
            new.decision = decide(new.dossier, desk)
            entered[new.entry["orderNumber"]] = Known(new.dossier.number, new.digest, TradeState.RUNNING)
        if fresh:
            insert_trades(connection, desk, caller, enterprise_id, list(fresh.values()))
            numbers = [new.dossier.number for new in fresh.values()]
            batch = {"count": len(numbers), "first": numbers[0], "last": numbers[-1]}
            write_audit(
                connection, caller, "trade.enter", numbers[0], desk.now(), before=batch, enterprise_id=enterprise_id
            )
            reopen_unclear(connection, enterprise_id)
    for new in sound:
        order = new.entry["orderNumber"]
        if order not in entered:
            continue  # its parcel is another trade's, which it is told
        meet(answers[new.place], order, entered[order], new.digest)
        answers[new.place].same = fresh.get(order) is not new and not answers[new.place].problems


def _fresh(
    connection: Connection, sound: Sequence[NewlyEntered], entered: Mapping[str, Known], answers: Sequence[Accepted]
) -> dict[str, NewlyEntered]:
    """The trades to be written, by order: those whose order is new, and whose parcel is no other trade's."""
    fresh: dict[str, NewlyEntered] = {}
    parcels = {new.place: parcel_of(new.entry, new.dossier.enterprise) for new in sound}
    gone = taken(connection, parcels.values())
    for new in sound:
        order, parcel = new.entry["orderNumber"], parcels[new.place]
        if order in entered or order in fresh:
            continue
        if parcel in gone:
            answers[new.place].problems = [parcel_taken(new.entry)]
            continue
        fresh[order] = new
        gone |= {parcel} if parcel else set()
    return fresh


def entered_as(connection: Connection, enterprise_id: int, orders: Sequence[str]) -> dict[str, Known]:
    """The trades that these orders were entered as already."""
    rows = connection.execute(
        select(Trade.order_number, Trade.number, Trade.entry, Trade.state).where(
            Trade.enterprise_id == enterprise_id, Trade.order_number.in_(orders)
        )
    )
    return {row.order_number: Known(row.number, content_digest(row.entry), row.state) for row in rows}


def meet(answer: Accepted, order: str, known: Known, digest: str) -> None:
    """What an order that was entered already answers: its number, or that its content is another."""
    if known.digest == digest and known.state != TradeState.CANCELLED:
        answer.number = known.number
    else:
        code = "ORDER_CANCELLED" if known.state == TradeState.CANCELLED else "ORDER_TAKEN"
        answer.problems = [EntryProblem("orderNumber", code, {"order": order, "number": known.number})]
