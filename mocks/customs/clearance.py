"""What customs looks into before a paper goes through: the checks behind the gates, and why it returns one (100)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from mocks.customs.documents import Archive, Document
from mocks.customs.manifest import returned_departure, returned_waybill
from mocks.customs.match import named, returned_by_matching
from mocks.customs.numbers import BEIJING
from mocks.customs.scripts import CLOSED
from mocks.customs.usage import OfficeUsage

SUMMARY_DECLARATION = "B"
ONE_OF_EACH = ("ebcCode", "customsCode", "agentCode")  # what a summary and its inventories have in common

Look = Callable[[Document, Archive, OfficeUsage, datetime], str | None]


def returned_inventory(inventory: Document, archive: Archive, _usage: OfficeUsage, _at: datetime) -> str | None:
    return returned_by_matching(inventory, archive)


def returned_cancellation(cancellation: Document, archive: Archive, _usage: OfficeUsage, _at: datetime) -> str | None:
    inventory = archive.inventory(cancellation.head["invtNo"])
    if inventory is None or not inventory.standing or inventory.closed:
        return f"清单状态不允许撤销,{named('invtNo', cancellation.head['invtNo'], 'CEB605')}"
    return None


def returned_summary(summary: Document, archive: Archive, usage: OfficeUsage, at: datetime) -> str | None:
    seen: set[str] = set()
    for row in summary.rows if not summary.head.get("startTime") else ():
        number = row["invtNo"]
        inventory = archive.inventory(number)
        reason = "清单不存在" if inventory is None else unfit_for_summary(inventory, summary, archive, usage, at)
        if number in seen:
            reason = "清单编号重复"
        if reason:
            return f"{reason},{named('invtNo', number, 'CEB701')}"
        seen.add(number)
    return None if summarised_by(summary, archive, usage, at) else "没有符合汇总条件的清单"


def summarised_by(summary: Document, archive: Archive, usage: OfficeUsage, at: datetime) -> list[Document]:
    """The inventories of a summary application: those of its rows, or all of its time range where it states one."""
    start, end = summary.head.get("startTime"), summary.head.get("endTime")
    if start and end:
        return [
            inventory
            for inventory in archive.inventories()
            if start <= inventory.head["appTime"] <= end
            and unfit_for_summary(inventory, summary, archive, usage, at) is None
        ]
    found = (archive.inventory(row["invtNo"]) for row in summary.rows)
    return [inventory for inventory in found if inventory is not None]


def unfit_for_summary(
    inventory: Document, summary: Document, archive: Archive, usage: OfficeUsage, at: datetime
) -> str | None:
    head = inventory.head
    for name in ONE_OF_EACH:
        if head[name] != summary.head[name]:
            label = named(name, summary.head[name], "CEB701")
            return f"{label.partition('[')[0]}与清单不一致,{label}"
    if head["statisticsFlag"] != SUMMARY_DECLARATION:
        return f"申报业务类型不是汇总申报,{named('statisticsFlag', head['statisticsFlag'])}"
    if inventory.summarised:
        return "清单已汇总"
    if not archive.departed(head["logisticsNo"]):
        return "清单未离境"
    if not inventory.closed:
        return "清单未结关"
    if not 0 <= months(inventory.reached[CLOSED], at) <= usage.months_back:
        return "清单结关月份不在汇总范围"
    return None


def months(earlier: datetime, later: datetime) -> int:
    """From the month of one to the month of the other, as calendars in Zhengzhou have it."""
    first, last = earlier.astimezone(BEIJING), later.astimezone(BEIJING)
    return (last.year - first.year) * 12 + last.month - first.month


GATES: dict[str, Look] = {
    "CEB603": returned_inventory,
    "CEB605": returned_cancellation,
    "CEB607": returned_waybill,
    "CEB509": returned_departure,
    "CEB701": returned_summary,
}
