"""Delegation is not ownership: what a mandate lets an account do, what stays the owner's, and how it ends."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import select

from hub.access import Role
from hub.access.acts import LENT, Act
from hub.gate import trades
from hub.model import Enterprise, RegistrationChange, Webhook, WebhookDelivery
from hub.model.types import write_instant
from hub.notices.queue import claim, due_webhooks, queue_test
from hub.operate import appointing
from tests.support.databases import ON_SQLITE
from tests.support.refusals import refuses
from tests.support.world import APPOINT, INSTALLER, World, demo_file

OWNER, OTHER = (demo_file("enterprises", name)["uscc"] for name in ("xuchang-hair", "luoyang-furniture"))
ENTER = """
mutation($i: TradeInput!, $e: String) { enterTrade(input: $i, enterprise: $e) { trade { number } errors { code } } }"""
MANDATES = "{ mandates { account enterprise acts isOwner state grantedBy } }"
ADD = 'mutation { addWebhook(url: "https://8.8.8.8/", events: ["trade.finished"]) { id } }'
DISMISS = "mutation($a: String!, $e: String) { dismissBroker(account: $a, enterprise: $e) }"
RENEW = "mutation($i: RegistrationInput!) { registerEnterprise(input: $i) { state key errors { code } } }"
OWNERS = {
    "dismissing": 'mutation { dismissBroker(account: "anybody") }',
    "appointing": 'mutation { appointBroker(account: "accomplice") }',
    "consenting": 'mutation { grantConsent(account: "platform", purpose: "a look") }',
    "reading who looked": "{ accessLog { account } }",
    "reading the audit": "{ auditLog { action } }",
}
NEEDS: dict[Act, str] = {
    Act.ENTER: 'mutation { enterTrade(input: {orderNumber: "B-1"}) { errors { code } } }',
    Act.AMEND: 'mutation { cancelTrade(number: "%s", reason: "no") { number } }',
    Act.MONEY: "{ remittances { id } advices { id } basicInformation { id } }",
    Act.WEBHOOKS: ADD,
}


def codes(world: World, query: str, key: str, **variables: Any) -> set[str]:
    answer = world.post(query, key, **variables).json()
    return {error["extensions"]["code"] for error in answer.get("errors", ())}


@pytest.fixture
def owner(world: World) -> str:
    return world.exporter()


@pytest.fixture
def number(world: World, owner: str) -> str:
    typed = demo_file("trades", "xuchang-wigs-to-chicago")
    return str(world.ask(ENTER, owner, i=typed)["enterTrade"]["trade"]["number"])


@ON_SQLITE
def test_what_concerns_the_enterprise_itself_stays_the_owners(world: World, owner: str) -> None:
    broker = world.appoint(owner, "broker", OWNER, acts=[act.value for act in LENT])
    other = demo_file("enterprises", "xuchang-hair")
    other["bank"]["account"] = "6222000000000000001"
    for what, asked in OWNERS.items():
        assert codes(world, asked, broker) == {"ACT_NOT_GRANTED"}, what
    assert codes(world, RENEW, broker, i=other) == {"ACT_NOT_GRANTED"}
    consent = world.ask('mutation { grantConsent(account: "p", purpose: "q") }', owner)["grantConsent"]
    assert codes(world, "mutation($i: Int!) { withdrawConsent(id: $i) }", broker, i=consent) == {"ACT_NOT_GRANTED"}
    assert codes(world, DISMISS, broker, a=OWNER) == {"ACT_NOT_GRANTED"}
    assert codes(world, DISMISS, owner, a=OWNER) == {"OWNER_STAYS"}
    assert codes(world, APPOINT, owner, account=OWNER) == {"OWNER_STAYS"}
    assert world.ask(RENEW, owner, i=other)["registerEnterprise"]["state"] == "waiting"


@pytest.mark.parametrize("lacking", [act for act in LENT if act not in (Act.READ, Act.CARRY)])  # amending carries, too
@ON_SQLITE
def test_an_act_that_a_mandate_lacks_is_named_with_a_way_out(
    world: World, owner: str, number: str, lacking: Act
) -> None:
    asked = NEEDS[lacking].replace("%s", number)
    broker = world.appoint(owner, "broker", OWNER, acts=[act.value for act in LENT if act is not lacking])
    (error, *_) = world.post(asked, broker).json()["errors"]
    assert error["extensions"]["code"] == "ACT_NOT_GRANTED"
    assert lacking.value in error["message"]
    assert OWNER in error["message"]
    assert "appointBroker" in error["extensions"]["wayOut"]
    world.ask(APPOINT, owner, account="broker", acts=[act.value for act in LENT])
    assert "ACT_NOT_GRANTED" not in codes(world, asked, broker), "changed at once, without another acceptance"
    stranger = world.issue("stranger", Role.ENTERPRISE)
    assert "ACT_NOT_GRANTED" not in codes(world, asked, stranger), "who may not see it does not learn of it"


@ON_SQLITE
def test_an_appointment_answers_alike_whether_there_is_such_an_account(world: World, owner: str) -> None:
    world.issue("broker", Role.ENTERPRISE)
    there, nowhere = (world.post(APPOINT, owner, account=name).text for name in ("broker", "nobody at all"))
    assert there == nowhere
    shown = [one | {"account": ""} for one in world.ask(MANDATES, owner)["mandates"] if not one["isOwner"]]
    assert [one["state"] for one in shown] == ["offered", "offered"]
    assert shown[0] == shown[1]
    for name in ("broker", "nobody at all"):
        assert world.ask(DISMISS, owner, a=name)["dismissBroker"]
        assert codes(world, DISMISS, owner, a=name) == {"NOT_FOUND"}


def test_an_offer_counts_once_it_is_accepted_and_lapses_otherwise(world: World, owner: str) -> None:
    accept = "mutation($e: String!) { acceptMandate(enterprise: $e) }"
    broker = world.issue("broker", Role.ENTERPRISE)
    assert codes(world, accept, broker, e=OWNER) == {"NOT_FOUND"}
    world.ask(APPOINT, owner, account="broker")
    assert world.ask("{ enterprises { uscc } }", broker)["enterprises"] == []
    world.clock.forward(timedelta(days=30))
    assert codes(world, accept, broker, e=OWNER) == {"NOT_FOUND"}
    world.ask(APPOINT, owner, account="broker", acts=["enter"])
    assert world.ask(accept, broker, e=OWNER)["acceptMandate"]
    (mine,) = [one for one in world.ask(MANDATES, broker)["mandates"] if one["state"] == "in_force"]
    assert (mine["enterprise"], mine["acts"], mine["grantedBy"]) == (OWNER, ["read", "enter"], OWNER)
    assert world.ask("mutation($e: String!) { leaveMandate(enterprise: $e) }", broker, e=OWNER)["leaveMandate"]
    assert world.ask("{ enterprises { uscc } }", broker)["enterprises"] == []


@pytest.mark.parametrize("how", ["dismissed", "over"])
def test_everything_ends_with_the_mandate(world: World, owner: str, number: str, how: str) -> None:
    ends = write_instant(world.clock() + timedelta(days=1))
    broker = world.appoint(owner, "broker", OWNER, acts=["enter", "webhooks"], endsAt=ends)
    webhook = int(world.ask(ADD, broker)["addWebhook"]["id"])
    own = int(world.ask(ADD, owner)["addWebhook"]["id"])
    with world.hub.database.write() as connection:
        for id_ in (webhook, own):
            queue_test(connection, id_, world.clock())
    if how == "over":
        world.clock.forward(timedelta(days=1))
    else:
        world.ask(DISMISS, owner, a="broker")
    assert world.ask("{ trades { number } }", broker)["trades"] == []
    assert codes(world, ENTER, broker, i={}) == {"NOT_FOUND"}
    with world.hub.database.write() as connection:
        now = world.clock()
        keyring = world.hub.desk.keyring
        first = claim(connection, [id_ for id_, _ in due_webhooks(connection, now)], now, keyring)
        assert first is not None
        assert first.webhook_id == own
        assert claim(connection, [webhook, own], now, keyring) is None
        assert connection.scalar(select(Webhook.removed_at).where(Webhook.id == webhook))
        left = select(WebhookDelivery.state).where(WebhookDelivery.webhook_id == webhook)
        assert connection.scalar(left) == "given_up"
    assert [int(one["id"]) for one in world.ask("{ webhooks { id } }", owner)["webhooks"]] == [own]
    assert world.ask("{ trades { number } }", owner)["trades"] == [{"number": number}]


@ON_SQLITE
def test_a_running_upload_stops_at_the_next_batch(world: World, owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trades, "MOST_LINES", 1)
    broker = world.appoint(owner, "broker", OWNER)
    typed, entered = demo_file("trades", "xuchang-wigs-to-chicago"), trades.enter

    def enter(*asked: Any) -> Any:
        """The owner dismisses the broker once a trade is in."""
        answers = entered(*asked)
        if answers:
            world.ask(DISMISS, owner, a="broker")
        return answers

    monkeypatch.setattr(trades, "enter", enter)
    body = "\n".join(json.dumps(typed | {"orderNumber": f"B-{n}"}) for n in (1, 2, 3))
    headers = {"Authorization": f"Bearer {broker}", "Content-Type": "application/x-ndjson"}
    answer = requests.post(f"{world.address}/trades", data=body, headers=headers, timeout=30)
    first, last = [json.loads(line) for line in answer.text.splitlines()]
    assert first["line"] == 1
    assert last["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert world.ask("{ trades { orderNumber } }", owner)["trades"] == [{"orderNumber": "B-1"}]


@ON_SQLITE
def test_an_account_of_several_enterprises_mixes_nothing(world: World, owner: str, number: str) -> None:
    other = world.exporter("luoyang-furniture")
    broker = world.appoint(owner, "broker", OWNER, acts=["enter"])
    world.appoint(other, "broker", OTHER, acts=["amend", "webhooks"])
    assert codes(world, ENTER, broker, i={}) == set(), "the only one that it enters for needs no name"
    assert codes(world, ENTER, broker, i={}, e=OTHER) == {"ACT_NOT_GRANTED"}
    assert codes(world, NEEDS[Act.AMEND].replace("%s", number), broker) == {"ACT_NOT_GRANTED"}
    added = world.ask(ADD, broker)["addWebhook"]["id"]
    assert world.ask("{ webhooks { id } }", owner)["webhooks"] == []
    assert [one["id"] for one in world.ask("{ webhooks { id } }", other)["webhooks"]] == [added]
    world.ask(DISMISS, other, a="broker")
    assert world.ask("{ trades { number } }", broker)["trades"] == [{"number": number}]


@pytest.mark.usefixtures("owner")
@ON_SQLITE
def test_the_last_owner_is_never_dismissed(world: World) -> None:
    world.issue("heir", Role.ENTERPRISE)
    with world.hub.database.write() as connection:
        id_ = connection.scalar(select(Enterprise.id).where(Enterprise.uscc == OWNER)) or 0
        now = world.clock()
        with refuses("LAST_OWNER"):
            appointing.end(connection, INSTALLER, id_, OWNER, now, owner=True)
        with refuses("LAST_OWNER"):
            appointing.grant(connection, INSTALLER, id_, OWNER, [], None, now, owner=False)
        appointing.grant(connection, INSTALLER, id_, "heir", [], None, now, owner=True)
        appointing.end(connection, INSTALLER, id_, OWNER, now, owner=True)
        with refuses("LAST_OWNER"):
            appointing.end(connection, INSTALLER, id_, "heir", now, owner=True)


@ON_SQLITE
def test_a_key_of_an_enterprise_with_an_owner_is_a_brokers(world: World, owner: str) -> None:
    with world.hub.database.read() as connection:
        id_ = connection.scalar(select(Enterprise.id)) or 0
    second = world.issue("second", Role.ENTERPRISE, id_)
    assert codes(world, OWNERS["appointing"], second) == {"ACT_NOT_GRANTED"}
    assert {one["account"]: one["isOwner"] for one in world.ask(MANDATES, owner)["mandates"]} == {
        OWNER: True,
        "second": False,
    }


@ON_SQLITE
def test_nobody_approves_their_own_application(world: World) -> None:
    decide = 'mutation($u: String!) { decideEnterprise(uscc: $u, decision: approved, reason: "in order") }'
    first, second = world.issue("first", Role.REGISTRAR), world.issue("second", Role.REGISTRAR)
    typed = demo_file("enterprises", "xuchang-hair")
    assert world.ask(RENEW, first, i=typed)["registerEnterprise"]["state"] == "applied"
    assert codes(world, decide, first, u=OWNER) == {"OWN_APPLICATION"}
    assert codes(world, decide, world.staff, u=OWNER) == {"FORBIDDEN"}
    assert world.ask("{ enterprises(state: applied) { uscc } }", second)["enterprises"] == [{"uscc": OWNER}]
    assert world.ask(decide, second, u=OWNER)["decideEnterprise"]


@ON_SQLITE
def test_nor_on_what_is_of_an_enterprise_that_they_applied_for(world: World) -> None:
    """Once a colleague has approved it, the applicant's key is the enterprise's own."""
    decide = 'mutation($u: String!) { decideEnterprise(uscc: $u, decision: approved, reason: "in order") }'
    first, second = world.issue("first", Role.REGISTRAR), world.issue("second", Role.REGISTRAR)
    typed = demo_file("enterprises", "xuchang-hair")
    key = world.ask(RENEW, first, i=typed)["registerEnterprise"]["key"]
    world.ask(decide, second, u=OWNER)
    moved = typed | {"bank": typed["bank"] | {"account": "6222020000001111"}}
    assert world.ask(RENEW, key, i=moved)["registerEnterprise"]["state"] == "waiting"
    with world.hub.database.read() as connection:
        change = connection.scalar(select(RegistrationChange.id))
    approve = 'mutation($i: Int!) { decideRegistrationChange(id: $i, decision: approved, reason: "in order") }'
    assert codes(world, approve, first, i=change) == {"OWN_APPLICATION"}
    assert world.ask(approve, second, i=change)["decideRegistrationChange"]


@pytest.mark.parametrize("how", ["appointed", "granted"])
@ON_SQLITE
def test_a_webhook_of_a_mandate_that_ran_out_does_not_come_back_with_the_next(
    world: World, owner: str, how: str
) -> None:
    ends = write_instant(world.clock() + timedelta(days=1))
    broker = world.appoint(owner, "broker", OWNER, acts=["webhooks"], endsAt=ends)
    world.ask(ADD, broker)
    world.clock.forward(timedelta(days=1))
    if how == "appointed":
        world.appoint(owner, "broker", OWNER, acts=["webhooks"])
    else:
        with world.hub.database.write() as connection:
            id_ = connection.scalar(select(Enterprise.id)) or 0
            appointing.grant(connection, INSTALLER, id_, "broker", [Act.WEBHOOKS], None, world.clock(), owner=False)
    for key in (owner, broker):
        assert world.ask("{ webhooks { id } }", key)["webhooks"] == []
    mine = world.ask(ADD, broker)["addWebhook"]["id"]
    world.ask(APPOINT, owner, account="broker", acts=["webhooks", "enter"])
    assert world.ask("{ webhooks { id } }", broker)["webhooks"] == [{"id": mine}], "what is in force goes on"


@ON_SQLITE
def test_a_term_that_is_refused_is_said(world: World, owner: str) -> None:
    (error,) = world.post(APPOINT, owner, account="broker", endsAt="2020-01-01T00:00:00Z").json()["errors"]
    assert [(one["path"], one["code"]) for one in error["extensions"]["errors"]] == [("endsAt", "IN_THE_PAST")]
