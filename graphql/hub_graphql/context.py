"""One question being answered: who asks, in which language, over which snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from connectors.sdk.instants import day_of
from connectors.sdk.states import Codes
from hub.access import Caller
from hub.access.consent import Shown
from hub.dossiers.dossier import Dossier
from hub.dossiers.loading import open_dossiers
from hub.errors import HubError, way_out, words
from hub.model import Base, Database
from hub.model.time_limit import TimeLimit
from hub.papers.desk import Desk
from hub_graphql.executing import Spent


@dataclass(slots=True)
class Context:
    """What a resolver has at hand. `connection` is one read-only snapshot for the whole operation.

    `snapshots` closes it when the operation is over: a mutation's answer is still read after its resolver returned.
    `deadline` and `spent` are the operation's limits; `ordering` is the mutation that is being carried out, `stored`
    are those that have written. `fetched` are rows by what they were asked for (a relation and the value that leads to
    them). `shown` are the rows that a caller saw who sees some by consent, by table and id: they are logged.
    """

    caller: Caller
    language: str
    database: Database
    desk: Desk
    connection: Connection
    now: datetime
    snapshots: ExitStack
    deadline: TimeLimit
    spent: Spent
    ordering: str = ""
    stored: list[str] = field(default_factory=list)
    fetched: dict[tuple[int, Any], list[Row[Any]]] = field(default_factory=dict)
    shown: Shown = field(default_factory=dict)
    _dossiers: dict[int, Dossier] = field(default_factory=dict)
    _siblings: dict[int, list[Row[Any]]] = field(default_factory=dict)

    def dossier(self, row: Row[Any], key: str = "id") -> Dossier:
        """The dossier of the subject that a row is, or is of by its `key`; opened with those of its siblings, once."""
        subject_id = getattr(row, key)
        if subject_id not in self._dossiers:
            wanted = {getattr(one, key) for one in self.siblings(row)} - self._dossiers.keys()
            opened = open_dossiers(self.connection, sorted(wanted), day_of(self.now))
            for one in opened:
                assert one.subject_id is not None  # noqa: S101 - it was read by it
                self._dossiers[one.subject_id] = one
                self.spent.add("rows", sum(1 + len(file.events) for file in one.documents.values()))
        return self._dossiers[subject_id]

    def together(self, rows: list[Any]) -> None:
        """Notes rows that are answered in one list, and counts those that were not counted when they were fetched."""
        if not rows or id(rows[0]) in self._siblings:
            return
        self.spent.add("rows", len(rows))
        if isinstance(rows[0], Row):
            self.keep_together(rows)

    def keep_together(self, rows: list[Row[Any]]) -> None:
        """What belongs to one of these rows is fetched for all. They are kept, so that their ids stay theirs."""
        self._siblings |= dict.fromkeys(map(id, rows), rows)

    def siblings(self, row: Row[Any]) -> list[Row[Any]]:
        return self._siblings.get(id(row), [row])

    def keep(self) -> None:
        """What the operation orders now has been written."""
        if self.ordering not in self.stored:
            self.stored.append(self.ordering)

    def renew(self) -> None:
        """Goes on over a newer snapshot, after this operation itself has written something."""
        self.snapshots.close()
        self.connection = self.snapshots.enter_context(self.database.read())
        self._dossiers.clear()
        self.fetched.clear()

    def note(self, table: type[Base], row: Row[Any]) -> None:
        """Notes a row that is shown, where the caller sees some by consent."""
        if self.caller.consents:
            self.shown.setdefault(table, {})[row.id] = row

    def say(self, code: str, parameters: Mapping[str, Any]) -> tuple[str, str]:
        """Words and way out of a code of `hub.errors`, in the caller's language."""
        return words(code, self.language, parameters), way_out(code, self.language, parameters)

    def codes(self, authority: str) -> Codes | None:
        return self.desk.codes.get(authority)


def at_most(most: int, first: int | None) -> int:
    """How many rows a list may have, where the caller asked for `first`; null asks for as many as there may be.

    QUERY_TOO_LARGE where they are more, or fewer than none: a list is never cut in silence.
    """
    if first is not None and not 0 <= first <= most:
        raise HubError("QUERY_TOO_LARGE", measure="first", measured=first, limit=most)
    return most if first is None else first
