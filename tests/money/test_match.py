"""For which trades a remittance is: what is certain is allocated, what is not waits with candidates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.money.match import FEES, Candidate, Credit, Matching, Owed, match, payment_due
from tests.support.together import together

BUYER = "Lakeside Beauty Supply LLC"
PARITIES = {"CNY": Decimal(1), "USD": Decimal("7.0"), "EUR": Decimal("8.4"), "JPY": Decimal("0.05")}


def owed(serial: int, outstanding: str, currency: str = "USD", buyer: str = BUYER) -> Owed:
    return Owed(serial, f"YH26010900{serial:06d}X", f"XC-{serial}", buyer, currency, Decimal(outstanding))


def paid(sent: str, remittance_information: str, currency: str = "USD", payer: str = "Another Bank Customer") -> Credit:
    return Credit(Decimal(sent), currency, payer, remittance_information)


def shares(money: Credit, *trades: Owed) -> list[tuple[str, str, str, str]]:
    """Order number, amount of the remittance, what it covers, and how; nothing where a person has to decide."""
    found = match(money, trades, PARITIES).allocations
    return [(one.owed.order_number, str(one.amount), str(one.covers), one.how) for one in found]


def candidates(money: Credit, *trades: Owed) -> Sequence[Candidate]:
    found = match(money, trades, PARITIES)
    assert not found.allocations
    return found.candidates


def test_a_remittance_that_names_one_trade_pays_it_exactly() -> None:
    assert shares(paid("500.00", "invoice XC-1"), owed(1, "500.00"), owed(2, "500.00")) == [
        ("XC-1", "500.00", "500.00", "exact")
    ]


@together(
    ("remittance_information", "named"),
    [
        ("XC-1", True),
        ("payment of xc-1, thank you", True),  # banks write as they like
        ("/INV/XC-1", True),
        ("(XC-1).", True),
        ("货款XC-1结清", True),
        ("YH26010900000001X", True),
        ("XC-12", False),
        ("XC-1-2", False),
        ("AXC-1", False),
        ("XC-1/2", False),
        ("XC 1", False),
        ("", False),
    ],
)
def test_a_number_is_named_as_a_whole_or_not_at_all(remittance_information: str, named: bool) -> None:
    assert bool(shares(paid("500.00", remittance_information), owed(1, "500.00"))) is named


@pytest.mark.parametrize("remittance_information", ["paid 2026/7", "USD 7.50", "1,7", "7-ELEVEN", "room 17"])
def test_a_short_number_inside_a_date_or_an_amount_names_nothing(remittance_information: str) -> None:
    short = owed(7, "20.00")._replace(order_number="7")
    assert not shares(paid("20.00", remittance_information), short)
    assert shares(paid("20.00", "order 7"), short)


def test_fees_that_no_bank_names_are_deducted_up_to_a_limit() -> None:
    assert shares(paid("475.00", "XC-1"), owed(1, "500.00")) == [("XC-1", "475.00", "500.00", "fees")]
    assert shares(paid("940.00", "XC-1"), owed(1, "1000.00")) == [("XC-1", "940.00", "1000.00", "fees")]
    assert shares(paid("939.99", "XC-1"), owed(1, "1000.00")) == [("XC-1", "939.99", "939.99", "combined")]


def test_half_of_a_small_sum_is_no_fee_but_a_part() -> None:
    assert shares(paid("25.00", "XC-1"), owed(1, "50.00")) == [("XC-1", "25.00", "25.00", "combined")]
    assert shares(paid("40.00", "XC-1"), owed(1, "50.00")) == [("XC-1", "40.00", "50.00", "fees")]  # a fifth may be one
    assert shares(paid("39.99", "XC-1"), owed(1, "50.00")) == [("XC-1", "39.99", "39.99", "combined")]


def test_more_than_is_owed_waits_for_a_person() -> None:
    (one,) = candidates(paid("500.01", "XC-1"), owed(1, "500.00"))
    assert (one.score, one.why) == (Decimal("0.4"), ["named in it"])


def test_one_remittance_is_split_over_the_trades_that_it_names() -> None:
    assert shares(paid("800.00", "XC-1 XC-2"), owed(1, "500.00"), owed(2, "300.00"), owed(3, "800.00")) == [
        ("XC-1", "500.00", "500.00", "split"),
        ("XC-2", "300.00", "300.00", "split"),
    ]


def test_fees_of_a_split_are_taken_off_the_largest_share() -> None:
    assert shares(paid("760.00", "XC-1 + XC-2"), owed(1, "770.00"), owed(2, "30.00")) == [
        ("XC-1", "730.00", "770.00", "split"),
        ("XC-2", "30.00", "30.00", "split"),
    ]


def test_a_split_lacks_no_more_than_fees_and_less_than_its_largest_share() -> None:
    trades = owed(1, "500.00"), owed(2, "300.00")
    assert [how for *_, how in shares(paid("740.00", "XC-1 XC-2"), *trades)] == ["split", "split"]
    assert candidates(paid("739.99", "XC-1 XC-2"), *trades)
    small = [owed(serial, "4.00") for serial in range(1, 6)]  # a fifth lacks, which may be fees or one whole trade
    assert candidates(paid("16.00", " ".join(one.order_number for one in small)), *small)


def test_a_split_that_does_not_add_up_waits_for_a_person() -> None:
    trades = owed(1, "500.00"), owed(2, "300.00")
    assert {one.number for one in candidates(paid("600.00", "XC-1 XC-2"), *trades)} == {one.number for one in trades}
    assert candidates(paid("801.00", "XC-1 XC-2"), *trades)
    assert candidates(paid("800.00", "XC-1 XC-2"), trades[0], owed(2, "300.00", "EUR"))


def test_another_currency_counts_by_the_parity_within_the_swing_of_the_banks() -> None:
    trade = owed(1, "1000.00", "EUR")  # worth 1,200.00 dollars
    assert shares(paid("1200.00", "XC-1"), trade) == [("XC-1", "1200.00", "1000.00", "currency")]
    assert shares(paid("1176.00", "XC-1"), trade) == [("XC-1", "1176.00", "1000.00", "currency")]
    assert shares(paid("1224.00", "XC-1"), trade) == [("XC-1", "1224.00", "1000.00", "currency")]
    for far in ("1175.00", "1225.00", "1000.00"):
        assert candidates(paid(far, "XC-1"), trade)[0].why == ["named in it"]
    assert shares(paid("140000", "XC-1", "JPY"), owed(1, "1000.00")) == [("XC-1", "140000", "1000.00", "currency")]
    assert candidates(paid("1000.00", "XC-1", "GBP"), trade), "without a parity nobody can tell"


def test_what_is_unclear_has_candidates_with_score_and_reason_the_best_first() -> None:
    found = candidates(
        paid("500.00", "thanks", payer=BUYER.upper()),
        owed(1, "500.00", buyer="Somebody"),
        owed(2, "500.00"),
        owed(3, "77.00"),
        owed(4, "500.00", "EUR", "Somebody"),
        owed(5, "9.00", buyer="Somebody"),
    )
    assert [(one.number[-3:], one.score, one.why) for one in found] == [
        ("02X", Decimal("0.8"), ["same amount", "same payer"]),
        ("01X", Decimal("0.5"), ["same amount"]),
        ("03X", Decimal("0.3"), ["same payer"]),
    ]


def test_whatever_speaks_for_a_candidate_it_is_never_certain() -> None:
    twins = owed(1, "500.00"), owed(2, "500.00")
    both = candidates(paid("500.00", "XC-1 or XC-2", payer=BUYER), *twins)
    assert [(one.score, len(one.why)) for one in both] == [(Decimal("0.94"), 3)] * 2


def test_ten_candidates_are_enough() -> None:
    assert len(candidates(paid("5.00", ""), *(owed(serial, "5.00") for serial in range(1, 30)))) == 10


def test_money_for_nobody_has_no_candidates() -> None:
    assert match(paid("5.00", "gift"), [], PARITIES) == Matching(candidates=[])


AMOUNTS = st.decimals("0.01", "1000", places=2)


@given(st.lists(AMOUNTS, min_size=1, max_size=12), AMOUNTS, st.data())
def test_no_share_is_negative_or_more_than_came_in_or_is_owed(
    outstanding: list[Decimal], off: Decimal, data: st.DataObject
) -> None:
    """Whatever is paid for whatever is named, the money adds up."""
    trades = [owed(serial, str(one)) for serial, one in enumerate(outstanding, start=1)]
    named = data.draw(st.lists(st.sampled_from(trades), min_size=1, unique=True))
    total = sum((one.outstanding for one in named), Decimal(0))
    sent = data.draw(st.sampled_from([total, abs(total - off) or total, max(total - FEES, Decimal("0.01")), off]))
    found = match(paid(str(sent), " ".join(one.order_number for one in named)), trades, PARITIES)
    if not found.allocations:
        assert found.candidates
        return
    assert sum(one.amount for one in found.allocations) == sent
    for one in found.allocations:
        assert one.amount > 0
        assert 0 < one.covers <= one.owed.outstanding
        assert one.owed in named


BEIJING = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("departed", "year"),
    [
        (datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), 2026),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), 2027),  # the new year has begun in Beijing
        (datetime(2026, 6, 1, tzinfo=UTC), 2027),
    ],
)
def test_money_is_due_by_the_end_of_april_of_the_year_after_the_departure(departed: datetime, year: int) -> None:
    due = payment_due(departed, Decimal(10), Decimal(4), departed)
    assert due.due == datetime(year, 4, 30, 23, 59, 59, tzinfo=BEIJING)
    assert (due.outstanding, due.overdue) == (Decimal(6), False)
    assert not payment_due(departed, Decimal(10), Decimal(4), due.due).overdue
    late = due.due + timedelta(seconds=1)
    assert payment_due(departed, Decimal(10), Decimal(4), late).overdue
    assert not payment_due(departed, Decimal(10), Decimal(10), late).overdue, "what is paid is never late"
    assert payment_due(departed, Decimal(10), Decimal(11), late).outstanding == 0
