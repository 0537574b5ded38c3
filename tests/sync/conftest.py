"""What tests of orders share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import insert

from hub.model import Lease
from tests.support.sync.obeying import Obeying
from tests.support.world import World


@pytest.fixture
def obeying(world: World) -> Iterator[Obeying]:
    with world.hub.database.write() as connection:
        until = world.clock() + timedelta(days=1)
        connection.execute(insert(Lease).values(name="scheduler", holder="a test", token=1, until=until))
    found = Obeying(world)
    yield found
    found.engine.close()
