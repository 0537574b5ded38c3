"""A terminal at which files are entered."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner
from sqlalchemy import select

from hub.cli.main import commands
from hub.errors import HubError
from hub.model import Trade
from tests.support.world import World


class Shown(NamedTuple):
    code: int
    text: str


class Terminal:
    """What an exporter types, and what the hub holds afterwards."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = world.exporter()
        world.run("customs.tariffs", "tax.rates", "forex.parity")

    def enter(self, file: Path, *more: str, **settings: str) -> Shown:
        """`yuhub enter FILE`, in this process, over real HTTP."""
        environment = {"YUHUB_HUB": self.world.address, "YUHUB_KEY": self.key, "LC_ALL": "C.UTF-8"} | settings
        done = CliRunner(env=environment).invoke(commands, ["enter", str(file), *more])
        if isinstance(done.exception, HubError):
            return Shown(2, f"{done.output}{done.exception.code}: {done.exception.words('en')}")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Shown(done.exit_code, done.output)

    def holds(self, *orders: str) -> dict[str, Any]:
        """What the hub keeps of these orders; all that it has where none is named."""
        chosen = select(Trade.order_number, Trade.entry)
        if orders:
            chosen = chosen.where(Trade.order_number.in_(orders))
        with self.world.hub.database.read() as connection:
            return {row.order_number: row.entry for row in connection.execute(chosen)}
