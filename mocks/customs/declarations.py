"""Declarations (报关单) on their way through customs, and the row of results that only grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from mocks.customs.agenda import Agenda
from mocks.customs.declaration_form import CHANGE, WITH_ORDER, Form
from mocks.customs.declaration_review import order_of, returned_by_review
from mocks.customs.documents import Archive
from mocks.customs.numbers import BEIJING, Numbers
from mocks.customs.scripts import (
    ACCEPTED,
    AGAIN_AFTER_SECONDS,
    CANCELLATION,
    CANCELLED,
    DECLARATION,
    DECLARATION_TEXTS,
    ENDED,
    LET_GO,
    RECEIVED,
    RELEASE_AFTER_CLOSING_ONE_IN,
    RESULT_TWICE_ONE_IN,
    RETURNED,
    TWICE_AGAIN_LATER_ONE_IN,
    Script,
    Step,
)
from mocks.listing import page_of
from mocks.objection import DUPLICATE, Objection
from mocks.pace import Pace

CHANGEABLE = (RECEIVED, RETURNED)
PAST_CANCELLING = (LET_GO, ENDED)


@dataclass(slots=True, eq=False)
class Paper:
    """One run of one declaration through the script. `stopped`: a later run or a cancellation has taken its place."""

    form: Form
    run: int
    came_after_order: bool
    at: datetime
    status: str = RECEIVED
    words: str = ""
    entry_id: str | None = None
    stopped: bool = False
    cancelling: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "copNo": self.form.cop_no,
            "status": self.status,
            "entryId": self.entry_id,
            "at": self.at.astimezone(BEIJING).isoformat(timespec="milliseconds"),
            "words": self.words,
        }


class Declarations:
    """All declarations of an office, which keeps the agenda and asks us only when it has caught up with it."""

    def __init__(self, pace: Pace, agenda: Agenda, archive: Archive, numbers: Numbers) -> None:
        self._pace = pace
        self._agenda = agenda
        self._archive = archive
        self._numbers = numbers
        self._papers: dict[str, Paper] = {}
        self._results: list[dict[str, Any]] = []

    def take(self, form: Form, now: datetime) -> None:
        """Starts a declaration on the script, or raises why not."""
        known = self._papers.get(form.cop_no)
        self._check_turn(form, known)
        if known:
            known.stopped = True
        came_after_order = form.mode not in WITH_ORDER or order_of(form, self._archive) is not None
        paper = Paper(form, known.run + 1 if known else 1, came_after_order, now)
        self._papers[form.cop_no] = paper
        script = [step for step in DECLARATION if self._draw(paper, f"{step.status}/drawn", step.one_in) == 0]
        self._reach(paper, tuple(script), now)

    def find(self, cop_no: str) -> Paper | None:
        return self._papers.get(cop_no)

    def cancel(self, cop_no: str, now: datetime) -> bool:
        """Whether this cancels the declaration; what is cancelled stays so."""
        paper = self._papers.get(cop_no)
        if paper is None:
            raise unknown()
        if paper.status in PAST_CANCELLING:
            raise wrong_state(paper)
        if paper.cancelling:
            return False
        paper.stopped = paper.cancelling = True
        self._agenda.add(self._due(paper, CANCELLATION, now), partial(self._tell, paper, CANCELLED, ""))
        return True

    def holdings(self) -> dict[str, dict[str, Any]]:
        """Those that customs has accepted, by entry id."""
        papers = [paper for paper in self._papers.values() if paper.entry_id]
        return {str(paper.entry_id): {"copNo": paper.form.cop_no, "status": paper.status} for paper in papers}

    def results(self, after: int, limit: int) -> dict[str, Any]:
        return page_of("results", self._results, after, limit)

    def _check_turn(self, form: Form, known: Paper | None) -> None:
        """A number is used once, until what it stands for is returned; a change needs something that can be changed."""
        returned = known is not None and known.status == RETURNED and not known.cancelling
        if form.head["action"] == CHANGE:
            if known is None or known.cancelling or known.status not in CHANGEABLE:
                raise wrong_state(known)
        elif known is not None and not returned:
            raise Objection(DUPLICATE, status=409, copNo=form.cop_no)

    def _draw(self, paper: Paper, what: str, sides: int) -> int:
        return self._pace.draw(f"declaration/{paper.form.cop_no}/{paper.run}/{what}", sides)

    def _due(self, paper: Paper, step: Step, start: datetime) -> datetime:
        share = self._draw(paper, f"{step.status}/seconds", 1001) / 1000
        return self._pace.after(start, step.least + share * (step.most - step.least))

    def _reach(self, paper: Paper, script: Script, at: datetime) -> None:
        if paper.stopped:
            return
        step, rest = script[0], script[1:]
        if step.gate and (reason := self._reason_to_return(paper)):
            self._tell(paper, RETURNED, reason, at)
            return
        if step.status == ACCEPTED:
            paper.entry_id = self._numbers.regional(paper.form.head["customsOffice"], "0", at)
        following = self._due(paper, rest[0], at) if rest else at
        held_back = step.status == LET_GO and self._draw(paper, "overtaken", RELEASE_AFTER_CLOSING_ONE_IN) == 0
        self._tell(paper, step.status, "", at, following + timedelta(microseconds=1) if held_back else at)
        if rest:
            self._agenda.add(following, partial(self._reach, paper, rest))

    def _reason_to_return(self, paper: Paper) -> str | None:
        return returned_by_review(paper.form, self._archive, came_after_order=paper.came_after_order)

    def _tell(self, paper: Paper, status: str, words: str, at: datetime, listed: datetime | None = None) -> None:
        """Notes a status; it is listed at once or later, and one in a few is listed twice."""
        paper.status, paper.words, paper.at = status, words or DECLARATION_TEXTS[status], at
        row = paper.as_json()
        self._agenda.add(listed or at, partial(self._list, row))
        if self._draw(paper, f"{status}/twice", RESULT_TWICE_ONE_IN) == 0:
            later = self._draw(paper, f"{status}/again", TWICE_AGAIN_LATER_ONE_IN) == 0
            again = self._pace.after(listed or at, AGAIN_AFTER_SECONDS if later else 0)
            self._agenda.add(again, partial(self._list, row))

    def _list(self, row: dict[str, Any], at: datetime) -> None:
        self._results.append({"sequence": len(self._results) + 1, **row})


def unknown() -> Objection:
    return Objection("UNKNOWN", "copNo", "报关单不存在", 404)


def wrong_state(paper: Paper | None) -> Objection:
    state = DECLARATION_TEXTS[paper.status] if paper else "不存在"
    return Objection("STATE", "copNo", f"报关单状态不允许该操作,报关单状态[{state}]", 409)
