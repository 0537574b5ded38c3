"""Any order of what can be done to consolidations, held against a plain account of what should be so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from hub.consolidations import aboard, course
from hub.consolidations.holding import LIVE, Load, loads_of
from hub.errors import HubError
from hub.model import Consolidation, ConsolidationLine, Shipment, Trade
from hub.model.row_states import BECOMES, ConsolidationState
from tests.support.consolidations.yard import Yard

PLACES = st.integers(0, 2)
SOME = st.sets(st.integers(0, 3), min_size=1)


class _Undone(Exception):
    """What an example has written is taken back, so that the next begins anew."""


@dataclass
class Expected:
    """What a consolidation should be."""

    number: str
    state: ConsolidationState = ConsolidationState.OPEN
    aboard: set[str] = field(default_factory=set)
    version: int = 1


class Consolidating(RuleBasedStateMachine):
    """Three consolidations of one kind, four trades; everything within one transaction of each example."""

    yard: Yard

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.connection = self.stack.enter_context(self.yard.writes())
        self.all = [Expected(self.yard.began(self.connection, f"departure {place}")) for place in range(3)]
        self.before = [one.state for one in self.all]

    def teardown(self) -> None:
        def undo() -> None:
            raise _Undone

        try:
            with self.stack:
                undo()
        except _Undone:
            pass

    def does(self, allowed: bool, change: Callable[[], None]) -> bool:
        """Whether it was done: it is to be where it is allowed, and else refused by an error of ours."""
        try:
            change()
        except HubError:
            done = False
        else:
            done = True
        assert done == allowed
        return done

    @rule(place=PLACES, some=SOME)
    def join(self, place: int, some: set[int]) -> None:
        one, trades = self.all[place], [self.yard.trades[index] for index in sorted(some)]
        free = not any(other.aboard.intersection(trades) for other in self.all)
        allowed = one.state is ConsolidationState.OPEN and free
        yard, connection = self.yard, self.connection
        if self.does(allowed, lambda: aboard.join(connection, yard.forwarder, one.number, trades, yard.world.hub.desk)):
            one.aboard |= {*trades}
            one.version += 1

    @rule(place=PLACES, some=SOME)
    def leave(self, place: int, some: set[int]) -> None:
        one, trades = self.all[place], [self.yard.trades[index] for index in sorted(some)]
        there = one.aboard >= {*trades}
        allowed = there and one.state in (ConsolidationState.OPEN, ConsolidationState.CLOSED)
        yard, connection = self.yard, self.connection
        if self.does(
            allowed, lambda: aboard.leave(connection, yard.forwarder, one.number, trades, "held", yard.world.hub.desk)
        ):
            one.aboard -= {*trades}
            one.version += 1

    @rule(place=PLACES)
    def close(self, place: int) -> None:
        one, yard = self.all[place], self.yard
        allowed = one.state is ConsolidationState.OPEN and bool(one.aboard)
        if self.does(allowed, lambda: course.close(self.connection, yard.forwarder, [one.number], yard.now)):
            self.comes(one, ConsolidationState.CLOSED)

    @rule(place=PLACES)
    def reopen(self, place: int) -> None:
        one, yard = self.all[place], self.yard
        allowed = one.state is ConsolidationState.CLOSED
        if self.does(allowed, lambda: course.reopen(self.connection, yard.forwarder, [one.number], yard.now)):
            self.comes(one, ConsolidationState.OPEN)

    @rule(place=PLACES)
    def move(self, place: int) -> None:
        one = self.all[place]
        if one.state is ConsolidationState.CLOSED:
            self.yard.moves(self.connection, one.number)
            one.state = ConsolidationState.MOVED

    def comes(self, one: Expected, state: ConsolidationState) -> None:
        one.state = state
        one.version += 1

    @invariant()
    def each_trade_is_on_at_most_one_live_line_of_a_kind(self) -> None:
        line = ConsolidationLine
        twice = select(line.trade_id).where(LIVE).group_by(line.trade_id, line.kind, line.leg).having(func.count() > 1)
        assert self.connection.execute(twice).all() == []

    @invariant()
    def what_is_in_a_consolidation_adds_up(self) -> None:
        rows = self.connection.execute(select(Consolidation.id, Consolidation.number, Consolidation.version)).all()
        loads = loads_of(self.connection, [row.id for row in rows])
        what = select(Trade.number, Shipment.packages, Shipment.gross_weight)
        shipments = self.connection.execute(what.join(Shipment, Shipment.trade_id == Trade.id))
        shipped = {row.number: row for row in shipments}
        found = {row.number: (loads.get(row.id, Load()), row.version) for row in rows}
        assert found == {
            one.number: (
                Load(
                    len(one.aboard),
                    sum(shipped[trade].packages for trade in one.aboard),
                    sum((shipped[trade].gross_weight for trade in one.aboard), Load().weight),
                ),
                one.version,
            )
            for one in self.all
        }

    @invariant()
    def states_move_along_the_arrows_alone(self) -> None:
        rows = self.connection.execute(select(Consolidation.state).order_by(Consolidation.id)).scalars().all()
        assert rows == [one.state for one in self.all]
        for was, now in zip(self.before, rows, strict=True):
            assert was is now or now in BECOMES[was]
        self.before = list(rows)
