"""Whatever is ordered leaves a row in the audit log, under a name that the table of actions has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from graphql import GraphQLObjectType, get_named_type
from sqlalchemy import func, select, update

from hub.access import Caller, Role
from hub.access.actions import ACTIONS
from hub.access.audit import write_audit
from hub.model import AuditEntry, Document
from tests.support.gateway.town import SCHEMA, Town
from tests.support.world import World, demo_file

OWNER = demo_file("enterprises", "xuchang-hair")
TRADE = demo_file("trades", "xuchang-wigs-to-chicago")
AUDIT = """
query($e: String, $a: String, $f: Int, $after: Int) {
  auditLog(enterprise: $e, action: $a, first: $f, after: $after) { id actor action words subject enterprise key }
}"""
FLIGHT = {
    "kind": "air_waybill", "mode": "9610", "from": "CNCGO", "to": "USORD", "departure": "CA1037/2026-01-10",
    "consignee": TRADE["buyer"],
}  # fmt: skip
Order = Callable[[Town], tuple[str, dict[str, Any]]]


def by_owner(**given: Any) -> Order:
    return lambda town: (town.owner, given)


def by(role: Role, **given: Any) -> Order:
    return lambda town: (town.world.issue(f"an {role}", role), given)


def of_job(role: Role = Role.OPERATOR) -> Order:
    return by(role, job="customs.responses", reason="because")


ORDERS: dict[str, tuple[str, Order]] = {
    "registerEnterprise": ("enterprise.renew", by_owner(input=OWNER | {"telephone": "0374-7654321"})),
    "withdrawRegistrationChange": ("registration.withdraw", by_owner()),
    "decideRegistrationChange": (
        "registration.approved",
        lambda town: by(Role.REGISTRAR, id=asks_staff(town), decision="approved", reason="seen")(town),
    ),
    "decideAccountClaim": (
        "account.ended",
        lambda town: by(Role.REGISTRAR, id=town.claim, decision="refused", reason="no proof")(town),
    ),
    "decideEnterprise": (
        "enterprise.approved",
        by(Role.REGISTRAR, uscc=OWNER["uscc"], decision="approved", reason="in order"),
    ),
    "grantConsent": ("consent.grant", by_owner(account="platform", purpose="a look")),
    "withdrawConsent": ("consent.withdraw", lambda town: (town.owner, {"id": town.consent})),
    "appointBroker": ("mandate.offer", by_owner(account="nobody")),
    "acceptMandate": ("mandate.accept", by(Role.ENTERPRISE, enterprise=OWNER["uscc"])),
    "leaveMandate": ("mandate.end", by(Role.ENTERPRISE, enterprise=OWNER["uscc"])),
    "dismissBroker": ("mandate.end", by_owner(account="nobody")),
    "addWebhook": ("webhook.add", by_owner(url="https://8.8.8.8/", events=["trade.finished"])),
    "testWebhook": ("webhook.test", lambda town: (town.owner, {"id": town.webhook})),
    "replayWebhookDelivery": ("webhook.replay", lambda town: (town.owner, {"id": town.delivery})),
    "removeWebhook": ("webhook.remove", lambda town: (town.owner, {"id": town.webhook})),
    "matchBasicInformation": (
        "remittance.number",
        lambda town: (town.owner, {"id": town.unclear_number(), "remittance": town.unclear()}),
    ),
    "matchRemittance": (
        "remittance.match",
        lambda town: (
            town.owner,
            {"id": town.unclear(), "shares": [{"trade": town.numbers[1], "amount": "1.00"}]},
        ),
    ),
    "completeDeclaration": (
        "remittance.complete",
        lambda town: (
            town.owner,
            {"remittance": max(one["id"] for one in matched(town)), "completion": {"country": "US"}},
        ),
    ),
    "settleAdvice": (
        "advice.settle",
        lambda town: (town.owner, {"id": town.advice, "remittances": [], "reason": "none of ours"}),
    ),
    "settlePaper": (
        "paper.leave",
        lambda town: (
            town.owner,
            {"number": made(town, "-01", corrected=[{"field": "x"}]), "again": False, "reason": "as it was"},
        ),
    ),
    "dropPaper": (
        "paper.drop",
        lambda town: (town.owner, {"number": made(town, "-02", attention=UNDONE), "reason": "deleted there"}),
    ),
    "enterTrade": ("trade.enter", by_owner(input=TRADE | {"orderNumber": "A-1"})),
    "enterTrades": ("trade.enter", by_owner(inputs=[TRADE | {"orderNumber": "A-2"}, TRADE | {"orderNumber": "A-3"}])),
    "amendTrade": (
        "trade.amend",
        lambda town: (
            town.owner,
            {"number": town.numbers[1], "version": 1, "changes": [{"path": "packages", "value": "7"}]},
        ),
    ),
    "openConsolidation": ("consolidation.begin", by_owner(input=FLIGHT)),
    "joinConsolidation": (
        "consolidation.join",
        lambda town: (town.owner, {"number": flight(town), "trades": [fresh(town, "C-1"), fresh(town, "C-2")]}),
    ),
    "leaveConsolidation": (
        "consolidation.leave",
        lambda town: (town.owner, {"number": flight(town), "trades": [fresh(town, "C-2")], "reason": "not here"}),
    ),
    "closeConsolidation": ("consolidation.close", lambda town: (town.owner, {"number": flight(town)})),
    "reopenConsolidation": ("consolidation.reopen", lambda town: (town.owner, {"number": flight(town)})),
    "cancelTrade": ("trade.cancel", lambda town: (town.owner, {"number": town.numbers[1], "reason": "withdrew"})),
    "correctRemittanceOwner": (
        "remittance.owner",
        lambda town: by(
            Role.REGISTRAR,
            remittance=min(one["id"] for one in matched(town)),
            enterprise=(town.move_in(), NEIGHBOUR)[1],
            reason="it was theirs",
        )(town),
    ),
    "runJob": ("job.run", of_job()),
    "pauseJob": ("job.pause", of_job()),
    "resumeJob": ("job.resume", of_job()),
    "replayJob": ("job.replay", of_job()),
}
"""Mutation → the act that it is, who orders it and how, in an order in which all of them can be done."""


NEIGHBOUR = demo_file("enterprises", "zhengzhou-trousers")["uscc"]
CONCERNS_TWO = {"correctRemittanceOwner"}
"""Both enterprises read of it."""
REGISTER = "mutation($i: RegistrationInput!) { registerEnterprise(input: $i) { change } }"


def flight(town: Town) -> str:
    """The number of the owner's only flight."""
    return str(town.world.ask("{ consolidations(first: 1) { number } }", town.owner)["consolidations"][0]["number"])


def fresh(town: Town, order: str) -> str:
    """The number of a trade of which nothing has gone out but what waits for nothing."""
    enter = "mutation($i: TradeInput!) { enterTrade(input: $i) { trade { number } } }"
    return str(town.world.ask(enter, town.owner, i=TRADE | {"orderNumber": order})["enterTrade"]["trade"]["number"])


def asks_staff(town: Town) -> int:
    """The id of a change that the owner asks for."""
    changed = OWNER | {"nameZh": "许昌新名发制品有限公司"}
    return int(town.world.ask(REGISTER, town.owner, i=changed)["registerEnterprise"]["change"])


def matched(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.world.ask("{ remittances(match: matched) { id } }", town.owner)["remittances"]
    return found


def made(town: Town, place: str, **values: Any) -> str:
    """The number of a paper that is as a mended mapping or a bank that errs would leave it."""
    number = town.numbers[0] + place
    with town.world.hub.database.write() as connection:
        connection.execute(update(Document).where(Document.number == number).values(**values))
    return number


UNDONE = {"code": "REMITTANCE_UNDONE", "amount": "1", "currency": "USD", "reference": "R"}


@pytest.fixture
def town(small_world: World) -> Town:
    return Town(small_world)


def test_every_mutation_leaves_a_row(town: Town) -> None:
    mutation = SCHEMA.type_map["Mutation"]
    assert isinstance(mutation, GraphQLObjectType)
    assert mutation.fields.keys() == ORDERS.keys(), "how is it ordered, and which row does it leave?"
    town.world.issue(f"an {Role.ENTERPRISE}", Role.ENTERPRISE)
    town.world.ask(f'mutation {{ appointBroker(account: "an {Role.ENTERPRISE}") }}', town.owner)
    for name, (action, order) in ORDERS.items():
        key, given = order(town)
        field = mutation.fields[name]
        declared = ", ".join(f"${arg}: {field.args[arg].type}" for arg in given)
        passed = ", ".join(f"{arg}: ${arg}" for arg in given)
        heads = (f"({declared})", f"({passed})") if given else ("", "")
        inside = "{ __typename }" if isinstance(get_named_type(field.type), GraphQLObjectType) else ""
        before = count(town)
        town.world.ask(f"mutation{heads[0]} {{ {name}{heads[1]} {inside} }}", key, **given)
        assert [one.action for one in count(town)[len(before) :]] == [action] * (1 + (name in CONCERNS_TWO)), name


def count(town: Town) -> Any:
    with town.world.hub.database.read() as connection:
        chosen = select(AuditEntry.action, AuditEntry.enterprise_id, AuditEntry.before).order_by(AuditEntry.id)
        return connection.execute(chosen).all()


def test_a_batch_of_trades_leaves_one_row_and_a_refused_one_none(town: Town) -> None:
    enter = "mutation($i: [TradeInput!]!) { enterTrades(inputs: $i) { trade { number } errors { code } } }"
    before = len(count(town))
    answers = town.world.ask(enter, town.owner, i=[TRADE | {"orderNumber": f"B-{n}"} for n in range(3)])["enterTrades"]
    town.world.ask(enter, town.owner, i=[{}])
    (row,) = count(town)[before:]
    numbers = [one["trade"]["number"] for one in answers]
    assert row.before == {"count": 3, "first": numbers[0], "last": numbers[-1]}


def test_a_download_leaves_a_row(town: Town) -> None:
    trade = town.world.ask("{ trades { documents { download } } }", town.owner)["trades"][-1]
    path = next(one["download"] for one in trade["documents"] if one["download"])
    headers = {"Authorization": f"Bearer {town.owner}"}
    assert requests.get(town.world.address + path, headers=headers, timeout=10).status_code == 200
    (row,) = town.world.ask(AUDIT, town.owner, a="file.download")["auditLog"]
    assert (row["actor"], row["enterprise"]) == (OWNER["uscc"], OWNER["uscc"])


def test_staff_read_all_and_an_owner_what_concerns_its_enterprise(town: Town) -> None:
    town.world.ask('mutation { pauseJob(job: "customs.responses", reason: "x") { job } }', town.world.staff)
    neighbour = town.move_in()
    every = town.world.ask(AUDIT, town.world.staff, f=500)["auditLog"]
    assert {one["action"] for one in every} >= {"job.pause", "trade.enter", "key.issue"}
    assert all(one["words"] for one in every)
    own = town.world.ask(AUDIT, town.owner, f=500)["auditLog"]
    assert {one["enterprise"] for one in own} == {OWNER["uscc"]}
    theirs = town.world.ask(AUDIT, neighbour, f=500)["auditLog"]
    assert OWNER["uscc"] not in {one["enterprise"] for one in theirs}
    (first,) = town.world.ask(AUDIT, town.world.staff, f=1)["auditLog"]
    (second,) = town.world.ask(AUDIT, town.world.staff, f=1, after=first["id"])["auditLog"]
    assert [first, second] == every[:2]
    for key, refusal in ((neighbour, "NOT_FOUND"), (town.platform, "FORBIDDEN"), ("", "UNAUTHENTICATED")):
        (error,) = town.world.post(AUDIT, key, e=OWNER["uscc"]).json()["errors"]
        assert error["extensions"]["code"] == refusal
    (error,) = town.world.post(AUDIT, town.owner, a="no.such").json()["errors"]
    assert error["extensions"]["code"] == "ACTION_UNKNOWN"


def test_an_act_without_a_name_is_not_done(small_world: World) -> None:
    with pytest.raises(ValueError, match="no act"), small_world.hub.database.write() as connection:
        write_audit(connection, Caller("x", Role.OPERATOR), "thing.done", "y", small_world.clock())
    with small_world.hub.database.read() as connection:
        assert connection.scalar(select(func.count()).where(AuditEntry.subject == "y")) == 0
    assert all(zh and en for zh, en in ACTIONS.values())


def test_an_owner_reads_of_each_further_key(small_world: World) -> None:
    owner = small_world.exporter()
    small_world.issue(OWNER["uscc"], Role.ENTERPRISE)
    assert len(small_world.ask(AUDIT, owner, a="key.issue")["auditLog"]) == 2


def test_a_reason_that_is_too_long_is_refused_with_what_it_was_given_for(small_world: World) -> None:
    pause = 'mutation($r: String!) { pauseJob(job: "tax.rates", reason: $r) { job } }'
    (error,) = small_world.post(pause, small_world.staff, r="x" * 1_001).json()["errors"]
    assert error["extensions"]["code"] == "REASON_UNFIT"
    assert small_world.ask("{ syncOrders { job } }", small_world.staff)["syncOrders"] == []
    small_world.ask(pause, small_world.staff, r="x" * 1_000)
