"""Trades join consolidations and leave them, or are told by a clear error why not; then nothing has changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from hub.access.acts import OWNERS, Act
from hub.access.caller import Caller, Role
from hub.consolidations import aboard, course
from hub.entry.amend import cancel
from hub.errors import HubError
from hub.model import AuditEntry, ConsolidationLine, Document, Enterprise, TouchedSubject, Trade
from hub.progress.advance import advance_touched
from tests.support.consolidations.yard import KIND, SHARED, Yard
from tests.support.databases import ON_POSTGRES, waits_or_is_done
from tests.support.refusals import refuses
from tests.support.together import together
from tests.support.world import World


@pytest.fixture
def yard(world: World) -> Yard:
    return Yard(world, trades=3)


@pytest.fixture
def small_yard(small_world: World) -> Yard:
    """The same where the database is not what is tested."""
    return Yard(small_world, trades=3)


def ids(yard: Yard) -> list[int]:
    return [row.id for row in yard.office.rows(select(Trade.id).order_by(Trade.id))]


def join(yard: Yard, number: str, *trades: str, caller: Caller | None = None, leg: int = 1) -> None:
    with yard.writes() as connection:
        aboard.join(connection, caller or yard.forwarder, number, trades, yard.world.hub.desk, leg)


def leave(yard: Yard, number: str, *trades: str, caller: Caller | None = None, why: str = "held by customs") -> None:
    with yard.writes() as connection:
        aboard.leave(connection, caller or yard.forwarder, number, trades, why, yard.world.hub.desk)


def close(yard: Yard, *numbers: str, caller: Caller | None = None) -> None:
    with yard.writes() as connection:
        course.close(connection, caller or yard.forwarder, numbers, yard.now)


def reopen(yard: Yard, *numbers: str) -> None:
    with yard.writes() as connection:
        course.reopen(connection, yard.forwarder, numbers, yard.now)


def move(yard: Yard, number: str) -> None:
    with yard.writes() as connection:
        yard.moves(connection, number)


def touched(yard: Yard) -> set[int]:
    """The subjects that were touched since this was last asked."""
    found = {row.subject_id for row in yard.office.rows(select(TouchedSubject.subject_id))}
    with yard.writes() as connection:
        connection.execute(delete(TouchedSubject))
    return found


def test_trades_of_two_exporters_go_all_the_way_in_one(yard: Yard) -> None:
    number, trades = yard.begins(), ids(yard)
    touched(yard)
    join(yard, number, *yard.trades)
    assert (yard.lines(number), yard.row(number).version) == (dict.fromkeys(trades, "in"), 2)
    assert touched(yard) == {yard.row(number).id, *trades}
    leave(yard, number, yard.trades[1])
    assert (yard.lines(number)[trades[1]], touched(yard)) == ("left", {yard.row(number).id, trades[1]})
    for change, state in ((close, "closed"), (reopen, "open"), (close, "closed")):
        change(yard, number)
        assert yard.row(number).state == state
        assert touched(yard) == {yard.row(number).id, trades[0], trades[2]}
    move(yard, number)
    assert yard.row(number).state == "moved"
    assert yard.lines(number) == dict(zip(trades, ["loaded", "left", "loaded"], strict=True))


def test_a_line_says_what_of_the_trade_is_in_it_and_who_left_why(yard: Yard) -> None:
    number = yard.begins()
    join(yard, number, yard.trades[2])
    leave(yard, number, yard.trades[2], why=" held ")
    join(yard, number, yard.trades[2])
    old, new = yard.office.rows(select(ConsolidationLine.__table__).order_by(ConsolidationLine.id))
    assert (old.packages, str(old.weight), old.state, old.why, old.by) == (2, "22.00000", "left", "held", "forwarder")
    assert (new.state, new.why) == ("in", None)


def test_the_holder_and_each_exporter_read_what_was_done_with_their_trades(yard: Yard) -> None:
    number = yard.begins()
    join(yard, number, *yard.trades[:2])
    close(yard, number)
    reopen(yard, number)
    leave(yard, number, yard.trades[0])
    entry = AuditEntry
    rows = yard.office.rows(
        select(entry.action, entry.enterprise_id, entry.before, entry.reason)
        .where(entry.subject == number)
        .order_by(entry.id)
    )
    first, second = yard.trades[:2]
    assert [(row.action.partition(".")[2], row.enterprise_id, row.before.get("trades")) for row in rows] == [
        ("begin", yard.holder, None),
        ("join", yard.holder, [first, second]),
        ("join", yard.neighbour, [first]),
        ("join", yard.exporter, [second]),
        ("close", yard.holder, None),
        ("reopen", yard.holder, None),
        ("leave", yard.holder, [first]),
        ("leave", yard.neighbour, [first]),
    ]
    assert rows[-1].reason == "held by customs"


def test_a_consolidation_that_is_touched_is_advanced_without_papers(yard: Yard) -> None:
    number = yard.begins()
    join(yard, number, *yard.trades)
    assert advance_touched(yard.world.hub.database, yard.world.hub.desk) > len(yard.trades)
    assert touched(yard) == set()
    assert yard.office.rows(select(Document.id).where(Document.subject_id == yard.row(number).id)) == []


def test_who_is_closed_or_has_moved_is_joined_by_nobody_until_it_is_reopened(yard: Yard) -> None:
    number = yard.begins()
    join(yard, number, yard.trades[0])
    close(yard, number)
    with refuses("CONSOLIDATION_STATE", number=number, state="closed"):
        join(yard, number, yard.trades[1])
    reopen(yard, number)
    join(yard, number, yard.trades[1])
    close(yard, number)
    move(yard, number)
    for change in (close, reopen):
        with refuses("CONSOLIDATION_STATE", number=number, state="moved"):
            change(yard, number)
    with refuses("CONSOLIDATION_STATE", state="moved"):
        join(yard, number, yard.trades[2])
    with refuses("LINE_LOADED", trade=yard.trades[0]):
        leave(yard, number, yard.trades[0])


def test_a_trade_is_on_one_line_of_a_kind_for_each_leg(yard: Yard) -> None:
    first, second = yard.begins("one"), yard.begins("two")
    join(yard, first, yard.trades[0])
    with refuses("ON_A_LINE", trade=yard.trades[0], number=first):
        join(yard, second, yard.trades[1], yard.trades[0])
    assert yard.lines(second) == {}, "all of them or none"
    with refuses("ON_A_LINE", number=first):
        join(yard, first, yard.trades[0])
    join(yard, second, yard.trades[0], leg=2)
    leave(yard, first, yard.trades[0])
    join(yard, second, yard.trades[0])


def test_what_travels_otherwise_does_not_join(small_yard: Yard) -> None:
    yard = small_yard
    other = {"office": "4600", "mode": "9710", "transport": "rail", "from": "CNLYA", "to": "LULUX"}
    for name, value in other.items():
        number = yard.begins(f"other {name}", **{name: value})
        with refuses("CONSOLIDATION_DIFFERS", trade=yard.trades[1], ours=value, theirs=SHARED[name]):
            join(yard, number, yard.trades[1])
    number = yard.begins("anywhere", to=None)
    join(yard, number, yard.trades[1])


def test_an_empty_one_is_not_closed_nor_any_beside_it(yard: Yard) -> None:
    empty, full = yard.begins("empty"), yard.begins("full")
    join(yard, full, yard.trades[0])
    with yard.writes() as connection, refuses("CONSOLIDATION_EMPTY", number=empty):
        course.close(connection, yard.forwarder, [full, empty], yard.now)
    assert (yard.row(full).state, yard.row(full).version) == ("open", 2)
    leave(yard, full, yard.trades[0])
    with refuses("CONSOLIDATION_EMPTY", number=full):
        close(yard, full)


def test_of_a_kind_and_key_one_is_open(yard: Yard) -> None:
    number = yard.begins("K")
    with refuses("CONSOLIDATION_TAKEN", number=number, key="K"):
        yard.begins("K")
    join(yard, number, yard.trades[0])
    close(yard, number)
    second = yard.begins("K")
    with refuses("CONSOLIDATION_TAKEN", number=second):
        reopen(yard, number)
    assert (number[:2], len({number, second})) == ("YC", 2)


def test_a_trade_that_is_over_joins_nothing(small_yard: Yard) -> None:
    yard, hub = small_yard, small_yard.world.hub
    number = yard.begins()
    cancel(hub.database, hub.desk, yard.office.caller, yard.trades[1], "no longer wanted")
    with refuses("TRADE_OVER"):
        join(yard, number, yard.trades[1])


def test_what_nobody_knows_is_not_found(small_yard: Yard) -> None:
    yard, number = small_yard, small_yard.begins()
    with refuses("NOT_FOUND", what="consolidation"):
        join(yard, "YC1", yard.trades[0])
    with refuses("NOT_FOUND", what="trade"):
        join(yard, number, yard.trades[0], "YH1")
    with refuses("NOT_ABOARD", trade=yard.trades[0]):
        leave(yard, number, yard.trades[0])
    with refuses("REASON_MISSING"):
        leave(yard, number, yard.trades[0], why=" ")
    assert yard.lines(number) == {}


READS = frozenset({Act.READ})
MANDATES: list[tuple[str, dict[str, frozenset[Act]], str]] = [
    ("no mandate of the exporter", {"holder": OWNERS, "exporter": OWNERS}, "NOT_FOUND"),
    ("one that only reads", {"holder": OWNERS, "exporter": OWNERS, "neighbour": READS}, "ACT_NOT_GRANTED"),
    ("the exporter alone", {"neighbour": OWNERS, "exporter": OWNERS}, "NOT_FOUND"),
    ("nobody", {}, "NOT_FOUND"),
]


@together("who, mandates, code", MANDATES, ids=str)
def test_another_exporter_s_trade_joins_by_a_mandate_alone(
    small_yard: Yard, who: str, mandates: dict[str, frozenset[Act]], code: str
) -> None:
    yard = small_yard
    caller = Caller(who, Role.ENTERPRISE, {getattr(yard, name): acts for name, acts in mandates.items()})
    number = yard.begins(who)
    with refuses(code):
        join(yard, number, *yard.trades[:2], caller=caller)
    assert yard.lines(number) == {}
    for change in (course.close, course.reopen):
        if "holder" not in mandates:
            with yard.writes() as connection, refuses("NOT_FOUND"):
                change(connection, caller, [number], yard.now)


def test_an_exporter_takes_its_own_trade_off_and_no_other_s(yard: Yard) -> None:
    number = yard.begins()
    join(yard, number, *yard.trades)
    with refuses("NOT_ABOARD", trade=yard.trades[1]):
        leave(yard, number, yard.trades[1], caller=yard.neighbours)
    leave(yard, number, yard.trades[0], caller=yard.neighbours)
    assert [*yard.lines(number).values()] == ["left", "in", "in"]


@pytest.mark.parametrize("suspended", ["holder", "neighbour"])
def test_for_who_is_suspended_nothing_is_done(small_yard: Yard, suspended: str) -> None:
    yard, number = small_yard, small_yard.begins()
    with yard.writes() as connection:
        this = Enterprise.id == getattr(yard, suspended)
        connection.execute(update(Enterprise).where(this).values(state="suspended"))
    with refuses("ENTERPRISE_NOT_APPROVED"):
        join(yard, number, yard.trades[0])


@ON_POSTGRES
def test_a_trade_that_two_want_at_one_moment_is_in_one(yard: Yard) -> None:
    first, second, trade = yard.begins("one"), yard.begins("two"), yard.trades[0]

    def other() -> Any:
        try:
            join(yard, second, trade)
        except HubError as error:
            return error.code

    with ThreadPoolExecutor(1) as pool:
        with yard.writes() as connection:
            aboard.join(connection, yard.forwarder, first, [trade], yard.world.hub.desk)
            work = pool.submit(other)
            waits_or_is_done(yard.world.hub.database, work)
            assert not work.done(), "it waits for the trade"
        assert work.result() == "ON_A_LINE"
    assert (len(yard.lines(first)), yard.lines(second)) == (1, {})
    assert yard.row(second).kind == KIND
