"""The review of filings: what was taken over, what became of it, and the row of results that only grows."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mocks.objection import Objection
from mocks.pace import Pace
from mocks.tax.filing import Filing
from mocks.tax.rules import doubtful_price

MINUTE, HOUR, DAY = 60, 3600, 86400

# status and the seconds after remittance, at the bureau's own pace
GRANTED = (("received", 0), ("reviewing", 10 * MINUTE), ("approved", 2 * HOUR), ("paid", DAY))
REFUSED = (("received", 0), ("reviewing", 10 * MINUTE), ("refused", 2 * HOUR))
WITHDRAWN_AFTER = 10 * MINUTE
WITHDRAWABLE = ("received", "reviewing")
FREES_RELATION = ("refused", "withdrawn")
DOUBTFUL_PRICE = "换汇成本异常"


@dataclass(frozen=True)
class Result:
    """One step of one filing. `sequence` is given when the step falls due and stays."""

    due: datetime
    filing_number: str
    relation: str
    status: str
    amount: str
    reason: str | None = None
    field: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "filingNumber": self.filing_number,
            "relation": self.relation,
            "status": self.status,
            "at": self.due.isoformat(),
            "amount": self.amount,
            "reason": self.reason,
            "field": self.field,
        }


@dataclass(frozen=True)
class Taken:
    """A filing that the bureau has a number for."""

    number: str
    filing: Filing


class Bureau:
    """One lock guards everything; what is due is settled at the start of every question."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lock = threading.Lock()
        self._count = 0
        self._latest: dict[str, Taken] = {}
        self._status: dict[str, Result] = {}
        self._pending: list[Result] = []
        self._listed: list[Result] = []
        self._withdrawn: set[str] = set()

    def take(self, filing: Filing) -> tuple[str, bool]:
        """The filing number, and whether it is new: a relation is filed once, until that is refused or withdrawn."""
        with self._lock:
            now = self._pace.now()
            self._settle(now)
            for relation in filing.relations:
                earlier = self._latest.get(relation)
                if earlier and self._status[earlier.number].status not in FREES_RELATION:
                    return earlier.number, False
            self._count += 1
            number = f"4101{now:%Y%m%d}{self._count:06d}"
            taken = Taken(number, filing)
            self._latest.update(dict.fromkeys(filing.relations, taken))
            self._pending.extend(self._foresee(taken, now))
            self._settle(now)
            return number, True

    def withdraw(self, relation: str) -> tuple[str, bool]:
        """The filing number, and whether this withdraws it; from now on nothing else becomes of the filing."""
        with self._lock:
            now = self._pace.now()
            self._settle(now)
            taken = self._latest.get(relation)
            if taken is None:
                raise Objection("UNKNOWN", "relation", "nothing filed under this relation", 404)
            if taken.number in self._withdrawn:
                return taken.number, False
            if self._status[taken.number].status not in WITHDRAWABLE:
                raise Objection("STATE", "relation", "the review is over", 409)
            self._withdrawn.add(taken.number)
            self._pending = [step for step in self._pending if step.filing_number != taken.number]
            due = self._pace.after(now, WITHDRAWN_AFTER)
            self._pending.append(Result(due, taken.number, taken.filing.relation, "withdrawn", "0.00"))
            return taken.number, True

    def results(self, after: int, limit: int) -> dict[str, Any]:
        """Results past `after`; `next` is the sequence to go on from while more are listed, else null."""
        with self._lock:
            self._settle(self._pace.now())
            page = self._listed[after : after + limit]
            more = len(self._listed) > after + len(page)
        rows = [{"sequence": after + place, **result.as_json()} for place, result in enumerate(page, start=1)]
        return {"results": rows, "next": rows[-1]["sequence"] if rows and more else None}

    def by_relation(self, relation: str) -> tuple[Result, Filing] | None:
        with self._lock:
            self._settle(self._pace.now())
            taken = self._latest.get(relation)
            return (self._status[taken.number], taken.filing) if taken else None

    def _foresee(self, taken: Taken, now: datetime) -> list[Result]:
        doubtful = doubtful_price(taken.filing)
        steps = []
        for status, seconds in REFUSED if doubtful else GRANTED:
            refused = status == "refused"
            steps.append(
                Result(
                    self._pace.after(now, seconds),
                    taken.number,
                    taken.filing.relation,
                    status,
                    "0.00" if refused else f"{taken.filing.refund:.2f}",
                    DOUBTFUL_PRICE if refused else None,
                    doubtful if refused else None,
                )
            )
        return steps

    def _settle(self, now: datetime) -> None:
        """Lists what has fallen due, in order of falling due; later filings can only fall due later than that."""
        ripe = sorted((step for step in self._pending if step.due <= now), key=lambda step: step.due)
        if ripe:
            self._pending = [step for step in self._pending if step.due > now]
            self._listed.extend(ripe)
            self._status.update((step.filing_number, step) for step in ripe)
