"""Takes documents through their scripts: one status after the other, a look at the gates, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from mocks.customs.agenda import Agenda
from mocks.customs.clearance import GATES, summarised_by
from mocks.customs.deliveries import Deliveries
from mocks.customs.documents import Archive, Document
from mocks.customs.numbers import Numbers
from mocks.customs.responses import RESPONSES, SUMMARY_RESULT, write_response
from mocks.customs.scripts import (
    ACTS,
    CONCLUDED,
    REJECTED,
    RELEASE_BEFORE_CONCLUSION_ONE_IN,
    RELEASED,
    STATUS_TEXTS,
    STORED,
    SUMMARY_RESULTS,
    Script,
    Step,
)
from mocks.customs.summary import Declaration, drawn_up, register, write_result
from mocks.pace import Pace

Consequence = Callable[[Document, datetime], None]


class Casework:
    """The officers at their desks. All times are times of the agenda."""

    def __init__(
        self,
        pace: Pace,
        agenda: Agenda,
        archive: Archive,
        deliveries: Deliveries,
        numbers: Numbers,
        own_guids: Collection[str],
    ) -> None:
        self._own_guids = own_guids
        self._pace = pace
        self._agenda = agenda
        self._archive = archive
        self._deliveries = deliveries
        self._numbers = numbers
        # What a status brings about, beyond the response.
        self._consequences: dict[tuple[str, str], Consequence] = {
            ("CEB603", STORED): self._number_inventory,
            ("CEB621", STORED): self._number_import,
            ("CEB605", CONCLUDED): self._cancel,
            ("CEB701", CONCLUDED): self._summarise,
        }

    def begin(self, document: Document, script: Script, now: datetime) -> None:
        """Starts a document on its script, without the steps that it was not drawn for."""
        drawn = [step for step in script if self._draw(document, f"{step.status}/drawn", step.one_in) == 0]
        self._schedule(document, tuple(drawn), now)

    def tell(self, document: Document, status: str, text: str, at: datetime, delivered: datetime | None = None) -> None:
        """Sends the response of a status; `delivered` where the queue is slower than the officer."""
        kind = RESPONSES[document.kind].kind
        guid = self._numbers.guid() if kind in self._own_guids else document.guid
        self._deliveries.send_response(
            document.receivers,
            kind=kind,
            about="/".join(document.identity),
            stage=status,
            entity=write_response(document, status, at, text, guid),
            due=delivered or at,
        )

    def _draw(self, document: Document, what: str, sides: int) -> int:
        return self._pace.draw(f"{'/'.join(document.identity)}/{what}", sides)

    def _due(self, document: Document, step: Step, start: datetime) -> datetime:
        share = self._draw(document, f"{step.status}/seconds", 1001) / 1000
        return self._pace.after(start, step.least + share * (step.most - step.least))

    def _schedule(self, document: Document, script: Script, start: datetime) -> None:
        if script:
            self._agenda.add(self._due(document, script[0], start), partial(self._reach, document, script))

    def _reach(self, document: Document, script: Script, at: datetime) -> None:
        if document.withdrawn:
            return
        step, rest = script[0], script[1:]
        look = GATES[document.kind] if step.gate else None
        if look and (reason := look(document, self._archive)):
            document.reached.add(REJECTED)
            self.tell(document, REJECTED, f"[Code:{REJECTED};Desc:{reason}]", at)
            return
        document.reached.add(step.status)
        if document.head["appType"] != "3" and (consequence := self._consequences.get((document.kind, step.status))):
            consequence(document, at)
        text = STATUS_TEXTS[step.status].format(act=ACTS[document.head["appType"]], guid=document.guid)
        self.tell(document, step.status, text, at, self._held_back(document, step, rest, at))
        self._schedule(document, rest, at)

    def _held_back(self, document: Document, step: Step, rest: Script, at: datetime) -> datetime | None:
        """For some inventories the conclusion reaches the queue only after the release."""
        releases_next = step.status == CONCLUDED and bool(rest) and rest[0].status == RELEASED
        if not releases_next or self._draw(document, "overtaken", RELEASE_BEFORE_CONCLUSION_ONE_IN) != 0:
            return None
        return self._pace.after(self._due(document, rest[0], at), 1) + timedelta(microseconds=1)

    def _number_inventory(self, inventory: Document, at: datetime) -> None:
        self._number_import(inventory, at)
        self._archive.file_by_number(inventory)

    def _number_import(self, inventory: Document, at: datetime) -> None:
        """Nothing refers to an import inventory by its number, so it is not filed by it."""
        head = inventory.head
        inventory.numbers["invtNo"] = self._numbers.regional(head["customsCode"], head["ieFlag"], at)

    def _cancel(self, cancellation: Document, at: datetime) -> None:
        inventory = self._archive.inventory(cancellation.head["invtNo"])
        if inventory is not None:
            inventory.withdrawn = True

    def _summarise(self, summary: Document, at: datetime) -> None:
        inventories = summarised_by(summary, self._archive)
        for inventory in inventories:
            inventory.summarised = True
        summary.numbers["sumNo"] = self._numbers.dated("S", at)
        declarations = drawn_up(summary, inventories, self._numbers, at)
        self._schedule_result(summary, declarations, 0, at)

    def _schedule_result(self, summary: Document, declarations: list[Declaration], turn: int, start: datetime) -> None:
        if turn < len(SUMMARY_RESULTS):
            least, most, state = SUMMARY_RESULTS[turn]
            due = self._due(summary, Step(f"result{turn}{state}", least, most), start)
            self._agenda.add(due, partial(self._tell_result, summary, declarations, turn))

    def _tell_result(self, summary: Document, declarations: list[Declaration], turn: int, at: datetime) -> None:
        state = SUMMARY_RESULTS[turn][2]
        for declaration in declarations:
            if turn > 0:
                register(declaration, summary, self._numbers, at)
            self._deliveries.send_response(
                summary.receivers,
                kind=SUMMARY_RESULT,
                about=declaration.numbers["declSeqNo"],
                stage=f"{'/'.join(summary.identity)}/{state}",
                entity=write_result(declaration, summary, state, at),
                due=at,
            )
        self._schedule_result(summary, declarations, turn + 1, at)
