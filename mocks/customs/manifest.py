"""What customs holds against a list of parcels (607) and their departure (509), line by line and as wholes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal

from mocks.customs.documents import Archive, Content, Document
from mocks.customs.match import named
from mocks.customs.usage import RELEASE_FIRST, OfficeUsage

LIST, DEPARTURE = "CEB607", "CEB509"
OF_A_BILL = ("billNo", "customsCode", "agentCode", "logisticsCode")  # of these there is one list
AS_THE_INVENTORY = ("customsCode", "agentCode", "logisticsCode")
OTHER_NUMBER = "出口清单编号与物流运单编号不符"


def returned_waybill(waybill: Document, archive: Archive, usage: OfficeUsage, _at: datetime) -> str | None:
    """Why customs returns a list of parcels; nothing where it may be stored, in the place of an earlier one or not."""
    if any(archive.departed(row["logisticsNo"]) for former in earlier_of(waybill, archive) for row in former.rows):
        return f"提运单已离境,{named('billNo', waybill.head['billNo'], LIST)}"
    if not usage.more_lists and (other := other_list(waybill, archive)):
        bill, cop_no = (named(name, other.head[name], LIST) for name in ("billNo", "copNo"))
        return f"该提运单已有清单总分单,{bill},{cop_no}"
    turns = Counter(row["logisticsNo"] for row in waybill.rows)
    inventories = []
    for row in waybill.rows:
        found = archive.standing("CEB603", logisticsNo=row["logisticsNo"])
        twice = "物流运单编号重复" if turns[row["logisticsNo"]] > 1 else None
        if reason := twice or unfit_for_list(row, found, waybill, usage) or listed_elsewhere(row, waybill, archive):
            return f"{reason},{line(row, LIST, *(['invtNo'] if reason == OTHER_NUMBER else []))}"
        inventories += found
    return wrong_weight(waybill, inventories, usage)


def earlier_of(waybill: Document, archive: Archive) -> list[Document]:
    """The lists in force that this one would take the place of."""
    return [one for one in archive.lists(billNo=waybill.head["billNo"]) if one.whole_key == waybill.whole_key]


def other_list(waybill: Document, archive: Archive) -> Document | None:
    """A list in force of the same bill, declarant, office and carrier, under another number."""
    for one in archive.lists(billNo=waybill.head["billNo"]):
        if one.whole_key != waybill.whole_key and all(one.head[name] == waybill.head[name] for name in OF_A_BILL):
            return one
    return None


def unfit_for_list(row: Content, found: list[Document], waybill: Document, usage: OfficeUsage) -> str | None:
    """Why this parcel may not stand on the list: whose inventory it has, and how far that is."""
    known = [inventory for inventory in found if inventory.stored]
    if usage.order == RELEASE_FIRST and not any(inventory.released for inventory in known):
        return "清单未放行"
    if not known:
        return "清单不存在"
    inventory, number = known[-1], row.get("invtNo")
    if number and inventory.numbers.get("invtNo") != number:
        return OTHER_NUMBER
    if inventory.inspected:
        return "清单查验中"
    for name in AS_THE_INVENTORY:
        if inventory.head[name] != waybill.head[name]:
            label = named(name, waybill.head[name], LIST)
            return f"{label.partition('[')[0]}与清单不一致,{label}"
    return None


def listed_elsewhere(row: Content, waybill: Document, archive: Archive) -> str | None:
    for one in archive.lists(logisticsNo=row["logisticsNo"]):
        if one.whole_key != waybill.whole_key:
            return f"物流运单已在其他清单总分单中,{named('copNo', one.head['copNo'], LIST)}"
    return None


def wrong_weight(waybill: Document, inventories: list[Document], usage: OfficeUsage) -> str | None:
    stated = Decimal(waybill.head["grossWeight"])
    total = sum((Decimal(inventory.head["grossWeight"]) for inventory in inventories), Decimal())
    if abs(stated - total) <= usage.tolerance * total:
        return None
    return f"毛重与清单毛重合计不符,{named('grossWeight', stated, LIST)},清单毛重合计[{total}]"


def returned_departure(departure: Document, archive: Archive, _usage: OfficeUsage, _at: datetime) -> str | None:
    """All parcels of a bill depart together: those of its lists, no more and no fewer, and each is released."""
    bill = departure.head.get("billNo", "")
    for row in departure.rows:
        masters = archive.lists(logisticsNo=row["logisticsNo"])
        if not any(goes_on(master, departure) for master in masters):
            return f"清单总分单信息不存在,{named('billNo', bill, DEPARTURE)},{line(row, DEPARTURE)}"
        if reason := unfit_to_depart(row["logisticsNo"], archive):
            return f"{reason},{line(row, DEPARTURE)}"
    leaving = {row["logisticsNo"] for row in departure.rows}
    for master in archive.lists(billNo=bill) if bill else ():
        for row in master.rows if goes_on(master, departure) else ():
            if row["logisticsNo"] not in leaving:
                missing = named("logisticsNo", row["logisticsNo"], DEPARTURE)
                return f"离境单缺少清单总分单的物流运单,{named('billNo', bill, DEPARTURE)},{missing}"
    return None


def goes_on(master: Document, departure: Document) -> bool:
    """Whether a list is of the bill that departs; by post there is none."""
    same = all(master.head[name] == departure.head[name] for name in ("customsCode", "logisticsCode"))
    return same and departure.head.get("billNo", "") in ("", master.head["billNo"])


def unfit_to_depart(parcel: str, archive: Archive) -> str | None:
    if archive.departed(parcel):
        return "物流运单已离境"
    inventories = archive.standing("CEB603", logisticsNo=parcel)
    if any(inventory.inspected for inventory in inventories):
        return "清单查验中"
    return None if any(inventory.released for inventory in inventories) else "清单未放行"


def line(row: Content, kind: str, *more: str) -> str:
    """How an answer names a line."""
    return ",".join(named(name, row[name], kind) for name in ("gnum", "logisticsNo", *more))
