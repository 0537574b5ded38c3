"""The door for authorities that call us: who may knock, what is kept, and what they are answered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from hub.gate.hooks import HookDoor
from hub.model import Quarantined, RawMessage, SyncRun
from sync.chains import walk_chain
from sync.pushed import jobs_with_pushes
from sync.replay import replay
from sync.runs import run_job
from tests.support.databases import ON_SQLITE
from tests.support.hooks.pushing import DOOR, notice, push
from tests.support.world import NOTIFY_TOKEN, World

CHAIN = "airport.events"


def kept(world: World) -> list[Any]:
    with world.hub.database.read() as connection:
        return list(connection.execute(select(RawMessage.__table__).order_by(RawMessage.seq)))


def error(answer: requests.Response) -> tuple[int, str]:
    (said,) = answer.json()["errors"]
    assert said["message"]
    assert said["extensions"]["wayOut"]
    return answer.status_code, said["extensions"]["code"]


@ON_SQLITE
def test_a_push_is_kept_as_it_came_and_answered_before_it_is_read(world: World) -> None:
    answer = push(world)
    assert (answer.status_code, answer.json()) == (202, {"known": False})
    (raw,) = kept(world)
    assert (raw.chain, raw.url, raw.content_type, raw.read_at) == (CHAIN, DOOR, "application/ld+json", None)
    assert raw.size == len(notice())
    assert jobs_with_pushes(world.hub.services) == [CHAIN]


def test_nothing_of_a_stranger_is_kept(small_world: World) -> None:
    for token in ("wrong", NOTIFY_TOKEN[:-1], NOTIFY_TOKEN + "x"):
        assert error(push(small_world, token=token)) == (401, "HOOK_REFUSED")
    assert requests.post(f"{small_world.address}{DOOR}", data=notice(), timeout=10).status_code == 401
    assert kept(small_world) == []


@pytest.mark.parametrize("path", ["/hooks/airport/other", "/hooks/nobody/notifications", "/hooks/customs/responses"])
def test_a_door_that_is_not_there_is_like_any_other_page_that_is_not(small_world: World, path: str) -> None:
    answer, nowhere = push(small_world, path=path), push(small_world, path="/nowhere")
    assert error(answer) == error(nowhere) == (404, "PATH_UNKNOWN")
    assert answer.text.replace(path, "/nowhere") == nowhere.text
    assert kept(small_world) == []


def test_a_hook_without_its_secret_is_not_there(small_world: World) -> None:
    airport = small_world.hub.connectors["airport"]
    shut = type(airport)({**airport.settings, "notify_token": ""})
    keep: Any = lambda *_, **__: pytest.fail("nothing may be kept")  # noqa: E731
    door = HookDoor({"airport": shut}, keep, small_world.clock)
    assert door._find("airport", "notifications") is None


def test_a_body_over_the_limit_is_refused_whatever_length_it_announces(small_world: World) -> None:
    limit = small_world.hub.connectors["airport"].hooks["notifications"].largest
    headers = {"Authorization": f"Bearer {NOTIFY_TOKEN}", "Accept-Language": "en"}
    for body in (b" " * (limit + 1), iter([b" " * limit, b" "])):
        answer = requests.post(f"{small_world.address}{DOOR}", data=body, headers=headers, timeout=10)
        assert error(answer) == (413, "BODY_TOO_LARGE")
        assert f"{limit}" in answer.json()["errors"][0]["message"].replace(",", "")
    assert kept(small_world) == []


def test_the_same_news_waits_once_and_is_news_again_after_it_was_read(world: World) -> None:
    assert [push(world).status_code for _ in range(3)] == [202, 200, 200]
    assert len(kept(world)) == 1
    assert run_job(world.hub.services, CHAIN, world.clock(), pushed=True) == "ok"
    assert push(world).status_code == 202
    assert len(kept(world)) == 2


def test_many_at_once_make_one_chain_without_a_fork(world: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: push(world, notice(number % 20)).status_code, range(40)))
    assert sorted(answers) == [200] * 20 + [202] * 20
    assert walk_chain(world.hub.database, CHAIN).links == []
    with world.hub.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(RawMessage)) == 20


@ON_SQLITE
def test_a_push_that_cannot_be_read_is_set_aside_and_stops_nobody(world: World) -> None:
    for body in (b"<no json>", b"{}", notice(1)):
        assert push(world, body).status_code == 202
    assert run_job(world.hub.services, CHAIN, world.clock(), pushed=True) == "ok"
    with world.hub.database.read() as connection:
        aside = connection.execute(select(Quarantined.reason, Quarantined.position)).all()
        run = connection.execute(select(SyncRun.kind, SyncRun.pages, SyncRun.quarantined)).one()
    assert [one.position for one in aside] == [-1, -1]
    assert "not JSON" in aside[0].reason
    assert "api:Notification was agreed" in aside[1].reason
    assert tuple(run) == ("pushed", 3, 2)
    assert jobs_with_pushes(world.hub.services) == []
    assert run_job(world.hub.services, CHAIN, world.clock()) == "ok"


def test_a_paused_stream_keeps_what_is_pushed_for_later(small_world: World) -> None:
    pause = 'mutation { pauseJob(job: "airport.events", reason: "works at the airport") { job } }'
    small_world.ask(pause, small_world.staff)
    assert push(small_world).status_code == 202
    assert jobs_with_pushes(small_world.hub.services) == []
    small_world.ask(pause.replace("pauseJob", "resumeJob"), small_world.staff)
    assert jobs_with_pushes(small_world.hub.services) == [CHAIN]


def test_a_connector_that_fails_over_a_push_sets_it_aside_until_it_is_mended(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = small_world.hub.connectors["airport"].streams["events"]
    stumbles: Any = lambda page: 1 / 0  # noqa: E731
    monkeypatch.setattr(stream, "read", stumbles)
    assert push(small_world).status_code == 202
    assert run_job(small_world.hub.services, CHAIN, small_world.clock(), pushed=True) == "ok"
    assert jobs_with_pushes(small_world.hub.services) == []
    assert [one.reason for one in waiting(small_world)] == [
        "the page cannot be read; the connector's fault: ZeroDivisionError: division by zero"
    ]
    monkeypatch.undo()
    assert replay(small_world.hub.services, CHAIN, small_world.clock()) == 1
    assert waiting(small_world) == []


def waiting(world: World) -> list[Any]:
    """What waits in quarantine."""
    with world.hub.database.read() as connection:
        return list(connection.execute(select(Quarantined.__table__).where(Quarantined.resolved_at.is_(None))))
