"""Money that came in: tied to its trades by the hub where that is clear, by a person where it is not."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from hub.access import Role
from hub.model import AuditEntry, ExchangeRate
from tests.support.databases import ON_SQLITE
from tests.support.gateway.till import DUE, REMITTANCES, Till, shares_of
from tests.support.world import World, demo_file

AMEND = """
mutation($n: String!, $changes: [ChangeInput!]!) {
  amendTrade(number: $n, version: 1, changes: $changes) { trade { number documents { kind } } errors { path code } }
}"""
BUYER = "Lakeside Beauty Supply LLC"


@pytest.fixture
def till(world: World) -> Till:
    return Till(world)


@pytest.fixture
def small_till(small_world: World) -> Till:
    return Till(small_world)


def test_what_is_clear_is_matched_by_the_hub(till: Till) -> None:
    for order in ("XC-1", "XC-2", "XC-3", "XC-4"):
        till.trade(order)

    exact = till.paid("6257.00", "invoice XC-1")
    assert (exact["match"], exact["candidates"]) == ("matched", [])
    assert exact["allocations"][0]["by"] == "hub"
    assert exact["reportNumber"] is None, "the bank has given none yet, and nobody else gives one"
    assert shares_of(exact) == [("XC-1", "6257.00", "6257.00", "exact")]
    known_fees = till.paid("6257.00", "XC-2", charges="25.00")
    assert (known_fees["amount"], shares_of(known_fees)) == ("6232.00", [("XC-2", "6257.00", "6257.00", "exact")])
    first_part = till.paid("4000.00", "XC-3 first part")
    assert shares_of(first_part) == [("XC-3", "4000.00", "4000.00", "combined")]
    split = till.paid("8514.00", "rest of XC-3, all of XC-4")
    assert sorted(shares_of(split)) == [
        ("XC-3", "2257.00", "2257.00", "split"),
        ("XC-4", "6257.00", "6257.00", "split"),
    ]
    assert till.remittances(match="unclear") == []
    numbers = [one["reportNumber"] for one in till.numbered()]
    assert {one["reportNumber"] for one in till.remittances()} == {*numbers}
    assert len({*numbers}) == 4


def test_an_unclear_remittance_waits_and_a_person_of_the_enterprise_decides(till: Till) -> None:
    number = till.trade("XC-1")
    remittance = till.paid("6257.00", "thank you", payer=BUYER)
    assert (remittance["match"], remittance["allocations"], remittance["reportNumber"]) == ("unclear", [], None)
    assert remittance["candidates"] == [
        {"number": number, "score": "0.80", "why": ["the same amount", "the same payer"]}
    ]
    in_chinese = till.world.ask(REMITTANCES, till.key, "zh")["remittances"][0]["candidates"][0]["why"]
    assert in_chinese == ["金额相同", "付款人相同"]

    matched = till.match(remittance, {"trade": number, "amount": "6257.00"})
    uscc = demo_file("enterprises", "xuchang-hair")["uscc"]
    assert matched["errors"] == []
    assert matched["remittance"]["match"] == "matched"
    (allocation,) = matched["remittance"]["allocations"]
    assert allocation == {"amount": "6257.00", "covers": "6257.00", "how": "person", "by": uscc, "score": "1.00"}
    assert till.refusal(remittance, {"trade": number, "amount": "1"}) == "REMITTANCE_MATCHED"

    with till.world.hub.database.read() as connection:
        (audit,) = connection.execute(select(AuditEntry.__table__).where(AuditEntry.action == "remittance.match"))
    assert (audit.actor, audit.subject, audit.before) == (uscc, str(remittance["id"]), {"match": "unclear"})


@ON_SQLITE
def test_staff_decide_with_a_reason(till: Till) -> None:
    number = till.trade("XC-1")
    remittance = till.paid("100.00", "?", beneficiaryAccount="999")
    share = {"trade": number, "amount": "100.00"}
    assert till.remittances() == [], "paid to an account that nobody registered: staff alone see it"
    assert till.refusal(remittance, share) == "NOT_FOUND"
    assert till.refusal(remittance, share, key=till.world.staff, reason=" ") == "REASON_MISSING"
    viewer = till.world.issue("viewer", Role.VIEWER)
    assert till.refusal(remittance, share, key=viewer, reason="I saw it") == "FORBIDDEN"
    assert till.match(remittance, share, key=till.world.staff, reason="the bank confirmed it")["errors"] == []
    (mine,) = till.remittances()
    assert (mine["id"], mine["match"]) == (remittance["id"], "matched")
    with till.world.hub.database.read() as connection:
        (audit,) = connection.execute(select(AuditEntry.__table__).where(AuditEntry.action == "remittance.match"))
    assert (audit.actor, audit.role, audit.reason) == ("operator", "operator", "the bank confirmed it")


def test_a_decision_that_cannot_be_changes_nothing_and_says_where_it_is_wrong(small_till: Till) -> None:
    till = small_till
    number, other = till.trade("XC-1"), till.trade("XC-2")
    stranger = till.world.exporter("luoyang-furniture")
    remittance = till.paid("7000.00", "thank you")

    def wrong(*shares: Any) -> set[tuple[str, str]]:
        answer = till.match(remittance, *shares)
        assert answer["remittance"] is None
        assert all(error["message"] and error["wayOut"] for error in answer["errors"])
        return {(error["path"], error["code"]) for error in answer["errors"]}

    assert wrong({"trade": "YH26010900000099X", "amount": "1"}) == {("shares[0].trade", "ANOTHERS_TRADE")}
    assert wrong({"trade": number, "amount": "6257.01"}) == {("shares[0].covers", "OWED_EXCEEDED")}
    assert wrong({"trade": number, "amount": "6000"}, {"trade": other, "amount": "1000.01"}) == {
        ("shares", "REMITTANCE_EXCEEDED")
    }
    assert wrong({"trade": number, "amount": "1"}, {"trade": number, "amount": "2"}) == {
        ("shares[1].trade", "DUPLICATE")
    }
    assert wrong() == {("shares", "BAD_VALUE")}
    assert wrong({"trade": number}) == {("shares[0].amount", "REQUIRED")}
    assert wrong({"trade": number, "amount": "0"}) == {("shares[0].amount", "BAD_VALUE")}
    assert wrong({"trade": number, "amount": "-5"}, {"amount": "1"}) == {
        ("shares[0].amount", "BAD_VALUE"),
        ("shares[1].trade", "REQUIRED"),
    }
    assert till.refusal(remittance, {"trade": number, "amount": "1"}, key=stranger) == "NOT_FOUND"
    assert till.refusal({"id": 10**6}, {"trade": number, "amount": "1"}) == "NOT_FOUND"
    assert till.remittances(match="unclear")[0]["id"] == remittance["id"]

    assert (
        till.match(remittance, {"trade": number, "amount": "6257"}, {"trade": other, "amount": "743"})["errors"] == []
    )
    paid_up = till.paid("1.00", "thank you")
    (error,) = till.match(paid_up, {"trade": number, "amount": "1"})["errors"]
    assert error["code"] == "ANOTHERS_TRADE"
    assert "paid in full" in error["message"]


def test_another_currency_is_matched_by_parity_or_says_what_it_covers(small_till: Till) -> None:
    till = small_till
    till.trade("XC-1")
    number = till.trade("XC-2")
    with till.world.hub.database.read() as connection:
        rows = connection.execute(select(ExchangeRate.__table__)).all()
    parities = {row.currency: row.rate / row.unit for row in rows}
    worth = f"{6257 * parities['USD'] / parities['EUR']:.2f}"
    assert shares_of(till.paid(worth, "XC-1", currency="EUR")) == [("XC-1", worth, "6257.00", "currency")]
    remittance = till.paid("1000.00", "XC-2", currency="EUR")
    assert remittance["match"] == "unclear"
    (error,) = till.match(remittance, {"trade": number, "amount": "1000.00"})["errors"]
    assert (error["path"], error["code"]) == ("shares[0].covers", "COVERS_MISSING")
    matched = till.match(remittance, {"trade": number, "amount": "1000.00", "covers": "1170.00"})
    assert matched["remittance"]["allocations"][0]["covers"] == "1170.00"


def test_a_remittance_in_a_currency_without_parity_waits_for_the_parity(small_world: World) -> None:
    key = small_world.exporter()
    small_world.run("customs.tariffs", "tax.rates")
    till = Till.__new__(Till)
    till.world, till.key, till.payments = small_world, key, count(1)
    assert till.paid("5000.00", "XC-1", currency="EUR")["match"] == "open"
    small_world.run("forex.parity")
    assert till.remittances()[0]["match"] == "unclear", "it is known what it is worth, and there is no such trade"


def test_a_trade_that_comes_after_its_money_finds_it(small_till: Till) -> None:
    till = small_till
    early = till.paid("6257.00", "advance for XC-9")
    assert early["match"] == "unclear"
    till.trade("XC-8")
    till.world.run("forex.credits")
    assert till.remittances()[0]["match"] == "unclear"
    till.trade("XC-9")
    till.world.run("forex.credits")
    assert shares_of(till.remittances()[0]) == [("XC-9", "6257.00", "6257.00", "exact")]


def test_an_amendment_looks_at_unclear_money_again(small_till: Till) -> None:
    till = small_till
    number = till.trade("XC-1")
    assert till.paid("6307.00", "XC-1")["match"] == "unclear", "more than is owed"
    changes = [{"path": "freight", "value": "170.00"}]
    amended = till.world.ask(AMEND, till.key, n=number, changes=changes)["amendTrade"]
    assert (amended["errors"], len(amended["trade"]["documents"])) == ([], 10)
    till.world.run("forex.credits")
    assert shares_of(till.remittances()[0]) == [("XC-1", "6307.00", "6307.00", "exact")]


def test_an_account_belongs_to_whom_it_was_approved_for_first(small_till: Till) -> None:
    till = small_till
    till.trade("XC-1")
    register = "mutation($input: RegistrationInput!) { registerEnterprise(input: $input) { key errors { code } } }"
    other = demo_file("enterprises", "luoyang-furniture")
    claim = other | {"bank": demo_file("enterprises", "xuchang-hair")["bank"]}
    thief = till.world.ask(register, "", input=claim)["registerEnterprise"]["key"]
    assert till.paid("6257.00", "XC-1")["match"] == "matched", "a claim that nobody approved changes nothing"

    decide = 'mutation($u: String!) { decideEnterprise(uscc: $u, decision: approved, reason: "in order") }'
    till.world.ask(decide, till.world.registrar, u=other["uscc"])
    till.trade("XC-2")
    assert till.paid("6257.00", "XC-2")["match"] == "matched", "nor does one that is approved later"
    assert till.remittances(thief) == []
    assert len(till.remittances()) == 2


def test_money_that_came_before_its_account_was_registered_is_found_by_the_first_trade(small_till: Till) -> None:
    till = small_till
    furniture = demo_file("enterprises", "luoyang-furniture")
    early = till.paid("6257.00", "XC-1", beneficiaryAccount=furniture["bank"]["account"])
    assert early["match"] == "unclear"
    key = till.world.exporter("luoyang-furniture")
    partners = demo_file("enterprises", "xuchang-hair")
    till.world.ask(
        "mutation($input: RegistrationInput!) { registerEnterprise(input: $input) { state } }",
        key,
        input=furniture | {name: partners[name] for name in ("platforms", "paymentProviders")},
    )
    till.trade("XC-1", key)
    till.world.run("forex.credits")
    assert till.remittances(key)[0]["match"] == "matched"


def test_each_remittance_is_declared_once_in_whatever_order_they_are_matched(small_till: Till) -> None:
    """The first to be booked is the last that anybody knows what to do with."""
    till = small_till
    number = till.trade("XC-1")
    early = till.paid("2257.00", "thank you")
    till.world.clock.forward(timedelta(days=2))
    assert till.paid("4000.00", "XC-1")["match"] == "matched"
    till.world.until(lambda: len(till.world.taken("forex", "bop")) == 1)
    assert till.match(early, {"trade": number, "amount": "2257.00"})["errors"] == []
    till.world.until(lambda: len(till.world.taken("forex", "bop")) == 2)
    till.world.turn(timedelta(days=1))
    declared = [json.loads(entry.body) for entry in till.world.taken("forex", "bop", None)]
    assert {one["RPTNO"] for one in declared} == {one["reportNumber"] for one in till.remittances()}
    assert len(declared) == 2


@ON_SQLITE
def test_what_is_still_to_come_in_is_told_from_the_departure_on(till: Till) -> None:
    number = till.trade("XC-1")
    assert till.owed(number) is None, "nothing is due before the goods have left"
    till.paid("4000.00", "XC-1 part one")
    till.world.until(lambda: till.owed(number) is not None)
    due = till.world.ask(DUE, till.key, n=number)["trade"]["paymentDue"]
    assert due == {"due": "2027-04-30T15:59:59.000000Z", "outstanding": "2257.00", "overdue": False}

    till.world.clock.forward(timedelta(days=500))
    assert till.world.ask(DUE, till.key, n=number)["trade"]["paymentDue"]["overdue"]
    till.paid("2257.00", "XC-1 the rest")
    after = till.world.ask(DUE, till.key, n=number)["trade"]["paymentDue"]
    assert (after["outstanding"], after["overdue"]) == ("0.00", False)


def test_by_consent_nobody_sees_money(small_till: Till) -> None:
    till = small_till
    number = till.trade("XC-1")
    till.paid("4000.00", "XC-1")
    till.world.until(lambda: till.owed(number) is not None)
    belt = till.world.issue("platform", Role.BELT)
    till.world.ask('mutation { grantConsent(account: "platform", purpose: "statistics") }', till.key)
    assert till.world.ask(DUE, belt, n=number)["trade"]["paymentDue"] is None
    assert till.remittances(belt) == []
    assert till.refusal({"id": 1}, {"trade": number, "amount": "1"}, key=belt) == "FORBIDDEN"
