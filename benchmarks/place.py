"""Where the hub is measured: a hub with an exporter, stand-in authorities, and a twin database for the floor."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, insert, select

from hub.access import Role
from hub.access.acts import OWNERS
from hub.access.caller import Caller
from hub.entry.accept import enter
from hub.entry.registration import register
from hub.model import Base, Database
from hub.model.migrate import bring_up
from tests.support.databases import postgres_server
from tests.support.world import Street, World, a_world, demo_file

Rows = list[tuple[Table, list[dict[str, Any]]]]
DATABASES = SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
TABLES: list[Table] = Base.metadata.sorted_tables


class Place:
    """A hub in which an exporter enters trades; the twin has the same tables and gets the same rows by INSERT alone."""

    def __init__(self, world: World, twin: Database) -> None:
        self.world, self.hub, self.twin = world, world.hub, twin
        typed = demo_file("enterprises", "xuchang-hair")
        with self.hub.database.write() as connection:
            id_, _ = register(connection, typed, world.clock())
        self.caller = Caller("exporter", Role.ENTERPRISE, {id_: OWNERS})
        self.key = world.issue(typed["uscc"], Role.ENTERPRISE, id_)
        self._orders = count(1)
        self._seen: dict[str, set[Any]] = {table.name: set() for table in TABLES}
        world.run("customs.tariffs", "tax.rates", "forex.parity")
        self.mirror(self.new_rows())

    @property
    def kind(self) -> str:
        return SQLITE if self.hub.database.is_sqlite else POSTGRESQL

    def typed(self, trades: int) -> list[Any]:
        """Trades with three goods lines and three invoices; each order is another."""
        return [self._order(copy.deepcopy(demo_file("trades", "xuchang-wigs-to-chicago"))) for _ in range(trades)]

    def enter(self, typed: list[Any]) -> list[str]:
        """The numbers of the trades. All of them must go in."""
        answers = enter(self.hub.database, self.hub.desk, self.caller, typed)
        problems = [problem for answer in answers for problem in answer.problems]
        if problems:
            raise AssertionError(f"a trade was refused: {problems[0]}")
        return [answer.number or "" for answer in answers]

    def new_rows(self) -> Rows:
        """What the hub has written since this was last asked."""
        found: Rows = []
        with self.hub.database.read() as connection:
            for table in TABLES:
                seen, keys = self._seen[table.name], table.primary_key.columns.keys()
                rows = [dict(row) for row in connection.execute(select(table)).mappings()]
                fresh = [row for row in rows if tuple(row[key] for key in keys) not in seen]
                seen |= {tuple(row[key] for key in keys) for row in fresh}
                found += [(table, fresh)] if fresh else []
        return found

    def mirror(self, rows: Rows) -> None:
        """The floor of all writing: the rows themselves, by executemany in one transaction."""
        with self.twin.write() as connection:
            for table, some in rows:
                connection.execute(insert(table), some)

    def _order(self, trade: Any) -> Any:
        number = next(self._orders)
        trade["orderNumber"] = f"BENCH-{number:08}"
        trade["payment"]["transaction"] = f"PAY-{number:08}"
        for purchase in trade["purchases"]:
            purchase["invoice"] = f"{purchase['invoice'][:12]}{number:08}"
        return trade


@contextmanager
def places(databases: Sequence[str]) -> Iterator[Iterator[Place]]:
    """A place on each kind of database in turn; it is closed when the next is asked for."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="hub-bench-")))
        street = Street(stack)
        files = count(1)
        makers: dict[str, Callable[[], str]] = {SQLITE: lambda: f"sqlite:///{folder / str(next(files))}.db"}
        if POSTGRESQL in databases:
            makers[POSTGRESQL] = stack.enter_context(postgres_server(folder / "postgresql")).new
        yield (place for name in databases for place in _one(street, folder, makers[name]))


def _one(street: Street, folder: Path, new_database: Callable[[], str]) -> Iterator[Place]:
    twin = Database(new_database())
    bring_up(twin)
    with closing(twin), a_world(street, folder, new_database()) as world:
        yield Place(world, twin)
