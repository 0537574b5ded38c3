"""Entering once: the same again is the same trade, the good ones go in though others are bad, and only one's own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update
from stdnum.iso7064 import mod_37_36

from hub.access import Role
from hub.access.acts import OWNERS
from hub.access.caller import Caller
from hub.dossiers.dossier import Dossier, DossierLine
from hub.dossiers.loading import open_dossiers
from hub.entry.accept import Accepted
from hub.entry.amend import amend
from hub.errors import NotFound
from hub.model import Document, DocumentEvent, Enterprise, GoodsLine, Trade
from hub.papers.computations.catalogue import CannotCompute
from hub.papers.computations.refund import goods_serial, refund_batch
from hub.progress.decide import TradeDecision
from hub.progress.refund_batches import number_filings
from tests.support.entry.office import FIRM, Office, found, typed_trade
from tests.support.refusals import refuses
from tests.support.world import demo_file

OTHER_FIRM = "91411000725800192B"


def test_a_trade_goes_in_whole(new_office: Office) -> None:
    (answer,) = new_office.enters(typed_trade())
    assert (answer.problems, answer.same) == ([], False)
    assert mod_37_36.is_valid(answer.number or "")
    holds = new_office.holds()
    assert {name: holds[name] for name in ("trade", "goods_line", "purchase_invoice", "shipment", "paper_version")} == {
        "trade": 1,
        "goods_line": 3,
        "purchase_invoice": 3,
        "shipment": 1,
        "paper_version": 3,  # order, receipt and waybill wait for nothing
    }
    ready = new_office.rows(select(Document.kind).where(Document.state == "ready").order_by(Document.number))
    assert [row.kind for row in ready] == ["customs.order", "customs.receipt", "customs.waybill"]
    (trade,) = new_office.rows(select(Trade.__table__))
    # 40 × 64.50 + 25 × 98.00 + 60 × 18.20, and 120.00 freight and 15.00 insurance
    assert (trade.goods_value, trade.total) == (Decimal("6122.00"), Decimal("6257.00"))
    assert (trade.number, trade.entered_by, trade.state) == (answer.number, "exporter", "running")


ODD_BUT_RIGHT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "whole numbers that are no text": ({"goods[0].quantity": 40}, {"quantity": 40}),
    "as many decimals as are kept": (
        {"goods[0].quantity": "39.99999", "purchases": []},
        {"quantity": Decimal("39.99999")},
    ),
    "nothing for it": ({"goods[0].unitPrice": "0"}, {"unit_price": 0, "amount": 0}),
    "pictures": ({"goods[0].name.en": "wig 💇🏽", "buyer.name": "👍 Ltd"}, {"name_en": "wig 💇🏽"}),
    "rare characters": ({"goods[0].name.zh": "𠮷野家 假发 Ñandú"}, {"name_zh": "𠮷野家 假发 Ñandú"}),
    "blanks around": ({"goods[0].sku": "  RX-1 \t"}, {"sku": "RX-1"}),
    "the longest that 603 takes": (
        {"goods[0].sku": "x" * 20, "goods[0].specification": "假" * 250},
        {"sku": "x" * 20, "specification": "假" * 250},
    ),
    "no barcode": ({"goods[0].barcode": None}, {}),
    "yen without sen": ({"currency": "JPY", "freight": "120", "goods[0].unitPrice": "64.5"}, {"amount": 2580}),
    "joiners, private use, marks, letters of tomorrow": (
        {
            "goods[0].name.zh": "假发\u200d\u200c\ue000\U00031350\U000323b0",
            "goods[0].specification": "e\u0301１２\u3000寸",
        },
        {"name_zh": "假发\u200d\u200c\ue000\U00031350\U000323b0", "specification": "e\u0301１２\u3000寸"},
    ),
    "what may be left out": (
        dict.fromkeys(["exportInvoice", "goods[0].barcode", "platform"], None) | {"platform": "豫品优选"},
        {"origin": "CN"},
    ),
    "as heavy bare as packed": ({"goods[0].netWeight": "7.20"}, {"net_weight": Decimal("7.20")}),
    "a discount down to nothing": ({"discount": "6257.00"}, {}),
}


@pytest.mark.parametrize("odd", ODD_BUT_RIGHT)
def test_what_is_odd_but_right_is_taken_as_it_was_meant(new_office: Office, odd: str) -> None:
    changes, expected = ODD_BUT_RIGHT[odd]
    (answer,) = new_office.enters(typed_trade(changes))
    assert answer.problems == []
    line = new_office.rows(select(GoodsLine.__table__).order_by(GoodsLine.line))[0]
    assert {name: getattr(line, name) for name in expected} == expected


def test_what_day_it_is_is_said_in_beijing(new_office: Office) -> None:
    """At one in the morning in Beijing it is still yesterday in UTC; an invoice of today has come all the same."""
    new_office.world.clock.forward(timedelta(hours=16))
    today, tomorrow = new_office.enters(
        typed_trade({"orderNumber": "A", "purchases[0].issuedOn": "2026-01-10"}),
        typed_trade({"orderNumber": "B", "purchases[0].issuedOn": "2026-01-11"}),
    )
    assert today.problems == []
    assert found(tomorrow) == {("purchases[0].issuedOn", "IN_THE_FUTURE")}


# Once.


def test_the_same_again_is_the_same_trade(each_office: Office) -> None:
    (first,) = each_office.enters(typed_trade())
    holds = each_office.holds()
    each_office.world.clock.forward(timedelta(days=40))
    in_other_words = {
        "payment.paidAt": "2026-01-08T03:25:30Z",
        "goods[0].sku": " RX-HH-12B",
        "goods[0].quantity": "40.0",
        "freight": 120,
    }
    for again in (typed_trade(), typed_trade(in_other_words)):
        (answer,) = each_office.enters(again)
        assert (answer.number, answer.same, answer.problems) == (first.number, True, [])
    assert each_office.holds() == holds


def test_a_trade_from_before_a_field_was_added_is_the_same_without_it_and_another_with_it(new_office: Office) -> None:
    (first,) = new_office.enters(typed_trade())
    with new_office.world.hub.database.write() as connection:
        entry = connection.scalars(select(Trade.entry)).one()
        entry.pop("destinationCountry")  # as if the entry schema had not had these when it was entered
        entry["goods"] = [{name: value for name, value in line.items() if name != "barcode"} for line in entry["goods"]]
        connection.execute(update(Trade).values(entry=entry))
    (again,) = new_office.enters(typed_trade())
    assert (again.number, again.same, again.problems) == (first.number, True, [])
    (more,) = new_office.enters(typed_trade({"goods[0].barcode": "6901234567892"}))
    assert found(more) == {("orderNumber", "ORDER_TAKEN")}


@pytest.mark.parametrize(
    "changes",
    [
        {"freight": "120.01"},
        {"goods[2].name.en": "wig"},
        {"goods[0].barcode": "6901234567892"},
        {"purchases": []},
        {"transport.to": "USJFK"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_other_content_under_the_same_order_is_refused(new_office: Office, changes: dict[str, Any]) -> None:
    (first,) = new_office.enters(typed_trade())
    holds = new_office.holds()
    (other,) = new_office.enters(typed_trade(changes))
    assert found(other) == {("orderNumber", "ORDER_TAKEN")}
    assert other.number is None
    assert other.problems[0].parameters == {"order": "XC-20260108-0042", "number": first.number}
    assert new_office.holds() == holds


def test_the_same_twice_in_one_call_is_one_trade(each_office: Office) -> None:
    first, other, again = each_office.enters(typed_trade(), typed_trade({"freight": "1"}), typed_trade())
    assert (first.problems, first.same) == ([], False)
    assert (again.number, again.same) == (first.number, True)
    assert found(other) == {("orderNumber", "ORDER_TAKEN")}
    assert each_office.holds()["trade"] == 1


def test_only_the_bad_ones_of_many_are_refused(each_office: Office) -> None:
    each_office.enters(typed_trade({"orderNumber": "order 2"}))
    bad = {3: {"currency": "RMB"}, 5: {"goods[0].sku": "x" * 30}, 7: {"orderNumber": ""}}
    many = [typed_trade({"orderNumber": f"order {place}"} | bad.get(place, {})) for place in range(10)]
    answers = each_office.enters(*many, None)
    assert [place for place, answer in enumerate(answers) if answer.problems] == [3, 5, 7, 10]
    assert [place for place, answer in enumerate(answers) if answer.same] == [2]
    numbers = {answer.number: many[place]["orderNumber"] for place, answer in enumerate(answers) if answer.number}
    assert numbers == dict(each_office.rows(select(Trade.number, Trade.order_number)))
    assert len(numbers) == 7
    assert each_has_the_papers_of_one(each_office, trades=7)


def each_has_the_papers_of_one(office: Office, trades: int) -> bool:
    """Every trade has its documents once: the same number of each kind as there are trades."""
    counts = office.rows(select(Document.kind, func.count()).group_by(Document.kind))
    return len(counts) > 5 and {count for _, count in counts} == {trades}


def at_once(acts: list[Callable[[], list[Accepted]]]) -> list[Accepted]:
    """All of them at the same moment, each in a thread."""
    start = threading.Barrier(len(acts))

    def act(one: Callable[[], list[Accepted]]) -> list[Accepted]:
        start.wait(timeout=30)
        return one()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [answer for answers in pool.map(act, acts) for answer in answers]


def test_the_same_order_twice_at_the_same_moment_is_one_trade(each_office: Office) -> None:
    orders = [f"order {number}" for number in range(6)]
    for order in orders:
        trade = typed_trade({"orderNumber": order})
        first, second = at_once([lambda trade=trade: each_office.enters(trade)] * 2)  # type: ignore[misc]
        assert first.number == second.number
        assert [first.problems, second.problems] == [[], []]
        assert {first.same, second.same} == {False, True}
    assert sorted(row.order_number for row in each_office.rows(select(Trade.order_number))) == orders
    assert each_has_the_papers_of_one(each_office, trades=len(orders))


def test_of_two_contents_at_the_same_moment_one_is_refused(each_office: Office) -> None:
    for number in range(4):
        trades = [typed_trade({"orderNumber": f"order {number}", "freight": freight}) for freight in ("1", "2")]
        answers = at_once([lambda trade=trade: each_office.enters(trade) for trade in trades])  # type: ignore[misc]
        (refused,) = [answer for answer in answers if answer.problems]
        (taken,) = [answer for answer in answers if answer.number]
        assert refused.problems[0].parameters["number"] == taken.number
    assert each_office.holds()["trade"] == 4


def test_many_at_the_same_moment_each_have_a_number_of_their_own(each_office: Office) -> None:
    batches = [[typed_trade({"orderNumber": f"{batch}/{place}"}) for place in range(5)] for batch in range(4)]
    answers = at_once([lambda batch=batch: each_office.enters(*batch) for batch in batches])  # type: ignore[misc]
    assert [answer.problems for answer in answers] == [[]] * 20
    assert len({answer.number for answer in answers}) == each_office.holds()["trade"] == 20


# Whose.


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ENTERPRISE])
def test_only_an_enterprise_enters(office: Office, role: Role) -> None:
    with refuses("UNAUTHENTICATED" if role is Role.ANONYMOUS else "FORBIDDEN"):
        office.enters(typed_trade(), caller=Caller("somebody", role, {office.exporter: OWNERS}))
    assert office.holds() == office.before


def second_firm(office: Office) -> int:
    return office.registers(demo_file("enterprises", "xuchang-hair") | {"uscc": OTHER_FIRM})


@pytest.mark.parametrize("uscc", [OTHER_FIRM, "91411000MA44HA1R0H", "' OR 1=1 --"])
def test_anothers_enterprise_is_not_there(new_office: Office, uscc: str) -> None:
    """One that exists and one that does not are answered alike."""
    second_firm(new_office)
    with pytest.raises(NotFound) as caught:
        new_office.enters(typed_trade(), uscc=uscc)
    assert caught.value.words("en") == f"enterprise {uscc} was not found"
    assert "trade" not in new_office.holds()


def test_who_acts_for_nobody_enters_nothing(office: Office) -> None:
    with pytest.raises(NotFound):
        office.enters(typed_trade(), caller=Caller("somebody", Role.ENTERPRISE))
    with pytest.raises(NotFound):
        office.enters(typed_trade(), caller=Caller("somebody", Role.ENTERPRISE), uscc=FIRM)
    assert office.holds() == office.before


def test_a_broker_enters_for_each_of_its_enterprises(new_office: Office) -> None:
    """The same order number at two enterprises is two trades."""
    broker = Caller("broker", Role.ENTERPRISE, dict.fromkeys((new_office.exporter, second_firm(new_office)), OWNERS))
    for uscc in (FIRM, OTHER_FIRM):
        (answer,) = new_office.enters(typed_trade(), caller=broker, uscc=uscc)
        assert not answer.same
    owners = new_office.rows(select(Enterprise.uscc).join(Trade, Trade.enterprise_id == Enterprise.id))
    assert sorted(owner.uscc for owner in owners) == sorted([FIRM, OTHER_FIRM])


# The carrier's parcel numbers.


def test_a_parcel_number_stands_on_one_trade_only(new_office: Office) -> None:
    orders = {"A": "SF1", "B": "SF1", "C": "SF2", "D": None}
    first, second, third, none = new_office.enters(
        *(typed_trade({"orderNumber": order, "parcelNumber": parcel}) for order, parcel in orders.items())
    )
    assert [found(one) for one in (first, second, third, none)] == [
        set(), {("parcelNumber", "PARCEL_TAKEN")}, set(), set(),
    ]  # fmt: skip
    (again,) = new_office.enters(typed_trade({"orderNumber": "A", "parcelNumber": "SF1"}))
    assert (again.number, again.same) == (first.number, True)
    (later,) = new_office.enters(typed_trade({"orderNumber": "E", "parcelNumber": "SF2"}))
    assert found(later) == {("parcelNumber", "PARCEL_TAKEN")}
    taken = amend(*stage(new_office), third.number or "", 1, [("parcelNumber", "SF1")])
    assert found(taken) == {("parcelNumber", "PARCEL_TAKEN")}
    assert amend(*stage(new_office), third.number or "", 1, [("parcelNumber", "SF3")]).problems == []
    kept = new_office.rows(select(Trade.parcel).order_by(Trade.order_number))
    assert [row.parcel for row in kept] == ["4101986B10/SF1", "4101986B10/SF3", None]


def stage(office: Office) -> tuple[Any, Any, Caller]:
    return office.world.hub.database, office.world.hub.desk, office.caller


# Refund filings are numbered within a month.


def test_refund_filings_of_a_month_are_numbered_from_the_first_that_is_the_hubs(new_office: Office) -> None:
    new_office.renews(demo_file("enterprises", "xuchang-hair") | {"refundBatch": "998"})
    new_office.enters(*(typed_trade({"orderNumber": order}) for order in "ABCD"))
    ids = [row.id for row in new_office.rows(select(Trade.id).order_by(Trade.order_number))]
    days = [datetime(2026, 1, 31, hour, tzinfo=UTC) for hour in (15, 15, 15, 16)]  # in Beijing the last is February
    with new_office.world.hub.database.write() as connection:
        dossiers = [
            awaiting_a_batch(one, day)
            for one, day in zip(open_dossiers(connection, ids, date(2026, 2, 1)), days, strict=True)
        ]
        assert number_filings(connection, [TradeDecision(one) for one in dossiers]) == [ids[0], ids[1], ids[3]]
        assert number_filings(connection, [TradeDecision(lacks_more(dossiers[0]))]) == []
    kept = new_office.rows(select(Trade.refund_batch).order_by(Trade.order_number))
    assert [row.refund_batch for row in kept] == ["202601998", "202601999", None, "202602998"]
    dossiers[0].refund_batch = "202601998"
    assert goods_serial(dossiers[0], DossierLine(0, {})) == dossiers[0].line_ids[0]
    dossiers[0].refund_batch = "202512001"  # of another month, before it was known when the goods left
    with pytest.raises(CannotCompute, match="refund batch"):
        refund_batch(dossiers[0], DossierLine(0, {}))


def awaiting_a_batch(dossier: Dossier, left: datetime) -> Dossier:
    dossier.documents["airport.waybill"].events = [DocumentEvent(milestone="departed", happened_at=left, version=1)]
    dossier.documents["tax.refund"].attention = {"code": "FIELDS_MISSING", "fields": ["refund batch"]}
    return dossier


def lacks_more(dossier: Dossier) -> Dossier:
    dossier.documents["tax.refund"].attention = {"code": "FIELDS_MISSING", "fields": ["entry id", "refund batch"]}
    return dossier
