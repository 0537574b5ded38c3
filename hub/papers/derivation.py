"""A derivation: the sources of a paper's fields, and the paper that is derived from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from connectors.sdk.kinds import PaperKind
from connectors.sdk.paper_json import COERCE, write_value
from connectors.sdk.papers import FieldSchema, PaperSchema
from connectors.sdk.papers import Value as PaperValue
from hub.dossiers.dossier import Dossier, DossierLine
from hub.dossiers.rows import Evidence
from hub.dossiers.typed_paths import pick
from hub.errors import EntryProblem
from hub.papers.sources import MissingError, Shelves, ValueSource, read_source


@dataclass(frozen=True, slots=True)
class LineSources:
    """A group of lines: one for each element of `each` in the entry, or a single one where `each` is empty."""

    each: str
    fields: Mapping[str, ValueSource]

    def lines(self, dossier: Dossier, part: int) -> Iterator[tuple[Dossier, DossierLine]]:
        """Each line with the dossier that it is derived from: of a consolidation, that of its trade."""
        number = 0
        for trade in dossier.lines or [dossier]:
            elements: Sequence[Mapping[str, Any]] = pick(trade.entry, self.each) or () if self.each else ({},)
            for place, values in enumerate(elements):
                number += 1
                yield trade, DossierLine(place, values, part, self.each, number)


@dataclass(frozen=True, slots=True)
class Derivation:
    """The sources of one kind of paper, with the types of its fields."""

    schema: PaperSchema
    head: Mapping[str, ValueSource]
    groups: Mapping[str, LineSources] = field(default_factory=dict)

    def entry_paths(self) -> set[str]:
        """The paths of the entry that reach this paper: mending one of them means a new version."""
        sources = [*self.head.values(), *(source for rows in self.groups.values() for source in rows.fields.values())]
        return {path for source in sources for path in source.entry_paths}


def read_derivation(kind: PaperKind, shelves: Shelves) -> Derivation:
    """Reads a kind's sources from its file; PlanWrong where one is unknown."""
    return Derivation(
        kind.schema,
        {name: read_source(text, shelves) for name, text in kind.head.items()},
        {
            group: LineSources(rows.each, {name: read_source(text, shelves) for name, text in rows.sources.items()})
            for group, rows in kind.groups.items()
        },
    )


class Missing(NamedTuple):
    """A field without the value that it needs: its name, its source, what is missing, and the place of the entry.

    `problem` is what is asked for there, where more than the place can be said.
    """

    name: str
    source: ValueSource
    what: str
    line: int
    path: str = ""
    problem: EntryProblem | None = None


@dataclass(slots=True)
class Derived:
    """A paper's content with its evidence; complete only where nothing is missing. `trades`: whose each line is."""

    head: dict[str, PaperValue] = field(default_factory=dict)
    lines: dict[str, list[dict[str, PaperValue]]] = field(default_factory=dict)
    trades: dict[str, list[int]] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)


def derive(derivation: Derivation, dossier: Dossier, part: int = 0) -> Derived:
    """Works a paper out of the dossier. Nothing is guessed: what has no value yet is listed as missing."""
    derived, schema = Derived(), derivation.schema
    _fill(derived, derived.head, derivation.head, schema.head, dossier, DossierLine(0, {}, part), "")
    for group, rows in derivation.groups.items():
        written = derived.lines.setdefault(group, [])
        for trade, line in rows.lines(dossier, part):
            written.append({})
            derived.trades.setdefault(group, []).append(trade.trade_id or 0)
            place = f"{group}[{len(written) - 1}]."
            _fill(derived, written[-1], rows.fields, schema.lines[group], trade, line, place)
    return derived


def _fill(
    derived: Derived,
    target: dict[str, PaperValue],
    sources: Mapping[str, ValueSource],
    schema: Mapping[str, FieldSchema],
    dossier: Dossier,
    line: DossierLine,
    place: str,
) -> None:
    for name, source in sources.items():
        try:
            value, as_of, how = source.read(dossier, line)
        except MissingError as error:
            if schema[name].required or error.path or error.problem:  # what only a person can say, mandatory or not
                derived.missing.append(Missing(place + name, source, str(error), line.place, error.path, error.problem))
            continue
        target[name] = COERCE[schema[name].type](value)
        derived.evidence.append(
            {
                "name": place + name,
                "value": write_value(target[name]) or "",
                "source": f"{source.text} ({how})" if how else source.text,
                "as_of": as_of.isoformat() if as_of else None,
            }
        )


def write_content(derived: Derived) -> dict[str, Any]:
    return {
        "head": {name: write_value(value) for name, value in derived.head.items()},
        "lines": {
            group: [{name: write_value(value) for name, value in line.items()} for line in lines]
            for group, lines in derived.lines.items()
        },
    }
