"""What costs nothing while there is no news, and costs once however often it was said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import cast

from sqlalchemy import Connection, Engine, event, func, select, update

from hub.model import Database, Document, TouchedSubject
from hub.progress.advance import advance_touched, touch, touch_waiting
from sync.work import follow_up
from tests.support.sync.entering import enter_trade
from tests.support.world import World

WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def writes() -> Iterator[list[str]]:
    """What databases are told to write meanwhile."""
    told: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        told.extend(word for word in WRITES if statement.startswith(word))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_trade_is_advanced_once_however_often_it_was_touched(world: World) -> None:
    trade = enter_trade(world)
    advance_touched(world.hub.database, world.hub.desk)
    with world.hub.database.write() as connection:
        for _ in range(250):
            touch(connection, [trade])
    assert advance_touched(world.hub.database, world.hub.desk) == 1
    with world.hub.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(TouchedSubject)) == 0


class Interrupted:
    """A database of a worker that comes to write only after another one was faster."""

    def __init__(self, database: Database, before: Callable[[], None]) -> None:
        self.read = database.read
        self.database, self.before = database, before

    def write(self) -> AbstractContextManager[Connection]:
        self.before()
        self.before = lambda: None
        return self.database.write()


def test_what_is_heard_while_two_workers_advance_the_same_trades_is_not_forgotten(world: World) -> None:
    """The faster one empties the table, and the next row may get an id that the slower one has in its hand."""
    one, another = enter_trade(world), enter_trade(world, "XC-2")
    database, desk = world.hub.database, world.hub.desk
    advance_touched(database, desk)
    with database.write() as connection:
        touch(connection, [one])

    def faster() -> None:
        advance_touched(database, desk)
        with database.write() as connection:
            touch(connection, [another])

    slower = cast("Database", Interrupted(database, faster))
    assert advance_touched(slower, desk) == 2, "the one that both had read, and the other"


def test_whoever_waits_for_something_is_looked_after_however_many_wait(world: World) -> None:
    trades = [enter_trade(world, order) for order in ("XC-1", "XC-2", "XC-3")]
    database, desk = world.hub.database, world.hub.desk
    advance_touched(database, desk)
    assert touch_waiting(database) == 0, "nobody lacks anything"
    with database.write() as connection:
        lacking = {"attention": {"code": "LACKS"}, "attention_since": world.clock()}
        connection.execute(update(Document).where(Document.kind == "tax.refund").values(lacking))

    last, touched = 0, list[int]()
    while last := touch_waiting(database, last, limit=1):
        touched.append(last)
    assert touched == trades
    assert advance_touched(database, desk) == len(trades)


def test_where_nothing_was_heard_nothing_is_written(world: World) -> None:
    follow_up(world.hub.services)
    with writes() as told:
        follow_up(world.hub.services)
    assert told == []


def test_a_sender_claims_only_what_is_ready(world: World) -> None:
    enter_trade(world)
    world.run("customs.send")
    with writes() as told:
        assert world.run("customs.send") == {"customs.send": "ok"}
    # the lease and the run, taken and given back; no claim for any of the kinds
    assert sorted(told) == ["INSERT", "UPDATE", "UPDATE", "UPDATE"]
