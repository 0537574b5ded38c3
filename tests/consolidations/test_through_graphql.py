"""Consolidations as programs meet them: opened, joined, left and closed, and each sees of them what is its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub.model import Consolidation
from tests.support.consolidations.quay import CLOSE, JOIN, LEAVE, REOPEN, Quay
from tests.support.together import together
from tests.support.world import World


@pytest.fixture
def quay(world: World) -> Quay:
    return Quay(world, trades=3)


@pytest.fixture
def small_quay(small_world: World) -> Quay:
    """The same where the database is not what is tested."""
    return Quay(small_world, trades=3)


def test_a_forwarder_carries_what_it_may_not_read(quay: Quay) -> None:
    number = quay.opens()
    assert quay.does(JOIN, number, *quay.trades) == ""
    seen = quay.sees(number)
    assert (seen["kind"], seen["state"], seen["office"], seen["departure"]) == (
        "air_waybill", "open", "4604", "CA1037/2026-01-10",
    )  # fmt: skip
    assert (seen["packages"], seen["consignee"]) == (6, {"name": "Lakeside Forwarding Inc."})
    assert [line["number"] for line in seen["lines"]] == quay.trades
    assert {(line["state"], line["released"]) for line in seen["lines"]} == {("in", False)}
    assert quay.world.ask("{ trades { number } }", quay.keys["holder"])["trades"] == []
    for order, state in ((CLOSE, "closed"), (REOPEN, "open")):
        assert quay.does(order, number) == ""
        assert quay.sees(number)["state"] == state
    assert quay.does(LEAVE, number, quay.trades[0]) == ""
    left = quay.sees(number)["lines"][0]
    assert (left["state"], left["why"]) == ("left", "the buyer waits")
    listed = "query { consolidations(state: open) { number } }"
    assert quay.world.ask(listed, quay.keys["holder"])["consolidations"] == [{"number": number}]


def test_an_exporter_sees_its_own_lines_and_no_sum_of_all(quay: Quay) -> None:
    number = quay.opens()
    quay.does(JOIN, number, *quay.trades)
    seen = quay.sees(number, "neighbour")
    assert [line["number"] for line in seen["lines"]] == quay.trades[:1]
    assert (seen["packages"], seen["weight"], seen["consignee"]) == (None, None, None)
    assert seen["holder"] == quay.holder_uscc
    of_trade = "query($n: String!) { trade(number: $n) { consolidations { number } documents { kind } } }"
    trade = quay.world.ask(of_trade, quay.keys["neighbour"], n=quay.trades[0])["trade"]
    assert trade["consolidations"] == [{"number": number}]
    assert {one["kind"] for one in trade["documents"]}.isdisjoint({"airport.waybill", "customs.waybill_list"})
    assert quay.does(LEAVE, number, quay.trades[1], who="neighbour") == "NOT_ABOARD"
    assert quay.does(LEAVE, number, quay.trades[0], who="neighbour") == ""
    (notice,) = quay.notices("neighbour")
    assert (notice["trade"]["number"], notice["why"]) == (quay.trades[0], "the buyer waits")
    assert [one["trade"] for one in quay.notices("holder")] == [{"number": quay.trades[0]}]
    answer = quay.world.post(
        "query($n: String!) { consolidation(number: $n) { number } }", quay.keys["neighbour"], n=number
    )
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND", "it is none of its business any more"
    assert quay.does(CLOSE, number, who="exporter") == "NOT_FOUND"


WRONG: list[tuple[str, dict[str, Any], list[str]]] = [
    ("an unknown kind", {"kind": "air_waybil"}, ["kind UNKNOWN_CODE", "air_waybill"]),
    ("one that gathers by itself", {"kind": "summary"}, ["kind UNKNOWN_CODE"]),
    ("a mode without transport", {"mode": "9999"}, ["mode NOT_PLANNED"]),
    ("an airport of a train", {"kind": "train_box"}, ["from UNKNOWN_CODE", "to UNKNOWN_CODE", "CNZGZ"]),
    ("no place", {"to": "Chicago"}, ["to BAD_VALUE"]),
    ("no consignee", {"consignee": None}, ["consignee REQUIRED"]),
    ("no departure", {"departure": " "}, ["departure REQUIRED"]),
    ("a time that is over", {"closesAt": "2020-01-01T00:00:00Z"}, ["closesAt IN_THE_PAST"]),
    ("two at once", {"to": "XXXXX", "mode": "9999"}, ["to UNKNOWN_CODE", "mode NOT_PLANNED"]),
]


@together("what, typed, named", WRONG, ids=str)
def test_what_is_typed_wrongly_is_named_and_nothing_is_opened(
    small_quay: Quay, what: str, typed: dict[str, Any], named: list[str]
) -> None:
    error = small_quay.opens(**typed)
    assert error["extensions"]["code"] == "ENTRY_REFUSED", what
    said = " ".join(f"{one['path']} {one['code']} {one['wayOut']}" for one in error["extensions"]["errors"])
    assert [one for one in named if one not in said] == [], said
    assert small_quay.office.rows(select(Consolidation.id)) == []


def test_of_a_departure_a_holder_has_one_open_and_others_have_their_own(small_quay: Quay) -> None:
    quay = small_quay
    number = quay.opens()
    assert quay.opens()["extensions"]["code"] == "CONSOLIDATION_TAKEN"
    own = quay.opens("exporter", enterprise=None, office=None)
    assert (own != number, quay.sees(own, "exporter")["office"]) == (True, "4604"), "its own office"
    assert quay.opens("exporter")["extensions"]["code"] == "NOT_FOUND", "the holder is another"


def test_one_closes_by_itself_at_its_time_and_is_cancelled_where_it_is_empty(quay: Quay) -> None:
    at = (quay.now + timedelta(hours=2)).isoformat()
    full, empty = quay.opens(closesAt=at), quay.opens(departure="another", closesAt=at)
    quay.does(JOIN, full, *quay.trades)
    quay.world.run("hub.housekeeping")
    assert (quay.sees(full)["state"], quay.sees(empty)["state"]) == ("open", "open")
    quay.world.clock.forward(timedelta(hours=3))
    quay.world.run("hub.housekeeping")
    assert (quay.sees(full)["state"], quay.sees(empty)["state"]) == ("cancelled", "cancelled"), "nobody was released"
    assert {one["why"] for one in quay.sees(full)["lines"]} == {
        "when it closed this had not happened: customs has released the goods"
    }
    log = '{ auditLog(action: "consolidation.leave") { actor reason before } }'
    (noted,) = quay.world.ask(log, quay.keys["neighbour"])["auditLog"]
    assert (noted["actor"], noted["reason"]) == ("hub", "awaits:released")
    assert [number for number in quay.trades if number in noted["before"]] == quay.trades[:1]
    (notice,) = quay.notices("neighbour")
    assert notice["trade"] == {"number": quay.trades[0], "orderNumber": "N-1"}
    assert notice["consolidation"] == {"number": full}
    assert [one["trade"] for one in quay.notices("holder")] == [{"number": number} for number in quay.trades]
