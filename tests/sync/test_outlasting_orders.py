"""What an order outlasts: a process that dies over it, a database that is away, another run that came before."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hub.access import Role
from hub.errors import DatabaseBusy, DatabaseConflict, HubError
from hub.model import SyncRun
from sync.commands import obey_commands
from sync.reread import Reread
from sync.run_ledger import close_left
from tests.support.databases import ON_SQLITE
from tests.support.sync.obeying import GIVE, JOB, REPLAY_ALL, Obeying
from tests.support.world import World


def test_an_order_whose_process_died_before_it_ran_is_carried_out_by_the_next(
    obeying: Obeying, monkeypatch: pytest.MonkeyPatch
) -> None:
    obeying.order()
    with monkeypatch.context() as killed:
        killed.setattr(obeying.engine, "submit", lambda *_, **__: True)
        obey_commands(obeying.world.hub.services, obeying.engine)
    assert obeying.orders() == [("run", "next", None)]
    Obeying(obeying.world)()
    assert (obeying.orders(), obeying.runs()) == ([("run", "carried_out", "ran: ok")], ["ok"])


@pytest.mark.parametrize("error", [DatabaseBusy(seconds="10"), DatabaseConflict(database="it", cause="deadlock")])
@pytest.mark.parametrize(("query", "at"), [(GIVE % JOB, "sync.runs.take"), (REPLAY_ALL, "sync.replay.take")])
def test_an_order_outlasts_a_database_that_did_not_take_it(
    obeying: Obeying, monkeypatch: pytest.MonkeyPatch, query: str, at: str, error: HubError
) -> None:
    def fails(*_: Any) -> None:
        raise error

    obeying.world.run(JOB)
    obeying.order(query)
    with monkeypatch.context() as away:
        away.setattr(at, fails)
        obeying()
    assert [state for _, state, _ in obeying.orders()] == ["next"]
    obeying()
    assert [state for _, state, _ in obeying.orders()] == ["carried_out"]


@ON_SQLITE
def test_a_replay_that_another_run_came_before_is_kept(obeying: Obeying, monkeypatch: pytest.MonkeyPatch) -> None:
    obeying.world.run(JOB)
    obeying.order(REPLAY_ALL)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("sync.replay.take", lambda *_: None)
        obeying()
    assert obeying.orders() == [("replay", "next", None)]


@ON_SQLITE
def test_a_replay_in_whose_middle_the_hub_ended_is_done_again(
    obeying: Obeying, monkeypatch: pytest.MonkeyPatch
) -> None:
    obeying.world.run(JOB)
    obeying.order(REPLAY_ALL)
    read_again, parts = Reread.read_again, obeying.world.hub.services

    def ending(reread: Reread, raw_id: str) -> None:
        with parts.database.write() as connection:
            close_left(connection, [*parts.under_way.values()], parts.now())
        read_again(reread, raw_id)

    with monkeypatch.context() as ended:
        ended.setattr(Reread, "read_again", ending)
        obeying()
    assert obeying.orders() == [("replay", "next", None)]
    with parts.database.read() as connection:
        assert connection.scalar(select(SyncRun.error_code).where(SyncRun.kind == "replay")) == "ENDED"
    obeying()
    assert obeying.orders() == [("replay", "carried_out", "1 pages read again")]


@ON_SQLITE
def test_orders_are_for_staff(world: World) -> None:
    stranger = world.issue("stranger", Role.ENTERPRISE)
    for query in ("{ syncOrders { job } }", "{ scheduler { elected } }"):
        assert world.post(query, stranger).json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
