"""Where the value of a paper's field comes from. Written as text in the tables: `entry:orderNumber`, `tariff:unit1`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple

from connectors.sdk.instants import day_of
from hub.dossiers.dossier import Dossier, DossierLine
from hub.dossiers.typed_paths import pick
from hub.errors import EntryProblem, PlanWrong
from hub.model import BasicInformation, DocumentEvent, Leg, RefundRate, Remittance, Tariff
from hub.papers.computations import COMPUTATIONS, Asked, CannotCompute, Reckoned


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
    """A kind of source and what to read there. `text` is how it stands in the tables and in the evidence."""

    kind: str
    path: str

    @property
    def text(self) -> str:
        return f"{self.kind}:{self.path}"

    def read(self, dossier: Dossier, line: DossierLine) -> Value:
        """The value and its as-of time. MissingError where it is not known yet."""
        return READERS[self.kind](dossier, line, self.path)

    def entry_paths(self) -> tuple[str, ...]:
        """The paths of the entry that the value depends on, with `[]` for a line's index."""
        if self.kind == "entry":
            return (self.path,)
        return COMPUTATIONS[self.path].reads if self.kind == "computed" else ()


def read_source(text: str) -> ValueSource:
    """PlanWrong where the kind or the computation is unknown."""
    kind, _, path = text.partition(":")
    if kind not in READERS:
        raise PlanWrong(problems=f"unknown source {text!r}; known are {', '.join(READERS)}")
    if kind == "computed" and path not in COMPUTATIONS:
        raise PlanWrong(problems=f"unknown computation {path!r}")
    if kind in HOLDS and path not in HOLDS[kind]:
        near = get_close_matches(path, HOLDS[kind], n=3) or sorted(HOLDS[kind])
        raise PlanWrong(problems=f"unknown source {text!r}; near to it: {', '.join(f'{kind}:{one}' for one in near)}")
    return ValueSource(kind, path)


def _present(value: Any, what: str, as_of: datetime | None) -> Value:
    if value in (None, ""):
        raise MissingError(what)
    return Value(value, as_of)


def _entry(dossier: Dossier, line: DossierLine, path: str) -> Value:
    group, marker, rest = path.partition("[].")
    value = pick(line.values, rest) if marker else pick(dossier.entry, group)
    return _present(value, path.replace("[]", f"[{line.place}]"), dossier.entered_at)


def _registration(dossier: Dossier, line: DossierLine, path: str) -> Value:
    value = pick(dossier.enterprise, path) or pick(dossier.enterprise["partners"], path)
    return _present(value, f"registration:{path}", dossier.enterprise["registered_at"])


def _tariff(dossier: Dossier, line: DossierLine, path: str) -> Value:
    code = line.values["hsCode"]
    row = dossier.shelf.tariffs.get(code)
    return _present(getattr(row, path, None), f"tariff:{code}", row.as_of if row else None)


def _refund_rate(dossier: Dossier, line: DossierLine, path: str) -> Value:
    code, departed = line.values["hsCode"], dossier.departed()
    row = dossier.shelf.refund_rate(code, day_of(departed.happened_at)) if departed else None
    return _present(getattr(row, path, None), f"refund rate:{code}", row.as_of if row else None)


def _answer(dossier: Dossier, line: DossierLine, path: str) -> Value:
    kind, _, name = path.partition(":")
    found = dossier.answer(kind, name)
    if found is None:
        raise MissingError(f"answer:{name}")
    return Value(*found)


def _leg(dossier: Dossier, line: DossierLine, path: str) -> Value:
    leg = dossier.legs[0] if dossier.legs else None
    return _present(getattr(leg, path, None), f"leg:{path}", leg.as_of if leg else None)


def _departure(dossier: Dossier, line: DossierLine, path: str) -> Value:
    event = dossier.departed()
    return _present(getattr(event, path, None), "departure", event.as_of if event else None)


def _remittance(dossier: Dossier, line: DossierLine, path: str) -> Value:
    remittance = dossier.remittance(line.part)
    paid = remittance.paid if remittance else None
    return _present(getattr(paid, path, None), f"remittance:{path}", paid.as_of if paid else None)


def _bank(dossier: Dossier, line: DossierLine, path: str) -> Value:
    remittance = dossier.remittance(line.part)
    bank = remittance.bank if remittance else None
    return _present(getattr(bank, path, None), f"bank:{path}", bank.as_of if bank else None)


def _computed(dossier: Dossier, line: DossierLine, path: str) -> Value:
    try:
        found = COMPUTATIONS[path].function(dossier, line)
    except Asked as error:
        raise MissingError(str(error), problem=error.problem) from None
    except CannotCompute as error:
        raise MissingError(str(error), error.path) from None
    if isinstance(found, Reckoned):
        return Value(found.value, dossier.entered_at, found.how)
    return _present(found, path, dossier.entered_at)


READERS: Mapping[str, Callable[[Dossier, DossierLine, str], Value]] = {
    "entry": _entry,
    "registration": _registration,
    "tariff": _tariff,
    "refund_rate": _refund_rate,
    "answer": _answer,
    "leg": _leg,
    "departure": _departure,
    "remittance": _remittance,
    "bank": _bank,
    "trade": lambda dossier, line, path: Value(getattr(dossier, path), dossier.entered_at),
    "line": lambda dossier, line, path: Value(line.place + 1, None),
    "constant": lambda dossier, line, path: Value(path, None),
    "computed": _computed,
}
"""Every kind of source. A connector's own papers use the same ones."""
HOLDS: Mapping[str, frozenset[str]] = {
    "tariff": frozenset(Tariff.__table__.columns.keys()),
    "refund_rate": frozenset(RefundRate.__table__.columns.keys()),
    "leg": frozenset(Leg.__table__.columns.keys()),
    "departure": frozenset(DocumentEvent.__table__.columns.keys()),
    "remittance": frozenset(Remittance.__table__.columns.keys()),
    "bank": frozenset(BasicInformation.__table__.columns.keys()),
    "trade": frozenset({"number", "mode", "entered_at"}),
}
"""What can be read of each kind, where that is a row; what is typed is known to `hub.entry`."""
