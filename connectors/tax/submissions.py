"""The refund filing: heading, 出口明细 and 进货明细, tied line by line by 关联号."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.sdk import Paper
from connectors.sdk.json_service import JsonSubmission, plain_value
from connectors.sdk.papers import Value
from connectors.sdk.units import UNITS
from connectors.tax.codes import REFUND

ENDED = ("refused", "withdrawn")
PATH = re.compile(r"(heading\.)?[a-z][A-Za-z]*(\[\d+\]\.[a-z][A-Za-z]*)?")


class RefundFiling(JsonSubmission):
    """One filing for one trade, known by the 关联号 of its first export line."""

    kinds = (REFUND,)
    path, found_at, undo = "refunds", "refunds/by-relation/{}", "withdraw"
    agreed = ("filingNumber",)

    def reference(self, paper: Paper) -> str:
        return str(paper.lines["exports"][0]["relation"])

    def content(self, paper: Paper) -> Any:
        return {
            "heading": _named(paper.head),
            "exports": [_named(line) for line in paper.lines["exports"]],
            "purchases": [_named(line) for line in paper.lines["purchases"]],
        }

    def query(self, paper: Paper) -> str:
        """A relation is a number of its taxpayer: another one may have the same."""
        return f"?taxpayer={paper.head['taxpayer']}"

    def is_this(self, told: Mapping[str, Any], paper: Paper) -> bool:
        return told.get("status") not in ENDED  # an earlier filing that was refused is not this one

    def is_same(self, told: Mapping[str, Any], paper: Paper) -> bool:
        return bool(told.get("filing") == self.content(paper))

    def given(self, told: Mapping[str, Any], paper: Paper) -> dict[str, Any]:
        filing = told.get("filingNumber")
        return {"references": {"tax.filing": filing}, "answers": {"filingNumber": filing}} if filing else {}

    def field_named(self, words: str) -> str | None:
        """The bureau names a path such as `purchases[1].taxableAmount`, before a colon."""
        path, colon, _ = words.partition(":")
        if not colon or not PATH.fullmatch(path):
            return None
        return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", path.removeprefix("heading."))


def _named(values: Mapping[str, Value]) -> dict[str, str]:
    """Our field names in the bureau's camelCase, values as text."""
    named = {
        re.sub(r"_(\w)", lambda letter: letter[1].upper(), name): str(plain_value(value))
        for name, value in values.items()
    }
    return named | ({"unit": UNITS[named["unit"]].zh} if "unit" in named else {})
