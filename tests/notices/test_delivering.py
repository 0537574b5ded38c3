"""Notices reach their receiver signed, once where all goes well, again where it does not, and never for ever."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import wait
from contextlib import closing
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer

from hub.model.types import write_instant
from hub.share.notices import LEASE, RETRY, claim
from sync.post import Post
from tests.support.databases import ON_SQLITE
from tests.support.notices.telling import PATIENT, QUICK, Office, Receiver
from tests.support.sdk.raw_server import raw_server
from tests.support.waiting import wait_until
from tests.support.world import demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { code } } }"
SEEN = "{ webhooks { events lastDelivery { event state attempts deliveredAt error nextTryAt } } }"
REPLAY = "mutation($id: ID!) { replayWebhookDelivery(id: $id) { id state attempts } }"


@ON_SQLITE
def test_a_rejected_paper_is_told_to_its_owner_signed_and_once(office: Office, httpserver: HTTPServer) -> None:
    """From the trade to the receiver: what was asked for is told, to whom it concerns, and nothing else."""
    receiver, ending, elsewhere = (Receiver(httpserver, path) for path in ("/rejected", "/finished", "/other"))
    webhook = office.add(receiver.url, "paper.rejected", "trade.attention")
    office.add(ending.url, "trade.finished")
    neighbour = office.world.exporter("zhengzhou-trousers")
    office.key, owner = neighbour, office.key
    office.add(elsewhere.url, "paper.rejected", "trade.attention")
    world = office.world
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    entered = world.ask(ENTER, owner, input=demo_file("trades", "xuchang-wrong-classification"))["enterTrade"]
    world.until(lambda: bool(office.deliveries))

    office.deliver()
    office.after(hours=1)
    assert [body["type"] for body in receiver.bodies] == ["paper.rejected", "trade.attention"]
    assert ending.taken == elsewhere.taken == []
    told, sent = receiver.bodies[0], receiver.taken[0]
    rejected = told["data"]
    assert told["timestamp"] == write_instant(office.deliveries[0].created_at)
    assert rejected["trade"] == {"number": entered["trade"]["number"], "orderNumber": "XC-20260108-0043"}
    assert rejected["paper"]["kind"] == "customs.inventory"
    assert rejected["paper"]["version"] == 1
    assert rejected["attention"]["path"] == "goods[1].hsCode"
    assert receiver.ids == [str(one.id) for one in office.deliveries]
    assert sent.headers["Content-Type"] == "application/json; charset=utf-8"

    assert abs(int(sent.headers["webhook-timestamp"]) - world.clock().timestamp()) < 2 * 3600
    assert webhook["secret"].startswith("whsec_")
    last = world.ask(SEEN, owner)["webhooks"][0]["lastDelivery"]
    assert last.pop("deliveredAt")
    assert last == {"event": "trade.attention", "state": "delivered", "attempts": 1, "error": None, "nextTryAt": None}


def test_a_500_and_a_silence_are_tried_again_later_with_the_same_words(
    small_office: Office, receiver: Receiver
) -> None:
    office = small_office
    office.queue(office.add(receiver.url)["id"])
    receiver.answers = [500]
    office.deliver()
    office.after(seconds=4)  # with dice at one half the first wait is 5 s, the second 10 s
    assert len(receiver.taken) == 1
    assert office.deliveries[0].error == "HTTP 500"

    receiver.before, office.notifier.post = lambda: time.sleep(0.6), Post(QUICK)
    office.after(seconds=2)
    assert office.deliveries[0].error == "no answer within the time-out"
    receiver.before, office.notifier.post = lambda: None, Post(PATIENT)
    office.after(seconds=9)
    assert len(receiver.taken) == 2
    office.after(seconds=2)
    assert [one.data for one in receiver.taken] == [receiver.taken[0].data] * 3
    assert len({one.headers["webhook-signature"] for one in receiver.taken}) == 3  # each with its own time
    (delivery,) = office.deliveries
    assert (delivery.state, delivery.attempts, delivery.error) == ("delivered", 3, None)


def test_who_asks_for_more_time_gets_it(small_office: Office, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": "900"}
    small_office.queue(small_office.add(receiver.url)["id"])
    small_office.deliver()
    small_office.after(seconds=890)
    assert len(receiver.taken) == 1
    small_office.after(seconds=20)
    assert len(receiver.taken) == 2


def test_two_workers_at_once_deliver_each_notice_once(office: Office, httpserver: HTTPServer) -> None:
    receivers = [Receiver(httpserver, path, before=lambda: time.sleep(0.002)) for path in ("/a", "/b")]
    for one, host in zip(receivers, ("127.0.0.1", "localhost"), strict=True):
        office.queue(office.add(one.url.replace("localhost", host))["id"], 12)
    together = threading.Barrier(3)

    def work() -> None:
        with closing(office.another()) as notifier:
            together.wait()
            while begun := notifier.deliver():
                wait(begun)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.deliver()
    taken = [id_ for one in receivers for id_ in one.ids]
    assert sorted(taken, key=int) == [str(one.id) for one in office.deliveries]
    assert {one.state for one in office.deliveries} == {"delivered"}


def test_a_receiver_that_was_down_for_three_days_gets_what_it_missed_by_replay(
    small_office: Office, receiver: Receiver
) -> None:
    office = small_office
    office.queue(office.add(receiver.url)["id"], 2)
    receiver.status = 503
    waits = []
    for _ in range(72):
        office.after(hours=1)
        waits.append(office.deliveries[0].next_try_at - office.world.clock())
    assert {one.state for one in office.deliveries} == {"given_up"}
    assert {one.attempts for one in office.deliveries} == {RETRY.attempts} == {12}
    assert len(receiver.taken) == 24
    assert max(waits) <= timedelta(hours=6)

    receiver.status = 200
    for one in office.deliveries:
        answer = office.world.ask(REPLAY, office.key, id=str(one.id))["replayWebhookDelivery"]
        assert answer == {"id": str(one.id), "state": "waiting", "attempts": 0}
    office.deliver()
    assert {(one.state, one.attempts) for one in office.deliveries} == {("delivered", 1)}
    assert receiver.ids[-2:] == [str(one.id) for one in office.deliveries]


def test_a_notice_can_be_replayed_once_it_is_not_being_tried(small_office: Office, receiver: Receiver) -> None:
    office = small_office
    office.queue(office.add(receiver.url)["id"])
    refused = office.world.post(REPLAY, office.key, id="1").json()["errors"][0]
    assert refused["extensions"]["code"] == "NOTICE_WAITING"
    office.deliver()
    office.world.ask(REPLAY, office.key, id="1")
    office.deliver()
    assert receiver.ids == ["1", "1"]
    assert receiver.taken[0].data == receiver.taken[1].data


def test_who_says_gone_is_told_no_more(small_office: Office, receiver: Receiver) -> None:
    office = small_office
    office.queue(office.add(receiver.url)["id"], 3)
    receiver.status = 410
    office.deliver()
    office.after(days=1)
    assert len(receiver.taken) == 1
    assert {(one.state, one.error) for one in office.deliveries} == {
        ("given_up", "HTTP 410: the receiver wants no more")
    }
    assert office.kept[0].removed_at is not None
    assert office.world.ask("{ webhooks { id } }", office.key) == {"webhooks": []}
    assert office.world.post(REPLAY, office.key, id="1").json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(small_office: Office, receiver: Receiver, status: int) -> None:
    inside = Receiver(receiver.server, "/inside")
    receiver.status, receiver.headers = status, {"Location": inside.url}
    small_office.queue(small_office.add(receiver.url)["id"])
    small_office.deliver()
    assert inside.taken == []
    assert small_office.deliveries[0].error == f"HTTP {status}, a redirect is not followed"


def test_a_slow_receiver_delays_no_other_and_is_served_one_at_a_time(small_office: Office, receiver: Receiver) -> None:
    office, enough = small_office, threading.Event()
    with raw_server(lambda line: enough.wait(20) and None) as slow, closing(office.another(post=Post())) as notifier:
        for webhook in (office.add(slow.address)["id"], office.add(receiver.url)["id"]):
            office.queue(webhook, 5)
        begun = notifier.deliver()
        wait_until(lambda: [one.state for one in office.deliveries[5:]] == ["delivered"] * 5)
        assert not all(future.done() for future in begun)
        assert notifier.deliver() == []  # the slow host is being served, the other has nothing left
        enough.set()
        wait(begun)
        assert len(slow.requests) == 1  # after one failure the rest of that host waits for another turn
    assert [one.attempts for one in office.deliveries] == [1, 0, 0, 0, 0, 1, 1, 1, 1, 1]


def test_a_notice_whose_worker_died_is_sent_again_after_its_lease(small_office: Office, receiver: Receiver) -> None:
    office = small_office
    webhook = office.add(receiver.url)
    office.queue(webhook["id"])
    with office.world.hub.database.write() as connection:
        assert claim(connection, [int(webhook["id"])], office.world.clock(), office.world.hub.desk.keyring)
    office.after(seconds=LEASE.total_seconds() - 2)
    assert receiver.taken == []
    office.after(seconds=4)
    assert [one.attempts for one in office.deliveries] == [2]
    assert len(receiver.taken) == 1

    office.queue(webhook["id"])
    for _ in range(RETRY.attempts):  # each of its workers dies
        with office.world.hub.database.write() as connection:
            assert claim(connection, [int(webhook["id"])], office.world.clock(), office.world.hub.desk.keyring)
        office.world.clock.forward(LEASE)
    office.deliver()
    assert office.deliveries[1].state == "given_up"
    assert len(receiver.taken) == 1


def test_what_is_sent_is_the_json_that_was_queued(small_office: Office, receiver: Receiver) -> None:
    small_office.queue(small_office.add(receiver.url)["id"])
    small_office.deliver()
    text = receiver.taken[0].data.decode()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    assert "甲-1" in text
