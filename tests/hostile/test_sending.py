"""Whole trades through authorities that fail again and again: in the end each paper was taken exactly once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub.model import DeliveryAttempt, Document, Quarantined, SyncRun, Trade
from mocks.hostile import Hostile
from tests.support.world import World, demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
READ, TOTAL = timedelta(seconds=0.3), timedelta(seconds=0.6)
TRADES = {  # by air in retail, by railway in wholesale: together they hand papers in at every desk
    "xuchang-wigs-to-chicago": "xuchang-hair",
    "zhengzhou-trousers-to-almaty": "zhengzhou-trousers",
}
DESKS = {
    "customs": ("CEB303", "CEB403", "CEB505", "CEB603", "CEB607", "CEB509", "CEB701", "declaration"),
    "tax": ("refund",),
    "forex": ("bop",),
    "rail": ("booking",),
    "airport": ("waybill",),
}
"""Authority → kinds of its ledger that the two trades fill."""
UNKNOWN, RETRY, SIGN_IN, BAD = "OUTCOME_UNKNOWN", "RETRIABLE", "NEEDS_CREDENTIALS", "BAD_DATA"
GAUNTLETS = {
    "misled": {"error_in_success": UNKNOWN, "redirect": BAD, "saved_then_cut": UNKNOWN},
    "refused": {"expired": SIGN_IN, "too_many": RETRY, "saved_then_silent": UNKNOWN},
    "down": {"silent": UNKNOWN, "unavailable": RETRY, "saved_then_error": UNKNOWN},
    "broken": {"cut": UNKNOWN, "server_error": UNKNOWN, "truncated": UNKNOWN},
    "unreadable": {"bomb": UNKNOWN, "halved": UNKNOWN},
    "endless": {"oversized": UNKNOWN},  # what is taken in is found by asking: it goes out once, and meets one of these
    "trickling": {"trickle": UNKNOWN},
}
"""What strikes one message after the other at every desk, and the class of error that it is recorded as."""
SHORT = ("misled",)


class Gauntlet:
    """A desk at whose door the next fault waits for a message as soon as the one before has struck."""

    def __init__(self, hostile: Hostile, faults: Iterable[str]) -> None:
        self.hostile = hostile
        self.left = list(faults)
        self.turning = threading.Lock()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        with self.turning:  # before each request, for a line may repeat at once
            if self.left and not self.hostile.on():
                self.hostile.set(self.left.pop(0), times=1, method="POST", path="/[!o]*")
        return self.hostile(environ, start_response)


def finished(world: World) -> bool:
    with world.hub.database.read() as connection:
        states = connection.scalars(select(Trade.state)).all()
    assert "attention" not in states
    return set(states) == {"finished"}


def enter(world: World, names: Iterable[str] = TRADES) -> None:
    """Enters trades of demo/, and plays their buyers."""
    world.run("customs.tariffs", "tax.rates", "forex.parity", "rail.warehouses")
    for name in names:
        enterprise = TRADES[name]
        trade = demo_file("trades", name)
        entered = world.ask(ENTER, world.exporter(enterprise), input=trade)["enterTrade"]
        assert entered["errors"] == []
        with world.hub.database.read() as connection:
            seen = connection.execute(select(Trade.__table__).order_by(Trade.id.desc()).limit(1)).one()
        world.pay(
            amount=str(seen.total), currency=seen.currency, payer=trade["buyer"]["name"],
            payerCountry=trade["buyer"]["country"], remittance=trade["orderNumber"], endToEndId=name[:30],
            beneficiaryAccount=demo_file("enterprises", enterprise)["bank"]["account"],
        )  # fmt: skip


def taken_once(world: World, desks: Mapping[str, Collection[str]] = DESKS) -> dict[str, Counter[str]]:
    """How often each kind of paper was accepted for each key, more than once or not at all: nothing is right."""
    wrong = {}
    for authority, kinds in desks.items():
        accepted = [(entry.kind, entry.key) for entry in world.taken(authority) if entry.kind in kinds]
        missing = set(kinds) - {kind for kind, _ in accepted}
        odd = Counter({str(one): number for one, number in Counter(accepted).items() if number != 1})
        odd.update(dict.fromkeys(missing, 0))
        refused = [entry for kind in kinds for entry in world.taken(authority, kind, "refused")]
        if odd or missing or refused:
            wrong[authority] = odd
    return wrong


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in SHORT else pytest.mark.long) for name in GAUNTLETS]
)
def test_trades_come_to_their_end_through_faults_at_every_desk(small_world: World, name: str) -> None:
    world, faults = small_world, GAUNTLETS[name]
    enter(world)
    world.hurry(READ, TOTAL)
    for authority in DESKS:
        world.street.doors[authority].app = Gauntlet(world.hostile[authority], faults)

    world.until(lambda: finished(world), by=timedelta(hours=12))

    assert {fault: [a for a, one in world.hostile.items() if not one.struck(fault)] for fault in faults} == {
        fault: [] for fault in faults
    }
    assert taken_once(world) == {}
    with world.hub.database.read() as connection:
        codes = {code for code in connection.scalars(select(DeliveryAttempt.error_code)) if code}
        runs = connection.execute(select(SyncRun.__table__)).all()
        assert set(connection.scalars(select(Document.state))) == {"done"}
    assert UNKNOWN in codes
    assert codes <= set(faults.values())
    for run in runs:
        assert run.received == run.merged + run.unchanged + run.superseded + run.quarantined, run


SHUFFLED = ("short_pages", "out_of_order", "duplicates", "equal_times", "field_added")
PAGES: dict[str, dict[str, dict[str, Any]]] = {
    "shuffled": {name: {} for name in SHUFFLED} | {"short_pages": {"rows": 4}},
    "clocks that are fast": {"clock_skew": {"minutes": 10}},
    "clocks that are slow": {"clock_skew": {"minutes": -10}},
}
BY_AIR = {authority: set(kinds) - {"declaration"} for authority, kinds in DESKS.items() if authority != "rail"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long if "slow" in name else ()) for name in PAGES]
)
def test_a_trade_comes_to_its_end_though_every_page_is_out_of_joint(small_world: World, name: str) -> None:
    world = small_world
    for hostile in world.hostile.values():
        for fault, parameters in PAGES[name].items():
            hostile.set(fault, **parameters)
    enter(world, ["xuchang-wigs-to-chicago"])
    world.until(lambda: finished(world), by=timedelta(hours=12))

    assert taken_once(world, BY_AIR) == {}
    with world.hub.database.read() as connection:
        runs = connection.execute(select(SyncRun.__table__)).all()
        assert set(connection.scalars(select(Document.state))) == {"done"}
        assert connection.scalars(select(Quarantined.reason)).all() == []
    assert {run.error for run in runs} == {None}
    for run in runs:
        assert run.received == run.merged + run.unchanged + run.superseded + run.quarantined, run
