"""Enterprises that claim bank accounts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from hub.access import Caller, Role
from hub.entry.registration import register
from hub.model import AccountClaim
from tests.support.world import World, demo_file

FIRM: dict[str, Any] = demo_file("enterprises", "xuchang-hair")
RIVAL = FIRM | {"uscc": "91411000725800192B", "nameZh": "后来者"}
STAFF = Caller("registrar", Role.REGISTRAR)


def registers(world: World, typed: Any) -> int:
    with world.hub.database.write() as connection:
        return register(connection, typed, world.clock())[0]


def claims(world: World) -> list[tuple[int, str]]:
    with world.hub.database.read() as connection:
        rows = connection.execute(select(AccountClaim.__table__).order_by(AccountClaim.id))
        return [(row.enterprise_id, row.state) for row in rows]
