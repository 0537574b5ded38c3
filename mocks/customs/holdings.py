"""What the office has, by the numbers that it gave: for whoever compares it with what a sender believes."""

from __future__ import annotations

from typing import Any

from mocks.customs.documents import Archive, Document

LIST = "CEB607"


def held_by(archive: Archive) -> dict[str, Any]:
    """Inventories by invtNo, lists of parcels by preNo, summaries by sumNo."""
    inventories = archive.inventories()
    lists = {one.numbers["preNo"]: one for each in inventories for one in on_lists(each, archive)}
    summaries: dict[str, list[str]] = {}
    for inventory in inventories:
        if number := inventory.numbers.get("sumNo"):
            summaries.setdefault(number, []).append(inventory.numbers["invtNo"])
    return {
        "inventories": {one.numbers["invtNo"]: as_inventory(one, archive) for one in inventories},
        "lists": {number: as_list(one) for number, one in lists.items()},
        "summaries": summaries,
    }


def on_lists(inventory: Document, archive: Archive) -> list[Document]:
    return archive.lists(logisticsNo=inventory.head["logisticsNo"])


def as_inventory(inventory: Document, archive: Archive) -> dict[str, Any]:
    """`status` is the last that it reached."""
    parcel = inventory.head["logisticsNo"]
    return {
        **{name: inventory.head[name] for name in ("copNo", "ebcCode", "logisticsNo")},
        "status": max(inventory.reached, key=lambda status: inventory.reached[status]),
        "standing": inventory.standing,
        "held": inventory.held,
        "lists": [one.numbers["preNo"] for one in on_lists(inventory, archive)],
        "arrived": archive.arrived(parcel),
        "departed": archive.departed(parcel),
        **{name: inventory.numbers.get(name) for name in ("sumNo", "declSeqNo", "entryId")},
    }


def as_list(waybill: Document) -> dict[str, Any]:
    head = {name: waybill.head[name] for name in ("copNo", "billNo", "agentCode", "logisticsCode", "msgSeqNo")}
    return {**head, "parcels": [row["logisticsNo"] for row in waybill.rows]}
