"""Many small exporters whose parcels one forwarder flies together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import requests
from sqlalchemy import select
from stdnum.cn import uscc

from connectors.sdk.states import accepted
from hub.access import Role
from hub.model import Consolidation, Document, DocumentEvent, Milestone, Trade
from tests.support.consolidations.quay import CLOSE, JOIN, SEE, TYPED
from tests.support.entry.office import Office, typed_trade
from tests.support.world import APPOINT, World, demo_file

OPEN = "mutation($input: ConsolidationInput!) { openConsolidation(input: $input) { number } }"
ENTER = "mutation($inputs: [TradeInput!]!) { enterTrades(inputs: $inputs) { trade { number } errors { path code } } }"


class Fleet:
    """`numbers` are those of the trades, by exporter; the forwarder has no trade of its own.

    `changes` are what those trades have otherwise, by path.
    """

    def __init__(self, world: World, exporters: int, each: int, changes: Mapping[str, Any] | None = None) -> None:
        self.world, self.office, self.changes = world, Office(world), changes or {}
        firm = demo_file("enterprises", "xuchang-hair")
        self.forwarder = self._registers(firm, 0)
        self.numbers: list[list[str]] = []
        self.keys: list[str] = []
        for place in range(1, exporters + 1):
            key = self._registers(firm, place)
            world.ask(APPOINT, key, account="firm 0", acts=["carry"])
            code = _code(place)
            world.ask("mutation($e: String!) { acceptMandate(enterprise: $e) }", self.forwarder, e=code)
            self.keys.append(key)
            self.numbers.append(self._enters(key, place, each))

    @property
    def all(self) -> list[str]:
        return [number for numbers in self.numbers for number in numbers]

    def _registers(self, firm: dict[str, Any], place: int) -> str:
        bank = {**firm["bank"], "account": f"41050171860899{place:06d}"}
        id_ = self.office.registers({**firm, "uscc": _code(place), "bank": bank})
        return self.world.issue(f"firm {place}", Role.ENTERPRISE, id_)

    def _enters(self, key: str, place: int, each: int) -> list[str]:
        orders = [f"F{place}-{one}" for one in range(each)]
        inputs = [typed_trade({"orderNumber": one, "payment.transaction": one, **self.changes}) for one in orders]
        answers = self.world.ask(ENTER, key, inputs=inputs)["enterTrades"]
        return [answer["trade"]["number"] for answer in answers]

    def flies(self, numbers: Sequence[str], departure: str, **otherwise: Any) -> str:
        """The number of a consolidation that these trades are in."""
        typed = {**TYPED, "departure": departure, "enterprise": _code(0), **otherwise}
        number = self.world.ask(OPEN, self.forwarder, input=typed)["openConsolidation"]["number"]
        self.world.ask(JOIN, self.forwarder, n=number, t=numbers)
        return str(number)

    def closes(self, number: str) -> None:
        self.world.ask(CLOSE, self.forwarder, n=number)
        self.world.run("hub.advance")

    def waits(self, come: Callable[[], bool], by: timedelta = timedelta(minutes=20)) -> None:
        self.world.until(come, by=by)

    def states(self, number: str) -> dict[str, str]:
        """Of the papers of a trade or a consolidation itself."""
        subject = select(Trade.id).where(Trade.number == number)
        subject = subject.union(select(Consolidation.id).where(Consolidation.number == number))
        of_it = select(Document.kind, Document.state).where(Document.subject_id.in_(subject))
        return {row.kind: str(row.state) for row in self.office.rows(of_it)}

    def left(self, number: str) -> list[str]:
        """Why trades left a consolidation by themselves."""
        return [one["why"] for one in self.world.ask(SEE, self.forwarder, n=number)["consolidation"]["lines"]]

    def state(self, number: str) -> str:
        return str(self.office.rows(select(Consolidation.state).where(Consolidation.number == number))[0].state)

    def released(self, *numbers: str) -> bool:
        return all(self.states(one).get("customs.inventory") == "done" for one in numbers)

    def inventoried(self, *numbers: str) -> bool:
        """Whether customs has accepted the inventory of each."""
        of_it = select(Milestone.name).join(Trade, Trade.id == Milestone.subject_id)
        of_it = of_it.where(Milestone.name == accepted("customs.inventory"), Trade.number.in_(numbers))
        return len(self.office.rows(of_it)) == len(numbers)

    def heard(self, number: str, code: str) -> int:
        """How often customs said this of the inventory of a trade."""
        of_it = select(DocumentEvent.id).join(Trade, Trade.id == DocumentEvent.trade_id)
        of_it = of_it.where(DocumentEvent.about_kind == "customs.inventory", DocumentEvent.code == code)
        return len(self.office.rows(of_it.where(Trade.number == number)))

    def inspects(self, number: str) -> str:
        """An officer stops the goods of a trade; the number of its inventory."""
        of_it = select(DocumentEvent.answers).join(Trade, Trade.id == DocumentEvent.trade_id)
        rows = self.office.rows(of_it.where(Trade.number == number))
        found = next(row.answers["invtNo"] for row in rows if "invtNo" in row.answers)
        self._at_customs("", {"invtNo": found})
        return str(found)

    def lets_go(self, inventory: str) -> None:
        self._at_customs(f"/{inventory}", {})

    def _at_customs(self, path: str, body: dict[str, Any]) -> None:
        address = f"{self.world.addresses['customs']}/_control/inspections{path}"
        answer = requests.post(address, json=body, timeout=10)
        assert answer.ok, answer.text


def _code(place: int) -> str:
    """A USCC of its own for each."""
    body = f"91411000MA5F{place:05d}"
    return body + str(uscc.calc_check_digit(body))
