"""Whatever happens to consolidations and their trades in whatever order: every parcel stands on one list, and fits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hub.errors import HubError
from tests.support.consolidations.port import CONSIGNEE, Port
from tests.support.consolidations.yard import Yard

TRADES, FLIGHTS = st.integers(0, 3), st.integers(0, 1)
WEIGHTS = st.sampled_from(["30.5", "31", "44.25"])


class Living(RuleBasedStateMachine):
    """Two flights, four trades of two exporters. What is refused changes nothing."""

    yards: Callable[[], Yard]

    def __init__(self) -> None:
        super().__init__()
        self.port = Port(self.yards())
        self.trades = self.port.yard.trades
        key = self.trades[0]
        self.flights = [self.port.yard.begins(f"{key}/{one}", consignee=CONSIGNEE) for one in range(2)]
        for trade in self.trades:
            self.tries(lambda trade=trade: self.port.joins(self.flights[0], trade))
        self.port.settles()

    def tries(self, do: Callable[[], None]) -> None:
        with suppress(HubError):
            do()
        self.port.settles()

    @rule(trade=TRADES, flight=FLIGHTS)
    def join(self, trade: int, flight: int) -> None:
        self.tries(lambda: self.port.joins(self.flights[flight], self.trades[trade]))

    @rule(trade=TRADES, flight=FLIGHTS)
    def leave(self, trade: int, flight: int) -> None:
        self.tries(lambda: self.port.leaves(self.flights[flight], self.trades[trade]))

    @rule(trade=TRADES)
    def release(self, trade: int) -> None:
        self.tries(lambda: self.port.releases(self.trades[trade]))

    @rule(trade=TRADES)
    def hold(self, trade: int) -> None:
        self.tries(lambda: self.port.holds(self.trades[trade]))

    @rule(flight=FLIGHTS)
    def close(self, flight: int) -> None:
        self.tries(lambda: self.port.closes(self.flights[flight]))

    @rule(flight=FLIGHTS)
    def depart(self, flight: int) -> None:
        self.tries(lambda: self.port.departs(self.flights[flight]))

    @rule(trade=TRADES, weight=WEIGHTS)
    def amend(self, trade: int, weight: str) -> None:
        self.tries(lambda: self.port.amends(self.trades[trade], {"goods[0].grossWeight": weight}))

    @rule(trade=TRADES)
    def cancel(self, trade: int) -> None:
        self.tries(lambda: self.port.cancels(self.trades[trade]))

    @invariant()
    def each_parcel_stands_on_one_list_at_most_and_its_weight_is_in_it(self) -> None:
        lists, weights = self.port.lists(), self.port.weights()
        for trade in self.port.ids.values():
            assert sum(trade in one.trades for one in lists) <= 1
        for one in lists:
            assert one.weight == sum(weights[trade] for trade in one.trades)

    @invariant()
    def a_trade_is_in_one_consolidation_at_most_and_listed_with_it_alone(self) -> None:
        aboard = self.port.aboard()
        for states in aboard.values():
            assert len(states) == 1
        for one in self.port.lists():
            if len(one.trades) > 1:
                assert all(trade in aboard for trade in one.trades)
