"""Amending and cancelling where something of an earlier attempt or version is still about."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from sqlalchemy import select

from hub.model import Document, PaperVersion, Trade
from hub.share.advance import lock
from tests.support.databases import ON_POSTGRES, ON_SQLITE
from tests.support.flow.exporter import CANCEL, ENTER, Exporter
from tests.support.sync.port import Port
from tests.support.sync.senders import SavesThenCuts, states
from tests.support.world import World, demo_file

MINUTE = timedelta(minutes=1)


@pytest.fixture
def exporter(small_world: World) -> Exporter:
    return Exporter(small_world)


def test_a_cut_line_long_ago_does_not_keep_a_trade_from_being_taken_back(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    SavesThenCuts(world, "customs", "/dxp/messages")
    assert world.run("customs.send") == {"customs.send": "failed"}
    world.until(lambda: world.document("customs.inventory").state in ("accepted", "held"), by=MINUTE)
    world.ask(CANCEL, exporter.key, n=number)
    world.until(lambda: exporter.sees(number)["state"] == "cancelled", by=MINUTE)
    assert states(world)["customs.order"] == "cancelled"
    assert "appType>3<" in world.taken("customs", "CEB303")[-1].body


def test_a_cut_line_does_not_keep_a_returned_paper_from_being_mended(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wrong-classification")
    world.run("customs.send")
    while exporter.paper(number, "customs.inventory")["state"] == "planned":
        world.clock.forward(MINUTE)
        world.run("customs.receipts")
    SavesThenCuts(world, "customs", "/dxp/messages")
    assert world.run("customs.send") == {"customs.send": "failed"}
    world.until(lambda: exporter.sees(number)["state"] == "attention")
    asked = exporter.paper(number, "customs.inventory")["attention"]
    assert asked["code"] == "AUTHORITY_REJECTED"
    assert "errors" not in exporter.amends(number, **{asked["path"]: "6704200000"})


def test_what_customs_has_in_an_earlier_version_is_withdrawn_too(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wrong-classification")
    world.until(lambda: exporter.sees(number)["state"] == "attention")
    changes = {
        "goods[1].hsCode": "6704200000", "goods[1].quantity": "90", "goods[1].grossWeight": "9",
        "goods[1].netWeight": "8", "freight": "121.00", "buyer.name": "Someone Else",
    }  # fmt: skip
    assert exporter.amends(number, **changes)["data"]["amendTrade"]["errors"] == []
    world.ask(CANCEL, exporter.key, n=number)  # before the changes went out
    world.until(lambda: exporter.sees(number)["state"] == "cancelled", by=MINUTE)
    for kind in ("CEB303", "CEB403", "CEB505"):
        assert "appType>3<" in world.taken("customs", kind)[-1].body, f"customs still has {kind}"


@ON_POSTGRES
def test_a_sender_claims_no_paper_of_a_trade_that_is_being_changed(world: World) -> None:
    exporter = Exporter(world)
    exporter.enters("xuchang-wigs-to-chicago")
    sender = threading.Thread(target=world.run, args=("customs.send",))
    with world.hub.database.write() as connection:
        lock(connection, connection.scalars(select(Trade.id)).all())
        sender.start()
        sender.join(30)
        assert not sender.is_alive()
    assert world.taken("customs") == []
    world.run("customs.send")
    assert len(world.taken("customs", "CEB303")) == 1


@ON_SQLITE
def test_a_change_that_customs_returned_is_withdrawn_all_the_same(world: World) -> None:
    exporter = Exporter(world, "zhengzhou-trousers")
    goods = demo_file("trades", "zhengzhou-trousers-to-almaty")["goods"]
    trousers = goods[1]["unit"]
    goods[1] |= {"hsCode": "6403990090", "unit": "pair"}
    number = exporter.enters("zhengzhou-trousers-to-almaty", goods=goods)
    world.until(lambda: exporter.sees(number)["state"] == "attention")
    mended = {"goods[1].hsCode": "6204620000", "goods[1].unit": trousers, "goods[1].quantity": "900", "purchases": "[]"}
    assert exporter.amends(number, **mended)["data"]["amendTrade"]["errors"] == []
    world.ask(CANCEL, exporter.key, n=number)
    world.until(lambda: exporter.sees(number)["state"] == "cancelled", by=MINUTE)
    assert "appType>3<" in world.taken("customs", "CEB303")[-1].body


@pytest.mark.parametrize("path", ["statisticsFlag", "transport.wish", "orderNumber", "mode"])
def test_what_the_plan_was_chosen_by_cannot_be_amended(exporter: Exporter, path: str) -> None:
    """It would be another plan, with other papers under the same numbers."""
    number = exporter.enters("xuchang-wigs-to-chicago")
    wishes = {"statisticsFlag": "A", "transport.wish": "rail", "orderNumber": "XC-2", "mode": "9710"}
    (error, *_) = exporter.amends(number, **{path: wishes[path]})["data"]["amendTrade"]["errors"]
    assert exporter.sees(number)["version"] == 1
    assert error["code"] in ("PAST_RECALL", "REQUIRED", "BAD_VALUE", "UNKNOWN_FIELD", "UNKNOWN_CODE", "NOT_PLANNED")


def test_what_is_ready_waits_again_for_what_begins_anew(exporter: Exporter) -> None:
    """Customs would not find the payment that the inventory names: its change has to come first."""
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    while exporter.paper(number, "customs.inventory")["state"] != "ready":
        world.clock.forward(timedelta(seconds=20))
        if exporter.paper(number, "customs.order")["state"] == "ready":
            world.run("customs.send")
        world.run("customs.receipts")
    paid = {"payment.paidAt": "2026-01-08T11:00:00+08:00"}
    assert exporter.amends(number, **paid)["data"]["amendTrade"]["errors"] == []
    assert exporter.paper(number, "customs.inventory")["state"] == "planned"
    world.until(lambda: world.document("customs.inventory").state == "done", by=timedelta(minutes=10))
    assert world.taken("customs", "CEB603", "refused") == []


def test_what_an_authority_knows_a_paper_by_cannot_be_amended(exporter: Exporter) -> None:
    """It could not find what to change; cancelling and entering anew is the way."""
    world = exporter.world
    number = exporter.enters("xuchang-wrong-classification")
    world.until(lambda: exporter.sees(number)["state"] == "attention")
    answer = exporter.amends(number, **{"goods[1].hsCode": "6704200000", "payment.transaction": "ZYP-CORRECTED-1"})
    assert answer["errors"][0]["extensions"]["code"] == "PAST_RECALL"
    assert exporter.sees(number)["version"] == 1


def test_money_that_came_in_stays_declared_when_its_trade_is_cancelled(exporter: Exporter) -> None:
    world = exporter.world
    orders = ["XC-20260108-0077", "XC-20260108-0078"]
    numbers = [exporter.enters("xuchang-wigs-to-chicago", orderNumber=order) for order in orders]
    world.pay(
        beneficiaryAccount="41050171860800001234", amount="12514.00", currency="USD", payer="Lakeside",
        payerCountry="US", endToEndId="E1", remittance=" ".join(orders),
    )  # fmt: skip
    while exporter.paper(numbers[0], "forex.declaration")["state"] != "done":
        world.clock.forward(timedelta(minutes=10))
        world.run("forex.credits", "forex.basic_information", "forex.send")
    world.ask(CANCEL, exporter.key, n=numbers[0])
    world.turn(MINUTE)
    assert exporter.paper(numbers[0], "customs.order")["state"] == "cancelled"
    assert {entry.outcome for entry in world.taken("forex", None)} <= {"accepted", "duplicate"}
    assert not any('"D"' in entry.body for entry in world.taken("forex", None))
    assert exporter.paper(numbers[1], "forex.declaration")["state"] == "done"


def test_an_order_that_was_cancelled_is_not_called_entered(exporter: Exporter) -> None:
    number = exporter.enters("xuchang-wigs-to-chicago")
    exporter.world.ask(CANCEL, exporter.key, n=number)
    trade = demo_file("trades", "xuchang-wigs-to-chicago")
    answer = exporter.world.ask(ENTER, exporter.key, input=trade)["enterTrade"]
    assert [error["code"] for error in answer["errors"]] == ["ORDER_CANCELLED"]


def test_no_more_tax_is_refunded_than_was_paid(exporter: Exporter) -> None:
    world = exporter.world
    trade = demo_file("trades", "xuchang-wigs-to-chicago")
    for purchase in trade["purchases"]:
        purchase["vatRate"] = "0.01"
    world.ask(ENTER, exporter.key, input=trade)
    world.until(lambda: world.document("tax.refund").state in ("done", "rejected"), by=timedelta(hours=12))
    assert world.document("tax.refund").state == "done"
    with world.hub.database.read() as connection:
        newest = select(PaperVersion.content).join(Document, Document.id == PaperVersion.document_id)
        content = connection.scalar(newest.where(Document.kind == "tax.refund").order_by(PaperVersion.id.desc()))
    paid = sum(Decimal(row["taxable_amount"]) / 100 for row in content["lines"]["purchases"])
    assert Decimal(content["head"]["refund_amount"]) == pytest.approx(paid, abs=Decimal("0.02"))


def test_what_customs_has_released_cannot_be_cancelled_and_says_what_is_still_possible(exporter: Exporter) -> None:
    world = exporter.world
    number = exporter.enters("xuchang-wigs-to-chicago")
    world.until(lambda: world.document("customs.inventory").state == "done", by=MINUTE)
    (error,) = world.post(CANCEL, exporter.key, n=number).json()["errors"]
    assert error["extensions"]["code"] == "RELEASED"
    assert "sent back" in error["extensions"]["wayOut"]


ASKED = """query($n: String!) { trade(number: $n) { state waitsFor { whom attention { code } }
           documents { kind state attention { code message wayOut } } } }"""


@ON_SQLITE
def test_customs_was_faster_so_the_cancellation_is_refused_in_its_own_words_with_what_is_still_possible(
    world: World,
) -> None:
    exporter = Exporter(world, "luoyang-furniture")
    number = exporter.enters("luoyang-seats-to-luxembourg")
    world.run("customs.send")
    world.clock.forward(timedelta(days=3))  # customs has released and closed it; nobody has heard of it yet
    world.ask(CANCEL, exporter.key, n=number)
    world.until(lambda: exporter.sees(number)["state"] == "attention")

    said = {language: world.ask(ASKED, exporter.key, language, n=number)["trade"] for language in ("zh", "en")}
    asked = {language: trade["documents"][0]["attention"] for language, trade in said.items()}
    assert asked["en"]["code"] == "AUTHORITY_ASKS"
    assert asked["en"]["message"].startswith("The state of the declaration does not allow it")
    assert "报关单状态[结关]" in asked["en"]["message"]
    assert "sent back" in asked["en"]["wayOut"]
    assert "退运" in asked["zh"]["wayOut"]


class Refused(NamedTuple):
    """A refusal of what asks to take a paper back: of which paper, in which answer; `@` stands before what we know."""

    kind: str
    message: str
    entity: str
    code: str
    about: dict[str, str]


OF_CANCELLATION = ("customs.inventory", "CEB606Message", "InvtCancelReturn")
OF_WAYBILL = ("customs.waybill", "CEB506Message", "LogisticsReturn")
REFUSALS = {
    "a cancellation, by the port": Refused(*OF_CANCELLATION, "-623005", {"invtNo": "@customs.invtNo"}),
    "a cancellation, by customs": Refused(*OF_CANCELLATION, "100", {"invtNo": "@customs.invtNo"}),
    "a cancellation, by its signature": Refused(*OF_CANCELLATION, "-621029", {"invtNo": "@customs.invtNo"}),
    "a deletion, by the port": Refused(
        *OF_WAYBILL, "-504016", {"logisticsCode": "@logisticsCode", "logisticsNo": "@logisticsNo"}
    ),
    "the message with a cancellation in it": Refused(
        "customs.inventory", "CEB900Message", "MessageReturn", "-2", {"oriCopMsgId": "@guid"}
    ),
    "the message with a deletion in it": Refused(
        "customs.waybill", "CEB900Message", "MessageReturn", "-2", {"oriCopMsgId": "@guid"}
    ),
}


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=REFUSALS)
def test_where_taking_back_is_refused_the_paper_is_not_and_a_person_is_asked(
    small_world: World, refused: Refused
) -> None:
    world, port = small_world, Port(small_world)
    port.enters()
    world.run("customs.send")
    while world.document(refused.kind).state not in ("accepted", "held", "done"):
        world.clock.forward(timedelta(seconds=20))
        world.run("customs.receipts", *(["customs.send"] if refused.kind == "customs.inventory" else []))
    world.ask(CANCEL, port.exporter.key, n=port.number)
    world.run("customs.send")
    paper = world.document(refused.kind)
    assert (paper.version, paper.state) == (2, "sent")

    known = {"guid": port.guids(refused.kind)[-1], **port.known(refused.kind)}
    about = {name: known[value[1:]] for name, value in refused.about.items()}
    port.hears(port.says(refused.code, world.clock(), **about), message=refused.message, name=refused.entity)
    after = port.exporter.paper(port.number, refused.kind)
    assert (after["state"], after["attention"]["code"]) == ("sent", "AUTHORITY_ASKS")


@pytest.mark.parametrize("sent_first", [False, True], ids=["before it went out", "after it was refused"])
def test_what_customs_closed_meanwhile_is_never_called_cancelled(small_world: World, sent_first: bool) -> None:
    """It closes a declaration without naming our request: that is no answer to it."""
    world = small_world
    exporter = Exporter(world, "luoyang-furniture")
    number = exporter.enters("luoyang-seats-to-luxembourg")
    world.until(lambda: world.document("customs.declaration").state == "accepted", by=timedelta(seconds=30))
    world.ask(CANCEL, exporter.key, n=number)
    world.clock.forward(timedelta(days=3))
    world.run(*(("customs.send", "customs.declarations") if sent_first else ("customs.declarations", "customs.send")))
    for _ in range(5):
        world.turn()

    trade = world.ask(ASKED, exporter.key, n=number)["trade"]
    (declaration,) = (one for one in trade["documents"] if one["kind"] == "customs.declaration")
    assert (trade["state"], declaration["state"]) == ("attention", "done")
    assert declaration["attention"]["code"] == "CANCELLED_TOO_LATE"
    assert "sent back" in declaration["attention"]["wayOut"]
    assert [(one["whom"], one["attention"]["code"]) for one in trade["waitsFor"]] == [("person", "CANCELLED_TOO_LATE")]
    assert len(world.taken("customs", "declaration.cancel", "refused")) == sent_first
