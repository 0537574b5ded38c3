"""A mapping was wrong for weeks: what the hub made of it is put right by one replay, and nobody is told twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.gateway.till import Till, shares_of
from tests.support.sync.money import SEE, SETTLE, Bank, declarations, declared, halved, halved_number, otherwise
from tests.support.world import World

pytestmark = pytest.mark.parametrize(
    "hub_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)


def test_money_that_was_read_at_half_is_put_right_to_the_end(world: World) -> None:
    till = Till(world)
    bank = Bank(till)
    world.late.add("forex.send")
    bank.is_wrong(halved, halved_number)
    number = till.trade("XC-1")
    till.paid("6257.00", "XC-1")
    world.until(lambda: till.owed(number) is not None)
    assert till.owed(number) == "3128.50", "half of it seems to be owed"

    bank.is_mended()
    assert till.owed(number) == "0.00"
    assert shares_of(till.remittances()[0]) == [("XC-1", "6257.00", "6257.00", "exact")]
    world.late.clear()
    world.until(lambda: world.ask(SEE, till.key, n=number)["trade"]["state"] == "finished")
    assert declared(till) == [("A", "6257")]


def test_of_what_went_out_a_person_is_asked_and_the_trade_ends_once_that_is_settled(world: World) -> None:
    till = Till(world)
    bank = Bank(till)
    bank.is_wrong(otherwise(payer_country="CA"))
    number = till.trade("XC-1")
    till.paid("6257.00", "XC-1")
    world.until(lambda: world.ask(SEE, till.key, n=number)["trade"]["state"] == "finished")

    bank.is_mended()
    trade = world.ask(SEE, till.key, n=number)["trade"]
    (asked,) = [one for one in trade["waitsFor"] if one["attention"]]
    assert (trade["state"], asked["whom"], asked["attention"]["code"]) == ("attention", "person", "PAPER_CORRECTED")
    (paper,) = declarations(till, number)
    world.ask(SETTLE, till.key, number=paper["number"], again=True, reason="the mapping was wrong")
    world.until(lambda: world.ask(SEE, till.key, n=number)["trade"]["state"] == "finished")
    assert declared(till) == [("A", "6257"), ("C", "6257")]
    world.turn(timedelta(days=1))
    assert len(declared(till)) == 2
