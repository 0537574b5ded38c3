"""Declarations (报关单) at the stand-in customs: their way from received to closed, and why one is returned."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from mocks.customs.app import create_app
from tests.support.mocks.ceb import CREDENTIALS, Desk, paper
from tests.support.mocks.clocks import HandPace
from tests.support.mocks.declarations import cancel, declaration, hand_in, last_words, order, results, standing, told

WAY = ["received", "accepted", "released", "closed"]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_declaration_goes_from_received_to_closed(desk: Desk) -> None:
    answer = hand_in(desk, declaration())
    assert (answer.status_code, answer.get_json()) == (202, {"copNo": "DEC-1", "status": "received"})
    assert told(desk) == WAY[:1]
    desk.clock.wait(minutes=5, seconds=-1)
    assert (told(desk), standing(desk)["entryId"]) == (WAY[:1], None)
    desk.clock.wait(seconds=1)
    accepted = standing(desk)
    assert (told(desk), accepted["status"], accepted["words"]) == (WAY[:2], "accepted", "接受申报")
    assert accepted["entryId"].startswith("460420260")
    assert len(accepted["entryId"]) == 18
    assert accepted["declaration"] == declaration()
    desk.clock.wait(minutes=15, seconds=-1)
    assert told(desk) == WAY[:2]
    desk.clock.wait(minutes=25, seconds=1)
    assert standing(desk)["status"] == "released"
    desk.clock.wait(days=1)
    assert told(desk) == WAY
    at = {row["status"]: datetime.fromisoformat(row["at"]) for row in results(desk)}
    assert timedelta(minutes=15) <= at["released"] - at["accepted"] <= timedelta(minutes=40)
    assert at["closed"] - at["released"] == timedelta(hours=2)
    assert {row["entryId"] for row in results(desk)} == {None, accepted["entryId"]}
    held = desk.client.get("/_control/holdings").get_json()["declarations"]
    assert held == {accepted["entryId"]: {"copNo": "DEC-1", "status": "closed"}}
    entries = desk.app.extensions["ledger"].entries("declaration")
    assert [(entry.key, entry.outcome) for entry in entries] == [("DEC-1", "accepted")]


def test_the_offices_pace_divides_its_delays() -> None:
    clock = HandPace(divide=3600)
    client = create_app(clock).test_client()
    client.post("/declarations", json=declaration(), headers=CREDENTIALS)
    clock.wait(seconds=4)
    listed = client.get("/declarations/results", headers=CREDENTIALS).get_json()["results"]
    assert {row["status"] for row in listed} - {"inspected"} == set(WAY)


def test_results_misbehave_by_the_seed() -> None:
    lists = []
    for _ in range(2):
        desk = Desk(seed=5)
        for no in range(200):
            hand_in(desk, declaration(str(no)))
        desk.clock.wait(days=1)
        lists.append(results(desk))
    assert lists[0] == lists[1]
    assert [row["sequence"] for row in lists[0]] == list(range(1, len(lists[0]) + 1))
    count = Counter((row["copNo"], row["status"]) for row in lists[0])
    assert 0.19 < sum(times == 2 for times in count.values()) / len(count) < 0.31
    assert max(count.values()) == 2
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for row in lists[0]:
        first.setdefault((row["copNo"], row["status"]), row)
    numbers = [f"DEC-{no}" for no in range(200)]
    late = [one for one in numbers if first[one, "released"]["sequence"] > first[one, "closed"]["sequence"]]
    assert 20 < len(late) < 48
    inspected = [one for one in numbers if (one, "inspected") in first]
    assert 10 < len(inspected) < 32
    for one in inspected:
        accepted, looked, released = (
            datetime.fromisoformat(first[one, status]["at"]) for status in ("accepted", "inspected", "released")
        )
        assert looked - accepted == timedelta(minutes=20)
        assert timedelta(minutes=15) <= released - looked <= timedelta(minutes=40)


@pytest.mark.parametrize("mode", ["9710", "9810"])
def test_an_order_alone_is_enough_for_a_declaration(desk: Desk, mode: str) -> None:
    desk.do("CEB303", order(mode=mode))
    assert desk.statuses("CEB304", orderNo="SO-1") == ["2", "3", "120"]
    hand_in(desk, declaration(mode=mode))
    desk.clock.wait(days=1)
    assert [status for status in told(desk) if status != "inspected"] == WAY


NO_ORDER = "随附单据编号对应的订单不存在,随附单据编号[SO-1]"
ODD: dict[str, tuple[dict[str, Any], str]] = {
    "number": ({"attachments[0].number": "SO-9"}, "随附单据编号对应的订单不存在,随附单据编号[SO-9]"),
    "type": ({"mode": "9810"}, NO_ORDER),
    "extra row": ({"goods[1].line": 3}, "电子订单无对应商品项,商品序号[3]"),
    "missing row": ({"goods[1]": None}, "报关单缺少商品项,商品序号[2]"),
    "quantity": (
        {"goods[0].quantity": "3", "goods[0].total": "90"},
        "申报数量与电子订单不一致,商品序号[1],申报数量[3]",
    ),
    "price": ({"goods[0].unitPrice": "30.002"}, "单价与电子订单不一致,商品序号[1],单价[30.002]"),
    "total": ({"goods[1].total": "140.01"}, "总价与电子订单不一致,商品序号[2],总价[140.01]"),
    "name": ({"goods[1].name": "羊毛帽"}, "商品编码与商品名称不符,商品序号[2],商品编码[6704200000]"),
}


@pytest.mark.parametrize(("changes", "reason"), ODD.values(), ids=ODD)
def test_customs_returns_a_declaration_with_the_reason(desk: Desk, changes: dict[str, Any], reason: str) -> None:
    desk.do("CEB303", order())
    sheet = declaration(**({"mode": "9710"} | changes))
    assert hand_in(desk, sheet).status_code == 202
    desk.clock.wait(minutes=5)
    assert told(desk) == ["received", "returned"]
    assert last_words(desk) == reason
    desk.clock.wait(days=1)
    assert told(desk) == ["received", "returned"]
    assert standing(desk)["entryId"] is None


def test_a_declaration_that_comes_before_its_order_is_stored_is_returned(desk: Desk) -> None:
    desk.post("CEB303", order())
    hand_in(desk, declaration(mode="9710"))
    desk.clock.wait(minutes=5)
    assert desk.statuses("CEB304") == ["2", "3", "120"]
    assert last_words(desk) == NO_ORDER
    assert hand_in(desk, declaration(mode="9710", action="change")).status_code == 202
    desk.clock.wait(minutes=5)
    assert standing(desk)["status"] == "accepted"


def test_an_order_that_was_taken_back_is_no_order(desk: Desk) -> None:
    desk.do("CEB303", order())
    desk.do("CEB303", paper("CEB303", orderType="B", act="3"))
    hand_in(desk, declaration(mode="9710"))
    desk.clock.wait(minutes=5)
    assert last_words(desk) == NO_ORDER


def test_of_orders_with_the_same_number_the_consignors_own_counts(desk: Desk) -> None:
    desk.do("CEB303", order(), order(ebcCode="4101960ZZZ", rows={0: {"qty": "3", "totalPrice": "90"}}))
    hand_in(desk, declaration(mode="9710"))
    desk.clock.wait(minutes=5)
    assert standing(desk)["status"] == "accepted"


@pytest.mark.parametrize(
    ("mode", "currency", "price", "returned"),
    [
        ("1039", "USD", "75000.01", True),
        ("1039", "USD", "75000", False),
        ("1039", "EUR", "75000.01", False),
        ("0110", "USD", "75000.01", False),
    ],
)
def test_market_procurement_has_a_limit(desk: Desk, mode: str, currency: str, price: str, returned: bool) -> None:
    total = str(2 * float(price))
    cells = {"currency": currency, "goods[0].unitPrice": price, "goods[0].total": total, "goods[1].unitPrice": "0"}
    sheet = declaration(mode=mode, **cells, **{"goods[1].total": "0"})
    hand_in(desk, sheet)
    desk.clock.wait(minutes=5)
    assert standing(desk)["status"] == ("returned" if returned else "accepted")
    if returned:
        words = "市场采购单票报关单商品货值超过限额,总价合计[150000.02],币制[USD],限额[150000]"
        assert last_words(desk) == words


def test_a_number_is_used_once_until_it_is_returned(desk: Desk) -> None:
    hand_in(desk, declaration())
    again = hand_in(desk, declaration())
    assert (again.status_code, again.get_json()) == (409, {"code": "DUPLICATE", "copNo": "DEC-1"})
    hand_in(desk, declaration("2", **{"goods[0].name": "木梳"}))
    desk.clock.wait(minutes=5)
    assert standing(desk, "2")["status"] == "returned"
    assert hand_in(desk, declaration("2")).status_code == 202
    desk.clock.wait(days=1)
    assert [one for one in told(desk, "2") if one != "inspected"] == ["received", "returned", *WAY]
    assert hand_in(desk, declaration("2")).get_json()["code"] == "DUPLICATE"
    entries = desk.app.extensions["ledger"].entries("declaration")
    assert [entry.outcome for entry in entries] == ["accepted", "duplicate", "accepted", "accepted", "duplicate"]


def test_a_declaration_can_be_changed_until_it_is_accepted_and_after_it_is_returned(desk: Desk) -> None:
    hand_in(desk, declaration(**{"goods[0].name": "木梳"}))
    desk.clock.wait(minutes=4)
    assert hand_in(desk, declaration(action="change")).status_code == 202
    desk.clock.wait(minutes=4)
    assert told(desk) == ["received", "received"]
    desk.clock.wait(minutes=1)
    assert standing(desk)["status"] == "accepted"
    for sheet in (declaration(action="change"), declaration("9", action="change")):
        refused = hand_in(desk, sheet)
        assert (refused.status_code, refused.get_json()["code"]) == (409, "STATE")
    assert [entry.outcome for entry in desk.app.extensions["ledger"].entries("declaration")][2:] == ["refused"] * 2


def test_a_declaration_is_cancelled_until_it_is_released(desk: Desk) -> None:
    assert cancel(desk).status_code == 404
    hand_in(desk, declaration())
    desk.clock.wait(minutes=5)
    answer = cancel(desk)
    assert (answer.status_code, answer.get_json()) == (202, {"copNo": "DEC-1"})
    assert (standing(desk)["status"], cancel(desk).status_code) == ("accepted", 202)
    assert hand_in(desk, declaration(action="change")).get_json()["code"] == "STATE"
    desk.clock.wait(days=1)
    assert told(desk) == ["received", "accepted", "cancelled"]
    assert (standing(desk)["words"], cancel(desk).status_code) == ("撤销申报", 202)
    assert told(desk) == ["received", "accepted", "cancelled"]
    at = {row["status"]: datetime.fromisoformat(row["at"]) for row in results(desk)}
    assert timedelta(minutes=5) <= at["cancelled"] - at["accepted"] <= timedelta(minutes=15)
    hand_in(desk, declaration("2"))
    desk.clock.wait(days=1)
    refused = cancel(desk, "2")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "STATE")
    entries = desk.app.extensions["ledger"].entries("declaration.cancel")
    outcomes = [("DEC-1", one) for one in ("refused", "accepted", "duplicate", "duplicate")] + [("DEC-2", "refused")]
    assert [(entry.key, entry.outcome) for entry in entries] == outcomes


def test_what_was_returned_can_still_be_cancelled(desk: Desk) -> None:
    hand_in(desk, declaration(**{"goods[0].name": "木梳"}))
    desk.clock.wait(minutes=5)
    assert cancel(desk).status_code == 202
    assert hand_in(desk, declaration()).get_json()["code"] == "DUPLICATE"
    desk.clock.wait(days=1)
    assert told(desk) == ["received", "returned", "cancelled"]


def test_results_come_in_pages(desk: Desk) -> None:
    for no in range(10):
        hand_in(desk, declaration(str(no)))
    desk.clock.wait(days=1)
    everything = results(desk)
    first = desk.client.get("/declarations/results?limit=3", headers=CREDENTIALS).get_json()
    assert (first["results"], first["next"]) == (everything[:3], 3)
    last = desk.client.get(f"/declarations/results?after={len(everything)}", headers=CREDENTIALS).get_json()
    assert last == {"results": [], "next": None}
    assert set(everything[0]) == {"sequence", "copNo", "status", "entryId", "at", "words"}
    assert desk.client.get("/declarations/results?after=x", headers=CREDENTIALS).status_code == 400
    assert desk.client.get("/declarations/results").status_code == 401


def test_many_hands_at_once(desk: Desk) -> None:
    def send(no: int) -> int:
        client = desk.app.test_client()
        return client.post("/declarations", json=declaration(str(no % 32)), headers=CREDENTIALS).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(64)))
    assert (answers.count(202), answers.count(409)) == (32, 32)
    desk.clock.wait(days=1)
    ids = {row["entryId"] for row in results(desk) if row["status"] == "closed"}
    assert len(ids) == 32
