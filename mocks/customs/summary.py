"""The result of a summary application: 202205 edition, CEB792, first on its way to a declaration, then with entryId."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from mocks.customs.documents import Content, Document
from mocks.customs.numbers import Numbers, wire_time
from mocks.customs.responses import SUMMARY_RESULT, element

BY_OWNER = "2"
REPEATED = ("agentCode", "agentName", "ebcCode", "ebcName", "declAgentCode", "declAgentName")


@dataclass(slots=True)
class Declaration:
    """One declaration that a summary application leads to; it has its declSeqNo at once and the others later."""

    inventories: list[Document]
    numbers: Content = field(default_factory=dict)


def drawn_up(summary: Document, inventories: list[Document], numbers: Numbers, at: datetime) -> list[Declaration]:
    """One declaration for the consignor, or with summaryFlag 2 one for each producer."""
    groups: dict[str, list[Document]] = {}
    for inventory in inventories:
        owner = inventory.head["ownerCode"] if summary.head["summaryFlag"] == BY_OWNER else ""
        groups.setdefault(owner, []).append(inventory)
    return [Declaration(group, {"declSeqNo": numbers.dated("S", at)}) for group in groups.values()]


def register(declaration: Declaration, summary: Document, numbers: Numbers, at: datetime) -> None:
    """Customs takes the declaration in: it gets the numbers that a tax refund asks for."""
    customs_code = summary.head["customsCode"]
    declaration.numbers |= {
        "decTmpNo": numbers.dated("E", at),
        "decPreNo": numbers.regional(customs_code, "0", at),
        "entryId": numbers.regional(customs_code, "0", at),
    }


def write_result(declaration: Declaration, summary: Document, state: str, at: datetime) -> str:
    """One SummaryResult entity with a row for each item of its inventories."""
    head = {
        "guid": summary.guid,
        "customsCode": summary.head["customsCode"],
        "sumNo": summary.numbers["sumNo"],
        "opDate": wire_time(at),
        **declaration.numbers,
        "decState": state,
        **{name: summary.head[name] for name in REPEATED},
        "grossWeight": total(declaration.inventories, "grossWeight"),
        "netWeight": total(declaration.inventories, "netWeight"),
        "msgCount": "1",
        "msgSeqNo": "1",
    }
    rows = [
        (inventory.numbers["invtNo"], inventory.head["logisticsNo"], row["gnum"], row["gcode"])
        for inventory in declaration.inventories
        for row in inventory.rows
    ]
    lists = "".join(
        element(
            SUMMARY_RESULT,
            "SummaryResultList",
            {"invtNo": invt_no, "logisticsNo": parcel, "gseqno": str(turn), "gnum": gnum, "gcode": gcode},
        )
        for turn, (invt_no, parcel, gnum, gcode) in enumerate(rows, start=1)
    )
    return f"<ceb:SummaryResult>{element(SUMMARY_RESULT, 'SummaryResultHead', head)}{lists}</ceb:SummaryResult>"


def total(inventories: list[Document], name: str) -> str:
    return f"{sum((Decimal(inventory.head[name]) for inventory in inventories), Decimal()):f}"
