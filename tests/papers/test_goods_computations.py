"""What is worked out of goods, terms and rates, against results done on paper."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from hub.dossiers.dossier import DossierLine
from hub.papers.computations import COMPUTATIONS, CannotCompute, Reckoned, goods
from hub.papers.computations.goods import goods_total, held_charges, line_amount, trade_total
from tests.support.dossiers import LINE, computed, dossier, with_parities, with_tariff
from tests.support.together import together

TWO = [
    {"quantity": "3", "unitPrice": "100", "netWeight": "1.25", "grossWeight": "1.5", "name": {"zh": "甲", "en": "a"}},
    {"quantity": "2", "unitPrice": "50", "netWeight": "0.5", "grossWeight": "0.75", "name": {"zh": "乙", "en": "b"}},
]
"""3 × 100 and 2 × 50: 400 in all."""


def same(value: Any, on_paper: str) -> None:
    """To the last digit, with the digits that it is written with."""
    assert f"{value:f}" == on_paper


# Amounts


@together(
    ("currency", "quantity", "price", "amount"),
    [
        ("USD", "3", "64.50", "193.50"),
        ("USD", "3", "0.33333", "1.00"),  # 0.99999
        ("USD", "1", "0.004", "0.00"),
        ("USD", "1", "0.005", "0.01"),  # at the half, up
        ("USD", "1", "0.015", "0.02"),
        ("USD", "1", "0.025", "0.03"),  # an even digit, too
        ("USD", "0.5", "10.01", "5.01"),  # 5.005
        ("JPY", "3", "64.5", "194"),  # 193.5: a yen has no sen
        ("JPY", "1", "64.4", "64"),
        ("KWD", "2.5", "1.0005", "2.501"),  # 2.50125: three decimals
        ("KWD", "1", "1.0005", "1.001"),
        ("CNY", "40", "64.505", "2580.20"),
    ],
)
def test_an_amount_is_rounded_to_the_minor_unit(currency: str, quantity: str, price: str, amount: str) -> None:
    file = dossier([{"quantity": quantity, "unitPrice": price}], currency=currency)
    same(line_amount(file.entry, file.entry["goods"][0]), amount)
    same(computed("line_total", file), amount)
    same(computed("listed_total", file), amount)


def test_lines_are_rounded_before_they_are_added() -> None:
    file = dossier([{"quantity": "1", "unitPrice": "0.005"}] * 3)
    same(goods_total(file.entry), "0.03")
    same(computed("goods_value", file), "0.03")


CHARGES = {"freight": "30", "insurance": "10", "discount": "5"}


@pytest.mark.parametrize(
    ("terms", "held", "total", "fob", "prices", "totals"),
    [
        # 400 of goods: freight and insurance come on top
        ("EXW", "0", "435", "400.00", ["100", "50"], ["300.00", "100.00"]),
        ("FCA", "0", "435", "400.00", ["100", "50"], ["300.00", "100.00"]),
        ("FAS", "0", "435", "400.00", ["100", "50"], ["300.00", "100.00"]),
        ("FOB", "0", "435", "400.00", ["100", "50"], ["300.00", "100.00"]),
        # the price holds the freight: 30 of 400 are 7.5 %
        ("CFR", "30", "405", "370.00", ["92.50000", "46.25000"], ["277.50", "92.50"]),
        ("CPT", "30", "405", "370.00", ["92.50000", "46.25000"], ["277.50", "92.50"]),
        # and the insurance: 40 of 400 are 10 %
        ("CIF", "40", "395", "360.00", ["90.00000", "45.00000"], ["270.00", "90.00"]),
        ("CIP", "40", "395", "360.00", ["90.00000", "45.00000"], ["270.00", "90.00"]),
        ("DAP", "40", "395", "360.00", ["90.00000", "45.00000"], ["270.00", "90.00"]),
        ("DPU", "40", "395", "360.00", ["90.00000", "45.00000"], ["270.00", "90.00"]),
        ("DDP", "40", "395", "360.00", ["90.00000", "45.00000"], ["270.00", "90.00"]),
    ],
)
def test_what_is_paid_and_what_the_goods_are_worth_follow_from_the_terms(
    terms: str, held: str, total: str, fob: str, prices: list[str], totals: list[str]
) -> None:
    file = dossier(TWO, terms=terms, **CHARGES)
    same(held_charges(file.entry), held)
    assert computed("total", file) == trade_total(file.entry) == Decimal(total)
    same(computed("goods_value", file), fob)
    assert [f"{computed('listed_price', file, line):f}" for line in (0, 1)] == prices
    assert [f"{computed('listed_total', file, line):f}" for line in (0, 1)] == totals
    assert [f"{computed('line_total', file, line):f}" for line in (0, 1)] == ["300.00", "100.00"]  # as it was sold


@pytest.mark.parametrize(
    ("charges", "total"),
    [
        ({}, "400"), ({"freight": "30"}, "430"), ({"insurance": "10"}, "410"), ({"discount": "5"}, "395"),
        ({"freight": "30", "insurance": "10", "discount": "440"}, "0"),
    ],
)  # fmt: skip
def test_each_charge_counts_by_itself(charges: dict[str, str], total: str) -> None:
    assert computed("total", dossier(TWO, **charges)) == Decimal(total)


def test_a_price_at_fob_has_five_decimals() -> None:
    """10 less a third of it: 1 − 10 ÷ 30 leaves 6.666…; three of them make 20.00."""
    file = dossier([{"quantity": "3", "unitPrice": "10"}], terms="CFR", freight="10")
    same(computed("listed_price", file), "6.66667")
    same(computed("listed_total", file), "20.00")
    same(computed("goods_value", file), "20.00")


def test_a_price_at_fob_is_rounded_at_the_half() -> None:
    """Half of 105.00 is freight: 0.00105 × 0.5 is 0.000525."""
    file = dossier([{"quantity": "100000", "unitPrice": "0.00105"}], terms="CFR", freight="52.50")
    same(computed("listed_price", file), "0.00053")


def test_a_list_from_a_bonded_zone_has_prices_at_fob_too() -> None:
    same(computed("listed_price", dossier(TWO, terms="CIF", mode="1210", **CHARGES)), "90.00000")


@pytest.mark.parametrize("mode", ["9710", "9810", "0110"])
def test_a_declaration_has_the_price_that_was_agreed(mode: str) -> None:
    """It says terms, freight and insurance by itself, and its rows are those of the order; 商品金额 is FOB."""
    file = dossier(TWO, terms="CIF", mode=mode, **CHARGES)
    assert [f"{computed('listed_price', file, line):f}" for line in (0, 1)] == ["100", "50"]
    assert [f"{computed('listed_total', file, line):f}" for line in (0, 1)] == ["300.00", "100.00"]
    same(computed("goods_value", file), "360.00")


def test_what_is_given_away_is_worth_nothing() -> None:
    same(computed("goods_value", dossier([{"unitPrice": "0"}])), "0.00")


def test_how_a_price_came_about_is_told() -> None:
    file = dossier(TWO, terms="CIF", **CHARGES)
    first = COMPUTATIONS["listed_price"].function(file, DossierLine(0, file.entry["goods"][0]))
    assert first == Reckoned(Decimal("90.00000"), "100 × (1 − 40 ÷ 400.00)")
    agreed = COMPUTATIONS["listed_price"].function(dossier(), DossierLine(0, LINE))
    assert agreed == Reckoned(Decimal(10), "entry:goods[].unitPrice")


# In US dollars

RATES: dict[str, tuple[str, int]] = {"USD": ("7", 1), "EUR": ("8.4", 1), "JPY": ("4.9", 100), "KRW": ("0.49", 100)}


@pytest.mark.parametrize(
    ("currency", "price", "terms", "freight", "usd"),
    [
        ("USD", "100", "FOB", "30", "300.00"),
        ("EUR", "100", "FOB", "30", "360.00"),  # 300 × 8.4 ÷ 7
        ("JPY", "1000", "FOB", "30", "21.00"),  # 3000 × 0.049 ÷ 7
        ("KRW", "1000", "FOB", "0", "2.10"),  # 3000 × 0.0049 ÷ 7
        ("CNY", "100", "FOB", "30", "42.86"),  # 300 ÷ 7 = 42.857…
        ("CNY", "0.035", "FOB", "0", "0.02"),  # 0.11 ÷ 7 = 0.0157…
        ("EUR", "100", "CFR", "30", "324.00"),  # 270 × 1.2
        ("USD", "100", "CFR", "30", "270.00"),
        ("USD", "100", "CIF", "30", "270.00"),
    ],
)
def test_a_value_fob_is_told_in_dollars(currency: str, price: str, terms: str, freight: str, usd: str) -> None:
    file = with_parities(
        dossier([{"quantity": "3", "unitPrice": price}], currency=currency, terms=terms, freight=freight), **RATES
    )
    same(computed("fob_usd", file), usd)


def test_dollars_are_rounded_at_the_half() -> None:
    """1.05 yuan at 7 yuan are 0.15; at 8.4 they are 0.125."""
    file = dossier([{"quantity": "1", "unitPrice": "1.05"}], currency="CNY")
    same(computed("fob_usd", with_parities(file, USD=("8.4", 1))), "0.13")


@pytest.mark.parametrize(
    ("currency", "known", "missing"),
    [
        ("KZT", RATES, "parity:KZT"),
        ("EUR", {"EUR": ("8.4", 1)}, "parity:USD"),
        ("CNY", {}, "parity:USD"),
        ("JPY", {"USD": ("7", 1)}, "parity:JPY"),
    ],
)
def test_without_a_parity_there_are_no_dollars(currency: str, known: dict[str, tuple[str, int]], missing: str) -> None:
    with pytest.raises(CannotCompute) as caught:
        computed("fob_usd", with_parities(dossier(currency=currency), **known))
    assert str(caught.value) == missing


def test_dollars_need_no_parity() -> None:
    same(computed("fob_usd", dossier()), "20.00")


# Weights, places


def test_weights_are_those_of_all_lines() -> None:
    file = dossier(TWO)
    same(computed("gross_weight", file), "2.25")
    same(computed("net_weight", file), "1.75")


@pytest.mark.parametrize(("start", "office"), [("CNCGO", "4604"), ("CNZGZ", "4600")], ids=["airport", "land port"])
def test_the_port_office_is_the_places_own(start: str, office: str) -> None:
    file = dossier(transport={"from": start})
    file.enterprise["partners"]["customsOffice"] = "4602"  # type: ignore[index]
    assert computed("port_office", file) == office


# What they depend on: by it an amendment reaches the papers

OTHERWISE: dict[str, Any] = {
    "goods[].quantity": "4", "goods[].unitPrice": "11", "goods[].netWeight": "1.4", "goods[].grossWeight": "3",
    "goods[].unit": "single", "goods[].hsCode": "1", "goods[].legalQuantity": "3", "goods[].legalQuantity2": "3",
    "goods[].name.zh": "乙", "goods[].name.en": "other", "currency": "JPY", "terms": "CIF", "freight": "3",
    "insurance": "1", "discount": "2", "mode": "9810", "orderNumber": "O-2", "platform": "乙", "warehouse": "W2",
    "transport.from": "CNZGZ", "transport.to": "LULUX", "transport.readyAt": "2026-02-09T08:00:00+08:00",
    "payment.provider": "乙",
}  # fmt: skip
OF_GOODS = [name for name, one in COMPUTATIONS.items() if one.function.__module__ == goods.__name__]
TRADES: tuple[dict[str, Any], ...] = (
    {"mode": "9610", "terms": "CFR", "platform": "甲", "payment": {"provider": "甲"}, "freight": "2", "insurance": "2"},
    {"mode": "9710", "terms": "FOB", "platform": None, "payment": {"provider": "甲"}, "warehouse": "W1"},
)


def outcome(name: str, trade: dict[str, Any], path: str = "") -> Any:
    """What a computation gives of a trade, with another value at a path of its entry."""
    file = dossier([{"unitPrice": "10.25"}], **copy.deepcopy(trade))
    entry: Any = file.entry
    *way, last = path.removeprefix("goods[].").split(".")
    place = entry["goods"][0] if path.startswith("goods") else entry
    for step in way:
        place = place[step]
    if path:
        place[last] = OTHERWISE[path]
    file.mode = entry["mode"]
    for codes in ("platforms", "paymentProviders"):
        file.enterprise["partners"][codes] = {"甲": "1", "乙": "2"}  # type: ignore[index]
    try:
        return computed(name, with_tariff(with_parities(file, **RATES), "007", "035"))
    except CannotCompute as error:
        return str(error)


@together("name", OF_GOODS)
def test_what_a_computation_depends_on_is_declared(name: str) -> None:
    moves = {
        path for trade in TRADES for path in OTHERWISE if outcome(name, trade, path) != outcome(name, trade)
    }  # fmt: skip
    assert moves
    assert moves <= set(COMPUTATIONS[name].reads) <= OTHERWISE.keys()
