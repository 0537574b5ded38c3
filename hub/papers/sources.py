"""Where the value of a paper's field comes from. Written as text in its file: `entry:orderNumber`, `tariff:unit1`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from connectors.sdk.inside.toml_files import nearest_of
from connectors.sdk.instants import day_of
from connectors.sdk.working_out import Lacks, WorkedOut
from hub.dossiers.dossier import Dossier, DossierLine
from hub.dossiers.typed_paths import pick
from hub.errors import EntryProblem, PlanWrong
from hub.model import BasicInformation, DocumentEvent, Enterprise, Leg, RefundRate, Remittance, Tariff
from hub.papers.computations import COMPUTATIONS, Asked, CannotCompute, Reckoned

SHARES = "shares"
"""Of a remittance: which trades it is for, and how much of it is for each."""
OF_SHARES = ("mode", "orderNumber", "platform")
"""What of the entry shares tell."""


class Value(NamedTuple):
    """A value, as of when, and for one that was worked out in one of several ways which way that was."""

    value: Any
    as_of: datetime | None
    how: str = ""


class MissingError(Exception):
    """There is no value yet; the text says what is missing: a path of the entry, or a word of `hub.errors.LACKS`.

    `path` is where in the entry that hangs on, where nothing but another entry or registration brings it; a `problem`
    says what to type there.
    """

    def __init__(self, what: str, path: str = "", problem: EntryProblem | None = None) -> None:
        super().__init__(what)
        self.path = path
        self.problem = problem


@dataclass(frozen=True, slots=True)
class ValueSource:
    """A kind of source and what to read there. `text` is how it stands in the tables and in the evidence.

    `entry_paths` are the paths of the entry that the value depends on, with `[]` for a line's index. Of a computation
    `meaning` is what its docstring says, and of a connector's own `inputs` are what it is worked out of.
    """

    kind: str
    path: str
    read: Callable[[Dossier, DossierLine], Value]
    """The value and its as-of time. MissingError where it is not known yet."""
    entry_paths: tuple[str, ...] = ()
    inputs: tuple[ValueSource, ...] = ()
    meaning: str = ""

    @property
    def text(self) -> str:
        return f"{self.kind}:{self.path}"


@dataclass(frozen=True, slots=True)
class Shelves:
    """What a source may name beside the dossier: what a connector works out itself, and the facts that papers give.

    `facts`: name → the kinds of paper that give it, each with what the authority's answer calls it.
    """

    own: Mapping[str, WorkedOut] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_source(text: str, shelves: Shelves, within: tuple[str, ...] = ()) -> ValueSource:
    """PlanWrong where the kind of source, or what is read there, is unknown.

    `within` are the computations of a connector's own that read it, the outermost first: none may read itself.
    """
    kind, _, path = text.partition(":")
    if kind not in READERS:
        raise PlanWrong(problems=f"unknown source {text!r}; known are {', '.join(READERS)}")
    known = {"computed": {*COMPUTATIONS, *shelves.own}, "fact": {*shelves.facts}}.get(kind) or HOLDS.get(kind)
    if known is not None and path not in known:
        near = nearest_of(text, {f"{kind}:{one}" for one in known})
        raise PlanWrong(problems=f"unknown source {text!r}; {near}")
    if kind == "fact":
        return ValueSource(kind, path, partial(_fact, shelves.facts[path], path))
    if kind == "computed" and path in shelves.own:
        return _own(path, shelves, within)
    meaning = (kind == "computed" and inspect.getdoc(COMPUTATIONS[path].function)) or ""
    return ValueSource(kind, path, partial(READERS[kind], path), _entry_paths(kind, path), meaning=meaning)


def _entry_paths(kind: str, path: str) -> tuple[str, ...]:
    if kind == "computed":
        return COMPUTATIONS[path].reads
    return (path,) if kind == "entry" else OF_SHARES if (kind, path) == ("remittance", SHARES) else ()


def _own(path: str, shelves: Shelves, within: tuple[str, ...]) -> ValueSource:
    """A value that a connector works out: from the sources of its parameters, and from nothing else."""
    work, way = shelves.own[path], (*within, path)
    if path in within:
        raise PlanWrong(problems=f"computed:{within[0]} reads itself: {' → '.join(way)}")
    sources = {name: read_source(text.removesuffix("?"), shelves, way) for name, text in work.sources.items()}
    optional = {name for name, text in work.sources.items() if text.endswith("?")}

    def read(dossier: Dossier, line: DossierLine) -> Value:
        values: dict[str, Any] = {}
        as_of = dossier.entered_at
        for name, source in sources.items():
            try:
                values[name], known, _ = source.read(dossier, line)
                as_of = max(as_of, known or as_of)
            except MissingError:
                if name not in optional:
                    raise
                values[name] = None
        try:
            found = work(**values)
        except Lacks as error:
            raise MissingError(str(error), error.path) from None
        return _present(found, path, as_of)

    paths = dict.fromkeys(path for source in sources.values() for path in source.entry_paths)
    meaning = inspect.getdoc(work.function) or ""
    return ValueSource("computed", path, read, tuple(paths), tuple(sources.values()), meaning)


def _present(value: Any, what: str, as_of: datetime | None) -> Value:
    if value in (None, ""):
        raise MissingError(what)
    return Value(value, as_of)


def _entry(path: str, dossier: Dossier, line: DossierLine) -> Value:
    group, marker, rest = path.partition("[].")
    if marker and line.group != group:  # of every line of another list
        return Value([pick(one, rest) for one in pick(dossier.entry, group) or ()], dossier.entered_at)
    value = pick(line.values, rest) if marker else pick(dossier.entry, group)
    return _present(value, path.replace("[]", f"[{line.place}]"), dossier.entered_at)


def _registration(path: str, dossier: Dossier, line: DossierLine) -> Value:
    value = pick(dossier.enterprise, path) or pick(dossier.enterprise["partners"], path)
    return _present(value, f"registration:{path}", dossier.enterprise["registered_at"])


def _tariff(path: str, dossier: Dossier, line: DossierLine) -> Value:
    code = line.values["hsCode"]
    row = dossier.shelf.tariffs.get(code)
    return _present(getattr(row, path, None), f"tariff:{code}", row.as_of if row else None)


def _refund_rate(path: str, dossier: Dossier, line: DossierLine) -> Value:
    code, departed = line.values["hsCode"], dossier.departed()
    row = dossier.shelf.refund_rate(code, day_of(departed.happened_at)) if departed else None
    return _present(getattr(row, path, None), f"refund rate:{code}", row.as_of if row else None)


def _fact(givers: Mapping[str, str], path: str, dossier: Dossier, line: DossierLine) -> Value:
    """What an authority gave in answer to one of these papers."""
    for kind, written in givers.items():
        name = written.replace("[]", str(line.place + 1))
        if found := dossier.answer(kind, name):
            return Value(found.answers[name], found.as_of, f"{kind} {name}")
    raise MissingError(f"fact:{path}")


def _leg(path: str, dossier: Dossier, line: DossierLine) -> Value:
    leg = dossier.legs[0] if dossier.legs else None
    return _present(getattr(leg, path, None), f"leg:{path}", leg.as_of if leg else None)


def _departure(path: str, dossier: Dossier, line: DossierLine) -> Value:
    event = dossier.departed()
    return _present(getattr(event, path, None), "departure", event.as_of if event else None)


def _remittance(path: str, dossier: Dossier, line: DossierLine) -> Value:
    remittance = dossier.remittance(line.part)
    paid = remittance.paid if remittance else None
    if paid and path == SHARES:
        return Value(dossier.shares[paid.id], paid.as_of)
    return _present(getattr(paid, path, None), f"remittance:{path}", paid.as_of if paid else None)


def _bank(path: str, dossier: Dossier, line: DossierLine) -> Value:
    remittance = dossier.remittance(line.part)
    bank = remittance.bank if remittance else None
    return _present(getattr(bank, path, None), f"bank:{path}", bank.as_of if bank else None)


def _computed(path: str, dossier: Dossier, line: DossierLine) -> Value:
    try:
        found = COMPUTATIONS[path].function(dossier, line)
    except Asked as error:
        raise MissingError(str(error), problem=error.problem) from None
    except CannotCompute as error:
        raise MissingError(str(error), error.path) from None
    if isinstance(found, Reckoned):
        return Value(found.value, dossier.entered_at, found.how)
    return _present(found, path, dossier.entered_at)


READERS: Mapping[str, Callable[[str, Dossier, DossierLine], Value]] = {
    "entry": _entry,
    "registration": _registration,
    "tariff": _tariff,
    "refund_rate": _refund_rate,
    "fact": lambda path, dossier, line: _fact({}, path, dossier, line),
    "leg": _leg,
    "departure": _departure,
    "remittance": _remittance,
    "bank": _bank,
    "trade": lambda path, dossier, line: Value(getattr(dossier, path), dossier.entered_at),
    "line": lambda path, dossier, line: Value(line.number if path == "number" else line.place + 1, None),
    "constant": lambda path, dossier, line: Value(path, None),
    "computed": _computed,
}
"""Every kind of source. A connector's own papers use the same ones."""
PARTNERS: Mapping[str, tuple[str, ...]] = {
    "declarant": ("code", "name"),
    "producer": ("code", "name"),
    "logistics": ("code", "name", "parcelNumbers"),
    "bank": ("account", "code", "name"),
    "contact": (), "customsOffice": (), "refundBatch": (), "platforms": (), "paymentProviders": (), "summaries": (),
    "refunds": (),
}  # fmt: skip
"""What a registration holds beside the columns of an enterprise, as `hub.entry.registration.REGISTRATION` has it."""
HOLDS: Mapping[str, frozenset[str]] = {
    "registration": frozenset(
        {
            *(one.name for one in Enterprise.__table__.columns if one.name != "partners"),
            *PARTNERS,
            *(f"{name}.{part}" for name, parts in PARTNERS.items() for part in parts),
        }
    ),
    "tariff": frozenset(Tariff.__table__.columns.keys()),
    "refund_rate": frozenset(RefundRate.__table__.columns.keys()),
    "leg": frozenset(Leg.__table__.columns.keys()),
    "departure": frozenset(DocumentEvent.__table__.columns.keys()),
    "remittance": frozenset({*Remittance.__table__.columns.keys(), SHARES}),
    "bank": frozenset(BasicInformation.__table__.columns.keys()),
    "trade": frozenset({"number", "mode", "entered_at"}),
    "line": frozenset({"number", "item"}),
}
"""What can be read of each kind, where that is a row; what is typed is known to `hub.entry`."""
