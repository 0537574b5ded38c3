"""What customs' papers say in a way of their own: pure functions, each told what it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from connectors.airport import derive as of_airport
from connectors.customs import derive
from connectors.sdk.working_out import Lacks
from hub.errors import lack
from tests.support.deciding import desk
from tests.support.together import together

PLATFORMS = {"豫品优选": "4101986C22", "Ozon Global": "无"}
PROVIDERS = {"中原跨境支付": "4101986P01", "Payoneer": "无"}


@together(
    ("mode", "order_type", "attached"),
    [("9610", "E", None), ("1210", "E", None), ("9710", "B", "O-1"), ("9810", "W", "O-1"), ("0110", None, None)],
)
def test_codes_follow_from_the_mode_and_one_without_a_code_is_refused(
    mode: str, order_type: str | None, attached: str | None
) -> None:
    assert derive.attached_order(mode=mode, order="O-1") == attached
    if order_type is not None:
        assert derive.order_type(mode=mode) == order_type
        return
    with pytest.raises(Lacks, match=f"^mode:{mode}$") as caught:
        derive.order_type(mode=mode)
    assert caught.value.path == "mode"


def test_every_planned_mode_has_an_order_type() -> None:
    assert {row.mode for row in desk().plan.rows if row.kind == "customs.order"} <= set(derive.ORDER_TYPES)


@together(
    ("mode", "platform", "warehouse", "code", "name"),
    [
        ("9610", "豫品优选", None, "4101986C22", "豫品优选"),
        ("9610", "Ozon Global", "DUI01", "无", "Ozon Global"),
        ("9810", "豫品优选", "中豫号杜伊斯堡海外仓", "无", "中豫号杜伊斯堡海外仓"),
    ],
    ids=["as registered", "abroad", "an overseas warehouse"],
)
def test_a_platform_is_named_as_it_is_registered(
    mode: str, platform: str, warehouse: str | None, code: str, name: str
) -> None:
    assert derive.platform_code(mode=mode, platform=platform, registered=PLATFORMS) == code
    assert derive.platform_name(mode=mode, platform=platform, warehouse=warehouse) == name


def test_a_provider_abroad_has_no_code_and_that_is_registered() -> None:
    told = [derive.payment_provider_code(provider=one, registered=PROVIDERS) for one in PROVIDERS]
    assert told == ["4101986P01", None]


CODE, NAME, PROVIDER = derive.platform_code, derive.platform_name, derive.payment_provider_code


@together(
    ("work", "told", "what", "path"),
    [
        (CODE, {"mode": "9610", "platform": "豫品 ", "registered": PLATFORMS}, "platform code:豫品 ", "platform"),
        (CODE, {"mode": "9610", "platform": "豫品优选", "registered": None}, "platform code:豫品优选", "platform"),
        (CODE, {"mode": "9610", "platform": None, "registered": PLATFORMS}, "platform", ""),
        (NAME, {"mode": "9610", "platform": None, "warehouse": "DUI01"}, "platform", ""),
        (NAME, {"mode": "9810", "platform": "豫品优选", "warehouse": None}, "warehouseName", ""),
        (PROVIDER, {"provider": "中原跨境支付", "registered": {}}, "provider code:中原跨境支付", "payment.provider"),
        (PROVIDER, {"provider": "PayPal", "registered": PROVIDERS}, "provider code:PayPal", "payment.provider"),
    ],
)
def test_what_nobody_said_is_asked_for(work: Callable[..., Any], told: Mapping[str, Any], what: str, path: str) -> None:
    with pytest.raises(Lacks) as caught:
        work(**told)
    assert (str(caught.value), caught.value.path) == (what, path)
    assert all(lack(what, language) for language in ("zh", "en"))


def names(*lengths: int) -> list[str]:
    return ["甲乙丙丁戊"[place % 5] * long for place, long in enumerate(lengths)]


@together(
    ("lengths", "told"),
    [
        ((1, 1), "甲、乙"),
        ((200,), "甲" * 200),
        ((99, 100), "甲" * 99 + "、" + "乙" * 100),
        ((99, 101), "甲" * 99 + "等2项"),
        ((60, 60, 60, 60), "甲" * 60 + "、" + "乙" * 60 + "、" + "丙" * 60 + "等4项"),
        ((201,), "甲" * 201),  # refused by customs' table, where it was typed
        ((201, 3), "甲" * 201 + "等2项"),
    ],
)
def test_the_main_goods_are_named_whole_and_the_rest_counted(lengths: tuple[int, ...], told: str) -> None:
    assert derive.goods_description(names=names(*lengths)) == told


def test_an_air_waybill_names_all_goods() -> None:
    many = [f"wig {number}" for number in range(100)]
    assert of_airport.goods_description_en(names=many).split(", ") == many


def test_the_port_abroad_is_the_end_of_its_locode() -> None:
    assert derive.destination_port(place="LULUX") == "LUX"


@together(
    ("ready_at", "day"),
    [
        ("2026-01-09T23:59:59+08:00", "2026-01-09"),
        ("2026-01-10T00:00:00+08:00", "2026-01-10"),
        ("2026-01-09T15:59:59+00:00", "2026-01-09"),
        ("2026-01-09T16:00:00+00:00", "2026-01-10"),  # midnight in Beijing
        ("2026-01-09T12:00:00-06:00", "2026-01-10"),  # two in the morning there
        ("2025-12-31T16:30:00+00:00", "2026-01-01"),
    ],
)
def test_the_export_date_is_a_day_in_beijing(ready_at: str, day: str) -> None:
    assert derive.export_date(ready_at=ready_at) == date.fromisoformat(day)
