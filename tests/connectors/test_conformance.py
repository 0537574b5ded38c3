"""The contract of connectors, every rule of it, over the five built-in ones and their stand-ins."""

from __future__ import annotations

from connectors.airport.connector import Airport
from connectors.customs.connector import Customs
from connectors.forex.connector import Forex
from connectors.rail.connector import Rail
from connectors.sdk.testing import conformance
from connectors.tax.connector import Tax
from tests.support.connectors.twins import twin

test_airport = conformance(Airport, twin("airport"))
test_customs = conformance(Customs, twin("customs"))
test_forex = conformance(Forex, twin("forex"))
test_rail = conformance(Rail, twin("rail"))
test_tax = conformance(Tax, twin("tax"))
