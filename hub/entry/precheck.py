"""智能审单: the papers of a new trade are held against the authorities' own tables before anything is stored.

Each problem is said where it was typed, not where it would have surfaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hub.dossiers.dossier import DocumentFile, Dossier
from hub.errors import EntryProblem
from hub.model.numbering import document_number
from hub.papers.derivation import Derivation, Derived, derive
from hub.papers.desk import Desk
from hub.papers.drafting import draft, rule_of


def precheck(dossier: Dossier, desk: Desk) -> list[EntryProblem]:
    """What the authorities would refuse, for every paper of the trade, as far as it can be derived already."""
    found: dict[tuple[str, str, str], EntryProblem] = {}
    for row in desk.due(dossier):
        derivation = desk.derivations[row.kind]
        derived = derive(derivation, dossier)
        source = desk.plan.source_of(row.kind, dossier.entry) or ""
        document = DocumentFile(row.kind, document_number(dossier.number), authority=source)
        problems = [*_underivable(row.kind, derived), *_refusable(document, derived, derivation, desk)]
        for problem in problems:
            said = str(problem.parameters.get("rule") or problem.parameters.get("field") or "")
            told = replace(problem, source=desk.editions.get(source, ""))
            found.setdefault((problem.path, problem.code, said), told)
    return list(found.values())


def _underivable(kind: str, derived: Derived) -> Iterator[EntryProblem]:
    """What no later event will bring: it was not typed, or the registration lacks it."""
    for missing in derived.missing:
        if missing.problem:
            yield missing.problem
            continue
        typed = missing.source.kind == "entry" or missing.what in missing.source.entry_paths
        if typed:
            yield EntryProblem(missing.what, "REQUIRED", {})
        elif missing.path or missing.what.startswith("registration:"):
            yield EntryProblem(
                missing.path, "NOT_DERIVABLE", {"kind": kind, "field": missing.name, "cause": missing.what}
            )


def _refusable(document: DocumentFile, derived: Derived, derivation: Derivation, desk: Desk) -> Iterator[EntryProblem]:
    """What the authority's table refuses of what is there; what only later events bring is not held against it."""
    later = {missing.name for missing in derived.missing}
    talk = desk.served[document.authority][document.kind]
    for problem in talk.check(draft(document, derived, desk)):
        if problem.field not in later:
            yield EntryProblem(typed_at(derivation, problem.field), "AUTHORITY_RULE", rule_of(document, problem, desk))


def typed_at(derivation: Derivation, field: str) -> str:
    """The path of the entry that a paper's field was filled from; empty where nobody typed it."""
    group, bracket, rest = field.partition("[")
    if not bracket:
        paths = derivation.head[field].entry_paths if field in derivation.head else ()
        return paths[0].partition("[]")[0] if paths else ""
    index, _, name = rest.partition("].")
    source = derivation.groups[group].fields.get(name)
    paths = source.entry_paths if source else ()
    return paths[0].replace("[]", f"[{index}]") if paths else ""
