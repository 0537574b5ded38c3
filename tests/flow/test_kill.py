"""The hub is killed with -9 while it talks. It comes to the same end, and each paper was taken once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mocks.ledger import Ledger
from mocks.pace import Pace
from mocks.serve import serving
from tests.support.processes import PACES, Process, ask, environment_of, keys_of, pay
from tests.support.world import APPS, demo_file, settings_for

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
SOME = [BLOWS[1], BLOWS[2], BLOWS[3]]
"""A paper, an answer and an object that is asked for: each kind of talk once."""


class Killer:
    """An authority's door at which the hub may be struck down."""

    def __init__(self, authority: str, app: Any, kill: Callable[[], bool], blows: Sequence[Blow]) -> None:
        self.authority, self.app, self.kill, self.blows = authority, app, kill, blows

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
        for blow in self.blows:
            if blow.struck or (blow.authority, blow.method) != (self.authority, environ["REQUEST_METHOD"]):
                continue
            if environ["PATH_INFO"].endswith(blow.path):
                blow.struck = True
                return blow
        return None


@contextmanager
def killed_at_every_blow(
    folder: Path, database_url: str, blows: Sequence[Blow]
) -> Iterator[tuple[Process, str, dict[str, Ledger]]]:
    for blow in blows:
        blow.struck = False
    with ExitStack() as stack:
        apps = {code: create_app(Pace(PACES[code])) for code, create_app in APPS.items()}
        process = Process()
        doors = {code: Killer(code, app, process.kill, blows) for code, app in apps.items()}
        addresses = {code: stack.enter_context(serving(door)) for code, door in doors.items()}
        settings = settings_for(folder, database_url, addresses)
        process.environment = environment_of(settings)
        key = keys_of(settings, "xuchang-hair")["xuchang-hair"]
        stack.callback(process.kill)
        yield process, key, {code: app.extensions["ledger"] for code, app in apps.items()}


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("database_url", "blows"),
    [
        ("sqlite", SOME),
        pytest.param("sqlite", BLOWS, marks=pytest.mark.long),
        pytest.param("postgresql", BLOWS, marks=pytest.mark.long),
    ],
    indirect=["database_url"],
    ids=["some on SQLite", "SQLite", "PostgreSQL"],
)
def test_killed_while_it_talks_it_comes_to_the_same_end(
    tmp_path: Path, database_url: str, blows: Sequence[Blow]
) -> None:
    trade = demo_file("trades", "xuchang-wigs-to-chicago")
    with killed_at_every_blow(tmp_path, database_url, blows) as (process, key, ledgers):
        entered = ask(process, key, ENTER, input=trade)["enterTrade"]
        assert entered["errors"] == []
        number = entered["trade"]["number"]
        paid = False
        while (found := ask(process, key, STATE, n=number)["trade"])["state"] != "finished":
            booked = {"kind": "airport.waybill", "state": "planned", "attention": None} not in found["documents"]
            if booked and not paid:
                paid = pay(process, "xuchang-hair", trade, "6257.00")
            time.sleep(0.2)

        assert all(blow.struck for blow in blows)
        assert process.starts == len(blows) + 1
        for authority, kinds in {
            "customs": ("CEB303", "CEB403", "CEB505", "CEB603", "CEB607", "CEB509", "CEB701"),
            "airport": ("waybill",),
            "tax": ("refund",),
            "forex": ("bop",),
        }.items():
            for kind in kinds:
                assert len(ledgers[authority].entries(kind, "accepted")) == 1, kind
                assert ledgers[authority].entries(kind, "refused") == [], kind
