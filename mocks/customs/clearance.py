"""What customs looks into before a paper goes through: the checks behind the gates, and why it returns one (100)."""

from __future__ import annotations

from collections.abc import Callable

from mocks.customs.documents import Archive, Document
from mocks.customs.match import named, returned_by_matching

SUMMARY_DECLARATION = "B"


def returned_cancellation(cancellation: Document, archive: Archive) -> str | None:
    inventory = archive.inventory(cancellation.head["invtNo"])
    if inventory is None or not inventory.standing or inventory.closed:
        return f"清单状态不允许撤销,{named('invtNo', cancellation.head['invtNo'], 'CEB605')}"
    return None


def returned_waybill(waybill: Document, archive: Archive) -> str | None:
    """A master list may name only parcels of released inventories."""
    for row in waybill.rows:
        place = ",".join(named(name, row[name], "CEB607") for name in ("gnum", "logisticsNo"))
        inventories = archive.standing("CEB603", logisticsNo=row["logisticsNo"])
        if not any(inventory.released for inventory in inventories):
            return f"清单未放行,{place}"
        number = row.get("invtNo")
        if number and all(inventory.numbers.get("invtNo") != number for inventory in inventories):
            return f"出口清单编号与物流运单编号不符,{place},{named('invtNo', number, 'CEB607')}"
    return None


def returned_departure(departure: Document, archive: Archive) -> str | None:
    """A parcel departs on the bill that a stored master list names for it."""
    bill = departure.head.get("billNo", "")
    for row in departure.rows:
        masters = archive.standing("CEB607", logisticsNo=row["logisticsNo"])
        if not any(master.stored and bill in ("", master.head["billNo"]) for master in masters):
            place = ",".join(named(name, row[name], "CEB509") for name in ("gnum", "logisticsNo"))
            return f"清单总分单信息不存在,{named('billNo', bill, 'CEB509')},{place}"
    return None


def departed(inventory: Document, archive: Archive) -> bool:
    papers = archive.standing("CEB509", logisticsNo=inventory.head["logisticsNo"])
    return any(paper.stored for paper in papers)


def summarised_by(summary: Document, archive: Archive) -> list[Document]:
    """The inventories of a summary application: those of its rows, or all of its time range where it states one."""
    start, end = summary.head.get("startTime"), summary.head.get("endTime")
    if start and end:
        return [
            inventory
            for inventory in archive.inventories()
            if inventory.head["ebcCode"] == summary.head["ebcCode"]
            and start <= inventory.head["appTime"] <= end
            and unfit_for_summary(inventory, summary, archive) is None
        ]
    found = (archive.inventory(number) for number in dict.fromkeys(row["invtNo"] for row in summary.rows))
    return [inventory for inventory in found if inventory is not None]


def unfit_for_summary(inventory: Document, summary: Document, archive: Archive) -> str | None:
    head = inventory.head
    if not inventory.released:
        return "清单未放行"
    if head["ebcCode"] != summary.head["ebcCode"]:
        return f"收发货人代码与清单不一致,{named('ebcCode', summary.head['ebcCode'], 'CEB701')}"
    if head["statisticsFlag"] != SUMMARY_DECLARATION:
        return f"申报业务类型不是汇总申报,{named('statisticsFlag', head['statisticsFlag'])}"
    if not departed(inventory, archive):
        return "清单未离境"
    return "清单已汇总" if inventory.summarised else None


def returned_summary(summary: Document, archive: Archive) -> str | None:
    for row in summary.rows if not summary.head.get("startTime") else ():
        inventory = archive.inventory(row["invtNo"])
        reason = "清单不存在" if inventory is None else unfit_for_summary(inventory, summary, archive)
        if reason:
            return f"{reason},{named('invtNo', row['invtNo'], 'CEB701')}"
    return None if summarised_by(summary, archive) else "没有符合汇总条件的清单"


GATES: dict[str, Callable[[Document, Archive], str | None]] = {
    "CEB603": returned_by_matching,
    "CEB605": returned_cancellation,
    "CEB607": returned_waybill,
    "CEB509": returned_departure,
    "CEB701": returned_summary,
}
