"""One trade, entered once. Read this first: it is what the hub is for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.databases import ON_SQLITE
from tests.support.flow.story import ENTER, Story
from tests.support.world import World, demo_file


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def test_wigs_from_xuchang_to_chicago(story: Story) -> None:
    """9610 by air: typed once, declared, released, flown, summed up, refunded, paid and declared to forex."""
    world = story.world

    # The exporter types the trade in, once. Three papers need nothing else and are ready at once.
    number = story.enters("xuchang-wigs-to-chicago")
    assert story.states(number) == {
        "customs.order": "ready",
        "customs.receipt": "ready",
        "customs.waybill": "ready",
        "customs.inventory": "planned",
        "airport.waybill": "planned",
        "customs.waybill_list": "planned",
        "customs.departure": "planned",
        "customs.summary": "planned",
        "tax.refund": "planned",
        "forex.declaration": "planned",
    }

    # Customs takes order, receipt and waybill; only then does the declaration go out.
    world.run("customs.send")
    assert {entry.kind for entry in world.taken("customs")} == {"message", "CEB303", "CEB403", "CEB505"}
    world.until(lambda: story.states(number)["customs.inventory"] == "sent")
    assert story.states(number)["customs.order"] == "done"

    # Released: the airport books a flight, and the waybill list names it.
    world.until(lambda: story.states(number)["airport.waybill"] == "accepted")
    trade = story.sees(number)
    (leg,) = trade["shipment"]["legs"]
    assert (leg["transportDocument"] or "")[3] == "-"
    assert len(world.taken("airport", "waybill")) == 1

    # The buyer's money comes in while the goods are on their way.
    world.pay(
        amount=trade["total"],
        currency=trade["currency"],
        payer="Lakeside Beauty Supply LLC",
        payerCountry="US",
        remittance=f"invoice {trade['orderNumber']}",
        endToEndId="LBS-7731",
        beneficiaryAccount="41050171860800001234",
    )

    # Departed, summed up, an entry id; the refund is filed and paid; the remittance is matched and declared.
    world.until(lambda: story.sees(number)["state"] == "finished", by=timedelta(hours=12))
    trade = story.sees(number)
    assert set(story.states(number).values()) == {"done"}
    assert trade["waitsFor"] == []
    assert [event["code"] for event in trade["shipment"]["tracking"] if event["timeKind"] == "actual"] == [
        "BKD", "RCS", "PRE", "MAN", "DEP", "ARR", "RCF", "NFD", "DLV",
    ]  # fmt: skip
    assert trade["refund"] == {"filingNumber": trade["refund"]["filingNumber"], "status": "paid", "amount": "3212.30"}
    assert trade["remittances"][0]["remittance"]["amount"] == trade["total"] == "6257.00"

    # One question answered all of that, and nothing was typed twice.
    assert trade["reuse"]["typedTwice"] == 0
    assert trade["reuse"]["delivered"] > 3 * trade["reuse"]["typed"]

    # The authorities' own ledgers: each paper was taken exactly once.
    for authority, kinds in {
        "customs": ("CEB303", "CEB403", "CEB505", "CEB603", "CEB607", "CEB509", "CEB701"),
        "airport": ("waybill",),
        "tax": ("refund",),
        "forex": ("bop",),
    }.items():
        for kind in kinds:
            assert len(world.taken(authority, kind)) == 1, kind
            assert world.taken(authority, kind, "duplicate") == []
            assert world.taken(authority, kind, "refused") == []


@ON_SQLITE
def test_a_wrong_classification_comes_back_with_the_place_to_mend(story: Story) -> None:
    """Customs returns the declaration (100 退单); the answer names the field, the way out and where it was typed."""
    number = story.enters("xuchang-wrong-classification")
    story.world.until(lambda: story.sees(number)["state"] == "attention")

    trade = story.sees(number)
    inventory = next(document for document in trade["documents"] if document["kind"] == "customs.inventory")
    assert inventory["state"] == "rejected"
    assert inventory["attention"]["path"] == "goods[1].hsCode"
    assert "商品编码与商品名称不符" in inventory["attention"]["message"]
    assert inventory["attention"]["wayOut"] == "Mend the field that the reason names and declare again"

    (wait,) = [wait for wait in trade["waitsFor"] if wait["whom"] == "person"]
    assert wait["attention"]["path"] == "goods[1].hsCode"
    assert story.states(number)["airport.waybill"] == "planned"
    assert story.world.taken("airport") == []


@ON_SQLITE
def test_the_same_entry_again_answers_with_the_same_trade(story: Story) -> None:
    first = story.enters("xuchang-wigs-to-chicago")
    again = story.world.ask(ENTER, story.key, input=demo_file("trades", "xuchang-wigs-to-chicago"))["enterTrade"]
    assert again == {"same": True, "trade": {"number": first, "state": "running"}, "errors": []}

    other = demo_file("trades", "xuchang-wigs-to-chicago") | {"freight": "121.00"}
    refused = story.world.ask(ENTER, story.key, input=other)["enterTrade"]
    assert refused["trade"] is None
    assert [error["code"] for error in refused["errors"]] == ["ORDER_TAKEN"]
