"""A bank whose credits are read wrongly for a while."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from connectors.sdk.records import Draft
from tests.support.gateway.till import Till
from tests.support.mapping import Mapping, Mistake

SEE = """query($n: String!) { trade(number: $n) { state
  documents { kind number state version attention { code message wayOut } fields { name value } }
  waitsFor { whom attention { code } } } }"""
SETTLE = """mutation($number: String!, $again: Boolean!, $reason: String!) {
  settlePaper(number: $number, again: $again, reason: $reason) { number } }"""


class Bank:
    """The two mappings of what the bank tells: of the money, and of the number and data for its declaration."""

    def __init__(self, till: Till) -> None:
        self.till = till
        self.mappings = [Mapping(till.world, job) for job in ("forex.credits", "forex.basic_information")]

    def is_wrong(self, credit: Mistake, number: Mistake | None = None) -> None:
        for mapping, mistake in zip(self.mappings, (credit, number), strict=True):
            if mistake:
                mapping.is_wrong(mistake)

    def is_mended(self) -> Any:
        """Mended and replayed; the counters of the run that read the credits."""
        for mapping in self.mappings:
            mapping.is_mended()
        return self.replay()

    def replay(self) -> Any:
        of_credits, _ = [mapping.replay() for mapping in self.mappings]
        return of_credits

    def declares(self) -> None:
        """The bank makes its numbers, and what is ready is declared."""
        self.till.numbered()
        self.till.world.run("forex.send")


def halved(schema: type[Any], values: dict[str, Any]) -> list[Draft]:
    return [(schema, values | {"amount": Decimal(values["amount"]) / 2})]


def halved_number(schema: type[Any], values: dict[str, Any]) -> list[Draft]:
    return [(schema, values | {name: str(int(values[name]) // 2) for name in WHOLE if values.get(name)})]


WHOLE = ("amount", "foreign_amount", "settled_amount", "other_amount")


def otherwise(**changes: Any) -> Mistake:
    return lambda schema, values: [(schema, values | changes)]


def declarations(till: Till, number: str, language: str = "en") -> list[Any]:
    documents = till.world.ask(SEE, till.key, language, n=number)["trade"]["documents"]
    return [one for one in documents if one["kind"] == "forex.declaration"]


def declared(till: Till) -> list[tuple[str, str]]:
    """What the forex administration was told: new or change, and how much."""
    told = [json.loads(entry.body) for entry in till.world.taken("forex", "bop", None)]
    return [(one["ACTIONTYPE"], one["TXAMT"]) for one in told]
