"""The papers that customs keeps: one entity of an accepted message each, and where to find it again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from lxml import etree

from mocks.customs.form import Group
from mocks.customs.kinds import KINDS
from mocks.customs.messages import ENTITIES
from mocks.customs.scripts import CLOSED, CONCLUDED, INSPECTION, REJECTED, RELEASED, STORED, Script

Content = dict[str, str]

GIVEN_BY_AUTHORITY = ("preNo", "invtNo", "sumNo")

# What a document can be found by, besides its key: the elements, of the head or of the rows.
SHELVES: dict[str, tuple[tuple[str, ...], ...]] = {
    "CEB303": (("ebcCode", "orderNo"), ("orderNo",)),
    "CEB403": (("ebcCode", "orderNo"),),
    "CEB505": (("logisticsCode", "logisticsNo"),),
    "CEB603": (("ebcCode", "orderNo"), ("logisticsCode", "logisticsNo"), ("logisticsNo",)),
    "CEB507": (("logisticsNo",),),
    "CEB607": (("logisticsNo",), ("billNo",)),
    "CEB509": (("logisticsNo",),),
}
REPLACED_WHOLE = "CEB607"  # a change of it takes the place of all its parts, once customs has stored it
PART = "msgSeqNo"


@dataclass(slots=True, eq=False)
class Document:
    """One paper. `numbers` are those that the authority gave it, `reached` the statuses it has been through, and when.

    `parts` are those of one sending (msgCount, msgSeqNo), `looked_for` says that this one is at customs' gate, and
    waits there for the others. `ahead` are its next steps, `turn` counts how often they were set, `parked` means that
    they wait for an arrival, `held` that an officer has it.
    """

    kind: str
    receivers: tuple[str, ...]
    head: Content
    rows: tuple[Content, ...]
    numbers: Content = field(default_factory=dict)
    reached: dict[str, datetime] = field(default_factory=dict)
    withdrawn: bool = False
    parts: dict[int, Document] = field(default_factory=dict)
    looked_for: bool = False
    ahead: Script = ()
    turn: int = 0
    parked: bool = False
    held: bool = False

    @property
    def guid(self) -> str:
        return self.head["guid"]

    @property
    def key(self) -> str:
        return "/".join(self.head.get(name, "") for name in KINDS[self.kind].key)

    @property
    def identity(self) -> tuple[str, ...]:
        kind = KINDS[self.kind]
        return (self.kind, *(self.head.get(name, "") for name in (*kind.scope, *kind.key)))

    @property
    def whole_key(self) -> tuple[str, ...]:
        """What all parts of the paper have in common."""
        kind = KINDS[self.kind]
        return (self.kind, *(self.head.get(name, "") for name in (*kind.scope, *kind.key) if name != PART))

    @property
    def complete(self) -> bool:
        """All parts of its sending are at the gate."""
        count = int(self.head.get("msgCount", "1"))
        return len(self.parts or (self,)) >= count and all(part.looked_for for part in self.parts.values())

    @property
    def draft(self) -> bool:
        return self.head["appStatus"] == "1"

    @property
    def standing(self) -> bool:
        """Declared, and neither returned nor withdrawn: it occupies its key."""
        return not (self.withdrawn or self.draft or REJECTED in self.reached)

    @property
    def stored(self) -> bool:
        return self.standing and bool(self.reached.keys() & {STORED, CONCLUDED})

    @property
    def released(self) -> bool:
        return self.standing and RELEASED in self.reached and not self.held

    @property
    def inspected(self) -> bool:
        """Under inspection: put on hold, or drawn for a look and not released yet."""
        return self.standing and (self.held or (INSPECTION in self.reached and RELEASED not in self.reached))

    @property
    def closed(self) -> bool:
        return self.standing and CLOSED in self.reached

    @property
    def summarised(self) -> bool:
        return "sumNo" in self.numbers

    def value(self, name: str) -> str:
        """What a response says: the authority's own numbers never come from the sender, unless they are the key."""
        if name in GIVEN_BY_AUTHORITY and name not in KINDS[self.kind].key:
            return self.numbers.get(name, "")
        return self.numbers.get(name) or self.head.get(name, "")


def read_document(kind: str, entity: etree._Element, receivers: tuple[str, ...]) -> Document:
    """Takes a checked entity apart into head and rows."""
    if isinstance(ENTITIES[kind].parts[0], Group):
        head, *rows = list(entity)
    else:
        head, rows = entity, []
    return Document(kind, receivers, read_content(head), tuple(map(read_content, rows)))


def put_together(parts: list[Document]) -> Document:
    """The parts of a sending as one paper: the head of the first, the rows of all."""
    first, *others = parts
    return replace(first, rows=tuple(row for part in parts for row in part.rows)) if others else first


def read_content(element: etree._Element) -> Content:
    return {etree.QName(child).localname: child.text or "" for child in element}


class Archive:
    """Every document by its identity, by what stands on it, and export inventories by their invtNo."""

    def __init__(self) -> None:
        self._by_identity: dict[tuple[str, ...], Document] = {}
        self._shelves: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Document]] = defaultdict(list)
        self._by_inventory_number: dict[str, Document] = {}
        self._sendings: dict[tuple[str, ...], dict[int, Document]] = {}
        self._in_force: dict[tuple[str, ...], dict[int, Document]] = {}

    def file(self, document: Document) -> None:
        """Keeps a document; an earlier one of the same identity is withdrawn, unless it stays until replaced."""
        earlier = self._by_identity.get(document.identity)
        if earlier and not (document.kind == REPLACED_WHOLE and earlier.stored):
            earlier.withdrawn = True
        self._by_identity[document.identity] = document
        self._gather(document)
        for names in SHELVES.get(document.kind, ()):
            for values in shelf_marks(document, names):
                shelf = self._shelves[document.kind, names, values]
                shelf[:] = [*(kept for kept in shelf if not kept.withdrawn), document]

    def _gather(self, document: Document) -> None:
        """A part joins its sending; where that has it already, or has all, another sending begins."""
        if PART not in document.head:
            return
        sending, number = self._sendings.get(document.whole_key, {}), int(document.head[PART])
        if number in sending or len(sending) >= int(document.head["msgCount"]):
            sending = {}
        sending[number] = document
        document.parts = self._sendings[document.whole_key] = sending

    def bring_into_force(self, document: Document) -> None:
        """A stored list takes the place of the one before, whatever the parts of either are."""
        kept = list(document.parts.values())
        for part in self._in_force.get(document.whole_key, {}).values():
            part.withdrawn = all(part is not one for one in kept)
        self._in_force[document.whole_key] = document.parts

    def withdraw(self, document: Document) -> None:
        """Takes away the paper with all its parts."""
        for part in (document, *document.parts.values(), *self._in_force.pop(document.whole_key, {}).values()):
            part.withdrawn = True

    def find(self, identity: tuple[str, ...]) -> Document | None:
        """The latest of this identity; where that was returned, the one that is still in force."""
        found = self._by_identity.get(identity)
        if found is None or found.withdrawn:
            return None
        number = int(found.head.get(PART, "0"))
        former = self._in_force.get(found.whole_key, {}).get(number)
        return former if former and former.standing and not found.standing else found

    def standing(self, kind: str, **marks: str) -> list[Document]:
        """The standing documents that bear these marks, oldest first."""
        shelf = self._shelves.get((kind, tuple(marks), tuple(marks.values())), [])
        return [document for document in shelf if document.standing]

    def departed(self, parcel: str) -> bool:
        return any(paper.stored for paper in self.standing("CEB509", logisticsNo=parcel))

    def arrived(self, parcel: str) -> bool:
        return any(paper.stored for paper in self.standing("CEB507", logisticsNo=parcel))

    def lists(self, **marks: str) -> list[Document]:
        """The lists of parcels in force that bear these marks."""
        return [paper for paper in self.standing(REPLACED_WHOLE, **marks) if paper.stored]

    def file_by_number(self, inventory: Document) -> None:
        self._by_inventory_number[inventory.numbers["invtNo"]] = inventory

    def inventory(self, number: str) -> Document | None:
        return self._by_inventory_number.get(number)

    def inventories(self) -> list[Document]:
        return list(self._by_inventory_number.values())


def shelf_marks(document: Document, names: tuple[str, ...]) -> set[tuple[str, ...]]:
    if all(name in document.head for name in names):
        return {tuple(document.head[name] for name in names)}
    return {tuple(row.get(name, "") for name in names) for row in document.rows}
