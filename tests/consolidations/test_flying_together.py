"""Parcels of several exporters that go together: one booking, one list of parcels, one departure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from hub.consolidations import aboard, course
from hub.model import Consolidation, Document, PaperVersion, Trade
from tests.support.consolidations.port import BOOKING, CONSIGNEE, LIST, Listed, Port
from tests.support.consolidations.yard import Yard
from tests.support.databases import ON_SQLITE
from tests.support.refusals import refuses
from tests.support.world import World


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


# Between the list and the flight, without anybody over the network.


@pytest.fixture
def port(small_world: World) -> Port:
    port = Port(Yard(small_world))
    port.flight = port.yard.begins(consignee=CONSIGNEE)
    for trade in port.yard.trades:
        port.joins(port.flight, trade)
    port.settles()
    for trade in port.yard.trades:
        port.releases(trade)
    port.closes(port.flight)
    port.settles()
    return port


def versions(port: Port, kind: str = LIST) -> list[tuple[int, str, int]]:
    """Version, action and number of parcels of the flight's list, in the order in which they were written."""
    rows = port.yard.office.rows(
        select(PaperVersion.version, PaperVersion.action, PaperVersion.content)
        .join(Document, Document.id == PaperVersion.document_id)
        .where(Document.kind == kind, Document.subject_id == port.yard.row(port.flight).id)
        .order_by(PaperVersion.version)
    )
    return [(row.version, str(row.action), len(row.content["lines"].get("parcels", ()))) for row in rows]


def test_a_parcel_that_is_held_leaves_and_the_list_goes_again_without_it(port: Port) -> None:
    held, *others = port.yard.trades
    assert versions(port) == [(1, "new", 4)]
    port.holds(held)
    port.settles()
    assert versions(port) == [(1, "new", 4), (2, "change", 3)]
    assert port.lists() == [Listed(frozenset(port.ids[one] for one in others), sum_of(port, others))]
    assert versions(port, BOOKING) == [(1, "new", 0)]  # the airport weighs what comes

    port.releases(held)  # the 40th flies next
    port.settles()
    assert {one.trades for one in port.lists()} == {
        frozenset(port.ids[one] for one in others),
        frozenset({port.ids[held]}),
    }


def test_a_line_that_has_flown_neither_leaves_nor_is_taken_back(port: Port) -> None:
    port.departs(port.flight)
    port.settles()
    trade = port.yard.trades[1]
    with refuses("LINE_LOADED"):
        port.leaves(port.flight, trade)
    port.holds(trade)
    port.settles()
    assert versions(port) == [(1, "new", 4)]


def test_from_when_the_departure_is_heard_on_nobody_leaves(port: Port) -> None:
    """Also where nothing has followed from it yet."""
    port.departs(port.flight)
    held, trade, *_ = port.yard.trades
    with refuses("LINE_LOADED"):
        port.leaves(port.flight, trade)
    with refuses("DEPARTED"):
        port.cancels(trade)
    with refuses("CONSOLIDATION_STATE"), port.yard.writes() as connection:
        course.reopen(connection, port.yard.forwarder, [port.flight], port.yard.now)
    port.holds(held)
    port.settles()
    assert versions(port) == [(1, "new", 4)]
    assert {*port.yard.lines(port.flight).values()} == {"loaded"}


def test_a_trade_that_is_cancelled_before_the_flight_leaves_the_list(port: Port) -> None:
    amended, cancelled, *_ = port.yard.trades
    with refuses("PAST_RECALL"):  # its inventory is with customs
        port.amends(amended, {"goods[0].grossWeight": "31"})
    port.cancels(cancelled)
    port.settles()
    assert versions(port) == [(1, "new", 4), (2, "change", 3)]


def sum_of(port: Port, trades: Sequence[str]) -> Decimal:
    weights = port.weights()
    return sum((weights[port.ids[one]] for one in trades), Decimal(0))
