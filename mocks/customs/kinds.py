"""The business keys of the documents and the codes that the e-port refuses them with, as the field file has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mocks.customs.messages import FILE


@dataclass(frozen=True, slots=True)
class Code:
    """A negative returnStatus with its text; `{key}` is the document's key."""

    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """`key` names the document to its sender, `scope` is what else makes it one document to customs.

    Codes: `duplicate` a new one while the old one stands, `settled` customs' state does not permit the change,
    `unknown` no such document to change, `wrong` a head field with a value that has no meaning, `rows` numbered twice,
    `older` a change that was made no later than what it would change.
    """

    key: tuple[str, ...]
    scope: tuple[str, ...]
    duplicate: Code
    settled: Code
    unknown: Code
    wrong: Code
    rows: Code
    older: Code | None = None


def kind_of(row: dict[str, Any]) -> Kind:
    refusals: dict[str, list[str]] = FILE["refusals"][row["refusals"]]
    called = row.get("called", "")
    codes = {name: Code(status, text.replace("{called}", called)) for name, (status, text) in refusals.items()}
    return Kind(tuple(row["key"]), tuple(row.get("scope", ())), **codes)


KINDS: dict[str, Kind] = {kind: kind_of(row) for kind, row in FILE["messages"].items()}
