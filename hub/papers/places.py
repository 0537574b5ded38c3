"""Places that routes start from and end at: UN/LOCODE, names, IATA code, and the customs office of exit."""

from __future__ import annotations

from typing import NamedTuple


class TransportPlace(NamedTuple):
    zh: str
    en: str
    modes: frozenset[str]
    customs_office: str | None = None

    def serves(self, end: str, wish: str) -> bool:
        """Whether goods may leave from here (`from`: customs has an office of exit), or go here (`to`), by this way."""
        return wish in self.modes and (self.customs_office is not None) == (end == "from")


def _place(zh: str, en: str, modes: str, customs_office: str | None = None) -> TransportPlace:
    return TransportPlace(zh, en, frozenset(modes.split()), customs_office)


PLACES = {
    "CNCGO": _place("郑州新郑国际机场", "Zhengzhou Xinzheng International Airport", "air", "4604"),
    "CNZGZ": _place("郑州国际陆港", "Zhengzhou", "rail road", "4600"),
    "CNLYA": _place("洛阳北郊机场", "Luoyang Beijiao Airport", "air", "4600"),
    "USORD": _place("芝加哥奥黑尔", "Chicago O'Hare", "air"),
    "USJFK": _place("纽约肯尼迪", "New York JFK", "air"),
    "USANC": _place("安克雷奇", "Anchorage", "air"),
    "LULUX": _place("卢森堡", "Luxembourg", "air"),
    "BELGG": _place("列日", "Liège", "air"),
    "HUBUD": _place("布达佩斯", "Budapest", "air"),
    "GBLHR": _place("伦敦希思罗", "London Heathrow", "air"),
    "JPNRT": _place("东京成田", "Tokyo Narita", "air"),
    "DEHAM": _place("汉堡", "Hamburg", "rail"),
    "DEDUI": _place("杜伊斯堡", "Duisburg", "rail"),
    "KZALA": _place("阿拉木图", "Almaty", "rail"),
    "BYMSQ": _place("明斯克", "Minsk", "rail"),
}
"""UN/LOCODE → place. The customs offices are the region's own codes (4600 郑州关区); the rest of the table is open."""
