"""An order is carried out, kept with its time, or refused with what to do; nothing is ordered in vain."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from hub.access import Role
from hub.errors import DatabaseBusy, DatabaseConflict, HubError, words
from hub.model import Command, Lease, SyncJob, SyncRun
from hub.operate.outcomes import said
from sync import obey
from sync.lease import give_back, take
from sync.ledger import close_left
from sync.obey import obey_commands
from sync.pausing import pause_over
from sync.reread import Reread
from tests.support.world import World
from tests.sync.engines import Awaited

JOB = "tax.rates"
GIVE = """mutation($why: String!) { runJob(job: "%s", reason: $why) { state due outcome by at } }"""
REPLAY = 'mutation($why: String!) { replayJob(job: "%s", reason: $why) { state outcome } }'
REPLAY_ALL = (REPLAY % JOB).replace("reason: $why", "reason: $why, everything: true")
STATUS = """{ syncJobs { name restsUntil ordered { action by reason state due } } scheduler { elected noneSince } }"""
ORDERS = "query($job: String) { syncOrders(job: $job) { job action by reason state due outcome carriedOutAt } }"


class Obeying:
    """A scheduler that is elected, and looks at the orders when the test says so."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.engine = Awaited(world.hub.parts)

    def __call__(self) -> int:
        """How many orders were carried out, when all that they started has ended."""
        done = obey_commands(self.world.hub.parts, self.engine)
        self.engine.wait()
        self.engine.close()
        self.engine = Awaited(self.world.hub.parts)
        return done

    def job(self, **columns: Any) -> None:
        with self.world.hub.database.write() as connection:
            connection.execute(update(SyncJob).where(SyncJob.name == JOB).values(**columns))

    def order(self, query: str = GIVE % JOB, why: str = "look at once") -> Any:
        return next(iter(self.world.ask(query, self.world.staff, why=why).values()))

    def refusal(self, query: str, language: str = "en") -> dict[str, str]:
        (error,) = self.world.post(query, self.world.staff, language, why="x").json()["errors"]
        return {"code": error["extensions"]["code"], "way": error["extensions"]["wayOut"], "said": error["message"]}

    def standing(self) -> Any:
        jobs = self.world.ask(STATUS, self.world.staff)["syncJobs"]
        return next(one for one in jobs if one["name"] == JOB)

    def orders(self) -> list[tuple[str, str, str | None]]:
        given = self.world.ask(ORDERS, self.world.staff, job=JOB)["syncOrders"]
        return [(one["action"], one["state"], one["outcome"]) for one in given]

    def runs(self) -> list[str]:
        with self.world.hub.database.read() as connection:
            return list(connection.scalars(select(SyncRun.state).where(SyncRun.job == JOB)))


@pytest.fixture
def obeying(world: World) -> Iterator[Obeying]:
    with world.hub.database.write() as connection:
        until = world.clock() + timedelta(days=1)
        connection.execute(insert(Lease).values(name="scheduler", holder="a test", token=1, until=until))
    found = Obeying(world)
    yield found
    found.engine.close()


def test_an_order_to_a_job_that_rests_is_kept_and_carried_out_when_the_rest_is_over(obeying: Obeying) -> None:
    until = obeying.world.clock() + timedelta(minutes=10)
    obeying.job(not_before=until)
    given = obeying.order()
    due = given["due"]
    assert (given["state"], given["outcome"], given["by"]) == ("resting", None, "operator")
    standing = obeying.standing()
    assert standing["restsUntil"] == due
    assert [(one["action"], one["by"], one["reason"], one["due"]) for one in standing["ordered"]] == [
        ("run", "operator", "look at once", due)
    ]
    assert (obeying(), obeying.runs()) == (0, [])
    obeying.world.clock.forward(timedelta(minutes=10))
    assert (obeying(), obeying.runs()) == (1, ["ok"])
    assert obeying.orders() == [("run", "carried_out", "ran: ok")]
    assert (obeying.standing()["restsUntil"], obeying.standing()["ordered"]) == (None, [])


@pytest.mark.parametrize("query", [GIVE % JOB, REPLAY % JOB], ids=["run", "replay"])
def test_an_order_to_a_job_that_runs_is_kept_until_the_run_has_ended(obeying: Obeying, query: str) -> None:
    if query == REPLAY % JOB:
        obeying.world.run(JOB)
        query = REPLAY_ALL
    with obeying.world.hub.database.write() as connection:
        lease = take(connection, JOB, "another", obeying.world.clock(), timedelta(minutes=2))
        assert lease
    assert obeying.order(query)["state"] == "running"
    assert obeying() == 0
    with obeying.world.hub.database.write() as connection:
        give_back(connection, lease)
    assert obeying() == 1
    ((_, state, outcome),) = obeying.orders()
    assert (state, outcome) == ("carried_out", "1 pages read again" if "replay" in query else "ran: ok")


@pytest.mark.parametrize("query", [GIVE % JOB, REPLAY % JOB], ids=["run", "replay"])
def test_an_order_to_a_paused_job_is_refused_and_says_who_paused_it(obeying: Obeying, query: str) -> None:
    pause = (REPLAY % JOB).replace("replay", "pause")
    assert obeying.order(pause, "the bureau asked us to") == {"state": "carried_out", "outcome": "done"}
    refused = obeying.refusal(query)
    assert refused["code"] == "JOB_PAUSED"
    assert "was paused by operator at 2026-01-09 09:00" in refused["said"]
    assert refused["said"].endswith("Beijing time: the bureau asked us to")
    assert "yuhub sync resume" in refused["way"]
    assert "由operator于北京时间" in obeying.refusal(query, "zh")["said"]
    assert obeying.orders() == [("pause", "carried_out", "done")]


def test_what_is_so_already_is_said_with_since_when(obeying: Obeying) -> None:
    pause, resume = ((REPLAY % JOB).replace("replay", word) for word in ("pause", "resume"))
    never = obeying.refusal(resume)
    assert (never["code"], "nobody ever resumed it" in never["said"]) == ("JOB_NOT_PAUSED", True)
    obeying.order(pause, "the bureau asked us to")
    again = obeying.refusal(pause)
    assert again["code"] == "JOB_PAUSED_ALREADY"
    assert "by operator at 2026-01-09 09:00:00 Beijing time: the bureau asked us to" in again["said"]
    obeying.order(resume)
    assert "it was resumed at 2026-01-09 09:00:00 Beijing time" in obeying.refusal(resume)["said"]
    assert "已于北京时间 2026-01-09 09:00:00 恢复" in obeying.refusal(resume, "zh")["said"]
    assert [action for action, _, _ in obeying.orders()] == ["resume", "pause"]
    obeying.job(not_before=obeying.world.clock() + timedelta(hours=1))
    assert obeying.order(resume)["state"] == "carried_out", "a rest is ended"
    assert obeying.standing()["restsUntil"] is None


@pytest.mark.parametrize("query", [GIVE % JOB, REPLAY % JOB], ids=["run", "replay"])
def test_the_same_order_does_not_pile_up_while_the_first_waits(obeying: Obeying, query: str) -> None:
    obeying.world.run(JOB)
    obeying.job(not_before=obeying.world.clock() + timedelta(hours=1))
    obeying.order(query, "look at once")
    refused = obeying.refusal(query)
    assert refused["code"] == "JOB_ORDERED"
    assert "given by operator at 2026-01-09 09:00:00 Beijing time (look at once)" in refused["said"]
    if "runJob" in query:
        assert refused["said"].endswith("and runs at 2026-01-09 10:00:00 Beijing time")
        assert "北京时间 2026-01-09 10:00:00 执行" in obeying.refusal(query, "zh")["said"]
        assert obeying.order(REPLAY % JOB)["state"] == "next", "another order is another"
    else:
        obeying.order(query.replace("reason: $why", "reason: $why, everything: true"))
    assert len(obeying.orders()) == 2
    obeying.world.clock.forward(timedelta(hours=1))
    with obeying.world.hub.database.write() as connection:
        connection.execute(update(Command).values(obeyed_at=obeying.world.clock(), outcome="done"))
    obeying.order(query)


def test_a_job_that_the_hub_paused_itself_says_so(obeying: Obeying) -> None:
    with obeying.world.hub.database.write() as connection:
        pause_over(connection, JOB, "page 7", True, obeying.world.clock())
    assert "was paused by the hub itself at" in obeying.refusal(GIVE % JOB)["said"]
    assert "枢纽自身" in obeying.refusal(GIVE % JOB, "zh")["said"]


def test_a_pause_that_comes_later_keeps_what_was_ordered_before(obeying: Obeying) -> None:
    obeying.order()
    obeying.job(paused_at=obeying.world.clock(), paused_reason="x")
    assert (obeying(), obeying.standing()["ordered"][0]["state"]) == (0, "paused")
    obeying.job(paused_at=None)
    assert (obeying(), obeying.orders()) == (1, [("run", "carried_out", "ran: ok")])


def test_a_run_that_fails_says_so_in_the_order(obeying: Obeying) -> None:
    obeying.world.street.doors["tax"].app = None
    obeying.order()
    assert obeying() == 1
    assert obeying.orders() == [("run", "carried_out", "ran: failed")]
    answer = obeying.world.post(ORDERS, obeying.world.staff, "zh", job=JOB).json()["data"]
    assert answer["syncOrders"][0]["outcome"] == "已运行，失败"


@pytest.mark.parametrize(
    ("stored", "zh"),
    [
        ("12 pages read again", "已重新读取 12 页"),
        ("3 papers tried anew", "已重新尝试 3 份单证"),
        ("REPLAY_NOTHING: x", f"REPLAY_NOTHING: {words('REPLAY_NOTHING', 'zh', {'what': JOB})}"),
        ("TransportError: gone", "TransportError: gone"),
        (None, None),
    ],
)
def test_what_became_of_an_order_is_said_in_chinese(stored: str | None, zh: str | None) -> None:
    assert said(stored, JOB, "zh") == zh
    assert said(stored, JOB, "en") == stored


def test_an_order_carried_out_meanwhile_is_not_again(obeying: Obeying, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*_: Any) -> bool:
        monkeypatch.undo()
        return not Obeying(obeying.world)()

    obeying.order()
    monkeypatch.setattr(obey, "_is_held_up", meanwhile)
    obeying()
    assert obeying.runs() == ["ok"]


def test_one_order_that_is_kept_holds_up_no_other_job(obeying: Obeying) -> None:
    obeying.job(not_before=obeying.world.clock() + timedelta(hours=1))
    obeying.order()
    obeying.order(GIVE % "forex.parity")
    assert obeying() == 1
    given = obeying.world.ask(ORDERS, obeying.world.staff)["syncOrders"]
    assert [(one["job"], one["state"]) for one in given] == [("forex.parity", "carried_out"), (JOB, "resting")]


def test_a_job_whose_connector_is_left_out_takes_no_order(obeying: Obeying) -> None:
    with obeying.world.hub.database.write() as connection:
        connection.execute(
            insert(SyncJob).values(name="moon.rates", connector="moon", stream="rates", every=60, promise=60)
        )
    for query in (GIVE % "moon.rates", REPLAY % "moon.rates"):
        refused = obeying.refusal(query)
        assert (refused["code"], "yuhub connector list" in refused["way"]) == ("JOB_LEFT_OUT", True)


def test_where_no_scheduler_is_elected_an_order_is_kept_and_that_is_said(world: World) -> None:
    given = world.ask(GIVE % JOB, world.staff, why="x")["runJob"]
    assert given["state"] == "no_scheduler"
    assert world.ask(STATUS, world.staff)["scheduler"] == {"elected": False, "noneSince": None}
    with world.hub.database.write() as connection:
        connection.execute(insert(Lease).values(name="scheduler", holder="it", token=1, until=world.clock()))
    scheduler = world.ask(STATUS, world.staff)["scheduler"]
    assert (scheduler["elected"], scheduler["noneSince"][:16]) == (False, "2026-01-09T01:00")


def test_an_order_whose_run_is_under_way_says_so_and_the_one_behind_it_waits(obeying: Obeying) -> None:
    street, seen = obeying.world.street, list[str]()
    tax = street.doors["tax"].app

    def asked(environ: Any, start_response: Any) -> Any:
        while not seen:
            if [state for _, state, _ in obeying.orders()] == ["under_way"]:  # it is noted that the run was begun
                obeying.order(why="once more")
                seen.extend(state for _, state, _ in obeying.orders())
        assert tax
        return tax(environ, start_response)

    street.doors["tax"].app = asked
    obeying.order()
    assert obeying() == 1
    assert seen == ["running", "under_way"]
    assert [state for _, state, _ in obeying.orders()] == ["next", "carried_out"]


def test_a_replay_that_takes_long_holds_up_no_other_job(obeying: Obeying, monkeypatch: pytest.MonkeyPatch) -> None:
    obeying.world.run(JOB)
    obeying.order(REPLAY_ALL)
    read_again, go_on = Reread.read_again, Event()

    def reads_long(reread: Reread, raw_id: str) -> None:
        assert go_on.wait(60)
        read_again(reread, raw_id)

    monkeypatch.setattr(Reread, "read_again", reads_long)
    parts = obeying.world.hub.parts
    with ThreadPoolExecutor(1) as other:
        first = other.submit(obey_commands, parts, obeying.engine)
        wait([first], 10)
        obeying.order(GIVE % "forex.parity")
        seen = first.done() and obey_commands(parts, obeying.engine)
        go_on.set()
    obeying.engine.close()
    assert seen == 1
    given = obeying.world.ask(ORDERS, obeying.world.staff)["syncOrders"]
    assert [(one["job"], one["outcome"]) for one in given] == [("forex.parity", "ran: ok"), (JOB, "1 pages read again")]


def test_an_order_whose_process_died_before_it_ran_is_carried_out_by_the_next(
    obeying: Obeying, monkeypatch: pytest.MonkeyPatch
) -> None:
    obeying.order()
    with monkeypatch.context() as killed:
        killed.setattr(obeying.engine, "_submit", lambda *_: Future())
        obey_commands(obeying.world.hub.parts, obeying.engine)
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


def test_a_replay_that_another_run_came_before_is_kept(obeying: Obeying, monkeypatch: pytest.MonkeyPatch) -> None:
    obeying.world.run(JOB)
    obeying.order(REPLAY_ALL)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("sync.replay.take", lambda *_: None)
        obeying()
    assert obeying.orders() == [("replay", "next", None)]


def test_a_replay_in_whose_middle_the_hub_ended_is_done_again(
    obeying: Obeying, monkeypatch: pytest.MonkeyPatch
) -> None:
    obeying.world.run(JOB)
    obeying.order(REPLAY_ALL)
    read_again, parts = Reread.read_again, obeying.world.hub.parts

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


def test_orders_are_for_staff(world: World) -> None:
    stranger = world.issue("stranger", Role.ENTERPRISE)
    for query in ("{ syncOrders { job } }", "{ scheduler { elected } }"):
        assert world.post(query, stranger).json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
