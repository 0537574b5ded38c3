"""The plans of the supervision modes, `hub/plan/<mode>-<direction>.toml`: each read from top to bottom as goods move.

Each row says which paper is due, what has to have happened before (`after`), in which trades (`only`), by which law
(`source`) and from when until when that counts, by the day of its `anchor`. A `role` stands for the paper of whichever
connector has it; of transport there is one for each mode of the leg.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from connectors.sdk.errors import ManifestError
from connectors.sdk.inside.toml_files import load_toml
from connectors.sdk.kinds import PaperKind
from connectors.sdk.states import accepted
from hub.dossiers.anchors import Anchor
from hub.errors import PlanWrong
from hub.papers.plan import LEG_MODE, PlanRow

FOLDER = Path(__file__).parents[1] / "plan"
OCCASIONS = ("remittances",)
TRANSPORT = "transport"
"""Role of the papers of which a trade has the one that its leg's mode asks for (`PaperKind.by`)."""


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """The plan of a mode. `ends`: what has to have happened, beside all papers being done, before a trade is finished.

    `rows` name papers and roles; `plan_rows` makes rows of the plan of them.
    """

    mode: str
    direction: str
    ends: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    @property
    def is_carried(self) -> bool:
        """Whether its goods go by a leg that somebody carries."""
        return any(row["role"] == TRANSPORT for row in self.rows)


class _OneOrMore(fields.Field[list[str]]):
    """A value of the entry, or a list of those that are meant alike."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[str]:
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(one, str) for one in values):
            raise ValidationError('a text, or a list of texts, such as ["CNCGO", "CNZGZ"]')
        return values


class _Row(Schema):
    paper = fields.String(load_default="")
    role = fields.String(load_default="")
    after = fields.List(fields.String(), load_default=list)
    only_where = fields.Dict(
        keys=fields.String(), values=_OneOrMore(), load_default=dict, data_key="only"
    )  # a Schema has an `only` of its own
    each = fields.String(load_default="", validate=validate.OneOf(OCCASIONS))
    since = fields.Raw(load_default=None)
    until = fields.Raw(load_default=None)
    anchor = fields.Enum(Anchor, by_value=True, load_default=None)
    source = fields.String(required=True, validate=validate.Length(1))

    @validates_schema
    def names_one_paper(self, values: dict[str, Any], **_: Any) -> None:
        if bool(values["paper"]) == bool(values["role"]):
            raise ValidationError("write paper or role, one of them", "paper")

    @validates_schema
    def dates_have_an_anchor(self, values: dict[str, Any], **_: Any) -> None:
        since, until = values["since"], values["until"]
        for name in ("since", "until"):
            if values[name] is not None and type(values[name]) is not date:
                raise ValidationError("a day such as 2021-07-01", name)
        if (since or until) and values["anchor"] is None:
            raise ValidationError(f"whose day decides? one of {', '.join(Anchor)}", "anchor")
        if since and until and until < since:
            raise ValidationError(f"it ends before it begins, {since}", "until")


class _Sheet(Schema):
    mode = fields.String(required=True, validate=validate.Regexp(r"^\d{4}$", error="four digits, such as 9610"))
    direction = fields.String(required=True, validate=validate.OneOf(("export", "import")))
    ends = fields.List(fields.String(), load_default=list)
    row = fields.List(fields.Nested(_Row), required=True, validate=validate.Length(1))


@cache
def read_sheets(folder: Path = FOLDER) -> tuple[PlanSheet, ...]:
    """All plans of a folder. PlanWrong names the file, the row (from 0) and the key that is wrong."""
    sheets = [_read(path) for path in sorted(folder.glob("*.toml"))]
    twice = {one.mode for one in sheets if sum(other.mode == one.mode for other in sheets) > 1}
    if twice:
        raise PlanWrong(problems=f"{folder}: two plans of the mode {', '.join(sorted(twice))}")
    return tuple(sheets)


def _read(path: Path) -> PlanSheet:
    try:
        told = load_toml(path, _Sheet())
    except ManifestError as error:
        raise PlanWrong(problems=error.text) from None
    if path.stem != f"{told['mode']}-{told['direction']}":
        raise PlanWrong(problems=f"{path}: it is the plan {told['mode']}-{told['direction']}; name it so")
    return PlanSheet(told["mode"], told["direction"], tuple(told["ends"]), tuple(told["row"]))


def plan_rows(sheets: Iterable[PlanSheet], kinds: Mapping[str, PaperKind]) -> list[PlanRow]:
    """The rows of the plans, with the papers that have their roles. PlanWrong where two papers claim one place."""
    return [row for sheet in sheets for told in sheet.rows for row in _rows(sheet.mode, told, kinds)]


def _rows(mode: str, told: Mapping[str, Any], kinds: Mapping[str, PaperKind]) -> Iterator[PlanRow]:
    where = told["only_where"]
    for values in product(*where.values()):  # one row for each of those that are meant alike
        row = PlanRow(
            mode, told["paper"], tuple(told["after"]), dict(zip(where, values, strict=True)), told["each"],
            told["since"], told["until"], told["anchor"], told["source"],
        )  # fmt: skip
        yield from _with_roles(row, told["role"], kinds)


def _with_roles(row: PlanRow, role: str, kinds: Mapping[str, PaperKind]) -> Iterator[PlanRow]:
    if role != TRANSPORT and accepted(TRANSPORT) not in row.after:
        yield replace(row, kind=_the_one(role, kinds)) if role else row
        return
    for kind in having(TRANSPORT, kinds):  # one row for each mode of the leg
        after = tuple(accepted(kind.kind) if name == accepted(TRANSPORT) else name for name in row.after)
        only = {**row.only, LEG_MODE: kind.by}
        yield replace(row, kind=row.kind or kind.kind, after=after, only=only)


def having(role: str, kinds: Mapping[str, PaperKind]) -> Sequence[PaperKind]:
    """The kinds of a role, one for each mode of the leg where it is transport."""
    found = [kind for kind in kinds.values() if kind.role == role]
    for kind in found:
        same = [one.kind for one in found if one.by == kind.by]
        if len(same) > 1 and role == TRANSPORT:
            raise PlanWrong(problems=f"the role {role} by {kind.by} is claimed by {' and by '.join(sorted(same))}")
    return found


def _the_one(role: str, kinds: Mapping[str, PaperKind]) -> str:
    """The paper of a role; the role itself where nobody has it, so that a trade that needs it is refused."""
    found = sorted(kind.kind for kind in having(role, kinds))
    if len(found) > 1:
        raise PlanWrong(problems=f"the role {role} is claimed by {' and by '.join(found)}")
    return found[0] if found else role
