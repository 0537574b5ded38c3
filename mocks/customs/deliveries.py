"""Responses on their way to the receivers' queues, with the habits of real queues: some come twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mocks.customs.mailbox import Mailbox, Slip
from mocks.customs.numbers import Numbers
from mocks.customs.scripts import AGAIN_AFTER_SECONDS, TWICE_AGAIN_LATER_ONE_IN, TWICE_ONE_IN
from mocks.pace import Pace


class Deliveries:
    """All mailboxes. Whose receiver nobody has heard of has an empty one."""

    def __init__(self, pace: Pace, numbers: Numbers) -> None:
        self._pace = pace
        self._numbers = numbers
        self._mailboxes: dict[str, Mailbox] = {}

    def send(self, receivers: Iterable[str], slip: Slip, due: datetime) -> None:
        for receiver in receivers:
            mailbox = self._mailboxes.get(receiver)
            if mailbox is None:
                mailbox = self._mailboxes[receiver] = Mailbox(receiver, self._pace, self._numbers)
            mailbox.put(slip, due)

    def send_response(
        self, receivers: tuple[str, ...], *, kind: str, about: str, stage: str, entity: str, due: datetime
    ) -> None:
        """Sends a response about a document; one in a few stands twice in its message, and some of those come again."""
        mark = f"{about}/{stage}"
        twice = self._pace.draw(f"{mark}/twice", TWICE_ONE_IN) == 0
        self.send(receivers, Slip(kind, about, entity, 2 if twice else 1), due)
        if twice and self._pace.draw(f"{mark}/again", TWICE_AGAIN_LATER_ONE_IN) == 0:
            self.send(receivers, Slip(kind, about, entity), self._pace.after(due, AGAIN_AFTER_SECONDS))

    def waiting(self, receiver: str, message_id: str, limit: int, now: datetime) -> list[str]:
        mailbox = self._mailboxes.get(receiver)
        return [] if mailbox is None else mailbox.after(message_id, limit, now)
