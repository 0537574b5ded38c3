"""The hub is killed with -9 while it talks. It comes to the same end, and each paper was taken once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from hub.access import Role, issue_key
from hub.app import build
from hub.entry.registration import register
from mocks.ledger import Ledger
from mocks.pace import Pace
from mocks.serve import serving
from tests.support.world import APPS, demo_file, settings_for

PACES = {"customs": 3000.0, "tax": 90000.0, "forex": 7200.0, "rail": 90000.0, "airport": 90000.0}
ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
STATE = "query($n: String!) { trade(number: $n) { state documents { kind state attention { message } } } }"


@dataclass
class Blow:
    """The hub dies when this request comes in: before the authority has handled it, or after, with no answer given."""

    authority: str
    method: str
    path: str
    after: bool
    struck: bool = False


BLOWS = [
    Blow("customs", "POST", "/dxp/messages", after=False),
    Blow("customs", "POST", "/dxp/messages", after=True),
    Blow("customs", "GET", "/dxp/messages", after=True),
    Blow("airport", "POST", "/logistics-objects/", after=True),
    Blow("airport", "GET", "/logistics-events", after=True),
    Blow("tax", "POST", "/refunds", after=True),
    Blow("forex", "POST", "/bop/receipts", after=True),
    Blow("tax", "GET", "/refunds/results", after=False),
]


class Killer:
    """An authority's door at which the hub may be struck down."""

    def __init__(self, authority: str, app: Any, kill: Callable[[], bool]) -> None:
        self.authority, self.app, self.kill = authority, app, kill

    def __call__(self, environ: Any, start_response: Any) -> Any:
        blow = self._blow(environ)
        if blow and not blow.after:
            blow.struck = self.kill()
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        answer = self.app(environ, start_response)
        if blow:
            blow.struck = self.kill()
        return answer

    def _blow(self, environ: Any) -> Blow | None:
        for blow in BLOWS:
            if blow.struck or (blow.authority, blow.method) != (self.authority, environ["REQUEST_METHOD"]):
                continue
            if environ["PATH_INFO"].endswith(blow.path):
                blow.struck = True
                return blow
        return None


class Process:
    """`yuhub up` in a process of its own, started again whenever it was killed."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment, self.port = environment, port
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.lock = threading.Lock()

    def ensure(self) -> None:
        if self.process is None or self.process.poll() is not None:
            command = [sys.executable, "-m", "hub.cli", "up", "--port", str(self.port)]
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            self.starts += 1

    def kill(self) -> bool:
        """False where it is dead already: two blows at one moment are one, and the other strikes again later."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                return False
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(timeout=10)
            return True


@contextmanager
def killed_at_every_blow(folder: Path, database_url: str) -> Iterator[tuple[Process, str, dict[str, Ledger]]]:
    for blow in BLOWS:
        blow.struck = False
    with ExitStack() as stack:
        apps = {code: create_app(Pace(PACES[code])) for code, create_app in APPS.items()}
        process = Process({}, free_port())
        doors = {code: Killer(code, app, process.kill) for code, app in apps.items()}
        addresses = {code: stack.enter_context(serving(door)) for code, door in doors.items()}
        settings = settings_for(folder, database_url, addresses)
        process.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([".", "graphql"]),
            **{one.setting.variable: str(one.value) for one in settings.chosen.values() if one.origin != "default"},
            "YUHUB_PACE": "100",
            "YUHUB_LEASE_SECONDS": "1.5",
        }
        hub = build(settings)
        typed = demo_file("enterprises", "xuchang-hair")
        with hub.database.write() as connection:
            id_, _ = register(connection, typed, hub.desk.now())
            key = issue_key(connection, "exporter", Role.ENTERPRISE, [id_], hub.desk.now())
        hub.close()
        stack.callback(process.kill)
        yield process, key, {code: app.extensions["ledger"] for code, app in apps.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(process: Process, key: str, query: str, **variables: Any) -> Any:
    """Asks until somebody answers: the hub may be dead at this moment."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        process.ensure()
        try:
            answer = requests.post(
                f"http://127.0.0.1:{process.port}/graphql",
                json={"query": query, "variables": variables},
                headers={"Authorization": f"Bearer {key}"},
                timeout=10,
            ).json()
        except (requests.RequestException, ValueError):
            time.sleep(0.1)
            continue
        assert "errors" not in answer, answer
        return answer["data"]
    raise AssertionError("the hub did not come back")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_killed_while_it_talks_it_comes_to_the_same_end(tmp_path: Path, database_url: str) -> None:
    trade = demo_file("trades", "xuchang-wigs-to-chicago")
    with killed_at_every_blow(tmp_path, database_url) as (process, key, ledgers):
        entered = ask(process, key, ENTER, input=trade)["enterTrade"]
        assert entered["errors"] == []
        number = entered["trade"]["number"]
        paid, ends = False, time.monotonic() + 150
        while (found := ask(process, key, STATE, n=number)["trade"])["state"] != "finished":
            assert time.monotonic() < ends, found
            booked = {"kind": "airport.waybill", "state": "planned", "attention": None} not in found["documents"]
            if booked and not paid:
                paid = pay(process, trade, number)
            time.sleep(0.2)

        assert all(blow.struck for blow in BLOWS)
        assert process.starts == len(BLOWS) + 1
        for authority, kinds in {
            "customs": ("CEB303", "CEB403", "CEB505", "CEB603", "CEB607", "CEB509", "CEB701"),
            "airport": ("waybill",),
            "tax": ("refund",),
            "forex": ("bop",),
        }.items():
            for kind in kinds:
                assert len(ledgers[authority].entries(kind, "accepted")) == 1, kind
                assert ledgers[authority].entries(kind, "refused") == [], kind


def pay(process: Process, trade: dict[str, Any], number: str) -> bool:
    address = process.environment["YUHUB_FOREX_BASE_URL"]
    payment = {
        "amount": "6257.00",
        "currency": "USD",
        "payer": trade["buyer"]["name"],
        "payerCountry": "US",
        "remittance": f"order {trade['orderNumber']}",
        "endToEndId": number,
        "beneficiaryAccount": "41050171860800001234",
    }
    answer = requests.post(f"{address}/_control/payments", json=payment, timeout=10)
    assert answer.status_code == 202, answer.text
    return True
