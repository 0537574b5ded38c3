"""The result of a summary application: 202205 edition, CEB792, first on its way to a declaration, then with entryId."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from mocks.customs.documents import Content, Document
from mocks.customs.numbers import Numbers, wire_time
from mocks.customs.responses import SUMMARY_RESULT, element

BY_OWNER, BY_NAME = "2", "1"  # summaryFlag, itemNameFlag
MERGED_LISTS = ("ebcCode", "trafMode", "country", "portCode")  # and the producer; 2018/194, as practice reports it
MERGED_LINES = ("country", "gcode", "currency")
REPEATED = ("agentCode", "agentName", "ebcCode", "ebcName", "declAgentCode", "declAgentName")


@dataclass(slots=True)
class Declaration:
    """One declaration that a summary application leads to; it has its declSeqNo at once and the others later."""

    inventories: list[Document]
    numbers: Content = field(default_factory=dict)


def drawn_up(
    summary: Document, inventories: list[Document], numbers: Numbers, at: datetime, *, merges_producers: bool
) -> list[Declaration]:
    """One declaration for all inventories that agree in what a declaration says once."""
    by_owner = summary.head["summaryFlag"] == BY_OWNER or not merges_producers
    names = (*MERGED_LISTS, "ownerCode") if by_owner else MERGED_LISTS
    groups: dict[tuple[str, ...], list[Document]] = {}
    for inventory in inventories:
        groups.setdefault(tuple(inventory.head[name] for name in names), []).append(inventory)
    return [Declaration(group, {"declSeqNo": numbers.dated("S", at)}) for group in groups.values()]


def item_rows(declaration: Declaration, *, by_name: bool) -> Iterator[Content]:
    """Each line of each inventory with the item of the declaration that it went into: a row of the result."""
    items: dict[tuple[str, ...], int] = {}
    for inventory in declaration.inventories:
        for row in inventory.rows:
            name = (row.get("itemName") or row["gname"]) if by_name else ""
            item = items.setdefault((*(row[part] for part in MERGED_LINES), name), len(items) + 1)
            yield {
                "invtNo": inventory.numbers["invtNo"],
                "logisticsNo": inventory.head["logisticsNo"],
                "gseqno": str(item),
                "gnum": row["gnum"],
                "gcode": row["gcode"],
            }


def register(declaration: Declaration, summary: Document, numbers: Numbers, at: datetime) -> None:
    """Customs takes the declaration in: it gets the numbers that a tax refund asks for."""
    customs_code = summary.head["customsCode"]
    declaration.numbers |= {
        "decTmpNo": numbers.dated("E", at),
        "decPreNo": numbers.regional(customs_code, "0", at),
        "entryId": numbers.regional(customs_code, "0", at),
    }
    for inventory in declaration.inventories:
        inventory.numbers |= {name: declaration.numbers[name] for name in ("declSeqNo", "entryId")}


def write_result(declaration: Declaration, summary: Document, state: str, at: datetime) -> str:
    """One SummaryResult entity with a row for each line of its inventories."""
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
    rows = item_rows(declaration, by_name=summary.head["itemNameFlag"] == BY_NAME)
    lists = "".join(element(SUMMARY_RESULT, "SummaryResultList", row) for row in rows)
    return f"<ceb:SummaryResult>{element(SUMMARY_RESULT, 'SummaryResultHead', head)}{lists}</ceb:SummaryResult>"


def total(inventories: list[Document], name: str) -> str:
    return f"{sum((Decimal(inventory.head[name]) for inventory in inventories), Decimal()):f}"
