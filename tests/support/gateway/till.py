"""An exporter with trades of wigs, and the money that comes in for them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from tests.support.world import World, demo_file

ENTER = """
mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"""
REMITTANCES = """
query($match: RemittanceMatch) { remittances(match: $match) {
  id match amount payer bankReference reportNumber candidates { number score why }
  allocations { amount covers how by trade { orderNumber } }
} }"""
MATCH = """
mutation($id: Int!, $shares: [ShareInput!]!, $reason: String) {
  matchRemittance(id: $id, shares: $shares, reason: $reason) {
    remittance { match matchedAt allocations { amount covers how by score } } errors { path code message wayOut }
  }
}"""
NUMBERS = """
query($match: RemittanceMatch) { basicInformation(match: $match) {
  id match reportNumber revoked amount remittance { id } declarationDue { due declaredAt overdue weekendsOnly note }
} }"""
DUE = "query($n: String!) { trade(number: $n) { paymentDue { due outstanding overdue } } }"
ACCOUNT = demo_file("enterprises", "xuchang-hair")["bank"]["account"]


class Till:
    """An exporter with trades of wigs, and money that comes in for them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = world.exporter()
        world.run("customs.tariffs", "tax.rates", "forex.parity")
        self.payments = count(1)

    def trade(self, order: str, key: str = "", **changes: Any) -> str:
        """Enters a trade; its number. It is worth 6,257 dollars."""
        typed = demo_file("trades", "xuchang-wigs-to-chicago") | {"orderNumber": order, **changes}
        entered = self.world.ask(ENTER, key or self.key, input=typed)["enterTrade"]
        assert entered["errors"] == []
        return str(entered["trade"]["number"])

    def paid(self, amount: str, remittance: str, **more: str) -> Any:
        """The remittance as it stands once the bank has told of it."""
        payment = {
            "amount": amount, "currency": "USD", "payer": "Some Bank Customer", "payerCountry": "US",
            "remittance": remittance, "endToEndId": f"E2E{next(self.payments)}", "beneficiaryAccount": ACCOUNT,
        }  # fmt: skip
        known = {one["id"] for one in self.remittances(self.world.staff)}
        self.world.pay(**payment | more)
        self.world.clock.forward(timedelta(hours=1))
        self.world.run("forex.credits")
        (remittance,) = [one for one in self.remittances(self.world.staff) if one["id"] not in known]
        return remittance

    def numbered(self) -> list[Any]:
        """What the bank has told of its numbers, once it has given one to all that came in."""
        self.world.clock.forward(timedelta(hours=2))
        self.world.run("forex.basic_information")
        return self.numbers()

    def numbers(self, key: str = "", match: str | None = None, language: str = "en") -> list[Any]:
        asked = self.world.ask(NUMBERS, key or self.key, language, match=match)
        return list(asked["basicInformation"])

    def says(self, **row: Any) -> None:
        """Somebody at the bank writes a row of basic information."""
        client = self.world.apps["forex"].test_client()
        assert client.post("/_control/basic-information", json=row).status_code == 201

    def remittances(self, key: str = "", match: str | None = None) -> list[Any]:
        return list(self.world.ask(REMITTANCES, key or self.key, match=match)["remittances"])

    def match(self, remittance: Any, *shares: Any, key: str = "", reason: str = "") -> Any:
        return self.world.ask(MATCH, key or self.key, id=remittance["id"], shares=list(shares), reason=reason)[
            "matchRemittance"
        ]

    def refusal(self, remittance: Any, *shares: Any, key: str = "", reason: str = "") -> str:
        """The code of the one error that a match by a person is answered with as a whole."""
        variables = {"id": remittance["id"], "shares": list(shares), "reason": reason}
        (error,) = self.world.post(MATCH, key or self.key, **variables).json()["errors"]
        return str(error["extensions"]["code"])

    def owed(self, number: str) -> str | None:
        due = self.world.ask(DUE, self.key, n=number)["trade"]["paymentDue"]
        return due["outstanding"] if due else None


def shares_of(remittance: Any) -> list[tuple[str, str, str, str]]:
    return [
        (one["trade"]["orderNumber"], one["amount"], one["covers"], one["how"]) for one in remittance["allocations"]
    ]
