"""The fields of the export messages that the hub sends, as 海关总署 published them (202205 edition).

Written from the specification and not from the connector's own table: the two are held against each other.
`name:type`, in the order of the schema; a question mark after the type makes the element optional. Types are written as
they are published: `s=4` exact length, `s≤60` longest, `s3-4` shortest and longest, `N19,5` digits in all and after the
point, `int5` digits. The four elements that every request begins with stand in `COMMON`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Element(NamedTuple):
    name: str
    type: str
    mandatory: bool


class Form(NamedTuple):
    """One message: its entity, the head inside it (none: the entity holds the fields itself), and its rows."""

    entity: str
    head: str
    fields: tuple[Element, ...]
    rows: str = ""
    row_fields: tuple[Element, ...] = ()
    most_rows: int | None = None


def elements(text: str) -> tuple[Element, ...]:
    pairs = (word.split(":", 1) for word in text.split())
    return tuple(Element(name, type_.rstrip("?"), not type_.endswith("?")) for name, type_ in pairs)


MOST_ENTITIES = 100
COMMON = elements("guid:s=36 appType:s=1 appTime:s=14 appStatus:s=1")
TRANSFER = elements("copCode:s≤18 copName:s≤100 dxpMode:s=3 dxpId:s≤30 note:s≤1000?")

FORMS: Mapping[str, Form] = {
    "CEB303Message": Form(
        "Order",
        "OrderHead",
        elements(
            """orderType:s=1 orderNo:s≤60 ebpCode:s≤18 ebpName:s≤100 ebcCode:s≤18 ebcName:s≤100 goodsValue:N19,5
            freight:N19,5 currency:s=3 note:s≤1000?"""
        ),
        "OrderList",
        elements(
            """gnum:int5 itemNo:s≤30 itemName:s≤250 itemDescribe:s≤1000? barCode:s≤50? unit:s=3 currency:s=3 qty:N19,5
            price:N19,5 totalPrice:N19,5 note:s≤1000?"""
        ),
        most_rows=100,
    ),
    "CEB403Message": Form(
        "Receipts",
        "",
        elements(
            """ebpCode:s≤18 ebpName:s≤100 ebcCode:s≤18 ebcName:s≤100 orderNo:s≤60 payCode:s≤18? payName:s≤100
            payNo:s≤60? charge:N19,5 currency:s=3 accountingDate:s=14 note:s≤1000?"""
        ),
    ),
    "CEB505Message": Form(
        "Logistics",
        "",
        elements(
            """logisticsCode:s≤18 logisticsName:s≤100 logisticsNo:s≤32 freight:N19,5 insuredFee:N19,5 currency:s=3
            grossWeight:N19,5 packNo:int9 goodsInfo:s≤200 ebcCode:s≤18? ebcName:s≤100? ebcTelephone:s≤50?
            note:s≤1000?"""
        ),
    ),
    "CEB603Message": Form(
        "Inventory",
        "InventoryHead",
        elements(
            """customsCode:s=4 ebpCode:s≤18 ebpName:s≤100 orderNo:s≤60 logisticsCode:s≤18 logisticsName:s≤100
            logisticsNo:s≤32 copNo:s≤30 preNo:s=18? invtNo:s≤20? ieFlag:s=1 portCode:s=4 ieDate:s=8
            statisticsFlag:s=1 agentCode:s≤18 agentName:s≤100 ebcCode:s≤18 ebcName:s≤100 ownerCode:s≤18
            ownerName:s≤100 iacCode:s≤18? iacName:s≤100? emsNo:s≤30? tradeMode:s=4 trafMode:s=1 trafName:s≤100?
            voyageNo:s≤32? billNo:s≤37? totalPackageNo:s≤37? loctNo:s≤10? licenseNo:s≤19? country:s=3 POD:s3-4
            freight:N19,5 fCurrency:s=3 fFlag:s=1 insuredFee:N19,5 iCurrency:s=3 iFlag:s=1 wrapType:s=1 packNo:int9
            grossWeight:N19,5 netWeight:N19,5 note:s≤1000?"""
        ),
        "InventoryList",
        elements(
            """gnum:int5 itemNo:s≤20 itemRecordNo:s≤30? itemName:s≤250? gcode:s=10 gname:s≤250 gmodel:s≤250
            barCode:s≤50 country:s=3 currency:s=3 qty:N19,5 qty1:N19,5 qty2:N19,5? unit:s=3 unit1:s=3 unit2:s≤3?
            price:N19,5 totalPrice:N19,5 note:s≤1000?"""
        ),
        most_rows=100,
    ),
    "CEB605Message": Form(
        "InvtCancel",
        "",
        elements(
            """customsCode:s=4 copNo:s≤30 preNo:s=18? invtNo:s≤20 reason:s≤1000 agentCode:s≤18 agentName:s≤100
            ebcCode:s≤18 ebcName:s≤100 note:s≤1000?"""
        ),
    ),
    "CEB607Message": Form(
        "WayBill",
        "WayBillHead",
        elements(
            """customsCode:s=4 copNo:s≤30 preNo:s=18? agentCode:s≤18 agentName:s≤100 loctNo:s≤10? trafMode:s=1
            trafName:s≤100 voyageNo:s≤32 billNo:s≤37 domesticTrafNo:s≤100? grossWeight:N19,5 logisticsCode:s≤18
            logisticsName:s≤100 msgCount:int9 msgSeqNo:int9 note:s≤1000?"""
        ),
        "WayBillList",
        elements("gnum:int5 totalPackageNo:s≤60? logisticsNo:s≤32 invtNo:s≤20? note:s≤1000?"),
    ),
    "CEB509Message": Form(
        "Departure",
        "DepartureHead",
        elements(
            """customsCode:s=4 copNo:s≤30 preNo:s=18? logisticsCode:s≤18 logisticsName:s≤100 trafMode:s=1
            trafName:s≤100? voyageNo:s≤32? billNo:s≤37? leaveTime:s=14 msgCount:int9 msgSeqNo:int9 note:s≤1000?"""
        ),
        "DepartureList",
        elements("gnum:int5 totalPackageNo:s≤37? logisticsNo:s≤32 note:s≤1000?"),
    ),
    "CEB701Message": Form(
        "SummaryApply",
        "SummaryApplyHead",
        elements(
            """customsCode:s=4 copNo:s≤30 preNo:s≤18? sumNo:s≤18? agentCode:s≤18 agentName:s≤100 ebcCode:s≤18
            ebcName:s≤100 declAgentCode:s≤18 declAgentName:s≤100 startTime:s=14? endTime:s=14? loctNo:s≤10?
            summaryFlag:s=1 itemNameFlag:s=1 msgCount:int9 msgSeqNo:int9 note:s≤1000?"""
        ),
        "SummaryApplyList",
        elements("invtNo:s≤20"),
    ),
}
