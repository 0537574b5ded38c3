"""Mending one field after a rejection, and taking a whole trade back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.flow.exporter import CANCEL, ENTER, Exporter
from tests.support.world import World, demo_file

pytestmark = pytest.mark.parametrize(
    "hub_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)

WHY = "query($n: String!) { trade(number: $n) { waitsFor { attention { message } } } }"


@pytest.fixture
def exporter(world: World) -> Exporter:
    return Exporter(world)


def refusal(answer: Any) -> str:
    (error,) = answer["errors"]
    return str(error["extensions"]["code"])


def test_one_field_is_mended_and_only_the_paper_that_it_reaches_goes_out_again(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wrong-classification")
    world.until(lambda: exporter.sees(number)["state"] == "attention")
    asked = exporter.paper(number, "customs.inventory")["attention"]

    mended = exporter.amends(number, **{asked["path"]: "6704200000"})
    assert mended["data"]["amendTrade"] == {"trade": {"version": 2}, "errors": []}
    versions = {document["kind"]: document["version"] for document in exporter.sees(number)["documents"]}
    assert versions.pop("customs.inventory") == 2
    assert set(versions.values()) == {1}

    world.until(lambda: exporter.paper(number, "airport.waybill")["state"] == "accepted")
    assert len(world.taken("customs", "CEB303")) == 1
    assert len(world.taken("customs", "CEB603")) == 2
    assert exporter.sees(number)["reuse"]["typedTwice"] == 1


def test_an_order_that_customs_has_goes_out_as_a_change_while_no_inventory_names_it(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wrong-classification")
    world.until(lambda: exporter.sees(number)["state"] == "attention")
    changes = {"goods[1].hsCode": "6704200000", "goods[1].quantity": "90"}
    assert exporter.amends(number, **changes)["data"]["amendTrade"]["errors"] == []

    # the inventory waits until customs has the changed order
    assert exporter.paper(number, "customs.inventory")["state"] == "planned"
    assert exporter.paper(number, "customs.order") == {
        "kind": "customs.order", "state": "ready", "version": 2, "attention": None,
    }  # fmt: skip
    world.until(lambda: exporter.paper(number, "airport.waybill")["state"] == "accepted")
    assert "appType>2<" in world.taken("customs", "CEB303")[-1].body


def test_what_is_past_recall_or_on_its_way_says_so_and_nothing_changes(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    assert refusal(exporter.amends(number, version=7, freight="121.00")) == "VERSION_STALE"
    assert refusal(exporter.amends(number, freight="120")) == "NOTHING_CHANGED"
    world.run("customs.send")
    assert refusal(exporter.amends(number, freight="121.00")) == "IN_FLIGHT"
    world.until(lambda: exporter.paper(number, "airport.waybill")["state"] == "accepted")
    assert refusal(exporter.amends(number, **{"goods[0].quantity": "41"})) == "PAST_RECALL"

    wrong = exporter.amends(number, **{"goods[9].quantity": "1", "nonsense": "1", "goods[0].hsCode": "12"})
    codes = {(error["path"], error["code"]) for error in wrong["data"]["amendTrade"]["errors"]}
    assert ("goods[9].quantity", "NO_SUCH_PLACE") in codes
    assert exporter.sees(number)["version"] == 1


def test_purchases_may_come_later_and_reach_only_the_refund(exporter: Exporter) -> None:
    world = exporter.world
    trade = demo_file("trades", "xuchang-wigs-to-chicago")
    purchases, trade["purchases"] = trade["purchases"], []
    number = world.ask(ENTER, exporter.key, input=trade)["enterTrade"]["trade"]["number"]
    world.until(lambda: exporter.sees(number)["state"] == "attention", by=timedelta(hours=12))
    assert exporter.paper(number, "tax.refund")["attention"]["code"] == "FIELDS_MISSING"
    said = {language: world.ask(WHY, exporter.key, language, n=number)["trade"] for language in ("zh", "en")}
    (zh, en) = (trade["waitsFor"][0]["attention"]["message"] for trade in said.values())
    assert zh == "单证缺少：第 1 项商品的进货发票"
    assert en == "The paper lacks: the purchase invoice of goods line 1"

    added = {f"purchases[{place}]": json.dumps(purchase) for place, purchase in enumerate(purchases)}
    assert exporter.amends(number, **added)["data"]["amendTrade"]["errors"] == []
    world.until(lambda: exporter.paper(number, "tax.refund")["state"] == "done", by=timedelta(hours=12))
    assert {document["version"] for document in exporter.sees(number)["documents"]} == {1}


def test_cancelling_before_anything_was_sent_takes_everything_back_at_once(exporter: Exporter) -> None:
    number = exporter.enters("xuchang-wigs-to-chicago")
    assert exporter.world.ask(CANCEL, exporter.key, n=number)["cancelTrade"]["state"] == "cancelled"
    assert {document["state"] for document in exporter.sees(number)["documents"]} == {"cancelled"}
    exporter.world.turn()
    assert exporter.world.taken("customs") == []
    assert refusal(exporter.amends(number, freight="121.00")) == "TRADE_OVER"


def test_cancelling_unwinds_in_order_what_the_authorities_have(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    held = lambda: exporter.paper(number, "customs.inventory")["state"] in ("accepted", "held")  # noqa: E731
    world.until(held, by=timedelta(minutes=1))
    world.ask(CANCEL, exporter.key, n=number)
    world.until(lambda: exporter.sees(number)["state"] == "cancelled", by=timedelta(minutes=1))

    assert {document["state"] for document in exporter.sees(number)["documents"]} == {"cancelled"}
    taken = [entry.kind for entry in world.taken("customs") if entry.kind != "message"]
    assert taken[4:] == ["CEB605", "CEB505", "CEB403", "CEB303"]


def test_what_comes_too_late_to_be_withdrawn_asks_for_a_person_in_the_authoritys_words(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    booked = lambda: exporter.paper(number, "airport.waybill")["state"] == "accepted"  # noqa: E731
    world.until(booked, by=timedelta(minutes=1))
    world.ask(CANCEL, exporter.key, n=number)
    world.until(lambda: exporter.sees(number)["state"] == "attention", by=timedelta(minutes=5))

    assert exporter.paper(number, "airport.waybill")["state"] == "cancelled"
    assert len(world.taken("airport", "cancel")) == 1
    inventory = exporter.paper(number, "customs.inventory")  # closed (899) while the airport called the booking off
    assert (inventory["state"], inventory["attention"]["code"]) == ("sent", "AUTHORITY_ASKS"), "it stays as it was"


def test_what_has_left_can_no_longer_be_cancelled(exporter: Exporter) -> None:
    number = exporter.enters("xuchang-wigs-to-chicago")
    world = exporter.world
    world.until(lambda: exporter.paper(number, "customs.departure")["state"] != "planned")
    assert refusal(world.post(CANCEL, exporter.key, n=number).json()) == "DEPARTED"


@pytest.mark.parametrize("reason", ["x" * 1_001, "one line\nand another", "\x01", "\ufffe"])
def test_a_reason_that_no_withdrawal_can_hold_is_refused_and_nothing_is_cancelled(
    exporter: Exporter, reason: str
) -> None:
    number = exporter.enters("xuchang-wigs-to-chicago")
    asked = "mutation($n: String!, $r: String!) { cancelTrade(number: $n, reason: $r) { state } }"
    assert refusal(exporter.world.post(asked, exporter.key, n=number, r=reason).json()) == "REASON_UNFIT"
    assert exporter.sees(number)["state"] == "running"
    assert exporter.world.ask(asked, exporter.key, n=number, r="x" * 1_000)["cancelTrade"]["state"] == "cancelled"
