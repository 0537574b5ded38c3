"""A forwarder and two exporters who meet consolidations through GraphQL, each with a key of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from hub.access import Role
from hub.model import Webhook, WebhookDelivery
from tests.support.consolidations.yard import Yard
from tests.support.world import APPOINT, World, demo_file

CONSIGNEE = {"name": "Lakeside Forwarding Inc.", "address": "1 Cargo Road, Chicago", "country": "US"}
TYPED = {
    "kind": "air_waybill", "mode": "9610", "from": "CNCGO", "to": "USORD", "departure": "CA1037/2026-01-10",
    "office": "4604", "consignee": CONSIGNEE,
}  # fmt: skip
OPEN = "mutation($input: ConsolidationInput!) { openConsolidation(input: $input) { number } }"
JOIN = "mutation($n: String!, $t: [String!]!) { joinConsolidation(number: $n, trades: $t) { number } }"
LEAVE = """mutation($n: String!, $t: [String!]!) {
  leaveConsolidation(number: $n, trades: $t, reason: "the buyer waits") { number } }"""
CLOSE = "mutation($n: String!) { closeConsolidation(number: $n) { state } }"
REOPEN = "mutation($n: String!) { reopenConsolidation(number: $n) { state } }"
SEE = """query($n: String!) { consolidation(number: $n) {
  number kind name state holder holderName office mode transport origin destination departure closesAt
  consignee { name } packages weight
  lines { number packages weight state released why }
  documents { kind state number download attention { message } fields { name value source } consolidation { number } }
  events { words code download }
  waitsFor { whom attention { message } } } }"""


class Quay(Yard):
    """The holder acts for both exporters by a mandate to carry, and for nothing else."""

    def __init__(self, world: World, trades: int = 4) -> None:
        super().__init__(world, trades)
        parties = {"holder": self.holder, "exporter": self.exporter, "neighbour": self.neighbour}
        self.keys = {name: world.issue(f"the {name}", Role.ENTERPRISE, id_) for name, id_ in parties.items()}
        self.hooks = {name: self.hook(name) for name in parties}
        uscc = {name: demo_file("enterprises", one)["uscc"] for name, one in FIRMS.items()}
        for name in ("exporter", "neighbour"):
            world.ask(APPOINT, self.keys[name], account="the holder", acts=["carry"])
            world.ask("mutation($e: String!) { acceptMandate(enterprise: $e) }", self.keys["holder"], e=uscc[name])

    def opens(self, who: str = "holder", **otherwise: Any) -> Any:
        """The number of a new consolidation, or the first error."""
        typed = {"enterprise": self.holder_uscc, **TYPED, **otherwise}
        answer = self.world.post(OPEN, self.keys[who], input=typed).json()
        return answer["errors"][0] if "errors" in answer else answer["data"]["openConsolidation"]["number"]

    def does(self, order: str, number: str, *trades: str, who: str = "holder") -> str:
        """Carries an order out; the code of its error, or nothing."""
        more = {"t": trades} if "$t" in order else {}
        answer = self.world.post(order, self.keys[who], n=number, **more).json()
        return answer["errors"][0]["extensions"]["code"] if "errors" in answer else ""

    def sees(self, number: str, who: str = "holder") -> Any:
        return self.world.ask(SEE, self.keys[who], n=number)["consolidation"]

    def hook(self, name: str) -> int:
        """A webhook that is told of all that consolidations bring about."""
        values = {
            "enterprise_id": getattr(self, name), "url": "https://hooks.example/x", "secret": "yhs_1",
            "events": ["paper.rejected", "consolidation.left"], "created_at": self.now,
        }  # fmt: skip
        with self.writes() as connection:
            return int(connection.execute(insert(Webhook).values(**values).returning(Webhook.id)).scalar_one())

    def notices(self, name: str) -> list[Any]:
        of_it = WebhookDelivery.webhook_id == self.hooks[name]
        return [row.payload for row in self.office.rows(select(WebhookDelivery.payload).where(of_it))]


FIRMS = {"exporter": "xuchang-hair", "neighbour": "luoyang-furniture"}
