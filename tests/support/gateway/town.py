"""An enterprise with something of everything, and those who have no business with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from graphql import build_schema
from sqlalchemy import insert, select

from hub.access import Role
from hub.entry.registration import register
from hub.model import (
    AccountClaim,
    BankAdvice,
    Enterprise,
    Quarantined,
    RawMessage,
    RegistrationChange,
    StockLevel,
    Trade,
    Webhook,
    WebhookDelivery,
)
from hub_graphql.files import folder
from sync.verify_results import PartFound, VerifyPart, keep_found
from tests.support.gateway.held_once import held_once
from tests.support.gateway.walking import questions
from tests.support.world import World, demo_file

SCHEMA = build_schema((folder() / "schema.graphql").read_text("utf-8"))
ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
GRANT = 'mutation { grantConsent(account: "platform", purpose: "statistics") }'
ORDERS = ["XC-20260108-0042", "XC-20260108-0043"]

Answers = dict[str, list[Any]]


class Town:
    """The owner has two trades, money clear and unclear, a consent, a webhook, stock, something in quarantine.

    Once they are played, one trade is finished and one returned. The neighbour belongs to the same belt and has a trade
    of its own.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.webhook = self.delivery = self.advice = self.change = self.claim = 0
        self.consolidation = ""
        self.owner = world.exporter()
        world.run("customs.tariffs", "tax.rates", "forex.parity", "rail.schedules", "rail.warehouses")
        self.numbers = [
            self.enter(self.owner, name) for name in ("xuchang-wigs-to-chicago", "xuchang-wrong-classification")
        ]
        self.pay("6257.00", "Lakeside Beauty Supply LLC", ORDERS[0])
        self.pay("1950.00", "Harlem Hair House Inc.", "for hair")
        self.say_a_number()
        world.clock.forward(timedelta(hours=1))
        world.run("forex.credits", "forex.basic_information")
        self.keep_by_hand()
        self.platform = world.issue("platform", Role.BELT)
        self.consent = world.ask(GRANT, self.owner)["grantConsent"]
        world.ask("{ trades { number } }", self.platform)  # so that somebody has looked
        self.strangers = {
            "an enterprise's account that acts for nobody": world.issue("nobody", Role.ENTERPRISE),
            "a platform without consent": world.issue("another platform", Role.BELT),
            "an integrator": world.issue("integrator", Role.INTEGRATOR),
            "anonymous": "",
        }

    def play(self) -> None:
        """The owner's trades go all their way."""
        self.world.until(lambda: self.states() == {"finished", "attention"})

    def questions(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every question about the owner's things: root field, text, variables."""
        new = demo_file("trades", "xuchang-wigs-to-chicago") | {"orderNumber": "XC-NEW"}
        known: Mapping[str, list[Any]] = {
            "number": [*self.numbers, self.consolidation], "orderNumber": ORDERS[:1], "belt": ["xuchang-hair"],
            "first": [2], "field": ["seller_name", "refund_amount"], "kind": ["customs.inventory", "tax.refund"],
            "version": [1], "input": [new, new | {"transport": new["transport"] | {"from": "CNXXX"}}],
            "ChangeState": ["waiting"], "ConsolidationState": ["cancelled"],
            "TradeState": ["finished"], "EnterpriseState": ["approved"], "NoticeState": ["waiting"],
            "RemittanceMatch": ["unclear"],
            "AdviceState": ["unclear"],
            "from": ["CNZGZ"], "to": ["DEHAM"], "warehouse": ["DUI01"], "job": ["customs.responses"],
            "enterprise": [demo_file("enterprises", "xuchang-hair")["uscc"]], "action": ["trade.enter"],
            "actor": [demo_file("enterprises", "xuchang-hair")["uscc"]], "since": ["2026-01-01"], "after": [10**6],
        }  # fmt: skip
        return questions(SCHEMA, known)

    def answers(self, key: str) -> Answers:
        """Root field → what came back for each question about the owner's things."""
        found: Answers = {}
        for name, question, variables in self.questions():
            found.setdefault(name, []).append(self.world.post(question, key, **variables).json())
        return found

    def enter(self, key: str, name: str) -> str:
        entered = self.world.ask(ENTER, key, input=demo_file("trades", name))["enterTrade"]
        assert entered["errors"] == []
        return str(entered["trade"]["number"])

    def pay(self, amount: str, payer: str, remittance: str) -> None:
        account = demo_file("enterprises", "xuchang-hair")["bank"]["account"]
        self.world.pay(
            amount=amount, currency="USD", payer=payer, payerCountry="US",
            remittance=remittance, endToEndId=f"E2E-{amount}", beneficiaryAccount=account,
        )  # fmt: skip

    def say_a_number(self) -> None:
        """The bank tells a number of the owner's account that is of no remittance there is."""
        row = {
            "ACTIONTYPE": "A", "RPTNO": "410100010501260109N900", "CUSTYPE": "C", "OPPUSER": "(JW)Nobody",
            "TXCCY": "USD", "TXAMT": "5", "FCYAMT": "5", "BUSCODE": "NOTPROVIDED",
            "FCYACC": demo_file("enterprises", "xuchang-hair")["bank"]["account"],
        }  # fmt: skip
        client = self.world.apps["forex"].test_client()
        assert client.post("/_control/basic-information", json=row).status_code == 201

    def unclear_number(self) -> int:
        """The id of the basic information that nobody can say what it is of."""
        (found,) = self.world.ask("{ basicInformation(match: unclear) { id } }", self.owner)["basicInformation"]
        return int(found["id"])

    def unclear(self) -> int:
        """The id of the remittance that nobody can say what it is for."""
        (remittance,) = self.world.ask("{ remittances(match: unclear) { id } }", self.owner)["remittances"]
        return int(remittance["id"])

    def states(self) -> set[str]:
        return {trade["state"] for trade in self.world.ask("{ trades { state } }", self.owner)["trades"]}

    def move_in(self) -> str:
        """The neighbour's key."""
        typed = demo_file("enterprises", "zhengzhou-trousers") | {"belt": "xuchang-hair"}
        with self.world.hub.database.write() as connection:
            id_, _ = register(connection, typed, self.world.clock())
        key = self.world.issue(typed["uscc"], Role.ENTERPRISE, id_)
        self.enter(key, "zhengzhou-trousers-to-almaty")
        return key

    def keep_by_hand(self) -> None:
        """What would need another trade, a receiver or a broken authority to come about."""
        now = self.world.clock()
        with self.world.hub.database.write() as connection:
            trade_id = connection.scalar(select(Trade.id).where(Trade.number == self.numbers[0]))
            raw_id = connection.scalar(select(RawMessage.id))
            owner_id = connection.scalar(select(Enterprise.id))
            connection.execute(
                insert(StockLevel).values(
                    source="rail", source_id="DUI01/RX-HH-12B", as_of=now, fetched_at=now, raw_id=raw_id, digest="",
                    about_kind="rail.booking", about_value="B-1", subject_id=trade_id, trade_id=trade_id,
                    warehouse="DUI01", sku="RX-HH-12B", quantity="40", unit="piece",
                )
            )  # fmt: skip
            connection.execute(
                insert(Quarantined).values(
                    connector="rail", stream="stock", noun="stock_level", raw_id=raw_id, position=0, field="sku",
                    reason="Missing data for required field.", record={"sku": None}, quarantined_at=now,
                )
            )  # fmt: skip
            found = PartFound(VerifyPart.COUNTERS)
            found.tell("RUN_MISSING", run=1, received=2, messages=1)
            keep_found(connection, found, now)
            self.advice = connection.execute(
                insert(BankAdvice)
                .values(
                    source="forex",
                    source_id="RV-1",
                    as_of=now,
                    fetched_at=now,
                    raw_id=raw_id,
                    digest="",
                    enterprise_id=owner_id,
                    status="BOOK",
                    direction="DBIT",
                    reversal=True,
                    account="1",
                    amount=7,
                    currency="USD",
                    payer="Vanished Buyers Inc.",
                    remittance_information="",
                    bank_reference="IR-RV-000001",
                    identifiers=[],
                    state="unclear",
                )
                .returning(BankAdvice.id)
            ).scalar_one()
            self.consolidation = held_once(connection, owner_id, trade_id, now)
            self.change = connection.execute(
                insert(RegistrationChange)
                .values(enterprise_id=owner_id, asked_by="the owner", key="", asked_at=now, state="waiting",
                        before={"bank.account": "41050171860800001234"}, after={"bank.account": "41050171860800005678"})
                .returning(RegistrationChange.id)
            ).scalar_one()  # fmt: skip
            self.claim = connection.execute(
                insert(AccountClaim)
                .values(enterprise_id=owner_id, account="41050171860800005678", state="waiting", claimed_at=now)
                .returning(AccountClaim.id)
            ).scalar_one()
            self.webhook = connection.execute(
                insert(Webhook)
                .values(enterprise_id=owner_id, url="https://hooks.example/of-the-owner", secret="yhs_1",
                        events=["paper.rejected"], created_at=now)
                .returning(Webhook.id)
            ).scalar_one()  # fmt: skip
            self.delivery = connection.execute(
                insert(WebhookDelivery)
                .values(webhook_id=self.webhook, event="paper.rejected", payload={"trade": self.numbers[1]},
                        state="given_up", attempts=12, created_at=now, next_try_at=now)
                .returning(WebhookDelivery.id)
            ).scalar_one()  # fmt: skip
