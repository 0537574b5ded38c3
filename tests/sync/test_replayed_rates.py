"""Which page counts when pages are read again, and what follows from tariffs and rates that were read wrongly."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from connectors.sdk.http import Page
from connectors.sdk.records import Draft
from hub.model import DeliveryAttempt, ExchangeRate, RefundRate
from sync.raw import keep
from tests.support.flow.exporter import Exporter
from tests.support.gateway.till import Till, shares_of
from tests.support.mapping import Mapping
from tests.support.sync.orders import BAD, Orders, Spoils
from tests.support.world import World

MINUTE = timedelta(minutes=1)
NOON = "2026-01-05T12:00:00+08:00"
LATER = "2026-01-06T12:00:00+08:00"
KEY = "6704200000/2026-01-01"


class Bureau:
    """The tax bureau's rates, page by page as the test has them come."""

    def __init__(self, world: World) -> None:
        self.world, self.mapping = world, Mapping(world, "tax.rates")
        self.mapping.stream.pages = lambda http, ask: iter(())

    def tells(self, *rows: dict[str, Any]) -> str:
        self.world.clock.forward(MINUTE)
        body = json.dumps({"pages": 1, "rows": list(rows)}).encode()
        with self.world.hub.database.write() as connection:
            page = Page(body, "application/json", "http://x", 200, self.world.clock())
            raw_id = keep(connection, "tax.rates", page, None, self.world.clock())
        self.world.run("tax.rates")
        return raw_id

    def rates(self) -> dict[str, str]:
        """HS code → refund rate."""
        with self.world.hub.database.read() as connection:
            return {row.hs_code: f"{row.refund_rate:.2f}" for row in connection.execute(select(RefundRate.__table__))}


@pytest.fixture
def bureau(world: World) -> Bureau:
    return Bureau(world)


@pytest.fixture
def small_bureau(small_world: World) -> Bureau:
    return Bureau(small_world)


def rate(refund: str, at: str = NOON, code: str = "6704200000") -> dict[str, Any]:
    return {"hsCode": code, "vatRate": "0.13", "refundRate": refund, "validFrom": "2026-01-01", "updatedAt": at}


BROKEN = rate("much", code="9999999999")


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("later", [NOON, LATER])
def test_what_a_later_page_overwrote_is_not_put_back(small_bureau: Bureau, later: str, everything: bool) -> None:
    bureau = small_bureau
    bureau.tells(rate("0.13"), BROKEN)
    bureau.tells(rate("0.10", later))
    bureau.mapping.is_wrong(lambda schema, values: [(schema, values | {"validTo": "2030-12-31"})])  # all differ now
    bureau.mapping.replay(everything=everything)
    assert bureau.rates() == {"6704200000": "0.10"}


def test_of_the_same_time_other_content_of_the_same_page_counts(small_bureau: Bureau) -> None:
    bureau = small_bureau
    bureau.mapping.is_wrong(lambda schema, values: [(schema, values | {"refundRate": "0.01"})])
    bureau.tells(rate("0.13"))
    bureau.mapping.is_mended()
    run = bureau.mapping.replay()
    assert (run.received, run.merged) == (1, 1)
    assert bureau.rates() == {"6704200000": "0.13"}


def test_a_time_that_was_read_wrongly_stands_in_no_later_pages_way(small_bureau: Bureau) -> None:
    bureau = small_bureau
    bureau.mapping.is_wrong(lambda schema, values: [(schema, values | {"updatedAt": "2099-01-01T00:00:00+08:00"})])
    bureau.tells(rate("0.13"))
    bureau.mapping.is_mended()
    bureau.tells(rate("0.10", LATER))
    assert bureau.rates() == {"6704200000": "0.13"}, "as of 2099, they say"
    bureau.mapping.replay()
    assert bureau.rates() == {"6704200000": "0.10"}
    bureau.tells(rate("0.09", "2026-01-07T12:00:00+08:00"))
    assert bureau.rates() == {"6704200000": "0.09"}


@pytest.mark.parametrize("everything", [False, True])
def test_what_a_page_tells_no_more_is_as_another_page_tells_it(bureau: Bureau, everything: bool) -> None:
    bureau.tells(rate("0.13"))
    bureau.mapping.is_wrong(lambda schema, values: [(schema, values | {"hsCode": "6704200000", "source_id": KEY})])
    bureau.tells(rate("0.05", LATER, code="6704110000"), rate("much", LATER, code="6704110000"))
    assert bureau.rates() == {"6704200000": "0.05"}
    bureau.mapping.is_mended()
    bureau.mapping.replay(everything=everything)
    assert bureau.rates() == {"6704200000": "0.13", "6704110000": "0.05"}


def test_what_two_pages_tell_stays_while_one_does(small_bureau: Bureau) -> None:
    bureau = small_bureau
    bureau.tells(rate("0.13"))
    second = bureau.tells(rate("0.13"), rate("0.10", code="6704110000"))

    def first_is_empty(page: Page) -> list[Draft]:
        told = list(bureau.mapping.right(page))
        return told if len(told) > 1 else []

    bureau.mapping.stream.read = first_is_empty
    bureau.mapping.replay()
    assert bureau.rates() == {"6704200000": "0.13", "6704110000": "0.10"}
    with bureau.world.hub.database.read() as connection:
        assert set(connection.scalars(select(RefundRate.raw_id))) == {second}


def test_a_declaration_that_is_not_out_is_derived_anew_from_a_corrected_tariff(small_world: World) -> None:
    world = small_world
    mapping = Mapping(world, "customs.tariffs")
    mapping.is_wrong(lambda schema, values: [(schema, values | {"unit1": "035"})])
    exporter = Exporter(world, "zhengzhou-trousers")
    exporter.enters("zhengzhou-trousers-to-almaty")
    world.late.add("customs.send")
    world.run("customs.send")
    world.until(lambda: world.document("customs.declaration").state == "ready", by=MINUTE)
    mapping.is_mended()
    mapping.replay()
    assert world.document("customs.declaration").version == 2
    world.run("customs.send")
    (taken,) = world.taken("customs", "declaration")
    assert {one["legalUnit"] for one in json.loads(taken.body)["goods"]} != {"035"}
    assert mapping.replay().merged == 0
    assert world.document("customs.declaration").version == 2


def test_a_declaration_that_was_returned_for_it_goes_out_anew_by_itself(small_world: World) -> None:
    world, mapping = small_world, Mapping(small_world, "customs.tariffs")
    mapping.is_wrong(lambda schema, values: [(schema, values | {"unit1": "035"})])
    Exporter(world, "zhengzhou-trousers").enters("zhengzhou-trousers-to-almaty")
    world.until(lambda: world.document("customs.declaration").state == "rejected", by=MINUTE)
    mapping.is_mended()
    mapping.replay()
    assert (world.document("customs.declaration").version, world.document("customs.declaration").state) == (2, "ready")
    world.run("customs.send")
    assert world.document("customs.declaration").state == "sent"


def test_of_a_declaration_that_is_out_a_person_is_asked(small_world: World) -> None:
    world, mapping = small_world, Mapping(small_world, "customs.tariffs")
    Exporter(world, "zhengzhou-trousers").enters("zhengzhou-trousers-to-almaty")
    world.until(lambda: world.document("customs.declaration").state == "sent", by=MINUTE)
    mapping.is_wrong(lambda schema, values: [(schema, values | {"unit1": "035"})])
    mapping.replay()
    paper = world.document("customs.declaration")
    assert (paper.version, paper.state, paper.attention["code"]) == (1, "sent", "PAPER_CORRECTED")
    assert any(one.startswith("goods[0].legal_unit ") and one.endswith(" → 035") for one in paper.attention["changes"])


def test_what_was_converted_by_a_wrong_parity_is_matched_anew(small_world: World) -> None:
    world, mapping = small_world, Mapping(small_world, "forex.parity")
    mapping.is_wrong(lambda schema, values: [(schema, values | WRONG.get(values["currency"], {}))])
    till = Till(world)
    till.trade("XC-1")
    with world.hub.database.read() as connection:
        parities = {row.currency: row.rate / row.unit for row in connection.execute(select(ExchangeRate.__table__))}
    worth = f"{6257 * parities['USD'] / parities['EUR']:.2f}"
    assert shares_of(till.paid(worth, "XC-1", currency="EUR")) == [("XC-1", worth, "6257.00", "currency")]
    mapping.is_mended()
    mapping.replay()
    (remittance,) = till.remittances()
    assert (remittance["match"], [one["how"] for one in remittance["allocations"]]) == ("unclear", [])


def test_money_of_a_day_alone_that_a_wrong_parity_left_unclear_is_matched_anew(small_world: World) -> None:
    """The bank's file has the day, which is midnight; the parity of that day is published later."""
    world, mapping = small_world, Mapping(small_world, "forex.parity")
    mapping.is_wrong(lambda schema, values: [(schema, values | WRONG.get(values["currency"], {}))])
    midnight = {"hour": 16, "minute": 0, "second": 0}
    Mapping(world, "forex.credits").is_wrong(
        lambda schema, values: [
            (schema, values | {"booked_at": values["booked_at"].replace(**midnight) - timedelta(days=1)})
        ]
    )
    till = Till(world)
    till.trade("XC-1")
    assert till.paid("5508.81", "XC-1", currency="EUR")["match"] == "unclear"
    mapping.is_mended()
    mapping.replay()
    (remittance,) = till.remittances()
    assert shares_of(remittance) == [("XC-1", "5508.81", "6257.00", "currency")]


WRONG = {"EUR": {"price": "4.0000"}}


def test_a_refusal_that_is_read_otherwise_sends_nothing_again(small_world: World) -> None:
    world, orders = small_world, Orders(small_world)
    orders.enters("XC-1", BAD)
    Spoils(world)
    world.until(lambda: len(orders.attempts("XC-1")) == 2, by=MINUTE)
    sent = len(orders.attempts("XC-1"))
    assert orders.states()["XC-1"] == "sent"
    mapping = Mapping(world, "customs.responses")
    mapping.is_wrong(lambda schema, values: [(schema, values | {"returnInfo": f"{values['returnInfo']} (read again)"})])
    mapping.replay()
    assert orders.states()["XC-1"] == "sent"
    world.run("customs.send")
    assert len(orders.attempts("XC-1")) == sent
    with world.hub.database.read() as connection:
        refused = select(DeliveryAttempt.id).where(DeliveryAttempt.error.contains("read again"))
        assert connection.scalars(refused).all() == []
