"""The engine and an authority that fails: it is left alone, nobody else is, and no secret gets into what is kept."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hub.model import Base, RawMessage
from tests.support.certificates import Authority
from tests.support.world import Street, World, a_world, demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
JOBS = "{ syncJobs { name state error errorCode } }"
TOKEN = "demo-customs-token"


def answers(status: str, body: bytes = b"") -> Callable[..., Iterable[bytes]]:
    """An authority that has one answer for everybody."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(status, [("Content-Length", str(len(body))), ("Content-Type", "application/xml")])
        return [body]

    return app


def job(world: World, name: str) -> dict[str, Any]:
    jobs = world.ask(JOBS, world.staff)["syncJobs"]
    return next(one for one in jobs if one["name"] == name)


def enter(world: World) -> None:
    key = world.exporter()
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    entered = world.ask(ENTER, key, input=demo_file("trades", "xuchang-wigs-to-chicago"))["enterTrade"]
    assert entered["errors"] == []


def test_an_authority_that_is_down_is_left_alone_until_it_is_back_and_the_others_are_served(small_world: World) -> None:
    world = small_world
    healthy = world.street.doors["customs"].app
    world.street.doors["customs"].app = answers("502 Bad Gateway")
    for _ in range(5):
        world.clock.forward(timedelta(seconds=20))
        ran = world.run("customs.responses", "forex.credits")
        assert ran["forex.credits"] == "ok"
    told = job(world, "customs.responses")
    assert told["errorCode"] == "RETRIABLE"
    assert "paused after 10 failures in a row (the authority's gateway failed (HTTP 502)), since " in told["error"]
    assert world.run("customs.responses") == {"customs.responses": "skipped"}  # it waits until the pause is over
    assert job(world, "forex.credits")["error"] is None
    (finding,) = world.hub.connectors["customs"].health()
    assert "paused after 10 failures" in finding.en
    world.street.doors["customs"].app = healthy
    world.clock.forward(timedelta(seconds=30))
    assert world.run("customs.responses", "customs.declarations") == {
        "customs.responses": "ok",
        "customs.declarations": "ok",
    }
    assert world.hub.connectors["customs"].health() == []


def everything_kept(world: World) -> str:
    """All rows of all tables but what was received and sent, which is kept as it was."""
    with world.hub.database.read() as connection:
        rows = [
            dict(row._mapping)
            for table in Base.metadata.sorted_tables
            if table is not RawMessage.__table__
            for row in connection.execute(select(table))
        ]
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_a_secret_that_an_authority_repeats_is_kept_nowhere_and_logged_nowhere(
    small_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = small_world
    enter(world)
    echo = f"<DxpError><Code>0001</Code><Message>Bearer {TOKEN} is not known</Message></DxpError>"
    world.street.doors["customs"].app = answers("400 Bad Request", echo.encode())
    with caplog.at_level(logging.DEBUG, "yuhub"):
        assert world.run("customs.send") == {"customs.send": "failed"}
    error = job(world, "customs.send")["error"]
    assert "0001 Bearer ••• is not known" in error
    kept = everything_kept(world)
    assert kept.count("Bearer ••• is not known") >= 3  # the job, its run, an attempt
    assert TOKEN not in kept
    assert TOKEN not in "".join(record.getMessage() for record in caplog.records)


def test_papers_wait_untouched_while_nothing_can_be_signed_and_go_out_once_the_certificate_is_renewed(
    street: Street, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    pair = authority.issue("transfer")
    made = {"YUHUB_CUSTOMS_SIGNING_CERTIFICATE": pair.certificate, "YUHUB_CUSTOMS_SIGNING_KEY": pair.key}
    with a_world(street, tmp_path, f"sqlite:///{tmp_path / 'hub.db'}", **made) as world:
        enter(world)
        authority.issue("transfer", until=world.clock() - timedelta(hours=1))  # the certificate has ended
        assert world.run("customs.send") == {"customs.send": "failed"}
        told = job(world, "customs.send")
        assert told["errorCode"] == "NEEDS_CREDENTIALS"
        assert told["error"].startswith("signing_certificate: the certificate is valid from")
        assert world.taken("customs") == []
        authority.issue("transfer")
        world.clock.forward(timedelta(minutes=10))
        assert world.run("customs.send") == {"customs.send": "ok"}
        assert {entry.kind for entry in world.taken("customs")} == {"message", "CEB303", "CEB403", "CEB505"}
        assert all("<ds:Signature " in entry.body for entry in world.taken("customs", "message"))
