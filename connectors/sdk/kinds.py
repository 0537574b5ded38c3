"""Kinds of paper: each is declared in one file, `papers/<name>.toml` beside the connector that sends it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, get_args

from marshmallow import Schema, ValidationError, fields, validate

from connectors.sdk.errors import ManifestError
from connectors.sdk.inside.toml_files import Duration, NamedTable, load_toml, nearest_of
from connectors.sdk.papers import FieldSchema, FieldType, PaperSchema
from connectors.sdk.states import MILESTONES

TYPES = get_args(FieldType)
SUBJECTS = ("trade", "transport", "summary", "refund_batch")
"""What there may be one paper for: a trade, or what several trades are consolidated in."""
FIELD = re.compile(rf"({'|'.join(TYPES)})(\??)\s*<-\s*(\S.*)")
NAME = validate.Regexp(r"^[a-z][a-z0-9_]*$", error="lower-case letters, digits and underscores")
ELEMENT = "entry:"
SOME = validate.Length(1, error="a paper says something, and each of its lines: write at least one field")
LIST = validate.Regexp(r"^entry:[A-Za-z]+$", error="a list of the entry, such as entry:goods")
HOW = (
    'write "type <- source", such as "text <- entry:orderNumber"; with ? behind the type where it may be absent; '
    f"types: {', '.join(TYPES)}"
)


class LineGroup(NamedTuple):
    """Lines of a paper: one for each element of the list `each` of the entry, or a single one where that is empty."""

    each: str
    sources: Mapping[str, str]


class MilestoneName(NamedTuple):
    """A name in both languages."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One kind of paper: what stands in it and where the hub takes each field from, and what it means for a trade.

    `code` is the connector's. `normal` is the time that the authority usually takes. `head` and `groups` say for each
    field of `schema` its source (docs/unified-model.md). `of` is what there may be one for: `trade` means that each
    trade has its own; of the others, trades that go together have one together, with a line or more for each. By the
    field `line_key` (`parcels.parcel_number`) the authority names a line. `brings` are the milestones that its
    progress brings about; those of the connector's own have their names in `milestones`. `gives` are facts for other
    papers: name → what the authority's answer calls it, with `[]` for the number of a line of goods. A paper that the
    authority has can be changed until one of the kinds of `recall_until` is with it; None: never. Once a `final` one
    is done, it is not changed any more, and its trade is not taken back. `withdraws`: the authority gives a paper back.
    `role` is what the plans know it by, where they do not care which connector sends it; of transport `by` is the mode
    of the leg.
    """

    kind: str
    code: str
    zh: str
    en: str
    normal: timedelta
    schema: PaperSchema
    head: Mapping[str, str]
    groups: Mapping[str, LineGroup] = field(default_factory=dict)
    of: str = "trade"
    line_key: str = ""
    brings: tuple[str, ...] = ()
    milestones: Mapping[str, MilestoneName] = field(default_factory=dict)
    gives: Mapping[str, str] = field(default_factory=dict)
    recall_until: tuple[str, ...] | None = None
    final: bool = False
    withdraws: bool = False
    role: str = ""
    by: str = ""

    def name(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def fields(self) -> Iterator[tuple[str, FieldSchema, str]]:
        """Every field by its place (`goods[].hs_code`), with its type and its source."""
        for name, schema in self.schema.head.items():
            yield name, schema, self.head[name]
        for group, lines in self.schema.lines.items():
            for name, schema in lines.items():
                yield f"{group}[].{name}", schema, self.groups[group].sources[name]


class _Written(fields.Field[tuple[FieldSchema, str]]):
    """A field of a paper, written `type <- source`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        match = FIELD.fullmatch(str(value).strip())
        if match is None:
            raise ValidationError(HOW)
        return FieldSchema(match[1], required=not match[2]), match[3]  # type: ignore[arg-type]


class _Group(Schema):
    each = fields.String(load_default="", validate=LIST)
    columns = NamedTable(
        keys=fields.String(validate=NAME), values=_Written(), data_key="fields", required=True, validate=SOME
    )


class _Milestone(Schema):
    zh = fields.String(required=True)
    en = fields.String(required=True)


class _Kind(Schema):
    zh = fields.String(required=True)
    en = fields.String(required=True)
    normal = Duration(required=True)
    of = fields.String(load_default="trade", validate=validate.OneOf(SUBJECTS))
    line_key = fields.String(load_default="")
    brings = fields.List(fields.String(), load_default=list)
    milestones = NamedTable(keys=fields.String(), values=fields.Nested(_Milestone), load_default=dict)
    gives = NamedTable(keys=fields.String(validate=NAME), values=fields.String(), load_default=dict)
    recall_until = fields.List(fields.String(), load_default=None)
    final = fields.Boolean(load_default=False)
    withdraws = fields.Boolean(load_default=False)
    role = fields.String(load_default="", validate=validate.Regexp(r"^[a-z_]*$", error="a word of lower-case letters"))
    by = fields.String(load_default="")
    head = NamedTable(keys=fields.String(validate=NAME), values=_Written(), required=True, validate=SOME)
    lines = NamedTable(keys=fields.String(validate=NAME), values=fields.Nested(_Group), load_default=dict)


def read_kinds(folder: Path, code: str) -> dict[str, PaperKind]:
    """The kinds that the files of a folder declare: `inventory.toml` of `customs` is `customs.inventory`.

    Nothing where there is no folder. ManifestError lists everything that is wrong with a file.
    """
    kinds = (_read_kind(path, code) for path in sorted(folder.glob("*.toml")))
    return {kind.kind: kind for kind in kinds}


def _read_kind(path: Path, code: str) -> PaperKind:
    told = load_toml(path, _Kind())
    kind = f"{code}.{path.stem}"
    lines = told.pop("lines")
    head_schema, told["head"] = _split(told["head"])
    split = {group: (one["each"].removeprefix(ELEMENT), *_split(one["columns"])) for group, one in lines.items()}
    milestones = {name: MilestoneName(**words) for name, words in told.pop("milestones").items()}
    _refuse_milestones(path, code, told["brings"], milestones)
    places = {f"{group}.{name}" for group, (_, schema, _) in split.items() for name in schema}
    if (key := told["line_key"]) and key not in places:
        raise ManifestError(f"{path}: line_key: {key!r} is no field of a line; {nearest_of(key, places)}")
    until = told.pop("recall_until")
    return PaperKind(
        **told | {"brings": tuple(told["brings"])},
        kind=kind,
        code=code,
        schema=PaperSchema(kind, head_schema, {group: schema for group, (_, schema, _) in split.items()}),
        groups={group: LineGroup(each, sources) for group, (each, _, sources) in split.items()},
        milestones=milestones,
        recall_until=None if until is None else tuple(until),
    )


def _refuse_milestones(path: Path, code: str, brings: Sequence[str], own: Mapping[str, MilestoneName]) -> None:
    """ManifestError where a paper would bring about what nobody knows, or names what it does not bring about."""
    for name in own:
        if not re.fullmatch(rf"{code}\.[a-z_]+", name):
            raise ManifestError(f"{path}: milestones: {name!r} is not its own; write {code}.<word>")
        if name not in brings:
            raise ManifestError(f"{path}: milestones: {name!r} does not stand in brings")
    for name in brings:
        if name not in MILESTONES and name not in own:
            near = nearest_of(name, {*MILESTONES, *own})
            raise ManifestError(
                f"{path}: brings: {name!r} is no milestone; {near}; one of your own has its names in "
                f'[milestones."{code}.<word>"]'
            )


def _split(written: Mapping[str, tuple[FieldSchema, str]]) -> tuple[dict[str, FieldSchema], dict[str, str]]:
    """The types and the sources of fields."""
    return (
        {name: schema for name, (schema, _) in written.items()},
        {name: source for name, (_, source) in written.items()},
    )
