"""A paper as it would go out, before it is kept; and what its authority would refuse of it, as our words take it."""

from __future__ import annotations

from connectors.sdk.papers import Action, Paper, Problem
from hub.dossiers.dossier import DocumentFile
from hub.dossiers.rows import Attention
from hub.papers.derivation import Derived
from hub.papers.desk import Desk


def rule_of(document: DocumentFile, problem: Problem, desk: Desk) -> Attention:
    """A problem that a connector found, as the parameters of AUTHORITY_RULE."""
    names, kind = desk.names[document.authority], document.kind
    return {
        "authority": names["zh"],
        "authority_en": names["en"],
        "rule": problem.rule,
        "rule_en": problem.rule_en,
        "kind": desk.kind_name(kind, "zh"),
        "kind_en": desk.kind_name(kind, "en"),
        "field": problem.field,
    }


def draft(document: DocumentFile, derived: Derived, desk: Desk) -> Paper:
    return Paper(
        kind=document.kind,
        number=document.number,
        version=document.version,
        guid=desk.guid(),
        action=Action.CHANGE if document.taken else Action.NEW,
        derived_at=desk.now(),
        head=derived.head,
        lines=derived.lines,
    )
