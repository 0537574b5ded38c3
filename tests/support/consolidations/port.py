"""A port for consolidations: what authorities would say is written down at once, and everything follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from connectors.sdk.states import Rank, State
from hub.consolidations import aboard, course
from hub.dossiers.loading import live_lines
from hub.entry.amend import amend, cancel
from hub.model import Consolidation, ConsolidationLine, Document, DocumentEvent, Leg, PaperVersion, Trade
from hub.model.row_states import LineState
from hub.progress.advance import advance_touched, touch
from tests.support.consolidations.yard import Yard

LIST, BOOKING, INVENTORY = "customs.waybill_list", "airport.waybill", "customs.inventory"
CONSIGNEE = {"name": "Lakeside Forwarding Inc.", "address": "1 Cargo Road, Chicago", "country": "US"}


class Listed(NamedTuple):
    """A list of parcels that customs has, or is to have: whose parcels stand on it, and how heavy they are."""

    trades: frozenset[int]
    weight: Decimal


class Port:
    """Trades of one yard whose goods are declared; nobody is asked over the network."""

    def __init__(self, yard: Yard) -> None:
        self.yard, self.database, self.desk = yard, yard.world.hub.database, yard.world.hub.desk
        own = select(Trade.number, Trade.id).where(Trade.number.in_(yard.trades))
        self.flight = ""
        self.ids = {row.number: row.id for row in yard.office.rows(own)}

    def settles(self) -> None:
        """What follows has followed, and the authorities have taken all that was sent to them."""
        for _ in range(20):
            advance_touched(self.database, self.desk)
            if not self._taken():
                return
        raise AssertionError("it never comes to rest")

    def _taken(self) -> int:
        with self.database.write() as connection:
            rows = connection.execute(select(Document.__table__).where(Document.state == State.READY)).all()
            now = self.desk.now()
            for row in rows:
                sent = {"state": State.SENT, "sent_at": now, "state_since": now}
                connection.execute(update(Document).where(Document.id == row.id).values(**sent))
                action = connection.scalar(
                    select(PaperVersion.action).where(
                        PaperVersion.document_id == row.id, PaperVersion.version == row.version
                    )
                )
                gone = action == "withdraw"
                state, rank = (State.CANCELLED, Rank.CANCELLED) if gone else (State.ACCEPTED, Rank.ACCEPTED)
                self._said(connection, row, state, rank)
            return len(rows)

    def says(self, kind: str, subject: int, state: State, rank: int, milestone: str | None = None) -> None:
        """An authority's word on a paper that it has; nothing where it has none."""
        with self.database.write() as connection:
            this = Document.subject_id == subject, Document.kind == kind, Document.sent_at.is_not(None)
            row = connection.execute(select(Document.__table__).where(*this)).one_or_none()
            if row is not None:
                self._said(connection, row, state, rank, milestone)

    def _said(self, connection: Connection, row: Any, state: State, rank: int, milestone: str | None = None) -> None:
        self.yard.world.clock.forward(timedelta(seconds=1))
        now = self.desk.now()
        of_trade = row.subject_id in self.ids.values()
        connection.execute(
            insert(DocumentEvent).values(
                source=row.authority, source_id=str(uuid4()), about_kind=row.kind, about_value=row.number,
                version=row.version, guid=None, code=str(state), words="", state=state, rank=int(rank),
                milestone=milestone, attention=False, happened_at=now, as_of=now, fetched_at=now, digest="", answers={},
                references={}, subject_id=row.subject_id, trade_id=row.subject_id if of_trade else None,
                document_id=row.id,
            )
        )  # fmt: skip
        if row.kind == BOOKING and state is State.ACCEPTED and milestone is None:
            self._carries(connection, row)
        touch(connection, [row.subject_id])

    def _carries(self, connection: Connection, row: Any) -> None:
        """The flight that the airport has found."""
        now = self.desk.now()
        connection.execute(
            insert(Leg).values(
                source=row.authority, source_id=str(uuid4()), about_kind=row.kind, about_value=row.number,
                as_of=now, fetched_at=now, digest="", subject_id=row.subject_id, document_id=row.id, sequence=1,
                mode="air", origin="CNCGO", destination="USORD", carrier="CA", transport_identifier="CA1037",
                transport_document="999-12345675",
            )
        )  # fmt: skip

    def releases(self, trade: str) -> None:
        self.says(INVENTORY, self.ids[trade], State.ACCEPTED, Rank.GRANTED, "released")

    def holds(self, trade: str) -> None:
        self.says(INVENTORY, self.ids[trade], State.HELD, Rank.HELD)

    def departs(self, number: str) -> None:
        """The flight of a consolidation leaves, where it is booked."""
        self.says(BOOKING, self.yard.row(number).id, State.ACCEPTED, 60, "departed")

    def joins(self, number: str, trade: str) -> None:
        with self.yard.writes() as connection:
            aboard.join(connection, self.yard.forwarder, number, [trade], self.desk)

    def leaves(self, number: str, trade: str) -> None:
        with self.yard.writes() as connection:
            aboard.leave(connection, self.yard.forwarder, number, [trade], "it is not here", self.desk)

    def closes(self, number: str) -> None:
        with self.yard.writes() as connection:
            course.close(connection, self.yard.forwarder, [number], self.desk.now())

    def amends(self, trade: str, changes: Mapping[str, str]) -> None:
        version = self.yard.office.rows(select(Trade.version).where(Trade.number == trade))[0].version
        amend(self.database, self.desk, self.yard.forwarder, trade, version, [*changes.items()])

    def cancels(self, trade: str) -> None:
        cancel(self.database, self.desk, self.yard.forwarder, trade, "the buyer withdrew")

    def lists(self) -> list[Listed]:
        """The lists of parcels that count: the newest version of each that is not taken back."""
        rows = self.yard.office.rows(
            select(Document.subject_id, PaperVersion.content, PaperVersion.line_trades)
            .join(PaperVersion, (PaperVersion.document_id == Document.id) & (PaperVersion.version == Document.version))
            .where(Document.kind == LIST, Document.state.not_in([State.CANCELLED, State.PLANNED]))
        )
        found = (
            Listed(
                frozenset(row.line_trades["parcels"] if row.line_trades else [row.subject_id]),
                Decimal(row.content["head"]["gross_weight"]),
            )
            for row in rows
        )
        return [one for one in found if one.trades & {*self.ids.values()}]

    def weights(self) -> dict[int, Decimal]:
        """Trade → its gross weight in kilograms, as it is typed now."""
        rows = self.yard.office.rows(select(Trade.id, Trade.entry))
        return {row.id: sum((Decimal(one["grossWeight"]) for one in row.entry["goods"]), Decimal(0)) for row in rows}

    def aboard(self) -> dict[int, list[str]]:
        """Trade → the states of the consolidations that it is in."""
        with self.database.read() as connection:
            states = dict(connection.execute(select(Consolidation.id, Consolidation.state)).all())
            lines = live_lines(connection, ConsolidationLine.state != LineState.LEFT)
        found: dict[int, list[str]] = {}
        for consolidation_id, trade_id in lines:
            found.setdefault(trade_id, []).append(str(states[consolidation_id]))
        return found
