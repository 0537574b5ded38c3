"""A trade in a consolidation is amended or cancelled: before anything is written, while it can change, and too late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub.access.acts import OWNERS
from hub.access.caller import Caller, Role
from hub.consolidations import aboard, course
from hub.entry.amend import amend, cancel
from hub.model import Consolidation, ConsolidationLine, Document, PaperVersion, Trade
from tests.support.consolidations.yard import Yard
from tests.support.databases import ON_SQLITE
from tests.support.refusals import refuses
from tests.support.world import World

CONSIGNEE = {"name": "Lakeside Forwarding Inc.", "address": "1 Cargo Road, Chicago", "country": "US"}
NAME = "goods[0].name.en"


class Trip(Yard):
    """Two trades of the exporter in one open consolidation."""

    def __init__(self, world: World) -> None:
        super().__init__(world, trades=3)
        self.owner = Caller("owner", Role.ENTERPRISE, {self.exporter: OWNERS})
        self.number = self.begins(consignee=CONSIGNEE)
        self.own = self.trades[1:]
        self.joins(*self.own)

    def joins(self, *trades: str) -> None:
        with self.writes() as connection:
            aboard.join(connection, self.forwarder, self.number, trades, self.world.hub.desk)

    def closes(self) -> None:
        with self.writes() as connection:
            course.close(connection, self.forwarder, [self.number], self.now)
        self.world.run("hub.advance")

    def amends(self, number: str, path: str, value: str) -> list[str]:
        """What is wrong with it."""
        version = self.office.rows(select(Trade.version).where(Trade.number == number))[0].version
        answer = amend(self.world.hub.database, self.world.hub.desk, self.owner, number, version, [(path, value)])
        self.world.run("hub.advance")
        return [f"{one.path} {one.code}" for one in answer.problems]

    def cancels(self, number: str) -> None:
        cancel(self.world.hub.database, self.world.hub.desk, self.owner, number, "the buyer withdrew")
        self.world.run("hub.advance")

    def papers(self, number: str = "") -> dict[str, tuple[str, int]]:
        """Of the consolidation, or of a trade: state and version by kind."""
        subject = select(Trade.id).where(Trade.number == number)
        subject = subject.union(select(Consolidation.id).where(Consolidation.number == (number or self.number)))
        of_it = select(Document.kind, Document.state, Document.version).where(Document.subject_id.in_(subject))
        return {row.kind: (str(row.state), row.version) for row in self.office.rows(of_it)}

    def says(self, kind: str, field: str) -> Any:
        """What stands in the newest version of a paper of the consolidation."""
        written = (
            select(PaperVersion.content)
            .join(Document, Document.id == PaperVersion.document_id)
            .where(Document.kind == kind, Document.subject_id == self.row(self.number).id)
            .order_by(PaperVersion.version.desc())
        )
        return self.office.rows(written)[0].content["head"][field]

    def released(self, *numbers: str) -> bool:
        return all(self.papers(one)["customs.inventory"][0] == "done" for one in numbers)

    def load(self) -> tuple[int, str]:
        """Packages of the lines that have not left, and the consolidation's state."""
        line = ConsolidationLine
        rows = self.office.rows(select(line.packages).where(line.state != "left"))
        return sum(row.packages for row in rows), str(self.row(self.number).state)


@pytest.fixture
def trip(world: World) -> Trip:
    return Trip(world)


def test_while_it_is_open_the_line_follows_and_nothing_goes_out(trip: Trip) -> None:
    assert trip.load() == (3, "open")
    assert trip.amends(trip.own[0], "packages", "7") == []
    assert (trip.load(), trip.papers()) == ((9, "open"), {})
    with refuses("CONSOLIDATION_DIFFERS", field_en="destination"):
        trip.amends(trip.own[0], "transport.to", "USJFK")
    assert trip.load() == (9, "open")


def test_one_that_is_closed_is_written_anew_and_one_that_moved_is_past_recall(trip: Trip) -> None:
    trip.world.until(lambda: trip.released(*trip.own))
    trip.closes()
    assert trip.papers()["airport.waybill"] == ("ready", 1)
    with refuses("PAST_RECALL"):
        trip.amends(trip.own[0], "packages", "8")  # its own inventory says how many
    assert trip.amends(trip.own[0], NAME, "human hair wigs") == []
    assert trip.papers()["airport.waybill"] == ("ready", 2)
    assert "human hair wigs" in trip.says("airport.waybill", "goods_description")
    trip.world.until(lambda: trip.load()[1] == "moved", by=timedelta(hours=1))
    with refuses("PAST_RECALL", papers_en="Air waybill"):
        trip.amends(trip.own[0], NAME, "wigs of hair")
    assert trip.load() == (3, "moved")
    with refuses("DEPARTED"):
        trip.cancels(trip.own[1])


def test_a_trade_that_is_cancelled_leaves_and_takes_its_own_papers_back(trip: Trip) -> None:
    trip.world.turn()
    trip.cancels(trip.own[0])
    assert trip.load() == (2, "open")
    trip.world.until(lambda: {state for state, _ in trip.papers(trip.own[0]).values()} == {"cancelled"})
    rows = trip.office.rows(select(ConsolidationLine.why, ConsolidationLine.by).order_by(ConsolidationLine.id))
    assert tuple(rows[0]) == ("cancelled", "owner")


@ON_SQLITE
def test_with_the_last_line_the_booking_is_withdrawn_and_the_consolidation_cancelled(trip: Trip) -> None:
    trip.world.until(lambda: trip.released(*trip.own))
    trip.closes()
    trip.world.until(lambda: trip.papers()["airport.waybill"][0] == "accepted", by=timedelta(minutes=5))
    with trip.writes() as connection:
        aboard.leave(connection, trip.forwarder, trip.number, trip.own, "the flight is full", trip.world.hub.desk)
    trip.world.until(lambda: trip.load()[1] == "cancelled", by=timedelta(minutes=5))
    assert trip.papers()["airport.waybill"][0] == "cancelled"
    assert trip.load()[0] == 0


@ON_SQLITE
def test_who_has_booked_alone_joins_nothing(trip: Trip) -> None:
    alone = trip.trades[0]
    trip.world.until(lambda: trip.papers(alone)["airport.waybill"][0] in ("sent", "accepted"), by=timedelta(minutes=5))
    with refuses("BOOKED_ALONE", trade=alone):
        trip.joins(alone)
    assert trip.load() == (3, "open")
