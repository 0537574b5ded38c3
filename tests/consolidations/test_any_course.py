"""Whatever is done to consolidations, in whatever order, they hold what they promise."""

from __future__ import annotations

from itertools import count

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select

from hub.model import Consolidation
from tests.support.consolidations.life import Living
from tests.support.consolidations.machine import Consolidating
from tests.support.consolidations.yard import Yard
from tests.support.world import World


def test_in_any_order_trades_are_on_one_line_and_loads_add_up(world: World) -> None:
    class OfThisYard(Consolidating):
        yard = Yard(world)

    run_state_machine_as_test(OfThisYard, settings=settings(max_examples=12, stateful_step_count=25, deadline=None))
    assert OfThisYard.yard.office.rows(select(Consolidation.id)) == [], "each example was taken back"


def test_whatever_happens_each_parcel_stands_on_one_list_which_adds_up(small_world: World) -> None:
    serials = count()

    class OfThisPort(Living):
        yards = staticmethod(lambda: Yard(small_world, orders=f"{next(serials)}/"))

    run_state_machine_as_test(OfThisPort, settings=settings(max_examples=12, stateful_step_count=14, deadline=None))
