"""States of a paper, what an authority's word means for it, and the fold from all that was heard to one state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Literal, NamedTuple, Protocol


class State(StrEnum):
    """Where a paper stands."""

    PLANNED = "planned"  # due, but something it waits for has not happened
    READY = "ready"  # derived and complete; goes out with the next batch
    SENT = "sent"  # handed over; nothing heard yet
    ACCEPTED = "accepted"  # the authority has it and works on it
    HELD = "held"  # review or inspection
    REJECTED = "rejected"  # returned; a person mends a field
    DONE = "done"  # nothing more is expected
    CANCELLED = "cancelled"


class Rank(IntEnum):
    """How far a word carries. The highest heard decides, so order and repetition of what we hear never matter.

    A connector may use any number between; these are the landmarks.
    """

    REMARK = 0  # changes nothing
    RECEIVED = 10
    FORWARDED = 30
    ACCEPTED = 40
    HELD = 50
    CONCLUDED = 65
    REJECTED = 70  # final against everything before it; a release that was heard outranks it
    GRANTED = 80
    CLOSED = 90
    CANCELLED = 95


MILESTONES = frozenset(
    {"released", "departed", "arrived", "stocked", "entry_id", "remittance_matched", "report_number", "refunded"}
)
"""What papers may wait for, beside `accepted(kind)`. A closed list: a plan that names another is refused."""


def accepted(kind: str) -> str:
    """The milestone that the authority has taken a paper of this kind."""
    return f"accepted:{kind}"


class Doing(StrEnum):
    """What the hub may do with a paper. What it hears is never limited: authorities do not ask us."""

    DERIVE = "derive"  # from the trade, once what it waits for has happened
    SEND = "send"
    RESEND = "resend"  # alone, after the message that it shared was refused as a whole
    ASK = "ask"  # the authority, how far it is
    AMEND = "amend"  # by another version, where the authority has none
    CHANGE = "change"  # what the authority has, as long as it takes changes of that kind
    WITHDRAW = "withdraw"  # from the authority, where the trade is cancelled
    DROP = "drop"  # without a word to the authority
    PLAN_ANEW = "plan_anew"


class Stage(NamedTuple):
    """What a state means for the hub: whose turn it is (`nobody`: it is over), and what it may do.

    `has_it`: whether the authority has taken the paper. None: it may have arrived, and its answer is awaited first.
    """

    turn: Literal["others", "hub", "authority", "person", "nobody"]
    has_it: bool | None
    may: tuple[Doing, ...]


STAGES: Mapping[State, Stage] = {
    State.PLANNED: Stage("others", False, (Doing.DERIVE, Doing.AMEND, Doing.DROP)),
    State.READY: Stage("hub", False, (Doing.SEND, Doing.AMEND, Doing.DROP)),
    State.SENT: Stage("authority", None, (Doing.ASK, Doing.RESEND)),
    State.ACCEPTED: Stage("authority", True, (Doing.ASK, Doing.CHANGE, Doing.WITHDRAW)),
    State.HELD: Stage("authority", True, (Doing.ASK, Doing.CHANGE, Doing.WITHDRAW)),
    State.REJECTED: Stage("person", False, (Doing.AMEND, Doing.DROP)),
    State.DONE: Stage("nobody", True, (Doing.CHANGE, Doing.WITHDRAW)),
    State.CANCELLED: Stage("nobody", False, (Doing.PLAN_ANEW,)),
}
"""The one table of what the hub may do with a paper: whoever decides, sends, amends or withdraws reads it."""


def may(state: State, doing: Doing) -> bool:
    """Whether this may be done with a paper in this state."""
    return doing in STAGES[state].may


def that_may(doing: Doing) -> list[State]:
    """The states in which this may be done."""
    return [state for state in State if may(state, doing)]


HAVING_IT = frozenset(state for state, stage in STAGES.items() if stage.has_it)
"""States in which the authority has taken the paper."""
MAY_HAVE_IT = frozenset(state for state, stage in STAGES.items() if stage.has_it is not False)
"""States in which the authority has the paper, or may have it."""
OVER = frozenset(state for state, stage in STAGES.items() if stage.turn == "nobody")
"""States after which nothing more is expected."""
ENDED = frozenset({State.CANCELLED, State.REJECTED})
"""States in which the authority had the paper and has it no more."""
NEED_A_WAY_OUT = frozenset({State.HELD, State.REJECTED})
"""States for which an authority's words have to say what to do."""
NEED_A_CODE = (State.REJECTED, State.DONE)
"""States that an authority has to have a code for, or its papers would stay where they are for ever."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one code of an authority means: our state, how far it carries, the words and the way out.

    `milestone` is what it brings about; `attention` asks for a person even though the state does not change.
    """

    state: State | None
    rank: int
    zh: str
    en: str
    milestone: str | None = None
    way_out_zh: str = ""
    way_out_en: str = ""
    attention: bool = False

    def words(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def way_out(self, language: str) -> str:
        return self.way_out_zh if language == "zh" else self.way_out_en


UNKNOWN = Ruling(
    state=None,
    rank=Rank.REMARK,
    zh="该部门返回了系统不认识的代码",
    en="The authority answered with a code that is not in our table",
    way_out_zh="请人工查看原文并致电该部门；运维在 codes.py 补充该代码后可重放",
    way_out_en="Read the original words and call the authority; with the code in codes.py it can be replayed",
    attention=True,
)


class Codes:
    """An authority's codes, by kind of paper; the kind `*` holds what means the same on every paper."""

    def __init__(self, table: Mapping[tuple[str, str], Ruling]) -> None:
        self.table = dict(table)

    def rule(self, kind: str, code: str) -> Ruling:
        """The ruling for a code; one that is not in the table needs a person and never counts as success."""
        return self.table.get((kind, code)) or self.table.get(("*", code)) or UNKNOWN


class Heard(Protocol):
    """An event as the fold sees it."""

    @property
    def state(self) -> str | None: ...
    @property
    def rank(self) -> int: ...
    @property
    def happened_at(self) -> datetime: ...


def fold(heard: Iterable[Heard], before: State) -> State:
    """The state of a paper after all that was heard of its current version.

    `before` is the state that our own doing gave it. The highest rank decides; among equals the later happening,
    then the name of the state, so that any order and any repetition of the events give the same answer.
    """
    telling = [event for event in heard if event.state is not None and event.rank > Rank.REMARK]
    if not telling:
        return before
    return State(max(telling, key=lambda event: (event.rank, event.happened_at, event.state or "")).state or before)
