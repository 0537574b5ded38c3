"""The contract of connectors, every rule of it, over the five built-in ones and their stand-ins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from connectors.airport.connector import Airport
from connectors.customs.connector import Customs
from connectors.forex.connector import Forex
from connectors.rail.connector import Rail
from connectors.sdk.testing import Twin, conformance
from connectors.tax.connector import Tax
from tests.support.world import APPS, Clock, ClockPace

ENVELOPE = "message"
"""In customs' books a message is an entry of its own, beside the papers in it."""


def twin(code: str) -> Twin:
    """The stand-in of an authority, with the connector's clock; later is twenty days on."""
    clock = Clock()
    return Twin(
        app=lambda: APPS[code](ClockPace(clock=clock)),
        accepted=accepted,
        now=clock,
        later=lambda app: clock.forward(timedelta(days=20)),
    )


def accepted(app: Any) -> int:
    return sum(entry.kind != ENVELOPE for entry in app.extensions["ledger"].entries(outcome="accepted"))


test_airport = conformance(Airport, twin("airport"))
test_customs = conformance(Customs, twin("customs"))
test_forex = conformance(Forex, twin("forex"))
test_rail = conformance(Rail, twin("rail"))
test_tax = conformance(Tax, twin("tax"))
