"""The kinds of consolidation (集拼), `hub/plan/consolidations/<kind>.toml`: what trades have papers in together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from marshmallow import Schema, fields, validate

from connectors.sdk.errors import ManifestError
from connectors.sdk.inside.toml_files import load_toml
from hub.errors import PlanWrong

FOLDER = Path(__file__).parents[1] / "plan" / "consolidations"
EACH, DAY, MONTH = PERIODS = ("each", "day", "month")
"""How many of an exporter's own trades are gathered: none, those of a day, those of a month."""


@dataclass(frozen=True, slots=True)
class ConsolidationKind:
    """One kind. `of`: the papers that it takes over from its trades are those of kinds with this `of`.

    `transport` is the mode of its leg. With `gathered_by` an exporter's own trades join by themselves, those of a day
    or of a month together as that field of its registration says; the day is that of `dated`. `source` is the law, or
    practice.
    """

    code: str
    zh: str
    en: str
    of: str
    source: str
    transport: str = ""
    gathered_by: str = ""
    dated: str = ""

    def name(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class _Kind(Schema):
    zh = fields.String(required=True)
    en = fields.String(required=True)
    of = fields.String(required=True)
    transport = fields.String(load_default="", validate=validate.OneOf(("air", "rail", "")))
    gathered_by = fields.String(load_default="", validate=validate.OneOf(("summaries", "refunds", "")))
    dated = fields.String(load_default="", validate=validate.OneOf(("closed", "departed", "")))
    source = fields.String(required=True)


@cache
def consolidation_kinds(folder: Path = FOLDER) -> Mapping[str, ConsolidationKind]:
    """All kinds by code. PlanWrong names the file and the key that is wrong."""
    try:
        told = {path.stem: load_toml(path, _Kind()) for path in sorted(folder.glob("*.toml"))}
    except ManifestError as error:
        raise PlanWrong(problems=error.text) from None
    return {code: ConsolidationKind(code, **one) for code, one in told.items()}
