"""Whose webhooks they are: who may add, see, try out, replay and remove them, and what they lead to."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from sqlalchemy import select

from hub.access import Role
from hub.entry.webhooks import MOST_WEBHOOKS
from hub.model import AuditEntry, WebhookDelivery
from tests.support.databases import ON_SQLITE
from tests.support.notices.telling import ADD, Office, Receiver
from tests.support.world import demo_file

REMOVE = "mutation($id: ID!) { removeWebhook(id: $id) }"
TEST = "mutation($id: ID!) { testWebhook(id: $id) { id event state attempts } }"
REPLAY = "mutation($id: ID!) { replayWebhookDelivery(id: $id) { id } }"
EVERYTHING = """{
  webhooks { id url events createdAt enterprise { uscc } lastDelivery { id payload } }
  webhookDeliveries { id event payload state attempts createdAt nextTryAt deliveredAt error webhook { id url } }
}"""
ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { code } } }"


def refusal(office: Office, query: str, key: str, **variables: Any) -> str:
    (error,) = office.world.post(query, key, **variables).json()["errors"]
    assert error["extensions"]["wayOut"]
    return str(error["extensions"]["code"])


@ON_SQLITE
def test_a_secret_is_shown_once_and_stands_nowhere_else(office: Office, receiver: Receiver) -> None:
    first, second = office.add(receiver.url), office.add(receiver.url)
    assert first["secret"] != second["secret"]
    assert len(first["secret"]) > 40
    office.queue(first["id"])
    office.deliver()
    shown = office.world.post(EVERYTHING, office.key).text
    assert receiver.url in shown
    assert first["secret"] not in shown
    with office.world.hub.database.read() as connection:
        audit = connection.execute(select(AuditEntry.__table__)).all()
        deliveries = connection.execute(select(WebhookDelivery.__table__)).all()
    assert [one.action for one in audit if one.action.startswith("webhook.")] == ["webhook.add", "webhook.add"]
    assert first["secret"] not in repr((audit, deliveries))
    assert first["secret"] not in receiver.taken[0].data.decode()


@ON_SQLITE
def test_webhooks_are_their_enterprises_alone(office: Office, receiver: Receiver) -> None:
    world, webhook = office.world, office.add(receiver.url)["id"]
    office.queue(webhook)
    office.deliver()
    (delivery,) = office.deliveries
    stranger = world.exporter("luoyang-furniture")
    for query, id_ in (
        (REMOVE, webhook),
        (TEST, webhook),
        (REPLAY, str(delivery.id)),
        (REMOVE, "x"),
        (REPLAY, "9" * 30),
    ):
        assert refusal(office, query, stranger, id=id_) == "NOT_FOUND"
    assert world.ask(EVERYTHING, stranger) == {"webhooks": [], "webhookDeliveries": []}
    for key in (world.staff, world.issue("platform", Role.BELT)):
        assert refusal(office, "{ webhooks { id } }", key) == "FORBIDDEN", "an address may be a secret by itself"
        assert refusal(office, REMOVE, key, id=webhook) == "FORBIDDEN"
    assert refusal(office, "{ webhooks { id } }", "") == "UNAUTHENTICATED"
    assert len(world.ask(EVERYTHING, office.key)["webhooks"]) == 1


@pytest.mark.parametrize(
    ("events", "code"),
    [(["paper.lost"], "WEBHOOK_EVENTS"), ([], "WEBHOOK_EVENTS_MISSING"), (["test"], "WEBHOOK_EVENTS")],
)
def test_an_event_that_there_is_not_is_refused(
    small_office: Office, receiver: Receiver, events: list[str], code: str
) -> None:
    assert refusal(small_office, ADD, small_office.key, url=receiver.url, events=events) == code
    assert small_office.kept == []


def test_there_are_ten_at_most_and_one_that_is_removed_makes_room(small_office: Office, receiver: Receiver) -> None:
    office = small_office
    added = [office.add(receiver.url)["id"] for _ in range(MOST_WEBHOOKS)]
    asked = {"url": receiver.url, "events": ["trade.finished"]}
    assert refusal(office, ADD, office.key, **asked) == "WEBHOOK_LIMIT"
    office.world.ask(REMOVE, office.key, id=added[0])
    office.add(receiver.url)


def test_what_waits_for_a_removed_webhook_is_given_up(small_office: Office, receiver: Receiver) -> None:
    office = small_office
    webhook = office.add(receiver.url)["id"]
    office.queue(webhook, 3)
    assert office.world.ask(REMOVE, office.key, id=webhook) == {"removeWebhook": webhook}
    office.deliver()
    assert receiver.taken == []
    assert {(one.state, one.error) for one in office.deliveries} == {("given_up", "the webhook was removed")}
    assert refusal(office, REMOVE, office.key, id=webhook) == "NOT_FOUND"


def test_trying_out_sends_a_test_and_does_not_pile_up(small_office: Office, receiver: Receiver) -> None:
    office = small_office
    webhook = office.add(receiver.url)["id"]
    first, again = (office.world.ask(TEST, office.key, id=webhook)["testWebhook"] for _ in range(2))
    assert first == again
    office.deliver()
    (body,) = receiver.bodies
    assert (body["type"], body["data"], receiver.ids) == ("test", {}, [first["id"]])


def test_a_broker_names_the_enterprise_that_it_means(small_office: Office, receiver: Receiver) -> None:
    office, world = small_office, small_office.world
    acts, broker = ["enter", "webhooks"], ""
    for key, name in ((office.key, "xuchang-hair"), (world.exporter("luoyang-furniture"), "luoyang-furniture")):
        broker = world.appoint(key, "broker", demo_file("enterprises", name)["uscc"], acts=acts)
    asked = {"url": receiver.url, "events": ["trade.finished"]}
    assert refusal(office, ADD, broker, **asked) == "ENTERPRISE_UNNAMED"
    assert refusal(office, ADD, broker, **asked, uscc="91410100MA0000000X") == "NOT_FOUND"
    uscc = demo_file("enterprises", "luoyang-furniture")["uscc"]
    added = world.ask(ADD, broker, **asked, uscc=uscc)["addWebhook"]
    assert [one["enterprise"]["uscc"] for one in world.ask(EVERYTHING, broker)["webhooks"]] == [uscc]
    assert added["id"] not in [one["id"] for one in world.ask(EVERYTHING, office.key)["webhooks"]]


def test_a_trade_that_ends_is_told(small_office: Office, receiver: Receiver) -> None:
    office, world = small_office, small_office.world
    office.add(receiver.url, "trade.cancelled", "trade.finished")
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    typed = demo_file("trades", "xuchang-wigs-to-chicago")
    number = world.ask(ENTER, office.key, input=typed)["enterTrade"]["trade"]["number"]
    cancel = 'mutation($n: String!) { cancelTrade(number: $n, reason: "the buyer withdrew") { state } }'
    assert world.ask(cancel, office.key, n=number)["cancelTrade"]["state"] == "cancelled"
    world.turn()
    office.deliver()
    assert [(one["type"], one["data"]["trade"]["number"]) for one in receiver.bodies] == [("trade.cancelled", number)]


def test_what_a_notice_names_can_be_fetched(small_office: Office, receiver: Receiver) -> None:
    """The way that the guide describes: hear of a rejection, fetch the paper that was rejected."""
    office, world = small_office, small_office.world
    office.add(receiver.url, "paper.rejected")
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    world.ask(ENTER, office.key, input=demo_file("trades", "xuchang-wrong-classification"))
    world.until(lambda: bool(office.deliveries))
    office.deliver()
    paper = receiver.bodies[0]["data"]["paper"]
    path = f"{world.address}/papers/{paper['number']}/{paper['version']}"
    fetched = requests.get(path, headers={"Authorization": f"Bearer {office.key}"}, timeout=20)
    assert (fetched.status_code, b"DxpMsg" in fetched.content) == (200, True)
