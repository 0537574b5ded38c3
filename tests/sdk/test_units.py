"""Units of measure: customs' table, held against a second one, and what converts into what."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from connectors.sdk.units import BY_CODE, MEASURES, SPELLINGS, UNITS, folded, in_root, nearest, rate, spelled
from tests.support.together import together

SECOND = """
001 台座辆艘架套个只头张件支枝根条把块卷副片组份幅 025 双对棵株井米盘 032 平方米 立方米 034 筒 千克 克 盆 万个 具
040 百副 百支 百把 百个 百片 刀 疋 公担 扇 百枝 千只 千块 千盒 千枝 千个 亿支 亿个 万套 千张 万张 千伏安 千瓦 千瓦时
063 千升 067 英尺 070 吨 长吨 短吨 司马担 司马斤 斤 磅 担 英担 短担 两 市担 083 盎司 克拉 市尺 码 088 英寸 寸
095 升 毫升 097 英加仑 美加仑 立方英尺 101 立方尺 110 平方码 平方英尺 平方尺 115 英制马力 公制马力 118 令
120 箱批罐桶扎包箩打筐罗匹册本发枚捆袋 139 粒盒合瓶 143 千支 万双 万粒 千粒 千米 千英尺 百万贝可 163 部 164 亿株
"""
"""A public table of the same codes: after a number each name has the next one; names of one sign stand together."""
ONE_SIGN = {"001", "025", "120", "139"}


def of_second() -> dict[str, str]:
    table: dict[str, str] = {}
    code, run = 0, False
    for word in SECOND.split():
        if word.isdigit():
            code, run = int(word), word in ONE_SIGN
            continue
        for name in word if run else [word]:
            table[f"{code:03d}"] = name
            code += 1
        run = False
    return table


def test_the_table_is_whole_and_a_second_one_says_the_same() -> None:
    assert len(BY_CODE) == len(UNITS) == 123
    assert {code: unit.zh for code, unit in BY_CODE.items()} == of_second()


@together(
    ("zh", "word", "code"),
    [
        ("台", "machine", "001"), ("辆", "vehicle", "003"), ("套", "set", "006"), ("个", "piece", "007"),
        ("只", "single", "008"), ("张", "sheet", "010"), ("件", "item", "011"), ("支", "stick", "012"),
        ("条", "strip", "015"), ("副", "matched set", "019"), ("双", "pair", "025"), ("对", "couple", "026"),
        ("米", "metre", "030"), ("平方米", "square metre", "032"), ("立方米", "cubic metre", "033"),
        ("千克", "kilogram", "035"), ("克", "gram", "036"), ("千个", "thousand pieces", "054"),
        ("千瓦时", "kilowatt hour", "062"), ("吨", "tonne", "070"), ("磅", "pound", "076"), ("盎司", "ounce", "083"),
        ("克拉", "carat", "084"), ("升", "litre", "095"), ("箱", "case", "120"), ("打", "dozen", "127"),
        ("罗", "gross", "129"), ("盒", "box", "140"), ("万双", "ten thousand pairs", "144"), ("部", "apparatus", "163"),
    ],
)  # fmt: skip
def test_a_unit_has_its_code_and_both_names(zh: str, word: str, code: str) -> None:
    assert (UNITS[word].code, UNITS[word].zh) == (code, zh)
    assert spelled(zh) == spelled(word) == spelled(code) == BY_CODE[code]


@together(
    ("written", "word"),
    [
        ("pcs", "piece"), ("PCS", "piece"), ("pc", "piece"), ("pieces", "piece"), ("Piece", "piece"),
        ("ＰＣＳ", "piece"),        (" 个 ", "piece"), ("H87", "piece"), ("items", "item"), ("PR", "pair"),
        ("dozens", "dozen"), ("DZN", "dozen"),
        ("kg", "kilogram"), ("KGM", "kilogram"), ("公斤", "kilogram"), ("㎏", "kilogram"), ("m²", "square metre"),
        ("平米", "square metre"), ("lbs", "pound"), ("千  克", "kilogram"), ("Square Meters", "square metre"),
    ],
)  # fmt: skip
def test_what_people_write_is_the_right_unit(written: str, word: str) -> None:
    unit = spelled(written)
    assert unit is not None
    assert unit.word == word


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("peice", "piece"),
        ("kilogramme", "kilogram"),
        ("件套", "item"),
        ("pear", "pair"),
        ("zorkmid", None),
        ("7", None),
    ],
)
def test_what_is_no_unit_is_told_the_nearest(written: str, near: str | None) -> None:
    assert spelled(written) is None
    words = [unit.word for unit in nearest(written)]
    assert near in words if near else words == []


def test_no_spelling_stands_for_two_units() -> None:
    written = [folded(text) for unit in BY_CODE.values() for text in (unit.code, unit.word, unit.zh, *unit.spellings)]
    assert [text for text, times in Counter(written).items() if times > 1] == []
    assert len(SPELLINGS) == len(written)


def test_a_word_fits_the_columns_that_keep_it() -> None:
    assert max(map(len, UNITS)) <= 20
    assert all(word.isascii() for word in UNITS)


# What converts

CUSTOMS = """万个 10000 个 / 公担 100 千克 / 万套 10000 套 / 千张 1000 张 / 万张 10000 张 / 英尺 0.3048 米 /
吨 1000 千克 / 长吨 1016 千克 / 短吨 907.2 千克 / 司马担 60.5 千克 / 司马斤 0.605 千克 / 斤 0.5 千克 / 磅 0.4536 千克 /
担 100 千克 / 英担 50.8024 千克 / 短担 45.36 千克 / 两 0.05 千克 / 市担 50 千克 / 盎司 31.1 克 /
克拉 0.2 克 / 市尺 0.3333 米 /
码 0.9144 米 / 英寸 0.0254 米 / 寸 0.0333 米 / 毫升 0.001 升 / 英加仑 0.0045 立方米 / 美加仑 0.0037 立方米 /
立方英尺 0.0283 立方米 / 立方尺 0.037 立方米 / 平方码 0.8361 平方米 / 平方英尺 0.0929 平方米 / 平方尺 0.111 平方米 /
英制马力 0.7463 千瓦 / 公制马力 0.7353 千瓦 / 打 12 件 / 罗 144 个 / 万双 10000 双 / 千米 1000 米 / 千英尺 304.8 米"""
NAMED = """百副 100 副 / 百支 100 支 / 百把 100 把 / 百个 100 个 / 百片 100 片 / 百枝 100 枝 / 千只 1000 只 /
千块 1000 块 / 千盒 1000 盒 / 千枝 1000 枝 / 千个 1000 个 / 亿支 100000000 支 / 亿个 100000000 个 / 千支 1000 支 /
万粒 10000 粒 / 千粒 1000 粒 / 亿株 100000000 株 / 克 0.001 千克 / 千升 1000 升"""


@together("said", f"{CUSTOMS} / {NAMED}".replace("\n", " ").split(" / "))
def test_a_unit_converts_as_customs_table_or_its_own_name_says(said: str) -> None:
    zh, times, into = said.split()
    unit, other = spelled(zh), spelled(into)
    assert unit is not None
    assert other is not None
    assert rate(unit, other) == Fraction(times)
    assert rate(other, unit) == 1 / Fraction(times)


def test_nothing_else_converts() -> None:
    said = {one.split()[0] for one in f"{CUSTOMS} / {NAMED}".replace("\n", " ").split(" / ")}
    assert {unit.zh for unit in BY_CODE.values() if unit.into} == said
    by_customs = {one.split()[0] for one in CUSTOMS.replace("\n", " ").split(" / ")}
    assert {unit.zh for unit in BY_CODE.values() if unit.by_customs} == by_customs
    assert {in_root(unit)[0].code for unit in BY_CODE.values() if unit.zh in said} & MEASURES == MEASURES


def test_what_is_counted_is_never_turned_into_one_another() -> None:
    counted = [unit for zh in "个只件双对套副条台部张支枝根组份头辆箱包袋盒" if (unit := spelled(zh))]
    assert len(counted) == 22
    for one in counted:
        assert [other.zh for other in counted if rate(one, other) is not None] == [one.zh]
    dozen, piece, gross, item = (UNITS[word] for word in ("dozen", "piece", "gross", "item"))
    assert rate(dozen, piece) is None  # customs makes items of dozens, and pieces of grosses
    assert rate(gross, item) is None
    assert rate(gross, dozen) is None


@pytest.mark.parametrize(("unit", "into"), [("litre", "cubic metre"), ("kilogram", "litre"), ("metre", "square metre")])
def test_measures_of_two_kinds_do_not_convert(unit: str, into: str) -> None:
    assert rate(UNITS[unit], UNITS[into]) is None


def test_a_weight_goes_through_grams() -> None:
    assert rate(UNITS["ounce"], UNITS["kilogram"]) == Fraction("0.0311")
    assert rate(UNITS["carat"], UNITS["kilogram"]) == Fraction("0.0002")
    assert rate(UNITS["tonne"], UNITS["gram"]) == 1_000_000
