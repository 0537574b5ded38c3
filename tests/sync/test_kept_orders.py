"""An order is carried out, kept with its time, or refused with what to do; nothing is ordered in vain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import insert, update

from hub.errors import words
from hub.model import Command, Lease, SyncJob
from hub.operate.outcomes import outcome_in_words
from sync import commands
from sync.commands import obey_commands
from sync.jobs import OBEY
from sync.lease import give_back, take
from sync.pausing import pause_over
from sync.reread import Reread
from tests.support.databases import ON_SQLITE
from tests.support.sync.obeying import GIVE, JOB, ORDERS, REPLAY, REPLAY_ALL, STATUS, Obeying
from tests.support.world import World


@ON_SQLITE
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
@ON_SQLITE
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
@ON_SQLITE
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


@ON_SQLITE
def test_what_carries_out_orders_is_not_paused_for_nobody_could_resume_it(obeying: Obeying) -> None:
    refused = obeying.refusal((REPLAY % OBEY).replace("replay", "pause"))
    assert refused["code"] == "JOB_OBEYS"
    assert obeying.orders() == []


@ON_SQLITE
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


@ON_SQLITE
def test_a_job_that_the_hub_paused_itself_says_so(obeying: Obeying) -> None:
    with obeying.world.hub.database.write() as connection:
        pause_over(connection, JOB, "page 7", True, obeying.world.clock())
    assert "was paused by the hub itself at" in obeying.refusal(GIVE % JOB)["said"]
    assert "枢纽自身" in obeying.refusal(GIVE % JOB, "zh")["said"]


@ON_SQLITE
def test_a_pause_that_comes_later_keeps_what_was_ordered_before(obeying: Obeying) -> None:
    obeying.order()
    obeying.job(paused_at=obeying.world.clock(), paused_reason="x")
    assert (obeying(), obeying.standing()["ordered"][0]["state"]) == (0, "paused")
    obeying.job(paused_at=None)
    assert (obeying(), obeying.orders()) == (1, [("run", "carried_out", "ran: ok")])


@ON_SQLITE
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
    assert outcome_in_words(stored, JOB, "zh") == zh
    assert outcome_in_words(stored, JOB, "en") == stored


def test_an_order_carried_out_meanwhile_is_not_again(obeying: Obeying, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*_: Any) -> bool:
        monkeypatch.undo()
        return not Obeying(obeying.world)()

    obeying.order()
    monkeypatch.setattr(commands, "_is_held_up", meanwhile)
    obeying()
    assert obeying.runs() == ["ok"]


@ON_SQLITE
def test_one_order_that_is_kept_holds_up_no_other_job(obeying: Obeying) -> None:
    obeying.job(not_before=obeying.world.clock() + timedelta(hours=1))
    obeying.order()
    obeying.order(GIVE % "forex.parity")
    assert obeying() == 1
    given = obeying.world.ask(ORDERS, obeying.world.staff)["syncOrders"]
    assert [(one["job"], one["state"]) for one in given] == [("forex.parity", "carried_out"), (JOB, "resting")]


@ON_SQLITE
def test_a_job_whose_connector_is_left_out_takes_no_order(obeying: Obeying) -> None:
    with obeying.world.hub.database.write() as connection:
        connection.execute(
            insert(SyncJob).values(name="moon.rates", connector="moon", stream="rates", every=60, promise=60)
        )
    for query in (GIVE % "moon.rates", REPLAY % "moon.rates"):
        refused = obeying.refusal(query)
        assert (refused["code"], "yuhub connector list" in refused["way"]) == ("JOB_LEFT_OUT", True)


@ON_SQLITE
def test_where_no_scheduler_is_elected_an_order_is_kept_and_that_is_said(world: World) -> None:
    given = world.ask(GIVE % JOB, world.staff, why="x")["runJob"]
    assert given["state"] == "no_scheduler"
    assert world.ask(STATUS, world.staff)["scheduler"] == {"elected": False, "noneSince": None}
    with world.hub.database.write() as connection:
        connection.execute(insert(Lease).values(name="scheduler", holder="it", token=1, until=world.clock()))
    scheduler = world.ask(STATUS, world.staff)["scheduler"]
    assert (scheduler["elected"], scheduler["noneSince"][:16]) == (False, "2026-01-09T01:00")


@ON_SQLITE
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


@ON_SQLITE
def test_a_replay_that_takes_long_holds_up_no_other_job(obeying: Obeying, monkeypatch: pytest.MonkeyPatch) -> None:
    obeying.world.run(JOB)
    obeying.order(REPLAY_ALL)
    read_again, go_on = Reread.read_again, Event()

    def reads_long(reread: Reread, raw_id: str) -> None:
        assert go_on.wait(60)
        read_again(reread, raw_id)

    monkeypatch.setattr(Reread, "read_again", reads_long)
    parts = obeying.world.hub.services
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
