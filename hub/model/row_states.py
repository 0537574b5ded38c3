"""Words that the columns `state`, `match` and `occasion` hold. A paper's own states are in `connectors.sdk.states`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class SubjectKind(StrEnum):
    """Of what papers belong to."""

    TRADE = "trade"
    CONSOLIDATION = "consolidation"


class TradeState(StrEnum):
    RUNNING = "running"  # its papers are on their way
    ATTENTION = "attention"  # a person is awaited
    FINISHED = "finished"  # everything that it was entered for has happened
    CANCELLED = "cancelled"


UNDER_WAY = (TradeState.RUNNING, TradeState.ATTENTION)
"""States in which a trade may be amended and cancelled; in the others it is over."""


class ConsolidationState(StrEnum):
    OPEN = "open"  # trades join and leave
    CLOSED = "closed"  # its papers are written; trades may leave
    MOVED = "moved"  # the goods are on their way; nothing is taken back
    DONE = "done"
    CANCELLED = "cancelled"  # every paper of it is withdrawn


BECOMES: Mapping[ConsolidationState, frozenset[ConsolidationState]] = {
    ConsolidationState.OPEN: frozenset({ConsolidationState.CLOSED, ConsolidationState.CANCELLED}),
    ConsolidationState.CLOSED: frozenset(
        {ConsolidationState.OPEN, ConsolidationState.MOVED, ConsolidationState.CANCELLED}
    ),
    ConsolidationState.MOVED: frozenset({ConsolidationState.DONE}),
    ConsolidationState.DONE: frozenset(),
    ConsolidationState.CANCELLED: frozenset(),
}
"""State → those that a consolidation may have next."""


class LineState(StrEnum):
    """Of a trade in a consolidation."""

    IN = "in"
    LOADED = "loaded"  # it has moved with the consolidation
    LEFT = "left"


class Occasion(StrEnum):
    """When a trade was judged."""

    ENTERED = "entered"
    AMENDED = "amended"
    SENDING = "sending"  # before papers of it go out


class DeliveryOutcome(StrEnum):
    """Of an attempt to hand a paper over; none while it is made."""

    DELIVERED = "delivered"
    UNKNOWN = "unknown"  # it may have arrived
    FAILED = "failed"  # it has not


class EnterpriseState(StrEnum):
    APPLIED = "applied"  # staff decide on it
    APPROVED = "approved"  # may enter trades
    REFUSED = "refused"
    SUSPENDED = "suspended"


class ChangeState(StrEnum):
    """Of a change to a registration."""

    WAITING = "waiting"  # staff decide on it
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the enterprise
    SUPERSEDED = "superseded"  # by a later one


class ClaimState(StrEnum):
    """Of a bank account that an enterprise says is its own."""

    HELD = "held"
    FORMER = "former"  # it has another account now
    WAITING = "waiting"  # somebody else holds it; staff decide
    ENDED = "ended"


class RemittanceMatch(StrEnum):
    OPEN = "open"  # not looked at yet
    MATCHED = "matched"  # its trades are known
    UNCLEAR = "unclear"  # a person says what it is for
    DOUBLE = "double"  # the bank told of the same money in another way; it counts there
    REVERSED = "reversed"  # the bank took it back
    VOID = "void"  # the bank's message, read again, does not tell of it


class AdviceState(StrEnum):
    """Of what a bank says of money that is not money in."""

    OPEN = "open"  # not looked at yet
    AWAITED = "awaited"  # not booked yet
    SETTLED = "settled"  # booked, or the remittance that it takes back is known
    UNCLEAR = "unclear"  # a person says which remittance it takes back
    NOTED = "noted"  # nothing follows from it


class NoticeState(StrEnum):
    """Of a notice to a webhook."""

    WAITING = "waiting"  # for its next attempt
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class RunState(StrEnum):
    RUNNING = "running"
    OK = "ok"
    FAILED = "failed"
