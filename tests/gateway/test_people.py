"""Registering, approving, brokers; what a belt platform sees by consent, and who looked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.access import Role
from hub.model.types import write_instant
from tests.support.databases import ON_SQLITE
from tests.support.world import World, demo_file

ENTER = """
mutation($input: TradeInput!, $enterprise: String) {
  enterTrade(input: $input, enterprise: $enterprise) { trade { number } errors { code } }
}"""
REGISTER = """
mutation($input: RegistrationInput!) {
  registerEnterprise(input: $input) { uscc state key errors { path code message wayOut } }
}"""
DECIDE = """
mutation($u: String!, $d: EnterpriseDecision!, $r: String!) { decideEnterprise(uscc: $u, decision: $d, reason: $r) }"""
GRANT = """
mutation($a: String!, $p: String!, $e: DateTime) { grantConsent(account: $a, purpose: $p, endsAt: $e) }"""
LOOK = """
query Looking($n: String) { trade(number: $n) {
  number goodsValue goods { hsCode } purchases { amount } remittances { amount } refund { amount }
  documents { kind fields { value } }
} }"""


def code(world: World, query: str, key: str = "", **variables: Any) -> str:
    (error,) = world.post(query, key, **variables).json()["errors"]
    return str(error["extensions"]["code"])


@pytest.fixture
def owner(world: World) -> str:
    return world.exporter()


@pytest.fixture
def number(world: World, owner: str) -> str:
    entered = world.ask(ENTER, owner, input=demo_file("trades", "xuchang-wigs-to-chicago"))["enterTrade"]
    return str(entered["trade"]["number"])


@pytest.fixture
def belt(world: World) -> str:
    """The key of the belt's platform."""
    return world.issue("xuchang-platform", Role.BELT)


@ON_SQLITE
def test_an_enterprise_registers_is_approved_and_only_then_enters_trades(world: World) -> None:
    typed = demo_file("enterprises", "xuchang-hair")
    trade = demo_file("trades", "xuchang-wigs-to-chicago")
    wrong = world.ask(REGISTER, "", input=typed | {"uscc": "91411000MA4X0000X0", "belt": "nowhere"})
    assert {error["path"] for error in wrong["registerEnterprise"]["errors"]} == {"uscc"}
    assert wrong["registerEnterprise"]["key"] is None

    applied = world.ask(REGISTER, "", input=typed)["registerEnterprise"]
    assert (applied["state"], applied["errors"]) == ("applied", [])
    key = applied["key"]
    assert code(world, ENTER, key, input=trade) == "ENTERPRISE_NOT_APPROVED"
    waiting = "{ enterprises(state: applied) { uscc state belt { code } } }"
    assert world.ask(waiting, world.staff)["enterprises"] == [
        {"uscc": typed["uscc"], "state": "applied", "belt": {"code": "xuchang-hair"}}
    ]

    uscc = typed["uscc"]
    registrar = world.issue("registrar", Role.REGISTRAR)
    assert code(world, DECIDE, world.staff, u=uscc, d="approved", r="by the way") == "FORBIDDEN"
    assert code(world, DECIDE, key, u=uscc, d="approved", r="I like myself") == "FORBIDDEN"
    assert code(world, DECIDE, registrar, u=uscc, d="approved", r=" ") == "REASON_MISSING"
    assert code(world, DECIDE, registrar, u=uscc, d="perhaps", r="unsure") == "GRAPHQL_INVALID"
    assert world.ask(DECIDE, registrar, u=uscc, d="approved", r="papers are in order")["decideEnterprise"]
    assert world.ask(ENTER, key, input=trade)["enterTrade"]["trade"]["number"].startswith("YH")

    world.ask(DECIDE, registrar, u=uscc, d="suspended", r="under inquiry")
    assert code(world, ENTER, key, input=trade | {"orderNumber": "XC-2"}) == "ENTERPRISE_NOT_APPROVED"


@ON_SQLITE
def test_a_registration_is_renewed_by_its_owner_and_by_nobody_else(world: World, owner: str) -> None:
    renewed = demo_file("enterprises", "xuchang-hair") | {"contact": "新联系人"}
    for stranger in ("", world.issue("stranger", Role.ENTERPRISE)):
        assert world.ask(REGISTER, stranger, input=renewed)["registerEnterprise"]["state"] == "applied"
    assert world.ask(REGISTER, owner, input=renewed)["registerEnterprise"]["state"] == "renewed"
    (mine,) = world.ask("{ enterprises { state } }", owner)["enterprises"]
    assert mine == {"state": "approved"}, "a renewal needs no second approval"


@ON_SQLITE
def test_a_belt_sees_the_trades_that_it_has_consent_to_and_no_money(
    world: World, owner: str, number: str, belt: str
) -> None:
    members = '{ beltTrades(belt: "xuchang-hair") { number } }'
    assert code(world, LOOK, belt, n=number) == "NOT_FOUND"
    assert world.ask(members, belt)["beltTrades"] == []

    world.ask(GRANT, owner, a="xuchang-platform", p="statistics of the belt")
    seen = world.ask(LOOK, belt, n=number)["trade"]
    assert (seen["number"], len(seen["goods"])) == (number, 3)
    assert (seen["purchases"], seen["remittances"], seen["refund"]) == ([], [], None)
    assert {len(document["fields"]) for document in seen["documents"]} == {0}
    assert world.ask(LOOK, owner, n=number)["trade"]["purchases"], "its owner sees them"
    assert world.ask(members, belt)["beltTrades"] == [{"number": number}]
    assert world.ask("{ trades { number } }", belt)["trades"] == [{"number": number}]


@ON_SQLITE
def test_the_enterprise_reads_who_looked_and_may_end_it(world: World, owner: str, number: str, belt: str) -> None:
    log = "{ accessLog { account purpose operation trades } }"
    consent = world.ask(GRANT, owner, a="xuchang-platform", p="statistics of the belt")["grantConsent"]
    world.ask(LOOK, owner, n=number)
    assert world.ask(log, owner)["accessLog"] == [], "its own looks are nobody's business"
    world.ask(LOOK, belt, n=number)
    assert world.ask(log, owner)["accessLog"] == [
        {"account": "xuchang-platform", "purpose": "statistics of the belt", "operation": "Looking", "trades": 1}
    ]
    assert code(world, log, belt) == "FORBIDDEN"

    end = "mutation($id: Int!) { withdrawConsent(id: $id) }"
    stranger = world.issue("stranger", Role.ENTERPRISE)
    assert code(world, end, stranger, id=consent) == "NOT_FOUND"
    assert world.ask(end, owner, id=consent)["withdrawConsent"]
    assert code(world, LOOK, belt, n=number) == "NOT_FOUND"
    assert code(world, end, owner, id=consent) == "NOT_FOUND"
    (given,) = world.ask("{ consents { account withdrawnAt } }", owner)["consents"]
    assert (given["account"], bool(given["withdrawnAt"])) == ("xuchang-platform", True)


def test_a_consent_ends_by_itself(world: World, owner: str, number: str, belt: str) -> None:
    ends = write_instant(world.clock() + timedelta(days=1))
    world.ask(GRANT, owner, a="xuchang-platform", p="a look", e=ends)
    assert world.ask(LOOK, belt, n=number)["trade"]["number"] == number
    world.clock.forward(timedelta(days=1))
    assert code(world, LOOK, belt, n=number) == "NOT_FOUND"


@pytest.mark.usefixtures("number")
@ON_SQLITE
def test_a_consent_names_a_purpose_and_a_platform(world: World, owner: str, belt: str) -> None:
    assert belt
    assert code(world, GRANT, owner, a="xuchang-platform", p=" ") == "PURPOSE_MISSING"
    assert world.ask(GRANT, owner, a="nobody", p="a look")["grantConsent"], "as for an account that there is"
    assert code(world, GRANT, owner, a="x" * 101, p="a look") == "ENTRY_REFUSED"
    answer = world.post(GRANT, owner, a="xuchang-platform", p="a look", e="2020-01-01").json()
    refused = answer["errors"][0]["extensions"]
    assert refused["code"] == "ENTRY_REFUSED"
    assert [(one["path"], one["code"], bool(one["wayOut"])) for one in refused["errors"]] == [
        ("endsAt", "IN_THE_PAST", True)
    ], "the place, the rule and the way out are said"
    assert code(world, GRANT, owner, a="xuchang-platform", p="a look", e="some day") == "ENTRY_REFUSED"
    assert code(world, GRANT, world.staff, a="xuchang-platform", p="a look") == "FORBIDDEN"


@ON_SQLITE
def test_a_broker_acts_for_several_enterprises_until_it_is_dismissed(world: World, owner: str, number: str) -> None:
    furniture = world.exporter("luoyang-furniture")
    broker = world.issue("Henan brokers", Role.ENTERPRISE)
    trade = demo_file("trades", "xuchang-wigs-to-chicago") | {"orderNumber": "by the broker"}
    assert code(world, ENTER, broker, input=trade) == "NOT_FOUND"
    for enterprise, name in ((owner, "xuchang-hair"), (furniture, "luoyang-furniture")):
        world.appoint(enterprise, "Henan brokers", demo_file("enterprises", name)["uscc"])
    assert code(world, ENTER, broker, input=trade) == "ENTERPRISE_UNNAMED", "nothing is entered for the wrong one"
    assert code(world, GRANT, broker, a="xuchang-platform", p="a look") == "ACT_NOT_GRANTED"
    uscc = demo_file("enterprises", "xuchang-hair")["uscc"]
    entered = world.ask(ENTER, broker, input=trade, enterprise=uscc)["enterTrade"]["trade"]["number"]
    assert {one["number"] for one in world.ask("{ trades { number } }", broker)["trades"]} == {number, entered}

    world.ask('mutation { dismissBroker(account: "Henan brokers") }', owner)
    assert world.ask("{ trades { number } }", broker)["trades"] == []
    assert code(world, ENTER, broker, input=trade, enterprise=uscc) == "NOT_FOUND"
