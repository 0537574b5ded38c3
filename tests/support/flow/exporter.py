"""Exporters who enter, amend and cancel their trades through GraphQL."""

from __future__ import annotations

from typing import Any

from tests.support.world import World, demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
SEE = """query($n: String!) { trade(number: $n) { state version documents { kind state version attention { code path } }
         reuse { typedTwice } } }"""
AMEND = """mutation($n: String!, $v: Int!, $changes: [ChangeInput!]!) {
  amendTrade(number: $n, version: $v, changes: $changes) { trade { version } errors { path code } } }"""
CANCEL = 'mutation($n: String!) { cancelTrade(number: $n, reason: "the buyer withdrew") { state } }'


class Exporter:
    def __init__(self, world: World, enterprise: str = "xuchang-hair") -> None:
        self.world, self.key = world, world.exporter(enterprise)
        world.run("customs.tariffs", "tax.rates", "forex.parity")

    def enters(self, name: str, **otherwise: Any) -> str:
        typed = demo_file("trades", name) | otherwise
        number: str = self.world.ask(ENTER, self.key, input=typed)["enterTrade"]["trade"]["number"]
        return number

    def sees(self, number: str) -> Any:
        return self.world.ask(SEE, self.key, n=number)["trade"]

    def paper(self, number: str, kind: str) -> Any:
        return next(document for document in self.sees(number)["documents"] if document["kind"] == kind)

    def amends(self, number: str, version: int = 1, **changes: str) -> Any:
        wanted = [{"path": path, "value": value} for path, value in changes.items()]
        return self.world.post(AMEND, self.key, n=number, v=version, changes=wanted).json()
