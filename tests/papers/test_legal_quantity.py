"""法定数量: what follows from the entry by customs' table, worked out by hand, and what the exporter is asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hub.dossiers.dossier import DossierLine
from hub.errors import WORDS
from hub.errors.saying import lack
from hub.papers.computations import CannotCompute
from hub.papers.computations.catalogue import Asked
from hub.papers.computations.legal import LegalUnit, in_legal_unit
from tests.support.dossiers import LINE, computed, dossier, with_tariff
from tests.support.together import together

PIECE, SINGLE, ITEM, STRIP, SET, PAIR, MACHINE = "007", "008", "011", "015", "006", "025", "001"
KILOGRAM, GRAM, TONNE, CARAT, POUND = "035", "036", "070", "084", "076"
METRE, SQUARE_METRE, CUBIC_METRE, LITRE, KILOWATT = "030", "032", "033", "095", "061"


def line(quantity: str, unit: str, net: str = "1.5", **stated: str) -> DossierLine:
    return DossierLine(0, {**LINE, "quantity": quantity, "unit": unit, "netWeight": net, **stated})


@together(
    ("sold", "unit", "wanted", "legal", "how"),
    [
        # the unit that was sold in
        ("40", "piece", PIECE, "40", "entry:goods[].quantity"),
        ("12.5", "metre", METRE, "12.5", "entry:goods[].quantity"),
        ("0.5", "kilowatt hour", "062", "0.5", "entry:goods[].quantity"),
        ("3", "gross", "129", "3", "entry:goods[].quantity"),
        # customs' own table: dozens are items, grosses are pieces
        ("5", "dozen", ITEM, "60", "5 打 × 12 = 60 件"),
        ("0.5", "dozen", ITEM, "6", "0.5 打 × 12 = 6 件"),
        ("2", "gross", PIECE, "288", "2 罗 × 144 = 288 个"),
        ("3", "ten thousand pairs", PAIR, "30000", "3 万双 × 10000 = 30000 双"),
        ("1.5", "ten thousand sets", SET, "15000", "1.5 万套 × 10000 = 15000 套"),
        # multiples of one word, both ways
        ("1.234", "thousand pieces", PIECE, "1234", "1.234 千个 × 1000 = 1234 个"),
        ("7", "hundred sticks", "012", "700", "7 百支 × 100 = 700 支"),
        ("2500", "stick", "143", "2.5", "2500 支 × 0.001 = 2.5 千支"),
        ("25", "hundred sticks", "143", "2.5", "25 百支 × 0.1 = 2.5 千支"),
        ("3", "100 million pieces", "038", "30000", "3 亿个 × 10000 = 30000 万个"),
        # lengths, areas, volumes, power, where customs' table has them
        ("10", "foot", METRE, "3.048", "10 英尺 × 0.3048 = 3.048 米"),
        ("2", "thousand feet", METRE, "609.6", "2 千英尺 × 304.8 = 609.6 米"),
        ("100", "yard", METRE, "91.44", "100 码 × 0.9144 = 91.44 米"),
        ("50", "square foot", SQUARE_METRE, "4.645", "50 平方英尺 × 0.0929 = 4.645 平方米"),
        ("200", "US gallon", CUBIC_METRE, "0.74", "200 美加仑 × 0.0037 = 0.74 立方米"),
        ("750", "millilitre", LITRE, "0.75", "750 毫升 × 0.001 = 0.75 升"),
        ("1.2", "kilolitre", LITRE, "1200", "1.2 千升 × 1000 = 1200 升"),
        ("10", "metric horsepower", KILOWATT, "7.353", "10 公制马力 × 0.7353 = 7.353 千瓦"),
        # 1 ÷ 0.3048 = 3.280839…, at the fifth decimal; 0.000015 litres at the half
        ("1", "metre", "067", "3.28084", "1 米 ÷ 0.3048 = 3.28084 英尺"),
        ("1", "inch", "085", "0.07621", "1 英寸 × 254/3333 = 0.07621 市尺"),
        ("0.015", "millilitre", LITRE, "0.00002", "0.015 毫升 × 0.001 = 0.00002 升"),
        ("0.014", "millilitre", LITRE, "0.00001", "0.014 毫升 × 0.001 = 0.00001 升"),
    ],
)
def test_a_quantity_follows_where_customs_table_says_how(
    sold: str, unit: str, wanted: str, legal: str, how: str
) -> None:
    found = in_legal_unit(line(sold, unit), LegalUnit(wanted, "legalQuantity"))
    assert (f"{found.value:f}", found.how) == (legal, how)


@together(
    ("sold", "unit", "net", "wanted", "legal", "how"),
    [
        # whatever was sold, kilograms are the net weight
        ("40", "piece", "6", KILOGRAM, "6", "entry:goods[].netWeight"),
        ("2", "pair", "1.25", KILOGRAM, "1.25", "entry:goods[].netWeight"),
        ("40", "what was a unit once", "6", KILOGRAM, "6", "entry:goods[].netWeight"),
        ("40", "piece", "6", GRAM, "6000", "6 千克 × 1000 = 6000 克"),
        ("40", "piece", "2500", TONNE, "2.5", "2500 千克 × 0.001 = 2.5 吨"),
        ("1", "item", "0.003", CARAT, "15", "0.003 千克 × 5000 = 15 克拉"),
        ("1", "item", "4.536", POUND, "10", "4.536 千克 ÷ 0.4536 = 10 磅"),
        # sold by weight, and the net weight agrees to the digits that it has
        ("12.5", "kilogram", "12.5", KILOGRAM, "12.5", "entry:goods[].quantity"),
        ("12.345", "kilogram", "12.35", KILOGRAM, "12.345", "entry:goods[].quantity"),
        ("12.35", "kilogram", "12.345", KILOGRAM, "12.35", "entry:goods[].quantity"),
        ("2", "tonne", "2000", KILOGRAM, "2000", "entry:goods[].netWeight"),
        ("10", "pound", "4.54", KILOGRAM, "4.54", "entry:goods[].netWeight"),
        ("10", "pound", "4.536", KILOGRAM, "4.536", "entry:goods[].netWeight"),
        ("3", "dan", "300", KILOGRAM, "300", "entry:goods[].netWeight"),
        ("6", "jin", "3", KILOGRAM, "3", "entry:goods[].netWeight"),
        ("100", "ounce", "3.11", KILOGRAM, "3.11", "entry:goods[].netWeight"),
        ("500", "gram", "0.5", KILOGRAM, "0.5", "entry:goods[].netWeight"),
        ("500", "gram", "0.5", GRAM, "500", "entry:goods[].quantity"),
        ("0.5", "kilogram", "0.5", GRAM, "500", "0.5 千克 × 1000 = 500 克"),
    ],
)
def test_a_weight_is_the_net_weight(sold: str, unit: str, net: str, wanted: str, legal: str, how: str) -> None:
    found = in_legal_unit(line(sold, unit, net), LegalUnit(wanted, "legalQuantity"))
    assert (f"{found.value:f}", found.how) == (legal, how)


def asked(one: DossierLine, wanted: str, field: str = "legalQuantity") -> Asked:
    with pytest.raises(Asked) as caught:
        in_legal_unit(one, LegalUnit(wanted, field))
    return caught.value


@together(
    ("sold", "unit", "wanted"),
    [
        ("12.5", "kilogram", PIECE),  # hair dryers by weight
        ("40", "piece", PAIR),  # shoes by the piece
        ("40", "pair", PIECE),
        ("40", "single", PIECE),
        ("40", "piece", SINGLE),
        ("40", "item", PIECE),
        ("40", "piece", ITEM),
        ("40", "set", ITEM),
        ("40", "couple", PAIR),
        ("40", "matched set", PAIR),
        ("40", "strip", ITEM),
        ("40", "machine", PIECE),
        ("40", "apparatus", MACHINE),
        ("40", "dozen", PIECE),  # customs makes items of dozens
        ("40", "dozen", PAIR),
        ("40", "gross", ITEM),
        ("40", "ten thousand pieces", ITEM),
        ("40", "box", PIECE),
        ("40", "litre", CUBIC_METRE),
        ("40", "metre", SQUARE_METRE),
        ("40", "roll", METRE),
        ("40", "piece", METRE),
        ("40", "tonne", STRIP),
        ("1", "stick", "055"),  # 0.00000001 hundred millions: five decimals do not hold it
        ("1234", "stick", "055"),
        ("0.004", "millilitre", LITRE),  # nor does anything remain of this
        ("40", "piece", "999"),  # a legal unit that the table does not have
        ("40", "what was a unit once", PIECE),
    ],
)
def test_what_customs_table_does_not_convert_is_asked(sold: str, unit: str, wanted: str) -> None:
    error = asked(line(sold, unit), wanted)
    assert (error.problem.path, error.problem.code) == ("goods[0].legalQuantity", "LEGAL_QUANTITY")
    stated = in_legal_unit(line(sold, unit, legalQuantity="17"), LegalUnit(wanted, "legalQuantity"))
    assert stated == (Decimal(17), "entry:goods[].legalQuantity")


def test_who_is_asked_reads_the_unit_and_the_way_out() -> None:
    problem = asked(DossierLine(2, line("40", "piece").values), PAIR, "legalQuantity2").problem
    assert problem.path == "goods[2].legalQuantity2"
    assert problem.words("zh") == "海关对 6704200000 按“双”计法定数量，售出单位“个”不能换算成它"
    assert problem.way_out("zh") == "填写 legalQuantity2（以“双”计）"
    assert problem.words("en") == "customs counts 6704200000 in pair, and piece cannot be converted into that"
    assert problem.way_out("en") == "Fill in legalQuantity2, in pair"


def test_a_legal_unit_that_the_table_lacks_is_named_by_its_code() -> None:
    problem = asked(line("40", "piece"), "999").problem
    assert problem.way_out("zh") == "填写 legalQuantity（以“单位 999”计）"
    assert problem.way_out("en") == "Fill in legalQuantity, in unit 999"


@pytest.mark.parametrize(
    ("sold", "unit", "net", "wanted"),
    [
        ("12.5", "kilogram", "12.4", KILOGRAM),
        ("12.4", "kilogram", "12", KILOGRAM),  # a whole kilogram is no rounding
        ("12.345", "kilogram", "12.34", KILOGRAM),  # at the half it would be 12.35
        ("3", "gram", "0.004", KILOGRAM),
        ("3", "gram", "0.004", GRAM),
        ("10", "pound", "5", KILOGRAM),
        ("100", "ounce", "2.84", KILOGRAM),  # customs' ounce is 31.1 g
        ("2", "tonne", "2", KILOGRAM),
        ("2", "kilogram", "2000", TONNE),
        ("1.005", "tonne", "1004.99", KILOGRAM),
    ],
)
def test_two_weights_that_differ_are_asked_about(sold: str, unit: str, net: str, wanted: str) -> None:
    problem = asked(line(sold, unit, net), wanted).problem
    assert (problem.path, problem.code) == ("goods[0].legalQuantity", "LEGAL_QUANTITY_WEIGHT")


def test_both_weights_are_told() -> None:
    problem = asked(line("10", "pound", "5"), KILOGRAM).problem
    assert problem.words("zh") == "售出 10 磅 合 4.536 千克，净重却是 5 千克"
    assert problem.words("en") == "10 pound are 4.536 kg, but the net weight is 5 kg"


@pytest.mark.parametrize(
    ("one", "wanted", "stated"),
    [
        (line("40", "piece", legalQuantity="40"), PIECE, "40"),
        (line("5", "dozen", legalQuantity="60"), ITEM, "60"),
        (line("40", "piece", "6.004", legalQuantity="6"), KILOGRAM, "6"),  # to the digits that both have
        (line("10", "pound", "4.5", legalQuantity="4.54"), KILOGRAM, "4.54"),  # of two weights the one or the other
        (line("10", "pound", "4.5", legalQuantity="4.5"), KILOGRAM, "4.5"),
        (line("12.5", "kilogram", "12.4", legalQuantity="12.5"), KILOGRAM, "12.5"),
    ],
)
def test_what_is_stated_and_agrees_is_declared(one: DossierLine, wanted: str, stated: str) -> None:
    found = in_legal_unit(one, LegalUnit(wanted, "legalQuantity"))
    assert found == (Decimal(stated), "entry:goods[].legalQuantity")


@pytest.mark.parametrize(
    ("one", "wanted", "worked"),
    [
        (line("40", "piece", legalQuantity="41"), PIECE, "40"),
        (line("40", "piece", legalQuantity="40.001"), PIECE, "40"),  # what is counted agrees to the digit
        (line("5", "dozen", legalQuantity="5"), ITEM, "60"),
        (line("5", "dozen", legalQuantity="60.001"), ITEM, "60"),
        (line("40", "piece", "6", legalQuantity="40"), KILOGRAM, "6"),
        (line("12.345", "kilogram", "12.35", legalQuantity="12.35"), KILOGRAM, "12.345"),  # one unit, one quantity
        (line("10", "pound", "4.5", legalQuantity="10"), KILOGRAM, "4.5"),
        (line("40", "piece", "6.01", legalQuantity="6"), KILOGRAM, "6.01"),
        (line("10", "piece", "5.67", legalQuantity="0.01"), TONNE, "0.00567"),  # two decimals are little of a tonne
        (line("0.2", "cubic foot", legalQuantity="0.01"), CUBIC_METRE, "0.00566"),
    ],
)
def test_what_is_stated_against_the_rest_is_refused(one: DossierLine, wanted: str, worked: str) -> None:
    error = asked(one, wanted)
    assert (error.problem.path, error.problem.code) == ("goods[0].legalQuantity", "LEGAL_QUANTITY_DIFFERS")
    assert error.problem.parameters["worked"] == worked
    assert f"，应为 {worked}" in error.problem.words("zh")


@pytest.mark.parametrize(
    ("one", "wanted", "quantity"),
    [
        (line("12.5", "piece"), PIECE, "12.5"),
        (line("39.99999", "set"), SET, "39.99999"),
        (line("5.55", "dozen"), ITEM, "66.6"),
        (line("25", "item", legalQuantity="12.5"), PAIR, "12.5"),
        (line("12.5", "piece", legalQuantity="12"), PIECE, "12.5"),
        (line("0.0005", "thousand singles"), SINGLE, "0.5"),
        (line("0.0005", "thousand singles"), "050", "0.0005"),
    ],
)
def test_a_part_of_what_is_counted_reaches_no_paper(one: DossierLine, wanted: str, quantity: str) -> None:
    problem = asked(one, wanted).problem
    assert (problem.path, problem.code) == ("goods[0].legalQuantity", "LEGAL_QUANTITY_WHOLE")
    assert problem.parameters["quantity"] == quantity


# As papers have it


def test_each_legal_unit_has_its_quantity() -> None:
    file = with_tariff(dossier([{"quantity": "5", "unit": "dozen"}]), ITEM, KILOGRAM)
    assert (computed("legal_quantity", file), computed("second_quantity", file)) == (Decimal(60), Decimal("1.5"))
    shoes: Any = {"quantity": "5", "unit": "box", "legalQuantity": "60", "legalQuantity2": "55"}
    file = with_tariff(dossier([shoes]), PAIR, ITEM)
    assert (computed("legal_quantity", file), computed("second_quantity", file)) == (Decimal(60), Decimal(55))


def test_a_code_with_one_unit_has_no_second_quantity() -> None:
    assert computed("second_quantity", with_tariff(dossier(), PIECE)) is None
    assert computed("second_quantity", with_tariff(dossier(), PIECE, "")) is None
    with pytest.raises(Asked) as caught:
        computed("second_quantity", with_tariff(dossier([{"legalQuantity2": "3"}]), PIECE))
    problem = caught.value.problem
    assert (problem.path, problem.code) == ("goods[0].legalQuantity2", "LEGAL_QUANTITY_NONE")
    assert (problem.words("zh"), problem.way_out("zh")) == ("6704200000 没有法定第二单位", "清空 legalQuantity2")
    assert lack(str(caught.value), "en") == "an empty second legal quantity: 6704200000 has no second legal unit"


@pytest.mark.parametrize("name", ["legal_quantity", "second_quantity"])
def test_without_a_tariff_nothing_is_worked_out(name: str) -> None:
    with pytest.raises(CannotCompute) as caught:
        computed(name, dossier([{"legalQuantity": "3", "legalQuantity2": "3"}]))
    assert (str(caught.value), type(caught.value)) == ("tariff:6704200000", CannotCompute)


@pytest.mark.parametrize(
    ("one", "wanted", "zh", "en"),
    [
        (
            line("40", "piece"), PAIR, "第 1 项商品以“双 pair”计的法定数量",
            "the legal quantity of goods line 1 in 双 pair",
        ),
        (
            line("10", "pound", "5"), KILOGRAM, "第 1 项商品一致的重量：售出合 4.536 千克，净重 5 千克",
            "one weight of goods line 1: 4.536 kg sold, 5 kg net",
        ),
        (
            line("40", "piece", legalQuantity="41"), PIECE, "第 1 项商品一致的法定数量：填 41，应为 40",
            "a legal quantity of goods line 1 that agrees: 41 stated, 40 follow",
        ),
        (
            line("12.5", "piece"), PIECE, "第 1 项商品为整数的法定数量：12.5 个 piece 不是",
            "a whole legal quantity of goods line 1: 12.5 个 piece is none",
        ),
    ],
)  # fmt: skip
def test_a_paper_that_waits_says_what_it_lacks(one: DossierLine, wanted: str, zh: str, en: str) -> None:
    error = asked(one, wanted)
    assert (lack(str(error), "zh"), lack(str(error), "en")) == (zh, en)
    assert error.problem.code in WORDS
