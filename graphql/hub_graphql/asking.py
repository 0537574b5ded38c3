"""One question being answered: who asks, in which language, over which snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from connectors.sdk.moments import day_of
from connectors.sdk.states import Codes
from hub.access import Caller
from hub.errors import way_out, words
from hub.model import Database
from hub.share.archive import open_dossiers
from hub.share.desk import Desk
from hub.share.dossier import Dossier


@dataclass(slots=True)
class Asking:
    """What a resolver has at hand. `connection` is one read-only snapshot for the whole operation.

    `snapshots` closes it when the operation is over: a mutation's answer is still read after its resolver returned.
    `seen` are the trades that were shown, by enterprise: what a caller saw by consent is logged.
    """

    caller: Caller
    language: str
    database: Database
    desk: Desk
    connection: Connection
    now: datetime
    snapshots: ExitStack
    seen: dict[int, set[int]] = field(default_factory=dict)
    _dossiers: dict[int, Dossier] = field(default_factory=dict)

    def dossier(self, trade_id: int) -> Dossier:
        """A trade's dossier, opened once for the operation."""
        if trade_id not in self._dossiers:
            (self._dossiers[trade_id],) = open_dossiers(self.connection, [trade_id], day_of(self.now))
        return self._dossiers[trade_id]

    def renew(self) -> None:
        """Goes on over a newer snapshot, after this operation itself has written something."""
        self.snapshots.close()
        self.connection = self.snapshots.enter_context(self.database.read())
        self._dossiers.clear()

    def show(self, trades: Sequence[Row[Any]]) -> list[Row[Any]]:
        """Notes trades that are shown."""
        for trade in trades:
            self.seen.setdefault(trade.enterprise_id, set()).add(trade.id)
        return list(trades)

    def say(self, code: str, parameters: Mapping[str, Any]) -> tuple[str, str]:
        """Words and way out of a code of `hub.errors`, in the caller's language."""
        return words(code, self.language, parameters), way_out(code, self.language, parameters)

    def codes(self, authority: str) -> Codes | None:
        return self.desk.codes.get(authority)


def at_most(most: int, first: int) -> int:
    """How many rows a list may have, where the caller asked for `first`."""
    return max(0, min(first, most))
