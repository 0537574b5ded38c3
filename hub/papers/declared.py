"""What a connector names in its kinds of paper and its rows of the plan, and which of these names nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches

from connectors.sdk.inside.toml_files import nearest_of
from connectors.sdk.kinds import PaperKind
from connectors.sdk.manifest import PlanSpec
from hub.papers.plan import DECLARATION
from hub.papers.plan_sheets import read_sheets


@dataclass(frozen=True, slots=True)
class Typed:
    """What an entry may hold: the paths that are typed, and what is wrong with a value at one of them, if anything."""

    paths: frozenset[str]
    problem: Callable[[str, str], str | None]


def paper_problem(paper: PaperKind, kinds: Collection[str]) -> str | None:
    """What is wrong with the role or the `recall_until` of a kind: a name that nobody knows would mean nothing."""
    roles = {DECLARATION, *(row["role"] for sheet in read_sheets() for row in sheet.rows if row["role"])}
    if paper.role and paper.role not in roles:
        return f"role: no plan asks for {paper.role}; {nearest_of(paper.role, roles)}"
    for name in sorted({*(paper.recall_until or ())} - {*kinds}):
        return f"recall_until: nobody declares {name}; {nearest_of(name, kinds)}"
    return None


def row_problem(row: PlanSpec, kinds: Collection[str], typed: Typed) -> str | None:
    """What is wrong with the kind, the modes or the `only` of a row that a connector adds."""
    if row.kind not in kinds:
        return f"kind: nobody declares {row.kind}; {nearest_of(row.kind, kinds)}"
    planned = {one.mode for one in read_sheets()}
    for mode in row.modes:
        if mode not in planned:
            return f"modes: {mode} is not planned; known are {', '.join(sorted(planned))}"
    for path, value in row.only.items():
        if path not in typed.paths:
            return f"only: nobody types {path}; {near(path, typed)}"
        if problem := typed.problem(path, value):
            return f"only: {path} is never {value!r}: {problem}"
    return None


def near(path: str, typed: Typed) -> str:
    """The paths of the entry that somebody may have meant."""
    close = ", ".join(get_close_matches(path, typed.paths, n=3)) or "see the tables of docs/unified-model.md"
    return f"near to it: {close}"
