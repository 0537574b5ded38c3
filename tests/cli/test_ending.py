"""A hub that ends: soon, with its ledger closed, whatever a plugin does, and nothing taken on that is left undone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select

from connectors.sdk.http import utc_now
from hub.cli.ending import WATCH
from hub.model import Database, Lease, SyncJob, SyncRun
from tests.support.packages import SOUND, install
from tests.support.processes import environment_of
from tests.support.waiting import wait_until
from tests.support.world import NOTIFY_TOKEN, World, settings_for

FOR_EVER = {"sleeps": "import time; time.sleep(3600)", "spins": "while True: pass"}
STUCK = "stuck.rates"
PROGRAM = "from hub.cli import main, serve; serve.RUNS_END = 0.5; main()"
"""`yuhub`, with less patience for what does not end."""
TOLD_AS_IT_STARTS = """
import os, signal
from hub.cli import main, serve
begin = serve.Hub.scheduler
def told(hub):
    os.kill(os.getpid(), signal.SIGTERM)
    return begin(hub)
serve.Hub.scheduler = told
main()
"""
LONG = 120
"""Seconds that end what would last for ever."""


class Hub:
    """A hub in a process of its own, with a connector whose pull does not come back."""

    def __init__(self, folder: Path, url: str, command: str, act: str, heard: int = subprocess.PIPE) -> None:
        install(folder, "stuck", source=SOUND.replace("return iter(())", act, 1))
        environment = environment_of(settings_for(folder, url, {}))
        environment["PYTHONPATH"] = os.pathsep.join([environment["PYTHONPATH"], str(folder)])
        environment["YUHUB_LEASE_SECONDS"] = "3600"  # nothing ends by itself while the test looks
        port = ("--port", "0") if command != "scheduler" else ()
        self.database = Database(url)
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, command, *port], env=environment, stderr=heard, text=True
        )
        wait_until(self.is_stuck, LONG)

    def is_stuck(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()
        with self.database.read() as connection:
            return bool(connection.scalar(select(func.count()).select_from(SyncRun).where(SyncRun.job == STUCK)))

    def ended(self) -> tuple[int, str]:
        _, said = self.process.communicate(timeout=LONG)
        return self.process.returncode, said


@contextmanager
def a_hub(folder: Path, url: str, command: str, act: str, heard: int = subprocess.PIPE) -> Iterator[Hub]:
    hub = Hub(folder, url, command, act, heard)
    try:
        yield hub
    finally:
        hub.process.kill()
        hub.process.communicate()
        hub.database.close()


@pytest.mark.parametrize(
    ("hub_url", "command", "act"),
    [("sqlite", "up", "sleeps"), ("postgresql", "scheduler", "spins")],
    indirect=["hub_url"],
)
def test_a_plugin_that_never_comes_back_keeps_no_hub_from_ending(
    tmp_path: Path, hub_url: str, command: str, act: str
) -> None:
    with a_hub(tmp_path, hub_url, command, FOR_EVER[act]) as hub:
        hub.process.send_signal(signal.SIGTERM)
        code, said = hub.ended()
        assert code == 0, said
        assert STUCK in said.partition("left in the middle: ")[2]
        with hub.database.read() as connection:
            run = connection.execute(select(SyncRun.state, SyncRun.error_code).where(SyncRun.job == STUCK)).one()
            job = connection.execute(select(SyncJob.lease_run, SyncJob.lease_until).where(SyncJob.name == STUCK)).one()
            elected_until = connection.scalar(select(Lease.until))
        assert run == ("failed", "ENDED")
        assert job == (None, None)
        assert elected_until is not None
        assert elected_until <= utc_now(), "another may be elected at once"


def test_a_hub_that_is_told_to_end_as_it_starts_ends_well(tmp_path: Path, small_url: str) -> None:
    environment = environment_of(settings_for(tmp_path, small_url, {}))
    command = [sys.executable, "-c", TOLD_AS_IT_STARTS, "scheduler"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONG, check=False)
    assert done.returncode == 0, done.stderr


def test_a_plugin_that_would_end_the_process_fails_its_run_alone(tmp_path: Path, small_url: str) -> None:
    failed = select(SyncRun.id).where(SyncRun.job == STUCK, SyncRun.state == "failed")
    with a_hub(tmp_path, small_url, "scheduler", "raise SystemExit") as hub:

        def has_failed() -> bool:
            with hub.database.read() as connection:
                return connection.execute(failed).first() is not None

        wait_until(has_failed, 20)


@pytest.mark.long
def test_a_plugin_that_holds_the_interpreter_keeps_no_hub_from_ending(tmp_path: Path, small_url: str) -> None:
    with a_hub(tmp_path, small_url, "up", 'import re, time; time.sleep(8); re.match("(a+)+$", "a" * 60 + "b")') as hub:
        time.sleep(15)
        hub.process.send_signal(signal.SIGTERM)
        code, said = hub.ended()
        assert code == -signal.SIGKILL
        assert "let no other thread run" in said


def test_what_stands_beside_a_hub_goes_with_it() -> None:
    """It holds the other end of whatever the hub writes to: whoever reads that to the end waits for it."""
    program = [sys.executable, "-I", "-S", "-c", WATCH, str(os.getpid()), "3600"]
    with subprocess.Popen(program, stdin=subprocess.PIPE) as beside:
        beside.communicate(bytes([signal.SIGTERM]), timeout=LONG)
        assert beside.returncode == 0


@pytest.mark.skipif(signal.getsignal(signal.SIGHUP) == signal.SIG_IGN, reason="run by nohup")
def test_a_terminal_that_closes_ends_it_as_a_polite_kill_does(tmp_path: Path, small_url: str) -> None:
    with a_hub(tmp_path, small_url, "up", FOR_EVER["sleeps"]) as hub:
        hub.process.send_signal(signal.SIGHUP)
        assert hub.ended()[0] == 0
        with hub.database.read() as connection:
            assert connection.scalar(select(SyncRun.error_code).where(SyncRun.job == STUCK)) == "ENDED"


def test_a_pipe_that_nobody_empties_keeps_no_hub_from_ending(tmp_path: Path, small_url: str) -> None:
    unread, said = os.pipe()
    with a_hub(tmp_path, small_url, "up", FOR_EVER["sleeps"], said) as hub:
        os.set_blocking(said, False)
        with suppress(BlockingIOError):
            while True:
                os.write(said, b"x")
        os.set_blocking(said, True)
        hub.process.send_signal(signal.SIGTERM)
        assert hub.process.wait(30) == 0
    os.close(unread)
    os.close(said)


def test_a_second_ctrl_c_ends_it_at_once(tmp_path: Path, small_url: str) -> None:
    with a_hub(tmp_path, small_url, "up", FOR_EVER["sleeps"]) as hub:
        while hub.process.poll() is None:
            hub.process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        code, said = hub.ended()
        assert code == 130
        assert "left in the middle" not in said


def test_a_hub_that_is_about_to_end_is_read_and_takes_nothing_on(small_world: World) -> None:
    world, key = small_world, small_world.exporter()
    authorized = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
    pushed = {"Authorization": f"Bearer {NOTIFY_TOKEN}", "Accept-Language": "en"}

    def post(path: str, headers: dict[str, str], body: bytes = b"") -> requests.Response:
        return requests.post(f"{world.address}{path}", body, headers=headers, timeout=30)

    assert requests.get(f"{world.address}/health/ready", timeout=30).json()["status"] == "ready"
    world.hub.life.end()
    schema = world.post("{ __schema { mutationType { fields { name } } } }", key).json()["data"]["__schema"]
    assert schema["mutationType"]["fields"], "reading goes on"
    refused = [
        requests.get(f"{world.address}/health/ready", headers=authorized, timeout=30),
        world.post("mutation { __typename }", key),
        post("/trades", authorized | {"Content-Type": "application/x-ndjson"}, b"{}\n"),
        post("/hooks/airport/notifications", pushed, b"{}"),
    ]
    for answer in refused:
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (503, "HUB_ENDING")
        assert int(answer.headers["Retry-After"]) > 0
    assert requests.get(f"{world.address}/health/live", timeout=30).status_code == 200
