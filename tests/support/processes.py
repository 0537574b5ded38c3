"""Hubs in processes of their own, which may be killed and are started again, and authorities that hurry."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

import requests

from hub.access import Role, issue_key
from hub.app import build
from hub.entry.registration import register
from hub.settings import Settings
from tests.support.world import INSTALLER, demo_file

PACES = {"customs": 3000.0, "tax": 90000.0, "forex": 7200.0, "rail": 90000.0, "airport": 90000.0}
"""How much faster than real authorities theirs are, so that a trade takes seconds."""


class Process:
    """`yuhub up` in a process of its own, started again whenever it was killed."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self.environment = environment or {}
        self.port = _free_port()
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


def environment_of(settings: Settings) -> dict[str, str]:
    """What a hub with these settings finds in its environment; it works fast, and a lease that died ends soon."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([".", "graphql"]),
        **{one.setting.variable: str(one.value) for one in settings.chosen.values() if one.origin != "default"},
        "YUHUB_PACE": "100",
        "YUHUB_LEASE_SECONDS": "1.5",
    }


def keys_of(settings: Settings, *enterprises: str) -> dict[str, str]:
    """Registers enterprises of demo/ in a database with these settings; a key for each."""
    hub, keys = build(settings), {}
    for name in enterprises:
        with hub.database.write() as connection:
            id_, _ = register(connection, demo_file("enterprises", name), hub.desk.now())
            keys[name] = issue_key(connection, name, Role.ENTERPRISE, [id_], hub.desk.now(), INSTALLER)
    hub.close()
    return keys


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


def pay(process: Process, enterprise: str, trade: Mapping[str, Any], amount: str) -> bool:
    """The buyer pays for a trade at the bank of the enterprise."""
    payment = {
        "amount": amount,
        "currency": trade["currency"],
        "payer": trade["buyer"]["name"],
        "payerCountry": trade["buyer"]["country"],
        "remittance": f"order {trade['orderNumber']}",
        "endToEndId": trade["orderNumber"],
        "beneficiaryAccount": demo_file("enterprises", enterprise)["bank"]["account"],
    }
    address = process.environment["YUHUB_FOREX_BASE_URL"]
    answer = requests.post(f"{address}/_control/payments", json=payment, timeout=10)
    assert answer.status_code == 202, answer.text
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
