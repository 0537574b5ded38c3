"""Where an exporter hands trades in: a hub that knows tariffs and rates, and ways to type a trade wrongly."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from hub.access import Role
from hub.access.acts import OWNERS
from hub.access.caller import Caller
from hub.entry.accept import Accepted, enter
from hub.entry.registration import register
from hub.model import Base, RegistrationChange
from hub.operate.registrations import ChangeDecision, decide_change
from tests.support.world import World, demo_file

GONE = object()
"""In place of a value: the field is not typed at all."""
FIRM = "91411000MA44HA1R0G"
"""The exporter of the demo trades."""


class Office:
    """A hub with one exporter. `before` is what it held when it opened."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.exporter = self.registers(demo_file("enterprises", "xuchang-hair"))
        self.caller = Caller("exporter", Role.ENTERPRISE, {self.exporter: OWNERS})
        world.run("customs.tariffs", "tax.rates", "forex.parity")
        self.before = self.holds()

    def registers(self, typed: Mapping[str, Any]) -> int:
        with self.world.hub.database.write() as connection:
            return register(connection, typed, self.world.clock())[0]

    def renews(self, typed: Mapping[str, Any]) -> None:
        """Registers the exporter anew; staff approve what waits for them."""
        now = self.world.clock()
        with self.world.hub.database.write() as connection:
            register(connection, typed, now)
            change = connection.scalar(select(RegistrationChange.id).order_by(RegistrationChange.id.desc()))
            decide_change(
                connection, Caller("registrar", Role.REGISTRAR), change, ChangeDecision.APPROVED, "in order", now
            )

    def enters(self, *typed: Any, caller: Caller | None = None, uscc: str | None = None) -> list[Accepted]:
        return enter(self.world.hub.database, self.world.hub.desk, caller or self.caller, typed, uscc)

    def holds(self) -> dict[str, int]:
        """How many rows each table has; empty ones are left out."""
        counts = [
            select(func.count()).select_from(table).scalar_subquery().label(table.name)
            for table in Base.metadata.sorted_tables
        ]
        return {name: count for name, count in self.rows(select(*counts))[0]._mapping.items() if count}

    def rows(self, question: Any) -> Sequence[Any]:
        with self.world.hub.database.read() as connection:
            return connection.execute(question).all()


def typed_trade(changes: Mapping[str, Any] | None = None) -> Any:
    """The demo trade with other values at some paths, such as `goods[0].name.zh`."""
    trade: Any = demo_file("trades", "xuchang-wigs-to-chicago")
    for path, value in (changes or {}).items():
        *way, last = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
        place: Any = trade
        for step in way:
            place = place[step]
        if value is GONE:
            del place[last]
        else:
            place[last] = copy.deepcopy(value)
    return trade


def found(answer: Accepted) -> set[tuple[str, str]]:
    """Where something is wrong, and by which code."""
    return {(problem.path, problem.code) for problem in answer.problems}
