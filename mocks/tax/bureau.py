"""The review of filings: what was taken over, what became of it, and the row of results that only grows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mocks.listing import page_of
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
class Taken:
    """A filing that the bureau has a number for, and the relations that a reviewer refuses: why, and for what field."""

    number: str
    filing: Filing
    at: datetime
    refused: dict[str, tuple[str, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """One step of one filing, or of one relation of it. `sequence` is given when the step falls due and stays."""

    due: datetime
    taken: Taken
    relation: str
    status: str
    amount: str
    reason: str | None = None
    field: str | None = None
    alone: bool = False

    @property
    def filing_number(self) -> str:
        return self.taken.number

    @property
    def about(self) -> list[str]:
        """The relations that it says something of."""
        return [self.relation] if self.alone else self.taken.filing.relations

    def as_json(self) -> dict[str, Any]:
        return {
            "filingNumber": self.filing_number,
            "taxpayer": self.taken.filing.taxpayer,
            "relation": self.relation,
            "status": self.status,
            "at": self.due.isoformat(),
            "amount": self.amount,
            "reason": self.reason,
            "field": self.field,
        }


class Bureau:
    """One lock guards everything; what is due is settled at the start of every question.

    A relation is a number of its taxpayer. Where a question names no taxpayer, the last filing with it is meant.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lock = threading.Lock()
        self._filings: list[Taken] = []
        self._latest: dict[tuple[str, str], Taken] = {}
        self._status: dict[tuple[str, str], Result] = {}
        self._pending: list[Result] = []
        self._listed: list[Result] = []
        self._withdrawn: set[str] = set()

    def take(self, filing: Filing) -> tuple[str, bool]:
        """The filing number, and whether it is new: a relation is filed once, until that is refused or withdrawn."""
        with self._lock:
            now = self._pace.now()
            self._settle(now)
            if earlier := self._filed_before(filing):
                return earlier.number, False
            taken = Taken(f"4101{now:%Y%m%d}{len(self._filings) + 1:06d}", filing, now)
            self._filings.append(taken)
            for relation in filing.relations:
                self._latest[filing.taxpayer, relation] = self._latest["", relation] = taken
            self._pending.extend(self._foresee(taken))
            self._settle(now)
            return taken.number, True

    def withdraw(self, relation: str, taxpayer: str = "") -> tuple[str, bool]:
        """The filing number, and whether this withdraws it; from now on nothing else becomes of the filing."""
        with self._lock:
            now = self._pace.now()
            taken = self._under_review(relation, taxpayer, now)
            if taken.number in self._withdrawn:
                return taken.number, False
            self._withdrawn.add(taken.number)
            self._pending = [step for step in self._pending if step.taken is not taken]
            due = self._pace.after(now, WITHDRAWN_AFTER)
            self._pending.append(Result(due, taken, taken.filing.relation, "withdrawn", "0.00"))
            return taken.number, True

    def refuse(self, relation: str, taxpayer: str, reason: str, field: str | None) -> str:
        """A reviewer will refuse this relation; the decision and what follows are then told relation by relation."""
        with self._lock:
            taken = self._under_review(relation, taxpayer, self._pace.now())
            if taken.number in self._withdrawn:
                raise Objection("STATE", "relation", "it is withdrawn", 409)
            taken.refused[relation] = (reason, field)
            kept = [step for step in self._pending if step.taken is not taken or step.status in WITHDRAWABLE]
            self._pending = [*kept, *self._decide(taken)]
            return taken.number

    def results(self, after: int, limit: int) -> dict[str, Any]:
        with self._lock:
            self._settle(self._pace.now())
            rows = [{"sequence": turn, **result.as_json()} for turn, result in enumerate(self._listed, start=1)]
            return page_of("results", rows, after, limit)

    def by_relation(self, relation: str, taxpayer: str = "") -> tuple[Result, Filing] | None:
        with self._lock:
            self._settle(self._pace.now())
            taken = self._latest.get((taxpayer, relation))
            return (self._status[taken.number, relation], taken.filing) if taken else None

    def holdings(self) -> dict[str, Any]:
        """Filings by their numbers, with what became of each relation."""
        with self._lock:
            self._settle(self._pace.now())
            return {"filings": {taken.number: self._as_held(taken) for taken in self._filings}}

    def _as_held(self, taken: Taken) -> dict[str, Any]:
        said = {relation: self._status[taken.number, relation] for relation in taken.filing.relations}
        return {
            **{name: taken.filing.heading[name] for name in ("taxpayer", "period", "batch")},
            "relations": {relation: result.status for relation, result in said.items()},
        }

    def _filed_before(self, filing: Filing) -> Taken | None:
        """The same filing; Objection names the row whose relation stands in another one."""
        for index, row in enumerate(filing.exports):
            earlier = self._latest.get((filing.taxpayer, row["relation"]))
            if earlier is None or self._status[earlier.number, row["relation"]].status in FREES_RELATION:
                continue
            if set(earlier.filing.relations) == set(filing.relations):
                return earlier
            raise Objection("RELATION", f"exports[{index}].relation", f"filed before under {earlier.number}")
        return None

    def _under_review(self, relation: str, taxpayer: str, now: datetime) -> Taken:
        """The filing of a relation, while the bureau has not decided, or after it was withdrawn."""
        self._settle(now)
        taken = self._latest.get((taxpayer, relation))
        if taken is None:
            raise Objection("UNKNOWN", "relation", "nothing filed under this relation", 404)
        if taken.number not in self._withdrawn and self._status[taken.number, relation].status not in WITHDRAWABLE:
            raise Objection("STATE", "relation", "the review is over", 409)
        return taken

    def _foresee(self, taken: Taken) -> list[Result]:
        """The steps of a filing that is answered as a whole."""
        filing, doubtful = taken.filing, doubtful_price(taken.filing)
        steps = []
        for status, seconds in REFUSED if doubtful else GRANTED:
            due, refused = self._pace.after(taken.at, seconds), status == "refused"
            amount = "0.00" if refused else f"{filing.refund:.2f}"
            said = (DOUBTFUL_PRICE, doubtful) if refused else (None, None)
            steps.append(Result(due, taken, filing.relation, status, amount, *said))
        return steps

    def _decide(self, taken: Taken) -> Iterator[Result]:
        """The decision on each relation by itself, and the payment of those that were not refused."""
        for relation in taken.filing.relations:
            reason, field = taken.refused.get(relation, (None, None))
            amount = "0.00" if reason else f"{taken.filing.refund_of(relation):.2f}"
            for status, seconds in REFUSED if reason else GRANTED:
                if status not in WITHDRAWABLE:
                    due = self._pace.after(taken.at, seconds)
                    yield Result(due, taken, relation, status, amount, reason, field, alone=True)

    def _settle(self, now: datetime) -> None:
        """Lists what has fallen due, in order of falling due; later filings can only fall due later than that."""
        ripe = sorted((step for step in self._pending if step.due <= now), key=lambda step: step.due)
        if ripe:
            self._pending = [step for step in self._pending if step.due > now]
            self._listed.extend(ripe)
            self._status.update(((step.filing_number, relation), step) for step in ripe for relation in step.about)
