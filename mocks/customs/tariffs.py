"""A small tariff: ten-digit codes with the statutory units, numerics of JGS-20 (035 kilogram, 007 piece, 011 item ...).

`words` are those of which one must stand in a declared name for it to fit the code.
"""

from __future__ import annotations

from typing import Any, NamedTuple

VALID_FROM, VALID_TO = "2024-01-01", "2099-12-31"
UPDATED_AT = "2026-01-01T00:00:00+08:00"
HEADING_DIGITS = 4


class Tariff(NamedTuple):
    """One row: code, names, units, export duty in per cent, supervision conditions, the words that fit."""

    code: str
    zh: str
    en: str
    unit1: str
    unit2: str
    duty: str
    controls: str
    words: tuple[str, ...]


TARIFFS: tuple[Tariff, ...] = (
    Tariff("0712340000", "干香菇", "Dried shiitake", "035", "", "0", "AB", ("香菇",)),
    Tariff("0714300000", "山药", "Yams", "035", "", "0", "AB", ("山药",)),
    Tariff("0813409090", "其他干果", "Other dried fruit", "035", "", "0", "AB", ("枣", "干果")),
    Tariff("1211905099", "其他主要用作药料的植物", "Plants used in pharmacy", "035", "", "0", "AB", ("艾", "药")),
    Tariff(
        "2106909090", "其他编号未列名的食品", "Other food preparations", "035", "", "0", "AB", ("食品", "代餐", "茶")
    ),
    Tariff("3304200000", "眼用化妆品", "Eye make-up", "035", "011", "0", "AB", ("眼", "眉", "睫毛膏")),
    Tariff("3406000000", "各种蜡烛及类似品", "Candles and the like", "035", "", "0", "", ("蜡烛", "烛", "艾")),
    Tariff("4202220000", "塑料或纺织面手提包", "Handbags", "007", "035", "0", "", ("包",)),
    Tariff("6109100010", "棉制针织T恤衫", "Cotton T-shirts", "011", "035", "0", "", ("T恤", "汗衫")),
    Tariff("6204620000", "棉制女裤", "Women's trousers of cotton", "015", "035", "0", "", ("裤",)),
    Tariff("6204630000", "合成纤维制女裤", "Women's trousers, synthetic", "015", "035", "0", "", ("裤",)),
    Tariff("6403990090", "其他皮革面鞋靴", "Footwear, leather uppers", "025", "035", "0", "", ("鞋", "靴")),
    Tariff("6703000000", "经整理的人发", "Human hair, dressed", "035", "", "0", "", ("人发", "发束")),
    Tariff(
        "6704110000", "合成材料制整头假发", "Wigs, complete, synthetic", "035", "", "0", "", ("化纤", "合成", "整头")
    ),
    Tariff("6704190000", "合成材料制其他假发", "Other false hair, synthetic", "035", "", "0", "", ("化纤", "合成")),
    Tariff("6704200000", "人发制假发", "Wigs of human hair", "035", "", "0", "", ("人发", "真发", "真人发")),
    Tariff("6704900000", "其他材料制假发", "Wigs of other materials", "035", "", "0", "", ("动物毛", "羊毛")),
    Tariff("6913100000", "瓷塑像及其他装饰用瓷制品", "Ornamental porcelain", "035", "", "0", "", ("瓷",)),
    Tariff("7105102000", "人工合成的钻石粉末", "Synthetic diamond dust", "035", "", "0", "", ("钻石", "金刚石")),
    Tariff("8516310000", "电吹风机", "Hair dryers", "007", "035", "0", "", ("吹风",)),
    Tariff(
        "9401710000", "带软垫的金属框架坐具", "Upholstered metal seats", "007", "035", "0", "", ("椅", "凳", "沙发")
    ),
    Tariff("9403100000", "办公室用金属家具", "Metal office furniture", "011", "035", "0", "", ("办公", "文件柜")),
    Tariff("9403200000", "其他金属家具", "Other metal furniture", "011", "035", "0", "", ("钢", "金属", "铁")),
    Tariff("9603302000", "化妆用刷", "Cosmetic brushes", "012", "035", "0", "", ("刷",)),
)
BY_CODE: dict[str, Tariff] = {tariff.code: tariff for tariff in TARIFFS}


def tariffs_for(code: str, *, by_heading: bool) -> list[Tariff]:
    """The row of a code; `by_heading` all rows of its heading where the code itself is not listed."""
    if exact := BY_CODE.get(code):
        return [exact]
    if not by_heading:
        return []
    return [tariff for tariff in TARIFFS if tariff.code[:HEADING_DIGITS] == code[:HEADING_DIGITS]]


def tariff_page(page: int, size: int) -> dict[str, Any]:
    """One page of the list, counted from 1."""
    rows = TARIFFS[(page - 1) * size : page * size]
    return {"page": page, "pages": -(-len(TARIFFS) // size), "rows": [tariff_row(tariff) for tariff in rows]}


def tariff_row(tariff: Tariff) -> dict[str, Any]:
    return {
        "hsCode": tariff.code,
        "name": {"zh": tariff.zh, "en": tariff.en},
        "unit1": tariff.unit1,
        "unit2": tariff.unit2,
        "exportDuty": tariff.duty,
        "controls": tariff.controls,
        "validFrom": VALID_FROM,
        "validTo": VALID_TO,
        "updatedAt": UPDATED_AT,
    }
