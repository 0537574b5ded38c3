"""How a desk says no, and reads what it may say no to."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import reduce
from operator import getitem
from typing import Any

DUPLICATE = "DUPLICATE"


class Objection(Exception):
    """An answer with a status and a code and, where it helps, the field it is about and the words for a person."""

    def __init__(
        self, code: str, field: str | None = None, message: str | None = None, status: int = 422, **more: str
    ) -> None:
        super().__init__(code, field, message)
        said = {"code": code, "field": field, "message": message, **more}
        self.answer = {name: value for name, value in said.items() if value is not None}
        self.status = status

    @property
    def outcome(self) -> str:
        """What the ledger says about it."""
        return "duplicate" if self.answer["code"] == DUPLICATE else "refused"


def read_object(
    body: str, otherwise: str = "SHAPE", wanted: str = "an object wanted", **numbers: Any
) -> dict[str, Any]:
    """A JSON object, decimals as `Decimal` unless `numbers` say how; `otherwise` is the code for anything else."""
    try:
        given = json.loads(body, **({"parse_float": Decimal} | numbers))
    except (ValueError, RecursionError) as broken:
        raise Objection("UNREADABLE", "", f"not JSON: {broken}", 400) from broken
    if not isinstance(given, dict):
        raise Objection(otherwise, "", wanted)
    return given


def told_in(body: str, *paths: str) -> list[str]:
    """What stands at each path (`exports/0/relation`) of a body that may not be sound; empty where nothing does."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return [""] * len(paths)
    return [_told_at(given, path) for path in paths]


def _told_at(given: Any, path: str) -> str:
    names = [int(name) if name.isdecimal() else name for name in path.split("/")]
    try:
        told = reduce(getitem, names, given)
    except (LookupError, TypeError):
        return ""
    return "" if told is None else str(told)
