"""A forwarder's yard: two exporters with trades that it acts for, and consolidations that it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from connectors.sdk.instants import day_of
from hub.access import Role
from hub.access.acts import OWNERS, USUAL
from hub.access.caller import Caller
from hub.consolidations import course
from hub.dossiers.loading import open_dossiers
from hub.model import Consolidation, ConsolidationLine
from hub.model.row_states import ConsolidationState
from hub.progress.decide import TradeDecision
from hub.progress.persist import persist
from tests.support.entry.office import Office, typed_trade
from tests.support.world import World, demo_file

KIND = "air_waybill"
SHARED = {"office": "4604", "mode": "9610", "transport": "air", "from": "CNCGO", "to": "USORD"}


class Yard:
    """`trades` are by number: the first belongs to the neighbour, the others to the exporter.

    `orders` begins their order numbers.
    """

    def __init__(self, world: World, trades: int = 4, orders: str = "") -> None:
        self.world = world
        self.office = Office(world)
        registration = demo_file("enterprises", "xuchang-hair")
        self.holder_uscc = demo_file("enterprises", "zhengzhou-trousers")["uscc"]
        same = {name: registration[name] for name in ("customsOffice", "declarant", "logistics")}
        self.holder = self.office.registers(demo_file("enterprises", "zhengzhou-trousers") | same)
        other = demo_file("enterprises", "luoyang-furniture")
        self.neighbour = self.office.registers(registration | {name: other[name] for name in ("uscc", "bank")})
        self.exporter = self.office.exporter
        mandates = {self.holder: OWNERS, self.exporter: frozenset(USUAL), self.neighbour: frozenset(USUAL)}
        self.forwarder = Caller("forwarder", Role.ENTERPRISE, mandates)
        self.neighbours = Caller("neighbour", Role.ENTERPRISE, {self.neighbour: OWNERS})
        self.trades = [self.enters({"orderNumber": f"{orders}N-1"}, self.neighbours)]
        self.trades += [self.enters({"orderNumber": f"{orders}E-{one}", "packages": one}) for one in range(1, trades)]

    @property
    def now(self) -> datetime:
        return self.world.clock()

    def enters(self, changes: Mapping[str, Any], caller: Caller | None = None) -> str:
        """A trade of the exporter, or of who is given; its number."""
        typed = typed_trade({"payment.transaction": changes["orderNumber"], **changes})
        (answer,) = self.office.enters(typed, caller=caller)
        assert answer.number, answer.problems
        return answer.number

    @contextmanager
    def writes(self) -> Iterator[Connection]:
        with self.world.hub.database.write() as connection:
            yield connection

    def begins(self, key: str = "CA1037/2026-01-10", **more: Any) -> str:
        """The number of a consolidation that the forwarder begins."""
        with self.writes() as connection:
            return self.began(connection, key, **more)

    def began(self, connection: Connection, key: str, **shared: Any) -> str:
        holder = self.holder_uscc
        return course.begin(connection, self.forwarder, KIND, key, SHARED | shared, self.now, holder)

    def moves(self, connection: Connection, number: str) -> None:
        """Its papers say that the goods have left."""
        id_ = connection.scalars(select(Consolidation.id).where(Consolidation.number == number)).one()
        (whole,) = open_dossiers(connection, [id_], day_of(self.now))
        persist(connection, [TradeDecision(whole, whole=ConsolidationState.MOVED)], self.world.hub.desk, self.now)

    def row(self, number: str) -> Any:
        return self.office.rows(select(Consolidation.__table__).where(Consolidation.number == number))[0]

    def lines(self, number: str) -> dict[int, str]:
        """Trade → state of its newest line."""
        rows = self.office.rows(
            select(ConsolidationLine.trade_id, ConsolidationLine.state)
            .join(Consolidation, Consolidation.id == ConsolidationLine.consolidation_id)
            .where(Consolidation.number == number)
            .order_by(ConsolidationLine.id)
        )
        return {row.trade_id: str(row.state) for row in rows}
