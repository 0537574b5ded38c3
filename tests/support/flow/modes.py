"""Entering, seeing and paying for a trade of any mode."""

from __future__ import annotations

from typing import Any

from tests.support.world import World, demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code message } } }"
SEE = """query($n: String!) { trade(number: $n) { state total currency orderNumber
  documents { kind state reference attention { message } }
  shipment { legs { mode transportIdentifier transportDocument } tracking { code meaning timeKind happenedAt } }
  refund { status amount } stock { warehouse sku quantity asOf } receipts { how } } }"""


def pay(world: World, enterprise: str, trade: dict[str, Any], seen: Any) -> None:
    world.pay(
        amount=seen["total"],
        currency=seen["currency"],
        payer=trade["buyer"]["name"],
        payerCountry=trade["buyer"]["country"],
        remittance=seen["orderNumber"],
        endToEndId="E2E-1",
        beneficiaryAccount=demo_file("enterprises", enterprise)["bank"]["account"],
    )
