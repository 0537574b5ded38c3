"""The papers that customs keeps: one entity of an accepted message each, and where to find it again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

from mocks.customs.form import Group
from mocks.customs.kinds import KINDS
from mocks.customs.messages import ENTITIES
from mocks.customs.scripts import CLOSED, CONCLUDED, REJECTED, RELEASED, STORED

Content = dict[str, str]

GIVEN_BY_AUTHORITY = ("preNo", "invtNo", "sumNo")

# What a document can be found by, besides its key: the elements, of the head or of the rows.
SHELVES: dict[str, tuple[tuple[str, ...], ...]] = {
    "CEB303": (("ebcCode", "orderNo"), ("orderNo",)),
    "CEB403": (("ebcCode", "orderNo"),),
    "CEB505": (("logisticsCode", "logisticsNo"),),
    "CEB603": (("ebcCode", "orderNo"), ("logisticsCode", "logisticsNo"), ("logisticsNo",)),
    "CEB607": (("logisticsNo",),),
    "CEB509": (("logisticsNo",),),
}


@dataclass(slots=True, eq=False)
class Document:
    """One paper. `numbers` are those that the authority gave it, `reached` the statuses it has been through."""

    kind: str
    receivers: tuple[str, ...]
    head: Content
    rows: tuple[Content, ...]
    numbers: Content = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    withdrawn: bool = False
    summarised: bool = False

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
    def draft(self) -> bool:
        return self.head["appStatus"] == "1"

    @property
    def standing(self) -> bool:
        """Declared, and neither returned nor withdrawn: it occupies its key."""
        return not (self.withdrawn or self.draft or REJECTED in self.reached)

    @property
    def stored(self) -> bool:
        return self.standing and bool(self.reached & {STORED, CONCLUDED})

    @property
    def released(self) -> bool:
        return self.standing and RELEASED in self.reached

    @property
    def closed(self) -> bool:
        return self.standing and CLOSED in self.reached

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


def read_content(element: etree._Element) -> Content:
    return {etree.QName(child).localname: child.text or "" for child in element}


class Archive:
    """Every document by its identity, by what stands on it, and export inventories by their invtNo."""

    def __init__(self) -> None:
        self._by_identity: dict[tuple[str, ...], Document] = {}
        self._shelves: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Document]] = defaultdict(list)
        self._by_inventory_number: dict[str, Document] = {}

    def file(self, document: Document) -> None:
        """Keeps a document; an earlier one of the same identity is withdrawn."""
        if earlier := self._by_identity.get(document.identity):
            earlier.withdrawn = True
        self._by_identity[document.identity] = document
        for names in SHELVES.get(document.kind, ()):
            for values in shelf_marks(document, names):
                shelf = self._shelves[document.kind, names, values]
                shelf[:] = [*(kept for kept in shelf if not kept.withdrawn), document]

    def find(self, identity: tuple[str, ...]) -> Document | None:
        found = self._by_identity.get(identity)
        return None if found is None or found.withdrawn else found

    def standing(self, kind: str, **marks: str) -> list[Document]:
        """The standing documents that bear these marks, oldest first."""
        shelf = self._shelves.get((kind, tuple(marks), tuple(marks.values())), [])
        return [document for document in shelf if document.standing]

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
