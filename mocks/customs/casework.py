"""Takes documents through their scripts: one status after the other, a look at the gates, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from mocks.customs.agenda import Agenda
from mocks.customs.clearance import GATES, summarised_by
from mocks.customs.deliveries import Deliveries
from mocks.customs.documents import Archive, Document, put_together
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
from mocks.customs.usage import ARRIVAL_FIRST, OfficeUsage
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
        usage: OfficeUsage,
    ) -> None:
        self._own_guids = own_guids
        self._usage = usage
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
            ("CEB507", CONCLUDED): self._arrive,
            ("CEB701", CONCLUDED): self._summarise,
        }

    def follow(self, kind: str, status: str, consequence: Consequence) -> None:
        """Has something more done once a paper of this kind has this status."""
        self._consequences[kind, status] = consequence

    def hold(self, inventory: Document, status: str, at: datetime) -> None:
        """An officer stops an inventory: nothing more becomes of it until it is let go or turned back."""
        inventory.held, inventory.turn = True, inventory.turn + 1
        inventory.reached[status] = at
        self.tell(inventory, status, STATUS_TEXTS[status], at)

    def let_go(self, inventory: Document, at: datetime) -> None:
        """The officer is content: it is released at once, for the second time where it was released before."""
        inventory.held = inventory.parked = False
        names = [step.status for step in inventory.ahead]
        if RELEASED in names:
            self._reach(inventory, inventory.ahead[names.index(RELEASED) :], inventory.turn, at)
        else:
            inventory.reached[RELEASED] = at
            self.tell(inventory, RELEASED, STATUS_TEXTS[RELEASED], at)
            self._schedule(inventory, inventory.ahead, at)

    def turn_back(self, document: Document, reason: str, at: datetime) -> None:
        document.reached[REJECTED] = at
        document.turn += 1
        self.tell(document, REJECTED, f"[Code:{REJECTED};Desc:{reason}]", at)

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
        document.ahead, document.turn = script, document.turn + 1
        if script:
            due = self._due(document, script[0], start)
            self._agenda.add(due, partial(self._reach, document, script, document.turn))

    def _reach(self, document: Document, script: Script, turn: int, at: datetime) -> None:
        if document.withdrawn or document.turn != turn:
            return
        step, rest = script[0], script[1:]
        if step.status == RELEASED and self._has_to_arrive(document):
            document.ahead, document.parked = script, True
        elif step.gate:
            self._look(document, step, rest, at)
        else:
            document.reached[step.status] = at
            if document.head["appType"] != "3":
                self._follow_from(document, step, at)
            self._pass(document, step, rest, at)

    def _look(self, document: Document, step: Step, rest: Script, at: datetime) -> None:
        """Customs looks at a paper once all its parts are there; what it says, it says of all of them."""
        document.looked_for = True
        if not document.complete:
            return
        parts = [document.parts[number] for number in sorted(document.parts)] or [document]
        whole = put_together(parts)
        if reason := GATES[document.kind](whole, self._archive, self._usage, at):
            for part in parts:
                self.turn_back(part, reason, at)
            return
        for part in parts:
            part.reached[step.status] = at
        self._follow_from(whole, step, at)
        for part in parts:
            part.numbers = {**whole.numbers, **part.numbers}
            self._pass(part, step, rest, at)

    def _follow_from(self, document: Document, step: Step, at: datetime) -> None:
        if consequence := self._consequences.get((document.kind, step.status)):
            consequence(document, at)

    def _pass(self, document: Document, step: Step, rest: Script, at: datetime) -> None:
        text = STATUS_TEXTS[step.status].format(act=ACTS[document.head["appType"]], guid=document.guid)
        self.tell(document, step.status, text, at, self._held_back(document, step, rest, at))
        self._schedule(document, rest, at)

    def _has_to_arrive(self, document: Document) -> bool:
        """Whether the office wants to see the parcel at the site before it releases it."""
        wanted = self._usage.order == ARRIVAL_FIRST and document.kind == "CEB603"
        return wanted and not self._archive.arrived(document.head["logisticsNo"])

    def _arrive(self, arrival: Document, at: datetime) -> None:
        for row in arrival.rows:
            for inventory in self._archive.standing("CEB603", logisticsNo=row["logisticsNo"]):
                if inventory.parked and not inventory.held:
                    inventory.parked = False
                    self._reach(inventory, inventory.ahead, inventory.turn, at)

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
        inventories = summarised_by(summary, self._archive, self._usage, at)
        summary.numbers["sumNo"] = self._numbers.dated("S", at)
        for inventory in inventories:
            inventory.numbers["sumNo"] = summary.numbers["sumNo"]
        declarations = drawn_up(summary, inventories, self._numbers, at, merges_producers=self._usage.merges_producers)
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
