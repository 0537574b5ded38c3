"""The operator of the supervised site: once a list is stored, its parcels arrive, and the operator says so (CEB507)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from mocks.customs.agenda import Agenda
from mocks.customs.casework import Casework
from mocks.customs.documents import Archive, Content, Document
from mocks.customs.form import CEB
from mocks.customs.messages import FILE
from mocks.customs.numbers import Numbers, wire_time
from mocks.customs.responses import RESPONSES, element
from mocks.customs.scripts import SCRIPTS
from mocks.customs.usage import SiteOperator
from mocks.ledger import Ledger
from mocks.pace import Pace

ARRIVAL = "CEB507"
ALWAYS = {"appType": "1", "appStatus": "2", "ieFlag": "E", "msgCount": "1", "msgSeqNo": "1"}
ORDER = [row["name"] for row in (*FILE["common"]["export"], *FILE["messages"][ARRIVAL]["fields"])]
FROM_THE_LIST = ("customsCode", "trafMode", "billNo", "logisticsCode", "logisticsName")


class Site:
    """Sends one arrival for a whole bill. Customs answers into the operator's mailbox, and into nobody else's."""

    def __init__(
        self,
        pace: Pace,
        agenda: Agenda,
        archive: Archive,
        casework: Casework,
        numbers: Numbers,
        ledger: Ledger,
        operator: SiteOperator | None,
    ) -> None:
        self._pace, self._agenda, self._archive = pace, agenda, archive
        self._casework, self._numbers, self._ledger = casework, numbers, ledger
        self._operator = operator

    def expect(self, waybill: Document, at: datetime) -> None:
        """A list was stored: it is in force from now on, and its parcels are on their way to the site."""
        self._archive.bring_into_force(waybill)
        if self._operator:
            due = self._pace.after(at, self._operator.after)
            self._agenda.add(due, partial(self._arrive, self._operator, waybill.head))

    def _arrive(self, operator: SiteOperator, listed: Content, at: datetime) -> None:
        """What is on the bill by now and has not come yet; a list that grew has another arrival."""
        parcels = [
            row
            for one in self._archive.lists(billNo=listed["billNo"])
            if all(one.head[name] == listed[name] for name in ("customsCode", "logisticsCode"))
            for row in one.rows
            if not self._archive.arrived(row["logisticsNo"])
        ]
        if not parcels:
            return
        arrival = Document(ARRIVAL, (operator.box,), self._head(operator, listed, at), numbered(parcels))
        arrival.numbers["preNo"] = self._numbers.dated("B", at)
        self._ledger.write(ARRIVAL, arrival.key, arrival.guid, "accepted", written(arrival))
        self._archive.file(arrival)
        self._casework.begin(arrival, SCRIPTS[ARRIVAL], at)

    def _head(self, operator: SiteOperator, listed: Content, at: datetime) -> Content:
        said = {name: listed[name] for name in FROM_THE_LIST} | {
            "guid": self._numbers.guid(),
            "appTime": wire_time(at)[:14],
            "copNo": self._numbers.dated("A", at),
            "operatorCode": operator.code,
            "operatorName": operator.name,
            "domesticTrafNo": listed.get("domesticTrafNo") or operator.truck,
            **ALWAYS,
        }
        return {name: said[name] for name in ORDER if name in said}


def numbered(parcels: list[Content]) -> tuple[Content, ...]:
    rows = enumerate(dict.fromkeys(row["logisticsNo"] for row in parcels), start=1)
    return tuple({"gnum": str(turn), "logisticsNo": parcel} for turn, parcel in rows)


def written(arrival: Document) -> str:
    """The entity as the ledger keeps it."""
    kind = RESPONSES[ARRIVAL].kind
    rows = "".join(element(kind, "ArrivalList", row) for row in arrival.rows)
    return f'<ceb:Arrival xmlns:ceb="{CEB}">{element(kind, "ArrivalHead", arrival.head)}{rows}</ceb:Arrival>'
