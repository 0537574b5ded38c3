"""The request messages as wholes, as the field file has them: one business entity 1..100 and what follows it.

Export messages carry the signature before `ExtendMessage`, import messages after it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from mocks.customs.form import CEB, DSIG, UNBOUNDED, Field, Fields, Group

FILE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("fields.toml").read_text("utf-8"))
AROUND = FILE["around"]
MOST_ENTITIES: int = AROUND["most_entities"]


def fields_of(rows: list[dict[str, Any]], namespace: str = CEB) -> Fields:
    """Rows of the field file; which codes have a meaning is not the form's question."""
    names = ("name", "label", "required", "default", "fixed", "most")
    return tuple(
        Field(form=row["type"], namespace=namespace, **{name: row[name] for name in names if name in row})
        for row in rows
    )


def entity_of(row: dict[str, Any]) -> Group:
    """An entity with a head and, where it has them, rows; or one that holds its fields itself."""
    fields = fields_of(FILE["common"][row["side"]] + row["fields"])
    if "head" not in row:
        return Group(row["entity"], fields, most=MOST_ENTITIES)
    parts = [Group(row["head"], fields)]
    if rows := row.get("rows"):
        parts.append(Group(rows["element"], fields_of(row["row_fields"]), rows["least"], rows.get("most", UNBOUNDED)))
    return Group(row["entity"], tuple(parts), most=MOST_ENTITIES)


ENTITIES: dict[str, Group] = {kind: entity_of(row) for kind, row in FILE["messages"].items()}
EXPORT = frozenset(kind for kind, row in FILE["messages"].items() if row["side"] == "export")
SIGNED: tuple[str, ...] = ("CEB621",)


def whole(kind: str, entity: Group) -> Group:
    """The message element around an entity."""
    transfer = Group("BaseTransfer", fields_of(AROUND["BaseTransfer"]))
    subscribe = Group("BaseSubscribe", fields_of(AROUND["BaseSubscribe"]), least=0, most=5)
    extension: tuple[Field | Group, ...] = (*fields_of(AROUND["ExtendMessage"]), Group("Message", opaque=True))
    extend = Group("ExtendMessage", extension, least=0)
    signature = Group("Signature", least=1 if kind in SIGNED else 0, opaque=True, namespace=DSIG)
    tail = (signature, extend) if kind in EXPORT else (extend, signature)
    return Group(f"{kind}Message", (entity, transfer, subscribe, *tail))


MESSAGES: dict[str, Group] = {kind: whole(kind, entity) for kind, entity in ENTITIES.items()}


def label(kind: str, name: str) -> str:
    """The Chinese name of an element of an entity, head before rows."""
    waiting: list[Field | Group] = [ENTITIES[kind]]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Group):
            waiting.extend(part.parts)
        elif part.name == name:
            return part.label
    raise LookupError(f"{kind} {name}")
