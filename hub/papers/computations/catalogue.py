"""Computations by name: what a derivation's `computed:` may name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from hub.dossiers.dossier import Dossier, DossierLine
from hub.errors import EntryProblem


class CannotCompute(Exception):
    """Something that the computation needs is not known; the text names it.

    `path` is the place of the entry that it hangs on where no later event will bring it: that is said at entry.
    """

    def __init__(self, what: str, path: str = "") -> None:
        super().__init__(what)
        self.path = path


class Asked(CannotCompute):
    """Only who typed the entry can tell it. `problem` says so at entry; a paper waits, also for an optional field."""

    def __init__(self, what: str, problem: EntryProblem) -> None:
        super().__init__(what)
        self.problem = problem


class Reckoned(NamedTuple):
    """A value and how it came about, which goes into the evidence: `5 打 × 12 = 60 件`, or `entry:` and a path."""

    value: Decimal
    how: str


@dataclass(frozen=True, slots=True)
class Computation:
    function: Callable[[Dossier, DossierLine], Any]
    reads: tuple[str, ...]


COMPUTATIONS: dict[str, Computation] = {}


def computation(
    *reads: str,
) -> Callable[[Callable[[Dossier, DossierLine], Any]], Callable[[Dossier, DossierLine], Any]]:
    """Names a computation by its function; `reads` are the entry's paths that it depends on."""

    def enter(function: Callable[[Dossier, DossierLine], Any]) -> Callable[[Dossier, DossierLine], Any]:
        COMPUTATIONS[function.__name__] = Computation(function, reads)
        return function

    return enter
