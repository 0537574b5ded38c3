"""What follows a run: it stops no other, and money covers a debt once."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from hub.access.caller import Caller, Role
from hub.app import build
from hub.errors import EntryRefused
from hub.model import Enterprise, Remittance, RemittanceAllocation, SyncJob, SyncRun, Trade
from hub.money.remittances import match_remittances
from hub.operate.matching import match_by_person
from tests.support.databases import ON_POSTGRES, ON_SQLITE
from tests.support.flow.exporter import Exporter
from tests.support.sync.senders import states
from tests.support.world import World, demo_file, settings_for

MINUTE = timedelta(minutes=1)
OPERATOR = Caller("op", Role.OPERATOR)


WHOLE = """query($n: String!) { trade(number: $n) {
  documents { name authorityName state events { meaning wayOut } } waitsFor { name authorityName } } }"""


@pytest.fixture
def exporter(world: World) -> Exporter:
    return Exporter(world)


def money(world: World, key: str, words: str, match: str = "open") -> Any:
    """Money for the one trade there is; its remittance's id."""
    with world.hub.database.write() as connection:
        connection.execute(update(Enterprise).values(approved_at=world.clock()))
        trade = connection.execute(select(Trade.__table__)).one()
        owner = connection.execute(select(Enterprise.__table__)).one()
        values = {
            "source": "forex",
            "source_id": key,
            "as_of": world.clock(),
            "fetched_at": world.clock(),
            "digest": key,
            "account": owner.partners["bank"]["account"],
            "amount": trade.total,
            "currency": trade.currency,
            "payer": "x",
            "remittance_information": words,
            "bank_reference": key,
            "booked_at": world.clock(),
            "match": match,
            "enterprise_id": owner.id,
        }
        return connection.scalar(insert(Remittance).values(**values).returning(Remittance.id))


@ON_SQLITE
def test_a_connector_that_is_left_out_stops_no_other(exporter: Exporter, tmp_path: Path) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    world.until(lambda: states(world)["customs.inventory"] in ("accepted", "held"), by=MINUTE)
    address = world.hub.database.url.render_as_string(hide_password=False)
    world.hub.close()  # and it starts again, with a slip in the settings of the airport
    slip = settings_for(tmp_path, address, {**world.addresses, "airport": "nonsense"})
    world.hub = build(slip, now=world.clock, sleep=lambda seconds: None)
    for _ in range(40):
        world.clock.forward(timedelta(minutes=5))
        became = world.run("customs.responses", "tax.rates", "forex.credits")
        assert set(became.values()) == {"ok"}
    world.street.doors["hub"].app = world.hub.web()
    seen = world.ask(WHOLE, exporter.key, n=number)["trade"]  # its kinds are files, read without settings
    assert "Air waybill" in {document["name"] for document in seen["documents"]}
    assert "China Customs" in {document["authorityName"] for document in seen["documents"]}
    mended = exporter.amends(number, **{"transport.readyAt": "2026-01-20T08:00:00+08:00"})
    assert "errors" not in mended or mended["errors"][0]["extensions"]["code"] != "BUG"


@ON_POSTGRES
def test_a_trade_that_cannot_be_moved_on_holds_up_no_other(
    exporter: Exporter, caplog: pytest.LogCaptureFixture
) -> None:
    world = exporter.world
    broken = exporter.enters("xuchang-wigs-to-chicago")
    sound = exporter.enters("xuchang-wigs-to-chicago", orderNumber="XC-2")
    with world.hub.database.write() as connection:
        kept = connection.scalar(select(Trade.entry).where(Trade.number == broken))
        connection.execute(update(Trade).where(Trade.number == broken).values(entry={"goods": [{}]}))
    world.until(lambda: exporter.paper(sound, "customs.inventory")["state"] == "done")
    assert "cannot be moved on" in caplog.text
    with world.hub.database.write() as connection:
        connection.execute(update(Trade).where(Trade.number == broken).values(entry=kept))
    world.until(lambda: exporter.paper(broken, "customs.inventory")["state"] == "done")


@ON_POSTGRES
def test_two_workers_that_match_at_once_break_nobodys_run(exporter: Exporter) -> None:
    world = exporter.world
    exporter.enters("xuchang-wigs-to-chicago")
    money(world, "r1", demo_file("trades", "xuchang-wigs-to-chicago")["orderNumber"])
    clock, became = world.clock, []

    def run() -> None:
        try:
            became.append(world.do("tax.rates"))
        except Exception as error:  # noqa: BLE001 - which one it is, is the question
            became.append(type(error).__name__)

    other = threading.Thread(target=run)
    with world.hub.database.write() as connection:  # one worker matches the remittance ...
        match_remittances(connection, clock())
        other.start()  # ... while another ends a run that has nothing to do with it
        other.join(3)
    other.join()
    with world.hub.database.read() as connection:
        job = connection.execute(select(SyncJob.__table__).where(SyncJob.name == "tax.rates")).one()
        last = select(SyncRun.state).where(SyncRun.job == "tax.rates").order_by(SyncRun.started_at.desc())
        assert (became, connection.scalar(last.limit(1)), job.lease_run) == (["ok"], "ok", None)


@ON_POSTGRES
def test_a_person_and_the_hub_do_not_cover_one_debt_with_two_remittances(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    money(world, "r1", demo_file("trades", "xuchang-wigs-to-chicago")["orderNumber"])
    second = money(world, "r2", "thank you", match="unclear")
    with world.hub.database.read() as connection:
        total = connection.scalar(select(Trade.total))

    said: list[list[str]] = []

    def person() -> None:
        share = [{"trade": number, "amount": f"{total:.2f}"}]
        try:
            with world.hub.database.write() as connection:
                match_by_person(connection, OPERATOR, second, share, "told by telephone", world.clock())
        except EntryRefused as refused:
            said.append([problem.code for problem in refused.problems])

    other = threading.Thread(target=person)
    with world.hub.database.write() as connection:
        assert match_remittances(connection, world.clock()) == 1
        other.start()
        other.join(2)
    other.join()
    with world.hub.database.read() as connection:
        assert sum(connection.scalars(select(RemittanceAllocation.covers))) == total
    assert said == [["ANOTHERS_TRADE"]]  # nothing is owed for it any more
