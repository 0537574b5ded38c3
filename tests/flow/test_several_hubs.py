"""Two hubs share one database, and now and then one of them is killed: every trade ends, every paper was taken once."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from mocks.ledger import Ledger
from mocks.pace import Pace
from mocks.serve import serving
from tests.support.processes import PACES, Process, ask, environment_of, keys_of, pay
from tests.support.world import APPS, demo_file, settings_for

pytestmark = pytest.mark.long
KINDS = [
    ("xuchang-hair", "xuchang-wigs-to-chicago"),
    ("zhengzhou-trousers", "zhengzhou-trousers-to-almaty"),
    ("luoyang-furniture", "luoyang-seats-to-luxembourg"),
    ("luoyang-furniture", "luoyang-furniture-to-duisburg"),
]
HOW_MANY = 40
ENTER = "mutation($i: TradeInput!) { enterTrade(input: $i) { trade { number total } errors { path code message } } }"
STATES = "{ trades(first: 100) { number state documents { kind state attention { message } } } }"


@contextmanager
def two_hubs(folder: Path, database_url: str) -> Iterator[tuple[list[Process], dict[str, str], dict[str, Ledger]]]:
    """The hubs, a key for each enterprise, and the ledgers of the authorities."""
    with ExitStack() as stack:
        apps = {code: create_app(Pace(PACES[code])) for code, create_app in APPS.items()}
        addresses = {code: stack.enter_context(serving(app)) for code, app in apps.items()}
        settings = settings_for(folder, database_url, addresses)
        keys = keys_of(settings, *{enterprise for enterprise, _ in KINDS})
        hubs = [Process(environment_of(settings)) for _ in range(2)]
        for hub in hubs:
            stack.callback(hub.kill)
        yield hubs, keys, {code: app.extensions["ledger"] for code, app in apps.items()}


@pytest.mark.timeout(300)
def test_two_hubs_on_one_database_come_to_the_same_end_though_they_are_killed(
    tmp_path: Path, database_url: str
) -> None:
    with two_hubs(tmp_path, database_url) as (hubs, keys, ledgers):
        turns = itertools.cycle(hubs)
        for (enterprise, name), number in zip(itertools.cycle(KINDS), range(HOW_MANY), strict=False):
            enter(next(turns), keys[enterprise], enterprise, name, f"O-{number:03d}")
        ends = time.monotonic() + 200
        while unfinished := running(hubs, keys):
            assert time.monotonic() < ends, unfinished
            next(turns).kill()
            time.sleep(3)
        assert all(hub.starts > 1 for hub in hubs), "who was never killed proves nothing"

    for authority, ledger in ledgers.items():
        taken = Counter(
            (entry.kind, entry.key) for entry in ledger.entries(None, "accepted") if entry.kind != "message"
        )
        assert taken, authority
        assert [paper for paper, times in taken.items() if times > 1] == [], authority
        assert ledger.entries(None, "refused") == [], authority


def enter(hub: Process, key: str, enterprise: str, name: str, order: str) -> None:
    """Enters a trade, and the buyer pays unless the goods only go to a warehouse of the exporter's."""
    trade: dict[str, Any] = demo_file("trades", name) | {"orderNumber": order}
    if "payment" in trade:
        trade["payment"] = trade["payment"] | {"transaction": f"ZYP-{order}"}
    entered = ask(hub, key, ENTER, i=trade)["enterTrade"]
    assert entered["errors"] == []
    if trade["mode"] != "9810":
        pay(hub, enterprise, trade, entered["trade"]["total"])


def running(hubs: list[Process], keys: dict[str, str]) -> list[Any]:
    """Trades that have not come to their end yet."""
    trades = [trade for key in keys.values() for trade in ask(hubs[0], key, STATES)["trades"]]
    for hub in hubs:
        hub.ensure()
    return [trade for trade in trades if trade["state"] != "finished"]
