"""An exporter's own trades summed up for customs by the month, and filed for the refund together."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from hub.consolidations import aboard
from hub.model import Consolidation, Document, PaperVersion, Trade
from tests.support.databases import ON_SQLITE
from tests.support.entry.office import Office, typed_trade
from tests.support.refusals import refuses
from tests.support.world import World, demo_file


class Firm:
    """An exporter that gathers its trades."""

    def __init__(self, world: World, **periods: str) -> None:
        self.world = world
        world.run("customs.tariffs", "tax.rates", "forex.parity")
        self.office = Office(world)
        self.office.registers(demo_file("enterprises", "xuchang-hair") | periods)

    def enters(self, order: str) -> str:
        (answer,) = self.office.enters(typed_trade({"orderNumber": order, "payment.transaction": order}))
        assert answer.number, answer.problems
        return answer.number

    def states(self, number: str) -> dict[str, str]:
        """Of the papers of a trade or a consolidation."""
        of_trade = select(Trade.id).where(Trade.number == number)
        of_whole = select(Consolidation.id).where(Consolidation.number == number)
        rows = self.office.rows(
            select(Document.kind, Document.state).where(
                Document.subject_id.in_(of_trade) | Document.subject_id.in_(of_whole)
            )
        )
        return {row.kind: str(row.state) for row in rows}

    def consolidations(self) -> list[Any]:
        return list(self.office.rows(select(Consolidation.__table__).order_by(Consolidation.id)))


@pytest.fixture
def firm(world: World) -> Firm:
    return Firm(world, summaries="month")


@ON_SQLITE
def test_the_trades_of_a_month_are_summed_up_in_one_application(firm: Firm) -> None:
    world = firm.world
    numbers = [firm.enters(f"G-{one}") for one in range(3)]
    world.until(lambda: all(firm.states(one)["customs.departure"] == "done" for one in numbers), by=timedelta(hours=12))
    world.turn()
    (summary,) = firm.consolidations()
    assert (summary.kind, str(summary.state)) == ("summary", "open")
    assert world.taken("customs", "CEB701") == []
    world.clock.forward(timedelta(days=25))
    world.until(lambda: firm.states(summary.number).get("customs.summary") == "done", by=timedelta(hours=12))
    assert len(world.taken("customs", "CEB701")) == 1
    world.until(lambda: all(firm.states(one)["tax.refund"] == "done" for one in numbers), by=timedelta(hours=24))
    assert [str(one.state) for one in firm.consolidations()] == ["done"]


@ON_SQLITE
def test_the_trades_of_a_period_are_filed_for_the_refund_together(world: World) -> None:
    firm = Firm(world, refunds="month")
    numbers = [firm.enters(f"R-{one}") for one in range(2)]
    world.until(lambda: len(firm.consolidations()) == 1, by=timedelta(hours=12))
    world.until(lambda: all(firm.states(one)["tax.refund"] == "cancelled" for one in numbers))
    assert world.taken("tax", "refund") == []
    world.clock.forward(timedelta(days=31))
    (batch,) = firm.consolidations()
    world.until(lambda: firm.states(batch.number).get("tax.refund") == "done", by=timedelta(hours=24))
    assert len(world.taken("tax", "refund")) == 1
    assert [str(one.state) for one in firm.consolidations()] == ["done"]
    (paper,) = firm.office.rows(
        select(PaperVersion.content, PaperVersion.line_trades)
        .join(Document, Document.id == PaperVersion.document_id)
        .where(Document.subject_id == batch.id)
    )
    lines = paper.content["lines"]["exports"]
    assert len(lines) == 6  # three lines of goods of each
    assert len({line["relation"] for line in lines}) == 6
    assert len({line["declaration_item"] for line in lines}) == 6
    assert len(set(paper.line_trades["exports"])) == 2
    assert Decimal(paper.content["head"]["refund_amount"]) == 2 * Decimal("3212.30")


@ON_SQLITE
def test_who_leaves_a_batch_is_filed_under_another_number(world: World) -> None:
    firm = Firm(world, refunds="month")
    leaving, staying = (firm.enters(f"R-{one}") for one in range(2))
    world.until(lambda: firm.states(leaving)["tax.refund"] == firm.states(staying)["tax.refund"] == "cancelled")
    (batch,) = firm.consolidations()
    new = firm.enters("R-2")
    with refuses("CONSOLIDATION_STATE"), world.hub.database.write() as connection:  # nobody but the hub puts them in
        aboard.join(connection, firm.office.caller, batch.number, [new], world.hub.desk)
    world.late.add("tax.send")
    world.clock.forward(timedelta(days=31))
    world.until(lambda: firm.states(batch.number).get("tax.refund") == "ready", by=timedelta(hours=1))
    with world.hub.database.write() as connection:
        aboard.leave(connection, firm.office.caller, batch.number, [leaving], "not yet", world.hub.desk)
    numbers = select(Trade.refund_batch).where(Trade.number.in_([leaving, staying])).order_by(Trade.id)
    world.until(lambda: all(row.refund_batch for row in firm.office.rows(numbers)), by=timedelta(hours=1))
    assert [row.refund_batch for row in firm.office.rows(numbers)] == ["202601002", "202601001"]
