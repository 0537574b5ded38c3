"""A paper keeps its number: what comes into the plan later takes the next one of its trade."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, update

from connectors.sdk.states import accepted
from hub.model import Document, Trade
from hub.model.numbering import document_number
from hub.papers.plan import Plan, PlanRow
from hub.progress.advance import advance
from tests.support.entry.office import Office, typed_trade
from tests.support.together import together
from tests.support.world import World

ADDED = "customs.declaration"


def numbers(office: Office) -> dict[str, str]:
    return {row.kind: row.number for row in office.rows(select(Document.kind, Document.number).order_by(Document.id))}


def test_a_row_put_into_the_middle_of_the_plan_renumbers_no_paper_of_a_running_trade(world: World) -> None:
    office, desk = Office(world), world.hub.desk
    office.enters(typed_trade())
    before = numbers(office)
    ((id_, trade),) = office.rows(select(Trade.id, Trade.number))
    assert list(before.values()) == [f"{trade}-{serial:02d}" for serial in range(1, len(before) + 1)]
    place = next(place for place, row in enumerate(desk.plan.rows) if row.kind == "customs.inventory")
    rows = [*desk.plan.rows[:place], PlanRow("9610", ADDED, (accepted("customs.order"),)), *desk.plan.rows[place:]]
    longer = replace(desk, plan=Plan(rows, desk.kinds, desk.plan.authorities, desk.plan.routes))
    for _ in range(2):
        with world.hub.database.write() as connection:
            advance(connection, [id_], longer)
        assert numbers(office) == before | {ADDED: f"{trade}-{len(before) + 1:02d}"}


def test_a_paper_that_was_numbered_by_its_place_keeps_its_number_and_others_go_on_from_it(small_world: World) -> None:
    office, desk, last = Office(small_world), small_world.hub.desk, "forex.declaration"
    office.enters(typed_trade())
    ((id_, trade),) = office.rows(select(Trade.id, Trade.number))
    former = f"{trade}-12.2"
    longer = replace(desk, plan=Plan([PlanRow("9610", ADDED), *desk.plan.rows], desk.kinds, desk.plan.authorities))
    with small_world.hub.database.write() as connection:
        connection.execute(update(Document).where(Document.kind == last).values(number=former))
        advance(connection, [id_], longer)
    assert (numbers(office)[last], numbers(office)[ADDED]) == (former, f"{trade}-13")


@together(
    "given, number",
    [
        ([], "YH1-01"),
        (["YH1-01", "YH1-07", "YH1-03"], "YH1-08"),
        (["YH1-10.2"], "YH1-11"),
        (["YH1-99"], "YH1-100"),
        (["YH11-05", "YH1-x", "YH1"], "YH1-01"),  # none of this subject's serials
    ],
)
def test_the_next_serial_is_one_past_the_highest(given: list[str], number: str) -> None:
    assert document_number("YH1", given) == number
