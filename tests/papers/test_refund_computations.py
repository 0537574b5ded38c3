"""What is worked out for the refund of VAT, against results done on paper."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hub.dossiers.dossier import Dossier
from hub.papers.computations import COMPUTATIONS, CannotCompute, refund
from hub.papers.computations.refund import export_rate, ties, untied
from tests.support.dossiers import computed, dossier, with_event, with_refund_rates
from tests.support.together import together

BOUGHT: dict[str, Any] = {"line": 1, "invoice": "I-1", "amount": "1000.00", "vatRate": "0.13", "quantity": None}


def departed(at: str = "2026-01-15T12:00:00+00:00", purchases: list[dict[str, Any]] | None = None) -> Dossier:
    """Two lines of goods, 2 pieces each, that have left, with what was bought for them."""
    rows = [{**BOUGHT, **one} for one in purchases or [{}]]
    file = dossier([{}, {"name": {"zh": "乙", "en": "b"}, "unit": "pair"}], purchases=rows)
    with_refund_rates(file, ("0.13", "2024-01-01", None))
    return with_event(file, "airport.waybill", at, milestone="departed")


def lacks(name: str, file: Dossier, line: int = 0, group: str = "goods") -> str:
    with pytest.raises(CannotCompute) as caught:
        computed(name, file, line, group)
    return str(caught.value)


@pytest.mark.parametrize(
    ("at", "period", "day"),
    [
        ("2026-01-31T15:59:59+00:00", "202601", "2026-01-31"),
        ("2026-01-31T16:00:00+00:00", "202602", "2026-02-01"),  # midnight in Beijing
        ("2025-12-31T23:00:00+00:00", "202601", "2026-01-01"),
    ],
)
def test_the_period_is_the_month_of_departure_in_beijing(at: str, period: str, day: str) -> None:
    file = departed(at)
    assert computed("refund_period", file) == period
    assert computed("exported_on", file) == day


@pytest.mark.parametrize("name", ["refund_period", "exported_on", "refund_rate", "refundable"])
def test_before_the_departure_nothing_is_known(name: str) -> None:
    file = with_refund_rates(dossier(purchases=[BOUGHT]), ("0.13", "2024-01-01", None))
    with_event(file, "airport.waybill", milestone="arrived")
    group = "purchases" if name.startswith("refund") and name != "refund_period" else "goods"
    assert lacks(name, file, 0, group) == "departure"


def test_a_batch_is_that_of_the_period_or_there_is_none_yet() -> None:
    file = departed()
    file.enterprise["partners"]["refundBatch"] = "001"  # type: ignore[index]
    assert lacks("refund_batch", file) == "refund batch"
    file.refund_batch = "202601001"
    assert computed("refund_batch", file) == "001"
    file.refund_batch = "202512001"
    assert lacks("refund_batch", file) == "refund batch", "one of another month is none of this one"


def test_the_serial_of_what_was_bought_is_that_of_the_goods_it_is_for() -> None:
    file = departed(purchases=[{"line": 2}, {"line": 1}])
    assert [computed("goods_serial", file, line) for line in (0, 1)] == [7, 8]
    assert [computed("goods_serial", file, row, "purchases") for row in (0, 1)] == [8, 7]


def test_what_was_bought_is_named_like_what_was_sold() -> None:
    file = departed(purchases=[{"line": 2, "quantity": "1.5"}, {"line": 1}])
    names = ("purchased_goods_name", "purchased_hs_code", "purchased_unit", "purchased_quantity")
    found = [[computed(name, file, row, "purchases") for name in names] for row in (0, 1)]
    assert found == [["乙", "6704200000", "pair", Decimal("1.5")], ["假发", "6704200000", "piece", Decimal(2)]]


RATES = [("0.09", "2024-01-01", "2026-03-31"), ("0.06", "2026-04-01", "2026-12-31")]


@pytest.mark.parametrize(
    ("at", "rate"),
    [
        ("2026-03-31T15:59:00+00:00", "0.09"),
        ("2026-03-31T16:00:00+00:00", "0.06"),  # the first of April in Beijing
        ("2026-12-31T15:59:00+00:00", "0.06"),
        ("2026-12-31T16:00:00+00:00", None),
        ("2023-12-31T12:00:00+00:00", None),
    ],
)
def test_the_rate_is_that_of_the_day_of_export(at: str, rate: str | None) -> None:
    file = with_refund_rates(departed(at), *RATES)
    if rate is None:
        with pytest.raises(CannotCompute, match=r"^refund rate:6704200000$"):
            export_rate(file, "6704200000")
    else:
        assert export_rate(file, "6704200000") == Decimal(rate)


@pytest.mark.parametrize(
    ("amount", "vat", "rate", "lower", "refundable"),
    [
        ("1000.00", "0.13", "0.13", "0.13", "130.00"),
        ("1000.00", "0.13", "0.09", "0.09", "90.00"),
        ("1000.00", "0.03", "0.13", "0.03", "30.00"),  # never more than the invoice was taxed at
        ("1000.00", "0.10", "0.10", "0.10", "100.00"),
        ("0.50", "0.13", "0.13", "0.13", "0.07"),  # 0.065 at the half, up
        ("0.50", "0.13", "0.09", "0.09", "0.05"),  # 0.045
        ("33.33", "0.13", "0.13", "0.13", "4.33"),  # 4.3329
        ("1000.00", "0.13", "0", "0", "0.00"),
        ("1000.00", "0.06", "0.055", "0.055", "55.00"),
    ],
)
def test_what_is_refunded_is_the_lower_rate_of_the_amount(
    amount: str, vat: str, rate: str, lower: str, refundable: str
) -> None:
    file = with_refund_rates(departed(purchases=[{"amount": amount, "vatRate": vat}]), (rate, "2024-01-01", None))
    assert computed("refund_rate", file, 0, "purchases") == Decimal(lower)
    assert f"{computed('refundable', file, 0, 'purchases')}" == refundable


def test_the_refund_is_the_sum_once_every_line_is_tied() -> None:
    """130.00 and 65.00 for line 1 in two invoices, 26.00 for line 2."""
    rows = [{"quantity": "1"}, {"quantity": "1", "amount": "500.00"}, {"line": 2, "amount": "200.00"}]
    file = departed(purchases=rows)
    assert [(tie.line, tie.sold, tie.bought, tie.agrees) for tie in ties(file)] == [(1, 2, 2, True), (2, 2, 2, True)]
    assert untied(file) == []
    assert f"{computed('refund_amount', file)}" == "221.00"


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([{}], ["purchase:2"]),
        ([{"line": 2}], ["purchase:1"]),
        ([{"quantity": "1"}, {"line": 2}], ["tie:1"]),
        ([{}, {"line": 2, "quantity": "1.9"}], ["tie:2"]),
        ([{}, {}, {"line": 2}], ["tie:1"]),
        ([{"quantity": "1"}], ["tie:1", "purchase:2"]),
    ],
)
def test_until_then_it_says_what_a_line_lacks(rows: list[dict[str, Any]], missing: list[str]) -> None:
    file = departed(purchases=rows)
    assert untied(file) == missing
    assert lacks("refund_amount", file) == missing[0]


def test_nothing_bought_is_nothing_tied() -> None:
    file = departed()
    file.entry = {**file.entry, "purchases": None}
    assert untied(file) == ["purchase:1", "purchase:2"]


# What they depend on: by it an amendment reaches the filing

OTHERWISE: dict[str, Any] = {
    "exportInvoice": "INV-2",
    "purchases[].line": 2, "purchases[].quantity": "1", "purchases[].amount": "999.00", "purchases[].vatRate": "0.01",
    "goods[].name.zh": "丙", "goods[].hsCode": "1", "goods[].unit": "set", "goods[].quantity": "3",
}  # fmt: skip
OF_REFUND = [name for name, one in COMPUTATIONS.items() if one.function.__module__ == refund.__name__]


def outcome(name: str, path: str = "") -> Any:
    """What a computation gives of a trade, with another value at a path of its first line or purchase."""
    file = departed(purchases=[{"quantity": "2"}, {"line": 2}])
    file.enterprise["partners"]["refundBatch"], file.refund_batch = "001", "202601001"  # type: ignore[index]
    entry: Any = file.entry
    entry["goods"][1] |= {"quantity": "5", "hsCode": "6704110000"}
    with_refund_rates(file, ("0.05", "2024-01-01", None))
    with_refund_rates(file, ("0.09", "2024-01-01", None), code="6704110000")
    if name == "purchased_quantity":
        entry["purchases"][0]["quantity"] = None
    group, _, last = path.partition("[].")
    if path == "goods[].name.zh":
        entry["goods"][0]["name"]["zh"] = OTHERWISE[path]
    elif last:
        entry[group][0][last] = OTHERWISE[path]
    elif path:
        entry[path] = OTHERWISE[path]
    with_event(file, "customs.summary", answers={"entryId": "460420260000000002"})
    try:
        return computed(
            name, file, 0, "purchases" if any("purchases" in one for one in COMPUTATIONS[name].reads) else "goods"
        )
    except CannotCompute as error:
        return str(error)


@together("name", OF_REFUND)
def test_what_a_computation_depends_on_is_declared(name: str) -> None:
    moves = {path for path in OTHERWISE if outcome(name, path) != outcome(name)}
    assert bool(moves) == bool(COMPUTATIONS[name].reads)
    assert moves <= set(COMPUTATIONS[name].reads) <= OTHERWISE.keys()
