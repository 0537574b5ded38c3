"""Every fault against every stream: the right class of error in time, and nothing is lost once the fault is gone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from hub.model import Quarantined, RawMessage, SyncJob, SyncRun
from mocks.hostile import FAULTS
from sync.jobs import split_name
from sync.pull import watched_values
from sync.tables import TABLES
from tests.support.hostile.expected import CASES, OK, RETRY, SIGN_IN, STREAMS
from tests.support.hostile.seeds import sow
from tests.support.world import World

READ, TOTAL = timedelta(seconds=0.15), timedelta(seconds=0.3)
LATER = timedelta(minutes=11)  # longer than any wait that was asked for, and before the next parity is published
BUT_FOR_TOKENS = "/[!o]*"
Key = tuple[str, str]


def told(world: World, job: str) -> set[Key]:
    """What the authority has to tell: noun and key of each record, read without the hub."""
    code, stream = split_name(job)
    connector = world.hub.connectors[code]
    source = connector.streams[stream or ""]
    with world.hub.database.read() as connection:
        watched = watched_values(connection, code, source.watches, None)
    with closing(connector.open()) as http:
        return {
            (schema.noun, str(values["source_id"]))
            for page in list(source.pages(http, "", watched))
            for schema, values in source.read(page)
        }


def known(world: World, source: str) -> set[Key]:
    with world.hub.database.read() as connection:
        return {
            (noun, key)
            for noun, table in TABLES.items()
            for key in connection.scalars(select(table.__table__.c.source_id).where(table.__table__.c.source == source))
        }


def rows(world: World, table: Any) -> list[Any]:
    with world.hub.database.read() as connection:
        return list(connection.execute(select(table.__table__)))


def pull(world: World, streams: Sequence[str]) -> dict[str, str]:
    """Runs streams once; how each ended, `ok` or the code of its error."""
    ended = {}
    for job in streams:
        ended[job] = world.run(job)[job]
    failed = {row.name: row.error_code for row in rows(world, SyncJob) if row.failures}
    return {job: failed.get(job, outcome) for job, outcome in ended.items()}


def test_every_fault_has_its_row() -> None:
    assert set(CASES) == set(FAULTS)


@pytest.mark.parametrize(
    "fault", [pytest.param(one, marks=pytest.mark.long if one.startswith("saved_then") else ()) for one in CASES]
)
def test_a_fault_is_named_and_loses_nothing(small_world: World, fault: str) -> None:
    world, case = small_world, CASES[fault]
    sow(world)
    expected = {job: told(world, job) for job in case.streams}
    usual = {code: connector.timeouts for code, connector in world.hub.connectors.items()}
    if case.hurry:
        world.hurry(READ, TOTAL)
    for hostile in world.hostile.values():
        hostile.set(fault, path=BUT_FOR_TOKENS, **case.parameters)

    assert pull(world, case.streams) == case.expected()
    assert all(hostile.struck(fault) for hostile in world.hostile.values())
    for row in rows(world, Quarantined):
        assert row.reason

    for hostile in world.hostile.values():
        hostile.clear()
    for code, connector in world.hub.connectors.items():
        connector.timeouts = usual[code]
    world.clock.forward(LATER)
    assert pull(world, case.streams) == dict.fromkeys(case.streams, OK)

    for job in case.streams:
        lost = expected[job] - known(world, split_name(job)[0])
        enough = case.distorts and len(known(world, split_name(job)[0])) >= len(expected[job])
        assert not lost or job in case.set_aside or enough, job
    for run in rows(world, SyncRun):
        assert run.received == run.merged + run.unchanged + run.superseded + run.quarantined, run
    waiting = {f"{row.connector}.{row.stream}": row for row in rows(world, Quarantined) if not row.resolved_at}
    assert set(waiting) == set(case.set_aside), waiting
    assert [row.chain for row in rows(world, RawMessage) if row.read_at is None] == []


def test_nobody_is_sent_on_to_another_host(small_world: World, httpserver: HTTPServer) -> None:
    """What an authority redirects to could be anything inside our network, and would see our credentials."""
    httpserver.expect_request("/").respond_with_data("secret")
    for hostile in small_world.hostile.values():
        hostile.set("redirect", to=httpserver.url_for("/"))
    assert set(small_world.run(*STREAMS).values()) <= {"failed", OK}  # nobody watches a waybill yet
    assert httpserver.log == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [("expired", SIGN_IN), ("bomb", SIGN_IN), ("error_in_success", SIGN_IN), ("cut", RETRY), ("server_error", RETRY),
     ("too_many", RETRY), ("oversized", RETRY)],
)  # fmt: skip
def test_who_gives_out_tokens_may_fail_too(small_world: World, fault: str, code: str) -> None:
    world = small_world
    world.hostile["rail"].set(fault, path="/oauth/*")
    assert pull(world, ["rail.schedules"]) == {"rail.schedules": code}
    world.hostile["rail"].clear()
    world.clock.forward(LATER)
    assert pull(world, ["rail.schedules"]) == {"rail.schedules": OK}
