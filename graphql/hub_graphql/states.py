"""States as GraphQL enums: a client sees which there are, and one that there is not is refused with the nearest."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import graphene

from connectors.sdk.states import State
from hub.access.acts import COVERS, LENT
from hub.model.row_states import (
    AdviceState,
    ChangeState,
    ClaimState,
    ConsolidationState,
    EnterpriseState,
    LineState,
    NoticeState,
    RemittanceMatch,
    RunState,
    TradeState,
)
from hub.operate.registrations import ChangeDecision, EnterpriseDecision
from hub.operate.standing import JobState
from hub.operate.waiting_orders import OrderState


def _named(name: str, about: str, meanings: Mapping[Any, str]) -> Any:
    """An enum whose names are the words themselves, as the database, the command line and the pages have them."""
    texts = {str(value): meaning for value, meaning in meanings.items()}
    words = StrEnum(name, [(word, word) for word in texts])  # type: ignore[misc]
    return graphene.Enum.from_enum(words, description=lambda value: texts[value] if value else about)


PAPER_STATE = _named(
    "PaperState",
    "Where a paper stands.",
    {
        State.PLANNED: "Due, but something that it waits for has not happened",
        State.READY: "Complete; goes out with the next batch",
        State.SENT: "Handed over; nothing was heard yet",
        State.ACCEPTED: "The authority has it and works on it",
        State.HELD: "Under review or inspection",
        State.REJECTED: "Returned; a person mends a field",
        State.DONE: "Nothing more is expected",
        State.CANCELLED: "Taken back",
    },
)
TRADE_STATE = _named(
    "TradeState",
    "Where a trade stands.",
    {
        TradeState.RUNNING: "Its papers are on their way",
        TradeState.ATTENTION: "A person is awaited: `waitsFor` says whom and for what",
        TradeState.FINISHED: "Everything that it was entered for has happened",
        TradeState.CANCELLED: "Taken back, and so is every paper that an authority had",
    },
)
CONSOLIDATION_STATE = _named(
    "ConsolidationState",
    "Where a consolidation stands.",
    {
        ConsolidationState.OPEN: "Trades join and leave",
        ConsolidationState.CLOSED: "Its papers are written; trades may leave",
        ConsolidationState.MOVED: "The goods are on their way; nothing is taken back",
        ConsolidationState.DONE: "Nothing more is expected of its papers",
        ConsolidationState.CANCELLED: "Every paper of it is withdrawn",
    },
)
LINE_STATE = _named(
    "LineState",
    "Where a trade in a consolidation stands.",
    {
        LineState.IN: "It is to go along",
        LineState.LOADED: "It has moved with the consolidation",
        LineState.LEFT: "It left before that",
    },
)
ENTERPRISE_STATE = _named(
    "EnterpriseState",
    "Whether an enterprise may enter trades.",
    {
        EnterpriseState.APPLIED: "Staff decide on it",
        EnterpriseState.APPROVED: "It may enter trades",
        EnterpriseState.REFUSED: "It may not",
        EnterpriseState.SUSPENDED: "It may enter none until it is approved again; what runs goes on",
    },
)
DECISION = _named(
    "EnterpriseDecision",
    "Of staff on an enterprise.",
    {
        EnterpriseDecision.APPROVED: "It may enter trades from now on",
        EnterpriseDecision.REFUSED: "Its application is turned down",
        EnterpriseDecision.SUSPENDED: "It may enter none until it is approved again",
    },
)
CHANGE_STATE = _named(
    "ChangeState",
    "Where a change to a registration stands.",
    {
        ChangeState.WAITING: "Staff decide on it; what stood before counts",
        ChangeState.APPROVED: "It counts",
        ChangeState.REFUSED: "What stood before counts on",
        ChangeState.WITHDRAWN: "The enterprise took it back",
        ChangeState.SUPERSEDED: "A later one took its place",
    },
)
CLAIM_STATE = _named(
    "ClaimState",
    "Where the claim of an enterprise to a bank account stands.",
    {
        ClaimState.HELD: "Money on the account is its",
        ClaimState.FORMER: "It has another account now; money still goes to it while nobody else holds this one",
        ClaimState.WAITING: "Somebody else holds the account; staff decide",
        ClaimState.ENDED: "It has no claim any more",
    },
)
VERDICT = _named(
    "ChangeDecision",
    "Of staff on what was asked of them.",
    {ChangeDecision.APPROVED: "It counts from now on", ChangeDecision.REFUSED: "Nothing changes"},
)
REMITTANCE_MATCH = _named(
    "RemittanceMatch",
    "Whether it is known what money is for.",
    {
        RemittanceMatch.OPEN: "Not looked at yet",
        RemittanceMatch.MATCHED: "Its trades are known",
        RemittanceMatch.UNCLEAR: "A person says what it is for",
        RemittanceMatch.DOUBLE: "The bank told of the same money in another way; it counts there",
        RemittanceMatch.REVERSED: "The bank took it back; it is for no trade",
        RemittanceMatch.VOID: "The bank's message, read again, does not tell of it",
    },
)
ADVICE_STATE = _named(
    "AdviceState",
    "What follows from what a bank says of money that is not money in.",
    {
        AdviceState.OPEN: "Not looked at yet",
        AdviceState.AWAITED: "Pending: it counts once it is booked",
        AdviceState.SETTLED: "Booked meanwhile, or the remittance that it takes back is known",
        AdviceState.UNCLEAR: "A person says which remittance it takes back: `settleAdvice`",
        AdviceState.NOTED: "Nothing follows from it",
    },
)
NOTICE_STATE = _named(
    "NoticeState",
    "Where a notice to a webhook stands.",
    {
        NoticeState.WAITING: "For its next attempt",
        NoticeState.DELIVERED: "The receiver took it",
        NoticeState.GIVEN_UP: "No attempt is made any more; it can be replayed",
    },
)
RUN_STATE = _named(
    "RunState",
    "How a run goes or went.",
    {RunState.RUNNING: "Under way", RunState.OK: "Ended well", RunState.FAILED: "Ended with an error"},
)
JOB_STATE = _named(
    "JobState",
    "How a job stands; the first that holds.",
    {
        JobState.PAUSED: "Stopped by a person until it is resumed",
        JobState.FAILED: "Its last run failed",
        JobState.RUNNING: "A run is under way",
        JobState.NO_DATA: "It has never succeeded",
        JobState.LATE: "Its delay is longer than promised",
        JobState.OK: "In time",
    },
)
ORDER_STATE = _named(
    "OrderState",
    "Whether an order was carried out, or what holds it up; the first that holds.",
    {
        OrderState.CARRIED_OUT: "It was; `outcome` says what became of it",
        OrderState.NO_SCHEDULER: "No scheduler is elected; it is kept until one is",
        OrderState.PAUSED: "The job was paused since; it is kept until somebody resumes it",
        OrderState.UNDER_WAY: "Its run is under way",
        OrderState.RUNNING: "The job runs; it is kept until that run ends",
        OrderState.RESTING: "The authority asked to be left alone; `due` says until when",
        OrderState.NEXT: "Nothing; it is carried out within seconds",
    },
)
MANDATE_ACT = _named(
    "MandateAct",
    "What a mandate may allow.",
    {act: f"{COVERS[act][0]} · {COVERS[act][1]}" for act in LENT},
)
MANDATE_STATE = _named(
    "MandateState",
    "Where a mandate stands.",
    {
        "offered": "It waits for the account to accept it",
        "in_force": "The account may act",
        "lapsed": "It was offered, and nobody accepted it in time",
        "ended": "It is over",
    },
)
