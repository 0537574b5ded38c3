"""The re-use ledger: values that a person typed, against values that stand in papers, counted from the papers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hub.dossiers.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Reuse:
    """`typed`: values in the entry; `delivered`: values in the papers so far; `typed_twice`: values typed again.

    `by_source` says where the delivered values came from: `entry`, `registration`, `tariff`, `fact` …
    """

    typed: int
    delivered: int
    typed_twice: int
    by_source: dict[str, int]


def reuse(dossier: Dossier) -> Reuse:
    """Counted from the actual papers of one trade."""
    sources = Counter(
        evidence["source"].partition(":")[0] for document in dossier.all_documents for evidence in document.evidence
    )
    return Reuse(
        typed=dossier.typed,
        delivered=sum(sources.values()),
        typed_twice=dossier.typed_again,
        by_source=dict(sources.most_common()),
    )
