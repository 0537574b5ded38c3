"""Parcels of several exporters that go together: one booking, one list of parcels, one departure."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub.consolidations import aboard, course
from hub.model import Consolidation, Document, Trade
from tests.support.consolidations.yard import Yard
from tests.support.databases import ON_SQLITE
from tests.support.world import World

CONSIGNEE = {"name": "Lakeside Forwarding Inc.", "address": "1 Cargo Road, Chicago", "country": "US"}


class Apron:
    """A yard whose trades wait for one flight."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.run("customs.tariffs", "tax.rates", "forex.parity")
        self.yard = Yard(world)
        self.number = self.yard.begins(consignee=CONSIGNEE)
        with self.yard.writes() as connection:
            aboard.join(connection, self.yard.forwarder, self.number, self.yard.trades, world.hub.desk)

    def closes(self) -> None:
        with self.yard.writes() as connection:
            course.close(connection, self.yard.forwarder, [self.number], self.yard.now)
        self.world.turn()

    def state(self) -> str:
        return str(self.yard.row(self.number).state)

    def papers(self) -> dict[str, str]:
        """The consolidation's own."""
        rows = self.yard.office.rows(
            select(Document.kind, Document.state)
            .join(Consolidation, Consolidation.id == Document.subject_id)
            .where(Consolidation.number == self.number)
            .order_by(Document.id)
        )
        return {row.kind: str(row.state) for row in rows}

    def papers_of(self, number: str) -> dict[str, str]:
        rows = self.yard.office.rows(
            select(Document.kind, Document.state)
            .join(Trade, Trade.id == Document.subject_id)
            .where(Trade.number == number)
        )
        return {row.kind: str(row.state) for row in rows}

    def all_released(self) -> bool:
        return all(self.papers_of(one)["customs.inventory"] == "done" for one in self.yard.trades)


@pytest.fixture
def apron(world: World) -> Apron:
    return Apron(world)


def taken(world: World, authority: str, kind: str) -> list[Any]:
    return world.taken(authority, kind)


@ON_SQLITE
def test_four_parcels_of_two_exporters_fly_on_one_waybill(apron: Apron) -> None:
    world = apron.world
    world.until(apron.all_released)
    assert apron.papers() == {}  # nothing goes out while somebody may still join
    assert taken(world, "airport", "waybill") == []
    apron.closes()
    assert set(apron.papers()) == {"airport.waybill", "customs.waybill_list", "customs.departure"}
    world.until(lambda: apron.state() == "done", by=timedelta(hours=12))
    assert Counter(
        len(taken(world, *one)) for one in (("airport", "waybill"), ("customs", "CEB607"), ("customs", "CEB509"))
    ) == {1: 3}
    world.until(lambda: all(apron.papers_of(one)["customs.summary"] == "done" for one in apron.yard.trades))
    for number in apron.yard.trades:
        own = apron.papers_of(number)
        assert own["airport.waybill"] == own["customs.waybill_list"] == own["customs.departure"] == "cancelled"
