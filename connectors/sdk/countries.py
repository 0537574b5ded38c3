"""Countries: customs' codes of them, and how people write them; papers carry ISO 3166-1 alpha-2.

`countries.tsv` is 国别（地区）代码表 of 《JGS-20 海关业务代码集》, three digits each. Two more public tables have the
same codes. One of these lacks 358 and 359; both have 349 塞尔维亚和黑山, which those two replaced, and 701, 702 and
999, which are no countries. Rows without `iso` are "other" of a continent or a part `of` a country; 449 was AN,
dissolved in 2010. 438 is the whole island: MF and SX.

The 报关单 writes letters: in a public table of those, every country of ISO 3166-1 but UM stands by its alpha-3.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.resources import files
from typing import NamedTuple

import pycountry

from connectors.sdk.units import folded


class Country(NamedTuple):
    """A row of customs' table: its code, its ISO codes, the country that it is a part of, its names."""

    code: str
    iso: tuple[str, ...]
    of: str
    zh: str
    spellings: tuple[str, ...]


def _read() -> Iterator[Country]:
    with (files("connectors.sdk") / "countries.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            spellings = tuple(filter(None, row["spellings"].split("|")))
            yield Country(row["code"], tuple(row["iso"].split()), row["of"], row["zh"], spellings)


BY_CODE: Mapping[str, Country] = {country.code: country for country in _read()}
"""JGS-20 code → row, in the order of the table."""
NUMBERS: Mapping[str, str] = {iso: country.code for country in BY_CODE.values() for iso in country.iso}
"""ISO 3166-1 alpha-2 → customs' three digits. A country that customs' table has no number for is not here."""
LETTERS: Mapping[str, str] = {
    country.alpha_2: country.alpha_3 for country in pycountry.countries if country.alpha_2 != "UM"
}
"""ISO 3166-1 alpha-2 → the letters that the 报关单 takes."""


def _spellings() -> Iterator[tuple[str, str]]:
    for one in pycountry.countries:
        names = (getattr(one, name, "") for name in ("name", "common_name", "official_name"))
        yield from ((name, one.alpha_2) for name in (one.alpha_2, one.alpha_3, *filter(None, names)))
    for country in BY_CODE.values():
        if len(country.iso) == 1:
            yield from ((name, country.iso[0]) for name in (country.zh, *country.spellings))


SPELLINGS: Mapping[str, str] = {folded(name): iso for name, iso in _spellings()}
"""Every way to write a country, `folded` → ISO 3166-1 alpha-2."""


def spelled(text: str) -> str | None:
    """The country that somebody wrote, as alpha-2: `us`, `USA`, 美国, `United States`."""
    return SPELLINGS.get(folded(text))


def nearest(text: str) -> list[str]:
    """What a word that is no alpha-2 code may mean, as alpha-2: the country that is written so, or up to three near."""
    if found := spelled(text):
        return [found]
    near = (SPELLINGS[spelling] for spelling in get_close_matches(folded(text)[:40], SPELLINGS, n=6))
    return list(dict.fromkeys(near))[:3]
