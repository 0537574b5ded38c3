"""Computations by name: what a sheet's `computed:` may name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.share.dossier import Dossier, Line


class CannotCompute(Exception):
    """Something that the computation needs is not known; the text names it."""


@dataclass(frozen=True, slots=True)
class Computation:
    function: Callable[[Dossier, Line], Any]
    reads: tuple[str, ...]


COMPUTATIONS: dict[str, Computation] = {}


def computation(*reads: str) -> Callable[[Callable[[Dossier, Line], Any]], Callable[[Dossier, Line], Any]]:
    """Names a computation by its function; `reads` are the entry's paths that it depends on."""

    def enter(function: Callable[[Dossier, Line], Any]) -> Callable[[Dossier, Line], Any]:
        COMPUTATIONS[function.__name__] = Computation(function, reads)
        return function

    return enter
