"""The order of list, arrival and release is the office's: the inland port lists parcels before their release."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from hub.model import Document, Milestone, PaperVersion
from mocks.customs.app import create_app
from mocks.customs.usage import ARRIVAL_FIRST, OfficeUsage
from tests.support import world as worlds
from tests.support.consolidations.fleet import Fleet
from tests.support.databases import ON_SQLITE
from tests.support.flow.exporter import Exporter
from tests.support.world import World

BY_RAIL = {"wish": "rail", "from": "CNZGZ", "to": "DEHAM", "readyAt": "2026-01-09T08:00:00+08:00"}


@pytest.fixture(autouse=True)
def strict_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Customs releases nothing that has not arrived on its bill."""
    monkeypatch.setitem(worlds.APPS, "customs", partial(create_app, usage=OfficeUsage(order=ARRIVAL_FIRST)))


@ON_SQLITE
def test_at_the_inland_port_a_parcel_is_listed_and_seen_at_the_site_before_it_is_released(world: World) -> None:
    exporter = Exporter(world)
    number = exporter.enters("xuchang-wigs-to-chicago", transport=BY_RAIL, destinationCountry="DE")
    world.until(lambda: exporter.paper(number, "customs.departure")["state"] == "done", by=timedelta(days=2))
    with world.hub.database.read() as connection:
        rows = connection.execute(
            select(Document.kind, PaperVersion.derived_at).join(PaperVersion, PaperVersion.document_id == Document.id)
        )
        written = {row.kind: row.derived_at for row in rows}
        released = connection.scalars(select(Milestone.reached_at).where(Milestone.name == "released")).one()
    assert written["rail.booking"] < written["customs.waybill_list"] < released < written["customs.departure"]
    (arrival,) = world.taken("customs", "CEB507")
    assert arrival.outcome == "accepted"


@ON_SQLITE
def test_at_the_inland_port_parcels_that_go_in_one_box_are_listed_together_before_their_release(world: World) -> None:
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    fleet = Fleet(world, exporters=3, each=1, changes={"transport": BY_RAIL, "destinationCountry": "DE"})
    early, *others = fleet.all
    ports = {"from": "CNZGZ", "to": "DEHAM", "kind": "train_box"}
    too_soon, box = (fleet.flies(some, f"X8001/{some[0]}", **ports) for some in ([early], others))
    fleet.closes(too_soon)
    assert fleet.left(too_soon) == ["when it closed this had not happened: Inventory declaration (603): accepted"]

    world.until(lambda: fleet.inventoried(*others))
    fleet.closes(box)
    world.until(lambda: fleet.state(box) == "done", by=timedelta(days=2))
    assert fleet.left(box) == [None, None]
    assert fleet.released(*others)
    listed, arrived, left = (len(world.taken("customs", one)) for one in ("CEB607", "CEB507", "CEB509"))
    assert (listed, arrived, left) == (2, 2, 2), "one of the box, one of the parcel that goes alone"
