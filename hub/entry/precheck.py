"""智能审单: the papers of a new trade are held against the authorities' own tables before anything is stored.

Each problem is said where it was typed, not where it would have surfaced.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sdk.papers import Problem
from hub.errors import EntryProblem
from hub.share.decide import document_number, draft
from hub.share.desk import Desk
from hub.share.dossier import DocumentFile, Dossier
from hub.share.sheet import Derived, Sheet, derive


def precheck(dossier: Dossier, desk: Desk) -> list[EntryProblem]:
    """What the authorities would refuse, for every paper of the trade that can be derived already."""
    found: dict[tuple[str, str], EntryProblem] = {}
    for row in desk.plan.due(dossier.mode, dossier.entry):
        sheet = desk.sheets[row.kind]
        derived = derive(sheet, desk.schemas[row.kind], dossier)
        problems = list(_underivable(row.kind, derived))
        if not derived.missing:
            paper = draft(DocumentFile(row.kind, document_number(dossier.number, 1)), derived, desk)
            problems += [
                _translate(row.kind, problem, sheet, desk) for problem in desk.documents[row.kind].check(paper)
            ]
        for problem in problems:
            found.setdefault((problem.path, str(problem.parameters.get("rule"))), problem)
    return list(found.values())


def _underivable(kind: str, derived: Derived) -> Iterator[EntryProblem]:
    """What no later event will bring: it was not typed, or the registration lacks it."""
    for missing in derived.missing:
        if missing.source.kind in ("entry", "registration") or missing.what in missing.source.entry_paths():
            typed = missing.source.entry_paths()
            if missing.source.kind == "entry" or missing.what in typed:
                yield EntryProblem(missing.what, "REQUIRED", {})
            else:
                yield EntryProblem("", "NOT_DERIVABLE", {"kind": kind, "field": missing.name, "cause": missing.what})


def _translate(kind: str, problem: Problem, sheet: Sheet, desk: Desk) -> EntryProblem:
    authority = desk.plan.authorities[kind]
    return EntryProblem(
        typed_at(sheet, problem.field),
        "AUTHORITY_RULE",
        {"authority": desk.names[authority]["zh"], "rule": problem.rule, "kind": kind, "field": problem.field},
    )


def typed_at(sheet: Sheet, field: str) -> str:
    """The path of the entry that a paper's field was filled from; empty where nobody typed it."""
    group, bracket, rest = field.partition("[")
    if not bracket:
        paths = sheet.head[field].entry_paths() if field in sheet.head else ()
        return paths[0] if paths else ""
    index, _, name = rest.partition("].")
    source = sheet.groups[group].fields.get(name)
    paths = source.entry_paths() if source else ()
    return paths[0].replace("[]", f"[{index}]") if paths else ""
