"""Units of measure: the words that papers carry, customs' codes and names for them, and what converts into what.

`units.tsv` is 计量单位代码表 of 《JGS-20 海关业务代码集》. Its 123 codes and names stand alike in three public tables;
a fourth, which goes on to 167, has 164 as 樘. `into` and `times` are 转换系数: `customs` marks those that stand in
one of these tables, rounded as there (磅 0.4536 千克), `practice` those that follow from the name (百支 is 100 支) or
from the SI. Not taken over are 部 → 台 1, 百万贝可 → 千升 1 and 亿株 → 长吨 1, three rows of one look, of which two
cannot be. 个 只 件 双 对 套 副 条 台 are never turned into one another: no row says how many of one make another.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction
from importlib.resources import files
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit: JGS-20 code, the word that papers carry, its Chinese name, and how else people write it.

    One of it is `times` of the unit with the code `into`; that is empty where customs' table converts it into nothing.
    `by_customs`: the figure stands in that table; otherwise it is practice.
    """

    code: str
    word: str
    zh: str
    spellings: tuple[str, ...] = ()
    into: str = ""
    times: Fraction = Fraction(1)
    by_customs: bool = False


def _read() -> Iterator[Unit]:
    with (files("connectors.sdk") / "units.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            spellings = tuple(filter(None, row["spellings"].split("|")))
            times, by_customs = Fraction(row["times"] or 1), row["source"] == "customs"
            yield Unit(row["code"], row["word"], row["zh"], spellings, row["into"], times, by_customs)


BY_CODE: Mapping[str, Unit] = {unit.code: unit for unit in _read()}
"""JGS-20 code → unit, in the order of the table."""
UNITS: Mapping[str, Unit] = {unit.word: unit for unit in BY_CODE.values()}
"""The word that papers carry → unit."""
MEASURES = frozenset({"030", "032", "033", "035", "061", "095"})
"""What measures convert into: 米, 平方米, 立方米, 千克, 千瓦, 升. The others count things."""
KILOGRAM = BY_CODE["035"]


def folded(text: str) -> str:
    """A spelling without what people write differently: capitals, full width, blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


SPELLINGS: Mapping[str, Unit] = {
    folded(spelling): unit for unit in BY_CODE.values() for spelling in (unit.code, unit.word, unit.zh, *unit.spellings)
}
"""Every way to write a unit, `folded` → unit."""


def spelled(text: str) -> Unit | None:
    """The unit that somebody wrote: its word, its Chinese name, `pcs`, a code of UN/ECE Recommendation 20 or JGS-20."""
    return SPELLINGS.get(folded(text))


def nearest(text: str) -> list[Unit]:
    """Up to three units that are spelled like a word that is none."""
    near = (SPELLINGS[spelling] for spelling in get_close_matches(folded(text)[:40], SPELLINGS, n=6))
    return list(dict.fromkeys(near))[:3]


def in_root(unit: Unit) -> tuple[Unit, Fraction]:
    """The unit that customs converts a unit into in the end, and how many of it one is: 克拉 is 0.0002 千克."""
    times = Fraction(1)
    while unit.into:
        times *= unit.times
        unit = BY_CODE[unit.into]
    return unit, times


def rate(unit: Unit, into: Unit) -> Fraction | None:
    """How many `into` one `unit` is, by customs' table; None where that does not convert them."""
    (root, times), (other, divided) = in_root(unit), in_root(into)
    return times / divided if root == other else None
