"""Being paid through ebPay: the institution's stand-in over HTTP, and a hub that knows of it by its package alone."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from flask import Flask

from hub.access import Role
from hub.entry.registration import register
from hub_graphql.files import operation
from mocks.serve import serving
from tests.support.flow.story import ENTER
from tests.support.world import Clock, Street, World, a_world, demo_file

AMEND = """mutation($n: String!, $changes: [ChangeInput!]!) {
  amendTrade(number: $n, version: 1, changes: $changes) { errors { path code } } }"""
CANCEL = 'mutation($n: String!) { cancelTrade(number: $n, reason: "the buyer withdrew") { state } }'
AWAITED = "query($n: String!) { trade(number: $n) { documents { kind awaited } } }"
SECRET = "what-ebpay-signs-with"
Notice = tuple[dict[str, str], bytes]
PROVIDER = "易博付"


@dataclass
class Ebpay:
    world: World
    address: str
    stand_in: Any
    app: Flask
    key: str
    firm: dict[str, Any]

    @classmethod
    @contextmanager
    def opened(cls, street: Street, folder: Path, database_url: str) -> Iterator[Ebpay]:
        clock = Clock()
        stand_in = importlib.import_module("ebpay_stand_in")  # found where pip has put it
        app = stand_in.create_app(now=clock)
        with serving(app) as address:
            more = {"YUHUB_EBPAY_BASE_URL": address, "YUHUB_EBPAY_HOOK_SECRET": SECRET}
            with a_world(street, folder, database_url, clock=clock, **more) as world:
                firm = demo_file("enterprises", "xuchang-hair")
                firm["paymentProviders"][PROVIDER] = "4101986P77"
                with world.hub.database.write() as connection:
                    id_, _ = register(connection, firm, world.clock())
                key = world.issue(firm["uscc"], Role.ENTERPRISE, id_)
                world.run("customs.tariffs", "tax.rates", "forex.parity")
                yield cls(world, address, stand_in, app, key, firm)

    def enters(self, provider: str = PROVIDER) -> str:
        """A trade whose buyer pays through a provider; its number."""
        trade = demo_file("trades", "xuchang-wigs-to-chicago")
        trade["payment"]["provider"] = provider
        entered = self.world.ask(ENTER, self.key, input=trade)["enterTrade"]
        assert entered["errors"] == []
        number: str = entered["trade"]["number"]
        return number

    def collects(self, number: str, **more: Any) -> dict[str, Any]:
        """The buyer pays for a trade, all of it; the payment."""
        trade = self.sees(number)
        wish = {
            "merchantAccount": self.firm["bank"]["account"],
            "amount": trade["total"],
            "currency": trade["currency"],
            "payer": "Lakeside Beauty Supply LLC",
            "payerCountry": "US",
            "memo": f"order {trade['orderNumber']}",
            "orderReference": number,
        }
        answer = requests.post(f"{self.address}/_control/payments", json=wish | more, timeout=10)
        assert answer.status_code == 201, answer.text
        payment: dict[str, Any] = answer.json()
        return payment

    def notifies(self, payment: dict[str, Any], delivery: str = "n-1", secret: str = SECRET) -> requests.Response:
        return self.sends(*self.notice(payment, delivery, secret))

    def notice(self, payment: dict[str, Any], delivery: str = "n-1", secret: str = SECRET) -> Notice:
        notice: Notice = self.stand_in.notice_of(payment, secret, self.world.clock(), delivery)
        return notice

    def returns(self, payment: dict[str, Any]) -> None:
        """The money goes back to the buyer."""
        self.app.extensions["books"].payments[payment["sequence"] - 1]["status"] = "RETURNED"

    def amends(self, number: str, path: str, value: str) -> list[dict[str, Any]]:
        """The exporter changes a field; why it is refused, if it is."""
        answer = self.world.post(AMEND, self.key, n=number, changes=[{"path": path, "value": value}]).json()
        assert "errors" in answer or answer["data"]["amendTrade"]["errors"] == []
        return list(answer.get("errors", ()))

    def cancels(self, number: str) -> list[dict[str, Any]]:
        """The exporter takes the trade back; why it is refused, if it is."""
        return list(self.world.post(CANCEL, self.key, n=number).json().get("errors", ()))

    def awaited(self, number: str, kind: str, language: str = "en") -> list[str]:
        """What has to happen before a paper is due, in words."""
        (paper,) = [one for one in self._awaited(number, language) if one["kind"] == kind]
        return list(paper["awaited"])

    def _awaited(self, number: str, language: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.world.ask(AWAITED, self.key, language, n=number)["trade"]["documents"]
        return found

    def settlements(self) -> list[dict[str, Any]]:
        """The applications that the institution has, by its own books."""
        return list(self.app.extensions["books"].settlements.values())

    def sends(self, headers: dict[str, str], body: bytes) -> requests.Response:
        address = f"{self.world.address}/hooks/ebpay/payment-notice"
        return requests.post(address, data=body, headers=headers | {"Accept-Language": "en"}, timeout=10)

    def sees(self, number: str) -> dict[str, Any]:
        trade: dict[str, Any] = self.world.ask(operation("trade"), self.key, number=number)["trade"]
        return trade

    def states(self, number: str) -> dict[str, str]:
        return {document["kind"]: document["state"] for document in self.sees(number)["documents"]}
