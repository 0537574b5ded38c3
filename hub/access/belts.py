"""The industry belts (产业带) of Henan: the dimension along which statistics are read."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from hub.model import Belt
from hub.model.upsert import insert_into


class BeltRow(NamedTuple):
    code: str
    zh: str
    en: str
    place: str
    chapters: tuple[str, ...]


BELTS = (
    BeltRow("xuchang-hair", "许昌假发", "Xuchang hair products", "许昌", ("67",)),
    BeltRow("zhengzhou-trousers", "郑州女裤", "Zhengzhou women's trousers", "郑州", ("61", "62")),
    BeltRow("luoyang-furniture", "洛阳钢制家具", "Luoyang steel furniture", "洛阳", ("94",)),
    BeltRow("luyi-brushes", "鹿邑化妆刷", "Luyi cosmetic brushes", "周口", ("96",)),
    BeltRow("pingyu-outdoor", "平舆户外家居", "Pingyu outdoor furniture", "驻马店", ("94",)),
    BeltRow("nanyang-mugwort", "南阳艾草", "Nanyang mugwort", "南阳", ("12", "34")),
)


def write_belts(connection: Connection) -> None:
    """Brings the table of belts up to this one."""
    statement = insert_into(connection, Belt)
    changing = {name: statement.excluded[name] for name in ("name_zh", "name_en", "place", "hs_chapters")}
    rows = [
        {"code": row.code, "name_zh": row.zh, "name_en": row.en, "place": row.place, "hs_chapters": list(row.chapters)}
        for row in BELTS
    ]
    connection.execute(statement.on_conflict_do_update(index_elements=["code"], set_=changing), rows)
