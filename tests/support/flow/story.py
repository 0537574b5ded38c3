"""One trade as its exporter enters it and sees it."""

from __future__ import annotations

from typing import Any

from hub_graphql.files import operation
from tests.support.world import World, demo_file

ENTER = """
mutation($input: TradeInput!) {
  enterTrade(input: $input) { same trade { number state } errors { path code message wayOut } }
}"""
STATES = "query($n: String!) { trade(number: $n) { state total currency documents { kind state attention { path } } } }"


class Story:
    """An exporter in Xuchang, and what can be seen of a trade of theirs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = world.exporter("xuchang-hair")
        world.run("customs.tariffs", "tax.rates", "forex.parity")

    def enters(self, name: str) -> str:
        entered = self.world.ask(ENTER, self.key, input=demo_file("trades", name))["enterTrade"]
        assert entered["errors"] == []
        number: str = entered["trade"]["number"]
        return number

    def states(self, number: str) -> dict[str, str]:
        trade = self.world.ask(STATES, self.key, n=number)["trade"]
        return {document["kind"]: document["state"] for document in trade["documents"]}

    def sees(self, number: str) -> dict[str, Any]:
        trade: dict[str, Any] = self.world.ask(operation("trade"), self.key, number=number)["trade"]
        return trade
