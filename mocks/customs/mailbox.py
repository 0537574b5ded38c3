"""What waits for one receiver: responses until they are due, then messages in an order that never changes."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from mocks.customs.envelope import write_transport
from mocks.customs.numbers import Numbers
from mocks.customs.responses import FORM_RESPONSE, PREFIXED, write_message
from mocks.customs.scripts import GROUPED_WITHIN_SECONDS
from mocks.pace import Pace

MOST_ENTITIES = 100
IMPORT_SIDE, EXPORT_SIDE = "DXPEDCCEB0000002", "DXPEDCCEB0000003"


@dataclass(frozen=True, slots=True)
class Slip:
    """One response entity. `about` is the document it is about, `copies` how often it stands in its message."""

    kind: str
    about: str
    entity: str
    copies: int = 1


@dataclass(slots=True)
class Batch:
    """A response message that is being put together."""

    kind: str
    latest: datetime
    entities: list[str] = field(default_factory=list)
    about: set[str] = field(default_factory=set)

    def takes(self, slip: Slip, due: datetime) -> bool:
        """Two stages of one document never share a message, so a message says one thing about it."""
        full = len(self.entities) + slip.copies > MOST_ENTITIES
        return not (full or due > self.latest or slip.about in self.about or slip.kind == FORM_RESPONSE)

    def add(self, slip: Slip) -> None:
        self.entities.extend([slip.entity] * slip.copies)
        self.about.add(slip.about)


class Mailbox:
    """The queue of one receiver. A message gets its MsgId when it is due and somebody looks; that fixes its place."""

    def __init__(self, receiver: str, pace: Pace, numbers: Numbers) -> None:
        self._receiver = receiver
        self._pace = pace
        self._numbers = numbers
        self._arrival = count()
        self._waiting: list[tuple[datetime, int, Slip]] = []
        self._messages: list[str] = []
        self._places: dict[str, int] = {}

    def put(self, slip: Slip, due: datetime) -> None:
        heapq.heappush(self._waiting, (due, next(self._arrival), slip))

    def after(self, message_id: str, limit: int, now: datetime) -> list[str]:
        """The messages behind this one, from the start where it is not known."""
        self._seal(now)
        start = self._places.get(message_id, 0)
        return self._messages[start : start + limit]

    def _seal(self, now: datetime) -> None:
        batches: list[Batch] = []
        current: dict[str, Batch] = {}
        while self._waiting and self._waiting[0][0] <= now:
            due, _, slip = heapq.heappop(self._waiting)
            batch = current.get(slip.kind)
            if batch is None or not batch.takes(slip, due):
                batch = current[slip.kind] = Batch(slip.kind, self._pace.after(due, GROUPED_WITHIN_SECONDS))
                batches.append(batch)
            batch.add(slip)
        for batch in batches:
            self._number(batch, now)

    def _number(self, batch: Batch, now: datetime) -> None:
        message_id, guid = self._numbers.message_id(now), self._numbers.guid()
        message = write_transport(
            message_id=message_id,
            receiver=self._receiver,
            sender=EXPORT_SIDE if batch.kind in PREFIXED else IMPORT_SIDE,
            message_type=f"{batch.kind}Message",
            guid=guid,
            content=write_message(batch.kind, guid, batch.entities),
            at=now,
        )
        self._messages.append(message)
        self._places[message_id] = len(self._messages)
