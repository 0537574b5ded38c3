"""A sandbox: an integrator's key does what an enterprise's does, and nobody real ever hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hub.access import Role
from hub.cli.main import commands
from hub.model import Enterprise, SyncJob
from tests.support.flow.story import ENTER, STATES
from tests.support.refusals import refuses
from tests.support.world import Street, World, a_world, demo_file


@pytest.fixture
def sandbox(street: Street, tmp_path: Path) -> Iterator[World]:
    with a_world(street, tmp_path, f"sqlite:///{tmp_path / 'hub.db'}", YUHUB_SANDBOX="true") as world:
        yield world


def integrator(world: World) -> str:
    world.exporter()
    with world.hub.database.read() as connection:
        (id_,) = connection.scalars(select(Enterprise.id)).all()
    return world.issue("a software house", Role.INTEGRATOR, id_)


class Real:
    """An authority that is none of ours: it answers, and notes what it was told."""

    def __init__(self, app: Any, about: bytes, status: str = "200 OK") -> None:
        self.app, self.about, self.status = app, about, status
        self.told: list[str] = []

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/_control/about":
            self.told.append(environ["PATH_INFO"])
            return self.app(environ, start_response)
        assert "HTTP_AUTHORIZATION" not in environ
        start_response(self.status, [("Content-Length", str(len(self.about)))])
        return [self.about]


def test_an_integrator_tries_a_trade_out_against_the_stand_ins(sandbox: World) -> None:
    key = integrator(sandbox)
    assert set(sandbox.run("customs.tariffs", "tax.rates", "forex.parity").values()) == {"ok"}
    entered = sandbox.ask(ENTER, key, input=demo_file("trades", "xuchang-wigs-to-chicago"))["enterTrade"]
    assert entered["errors"] == []
    assert sandbox.run("customs.send") == {"customs.send": "ok"}
    states = sandbox.ask(STATES, key, n=entered["trade"]["number"])["trade"]["documents"]
    assert {one["state"] for one in states if one["kind"] == "customs.order"} == {"sent"}


@pytest.mark.parametrize(
    ("about", "status"),
    [
        (b'{"standIn": false}', "200 OK"),
        (b'{"standIn": "yes"}', "200 OK"),
        (b"[true]", "200 OK"),
        (b"<html>welcome</html>", "200 OK"),
        (b'{"standIn": true}', "404 Not Found"),
        (b"", "401 Unauthorized"),
    ],
)
def test_nobody_real_hears_a_word_of_a_sandbox(sandbox: World, about: bytes, status: str) -> None:
    key = integrator(sandbox)
    sandbox.run("customs.tariffs", "tax.rates", "forex.parity")
    sandbox.ask(ENTER, key, input=demo_file("trades", "xuchang-wigs-to-chicago"))
    real = sandbox.street.doors["customs"].app = Real(sandbox.apps["customs"], about, status)
    assert set(sandbox.run("customs.send", "customs.receipts").values()) == {"failed"}
    assert real.told == []
    with sandbox.hub.database.read() as connection:
        said = connection.execute(select(SyncJob.error_code, SyncJob.error).where(SyncJob.name == "customs.send")).one()
    assert said.error_code == "SANDBOX_ONLY"
    assert "does not say that it is a stand-in" in said.error
    sandbox.street.doors["customs"].app = sandbox.apps["customs"]
    assert sandbox.run("customs.send") == {"customs.send": "ok"}  # the papers have waited


def test_elsewhere_an_integrators_key_is_refused_with_the_way_out(small_world: World) -> None:
    key = integrator(small_world)
    (error,) = small_world.post("{ trades { number } }", key).json()["errors"]
    assert error["extensions"]["code"] == "SANDBOX_ONLY"
    assert "YUHUB_SANDBOX" in error["extensions"]["wayOut"]


def test_such_keys_are_issued_by_a_sandbox_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUHUB_DATA_DIR", str(tmp_path))
    issue = ["key", "issue", "a software house", "--role", "integrator"]
    with refuses("SANDBOX_ONLY"):
        CliRunner().invoke(commands, issue, catch_exceptions=False)
    monkeypatch.setenv("YUHUB_SANDBOX", "true")
    issued = CliRunner().invoke(commands, issue)
    assert issued.exit_code == 0
    assert issued.output.startswith("yh_")
