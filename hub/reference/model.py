"""Tables of docs/unified-model.md: every table of the model, every paper with the source of each field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Integer, LargeBinary, String, Table
from sqlalchemy.types import JSON, TypeEngine

from connectors.sdk.inside.registry import find_connectors
from connectors.sdk.kinds import PaperKind
from hub.model import Base
from hub.model.base import About, Sourced
from hub.model.types import Exact, Instant
from hub.papers.computations import COMPUTATIONS
from hub.papers.derivation import read_derivation
from hub.papers.joining import shelves_of
from hub.papers.sources import READERS, ValueSource
from hub.reference.flow_tables import authorities, kinds
from hub.reference.words import code, codes, glossary, markdown_table, phrase, sentence, titles, whole

FOLDED: Mapping[type, str] = {Sourced: "Sourced", About: "About"}
"""Columns that many tables share: they are told once."""

TYPES: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Exact, "decimal"),
    (Instant, "time"),
    (JSON, "JSON"),
    (Boolean, "boolean"),
    (BigInteger, "integer"),
    (Integer, "integer"),
    (Float, "number"),
    (Date, "day"),
    (LargeBinary, "bytes"),
    (String, "text"),
)


FILES = (
    "enterprise", "registration_change", "subjects", "trade", "consolidation", "document", "movement", "money",
    "operation",
)  # fmt: skip


def nouns() -> list[type[Base]]:
    """The classes of the model, file by file, in their order there."""
    return sorted(Base.__subclasses__(), key=lambda noun: FILES.index(noun.__module__.rpartition(".")[2]))


def tables(language: str) -> str:
    """The glossary: every table in a line."""
    if language == "zh":
        named = glossary()["tables"]
        return markdown_table(
            ("表", "名词", "含义"), ((code(one.__tablename__), *named[one.__tablename__]) for one in nouns())
        )
    return markdown_table(
        ("table", "noun", "meaning"), ((code(n.__tablename__), n.__name__, sentence(n.__doc__)) for n in nouns())
    )


def shared_columns() -> str:
    """The columns of Sourced and of About, told once."""
    parts = []
    for mixin, name in FOLDED.items():
        owner = next(noun for noun in nouns() if issubclass(noun, mixin))
        rows = [_row(column) for column in _table(owner).columns if column.name in _columns_of(mixin)]
        parts.append(f"#### {name}\n\n{whole(mixin.__doc__)}\n\n{markdown_table(HEAD, rows)}")
    return "\n\n".join(parts)


HEAD = ("列 column", "类型 type", "含义", "meaning")


def columns() -> str:
    """Every table with its columns."""
    return "\n\n".join(_columns(noun) for noun in nouns())


def _columns(noun: type[Base]) -> str:
    shared = [name for mixin, name in FOLDED.items() if issubclass(noun, mixin)]
    folded = {name for mixin in FOLDED if issubclass(noun, mixin) for name in _columns_of(mixin)}
    rows = [_row(column) for column in _table(noun).columns if column.name not in folded]
    also = "\n\n" + " ".join(f"+ [{name}](#{name.lower()})" for name in shared) if shared else ""
    title = f"#### {noun.__name__} {phrase('tables', noun.__tablename__, 'zh')} `{noun.__tablename__}`"
    return f"{title}\n\n{whole(noun.__doc__)}\n\n{markdown_table(HEAD, rows)}{also}"


def _table(noun: type[Base]) -> Table:
    return Base.metadata.tables[noun.__tablename__]


def _columns_of(mixin: type) -> set[str]:
    return {name for name in (*vars(mixin).get("__annotations__", {}), *vars(mixin)) if not name.startswith("_")}


def _row(column: Column[object]) -> tuple[str, str, str, str]:
    return (code(column.name), type_of(column), said_of(column, "zh"), said_of(column, "en"))


def type_of(column: Column[object]) -> str:
    """Type, length, whether it may be empty, what it points to."""
    name = next(name for kind, name in TYPES if isinstance(column.type, kind))
    length = getattr(column.type, "length", None)
    text = f"{name}({length})" if name == "text" and length else name
    points = [f"→ {key.column.table.name}" for key in column.foreign_keys]
    marks = ["PK"] if column.primary_key else ["?"] if column.nullable else []
    return " ".join([text, *marks, *points])


def said_of(column: Column[object], language: str) -> str:
    """What a column holds: words for this very column, or for all of its name."""
    own = f"{column.table.name}.{column.name}"
    return phrase("columns", own if own in glossary()["columns"] else column.name, language)


def papers() -> str:
    """Every paper with its fields and the source of each."""
    return "\n\n".join(map(_paper, kinds().values()))


def _paper(kind: PaperKind) -> str:
    classes, _ = find_connectors()
    known = read_derivation(kind, shelves_of(classes[kind.code], classes))
    of_lines = {f"{group}[].{name}": one for group, rows in known.groups.items() for name, one in rows.fields.items()}
    sources = {**known.head, **of_lines}
    rows = (
        (code(place), field.type + ("" if field.required else " ?"), code(text), codes(_reads(sources[place])))
        for place, field, text in kind.fields()
    )
    head = ("字段 field", "类型 type", "来源 source", "依据的录入字段 fields of the entry")
    to = f"{authorities('zh')[kind.kind]} {authorities('en')[kind.kind]}"
    return f"#### `{kind.kind}` {kind.zh} {kind.en}\n\n→ {to}\n\n{markdown_table(head, rows)}"


def _reads(source: ValueSource) -> tuple[str, ...]:
    return source.entry_paths if source.kind == "computed" else ()


def sources(language: str) -> str:
    head = titles(language, "写法、值来自", "written, the value comes from")
    return markdown_table(head, ((code(f"{kind}:…"), phrase("sources", kind, language)) for kind in READERS))


def computations() -> str:
    """What the docstrings say of values that are worked out, the hub's first."""
    head = ("计算 computation", "说明 meaning")
    classes, _ = find_connectors()
    found = {name: one.function for name, one in sorted(COMPUTATIONS.items())}
    for connector in classes.values():
        found |= {name: one.function for name, one in sorted(connector.computations.items())}
    told = ((name, whole(function.__doc__)) for name, function in found.items())
    return markdown_table(head, ((code(name), meaning) for name, meaning in told if meaning))
