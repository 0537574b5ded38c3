"""Fixtures of the connectors' tests: the stand-in authorities, each test with fresh ones behind the same doors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.connectors.parts import Meet, StandIn, connector
from tests.support.world import APPS, Clock, ClockPace, Street


@pytest.fixture
def meet(street: Street) -> Iterator[Meet]:
    def open_door(code: str) -> StandIn:
        clock = Clock()
        app = street.doors[code].app = APPS[code](ClockPace(clock=clock))
        return StandIn(connector(code, now=clock, base_url=street.addresses[code]), clock, app.extensions["ledger"])

    yield open_door
    street.clear()
