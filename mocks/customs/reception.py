"""What the e-port looks at when a document comes in: 202205 edition, table 7-2 (negative returnStatus)."""

from __future__ import annotations

from dataclasses import dataclass

from mocks.customs.documents import PART, REPLACED_WHOLE, Archive, Document
from mocks.customs.kinds import KINDS, Code

DUPLICATE, REFUSED = "duplicate", "refused"
NEW, CHANGE, DELETE = "1", "2", "3"
INVENTORY, CANCELLATION = "CEB603", "CEB605"

# A paper is settled once a standing inventory bears these marks of it. Other papers are settled as long as they stand.
LOOSE_UNTIL_DECLARED: dict[str, tuple[str, ...]] = {
    "CEB303": ("ebcCode", "orderNo"),
    "CEB403": ("ebcCode", "orderNo"),
    "CEB505": ("logisticsCode", "logisticsNo"),
    "CEB311": ("ebcCode", "orderNo"),
    "CEB411": ("ebpCode", "orderNo"),
    "CEB511": ("logisticsCode", "logisticsNo"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """The e-port does not take a document; the stored one, if there is any, stays as it is."""

    status: str
    text: str
    outcome: str


def refuse(document: Document, archive: Archive) -> Refusal | None:
    """The first reason not to take a document, or nothing."""
    kind, act = KINDS[document.kind], document.head["appType"]
    known = archive.find(document.identity)
    if act not in (NEW, CHANGE, DELETE) or document.head["appStatus"] not in ("1", "2") or misnumbered(document):
        return refusal(kind.wrong, document)
    if act == NEW and known is not None and known.standing:
        return refusal(kind.duplicate, document, DUPLICATE)
    if act != NEW and known is None:
        return refusal(kind.unknown, document)
    if act != NEW and known is not None and settled(known, archive):
        return refusal(kind.settled, document)
    if act == CHANGE and kind.older and known is not None and known.standing and not later(document, known):
        return refusal(kind.older, document)
    if act != DELETE and numbered_twice(document):
        return refusal(kind.rows, document)
    return refuse_by_inventory(document, archive, act)


def later(document: Document, known: Document) -> bool:
    return document.head["appTime"] > known.head["appTime"]


def refuse_by_inventory(document: Document, archive: Archive, act: str) -> Refusal | None:
    """An order is declared once, and only a standing inventory that is not closed yet can be cancelled."""
    kind = KINDS[document.kind]
    if document.kind == INVENTORY and act != DELETE:
        declared = archive.standing(INVENTORY, ebcCode=document.head["ebcCode"], orderNo=document.head["orderNo"])
        if any(other.identity != document.identity for other in declared):
            return refusal(kind.duplicate, document, DUPLICATE)
    if document.kind == CANCELLATION:
        inventory = archive.inventory(document.head["invtNo"])
        if inventory is None:
            return refusal(kind.unknown, document)
        left = archive.departed(inventory.head["logisticsNo"])
        if inventory.closed or inventory.summarised or left or not inventory.standing:
            return refusal(kind.settled, document)
    return None


def settled(known: Document, archive: Archive) -> bool:
    """Whether customs' state forbids to change or delete; what was returned or only saved can always be changed.

    A list of parcels can be changed until one of them has left.
    """
    if not known.standing:
        return False
    if known.kind == REPLACED_WHOLE:
        return any(archive.departed(row["logisticsNo"]) for row in known.rows)
    marks = LOOSE_UNTIL_DECLARED.get(known.kind)
    if marks is None:
        return True
    return bool(archive.standing(INVENTORY, **{name: known.head.get(name, "") for name in marks}))


def misnumbered(document: Document) -> bool:
    """A part is one of as many as are said to come."""
    head = document.head
    return PART in head and not 1 <= int(head[PART]) <= int(head["msgCount"])


def numbered_twice(document: Document) -> bool:
    numbers = [int(row["gnum"]) for row in document.rows if "gnum" in row]
    return len(numbers) != len(set(numbers))


def refusal(code: Code, document: Document, outcome: str = REFUSED) -> Refusal:
    return Refusal(code.status, code.text.format(key=document.key), outcome)
