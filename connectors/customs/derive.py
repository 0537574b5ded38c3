"""What customs' papers say in a way of their own (202205 edition, 报关单填制规范)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from connectors.sdk.instants import day_of
from connectors.sdk.working_out import Lacks, reads

NO_CODE = "无"
"""202205 edition, ebpCode: what a platform abroad that has no code is written as."""
OVERSEAS_WAREHOUSE = "9810"
LONGEST_GOODS_INFO = 200
ORDER_TYPES = {"9610": "E", "1210": "E", "9710": "B", "9810": "W"}
"""202205 edition, CEB303 orderType: E B2C 出口订单, B B2B 出口订单, W 海外仓订仓单."""
ATTACHED_ORDER = frozenset({"9710", "9810"})
"""Modes whose declaration names the order (随附单据 10000004)."""
Codes = Mapping[str, str]
"""Name → code, as registered."""


@reads(mode="entry:mode")
def order_type(mode: str) -> str:
    """A mode that is not in the table is refused, not taken for another."""
    if mode not in ORDER_TYPES:
        raise Lacks(f"mode:{mode}", "mode")
    return ORDER_TYPES[mode]


@reads(mode="entry:mode", platform="entry:platform?", warehouse="entry:warehouseName?")
def platform_name(mode: str, platform: str | None, warehouse: str | None) -> str:
    """202205 edition, ebpName: the platform's registered name; of a 订仓单 (9810) the overseas warehouse's name."""
    if mode == OVERSEAS_WAREHOUSE:
        return _typed(warehouse, "warehouseName")
    return _typed(platform, "platform")


@reads(mode="entry:mode", platform="entry:platform?", registered="registration:platforms?")
def platform_code(mode: str, platform: str | None, registered: Codes | None) -> str:
    """202205 edition, ebpCode: the code that the registration has for the platform, or 无 where it says that.

    Of an overseas warehouse 无: it lies abroad, and the form knows no code for one.
    """
    if mode == OVERSEAS_WAREHOUSE:
        return NO_CODE
    name = _typed(platform, "platform")
    return _registered(registered, name, f"platform code:{name}", "platform")


@reads(provider="entry:payment.provider", registered="registration:paymentProviders?")
def payment_provider_code(provider: str, registered: Codes | None) -> str | None:
    """202205 edition, payCode: mandatory of a provider in China, left out of one abroad (registered as 无)."""
    code = _registered(registered, provider, f"provider code:{provider}", "payment.provider")
    return None if code == NO_CODE else code


@reads(ready_at="entry:transport.readyAt")
def export_date(ready_at: str) -> date:
    """出口日期, asked for before the goods have left: the day they are ready, in Beijing (practice).

    The real departure follows with 607 and 509.
    """
    return day_of(datetime.fromisoformat(ready_at))


@reads(place="entry:transport.to")
def destination_port(place: str) -> str:
    """指运港: no table of customs' own port codes is published; the three characters of the UN/LOCODE are practice."""
    return place[2:]


@reads(names="entry:goods[].name.zh")
def goods_description(names: Sequence[str]) -> str:
    """主要货物信息 (202205 edition, CEB505 goodsInfo, up to 200 characters): the names of all goods.

    Where they are longer, the first ones whole and how many there are: the form asks for the main goods. No name is
    cut: a single one that is too long is refused by customs' table, at its place in the entry.
    """
    for number in range(len(names), 1, -1):
        told = "、".join(names[:number]) + (f"等{len(names)}项" if number < len(names) else "")
        if len(told) <= LONGEST_GOODS_INFO:
            return told
    return str(names[0]) if len(names) == 1 else f"{names[0]}等{len(names)}项"


@reads(mode="entry:mode", order="entry:orderNumber")
def attached_order(mode: str, order: str) -> str | None:
    """The order that a declaration names (随附单据 10000004)."""
    return order if mode in ATTACHED_ORDER else None


def _typed(value: str | None, path: str) -> str:
    if not value:
        raise Lacks(path)
    return value


def _registered(registered: Codes | None, name: str, lack: str, path: str) -> str:
    code = (registered or {}).get(name)
    if not code:
        raise Lacks(lack, path)
    return code
