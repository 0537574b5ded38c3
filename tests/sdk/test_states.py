"""From all that was heard to one state: order and repetition never matter, and the unknown is never a success."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sdk.inside.registry import find_connectors
from connectors.sdk.states import MILESTONES, Codes, Rank, Ruling, State, fold

NOON = datetime(2026, 1, 9, 4, 0, tzinfo=UTC)


class Word(NamedTuple):
    """What an authority said."""

    state: str | None
    rank: int
    happened_at: datetime = NOON


WORDS = st.builds(
    Word,
    st.one_of(st.none(), st.sampled_from([state.value for state in State])),
    st.sampled_from([Rank.REMARK, Rank.FORWARDED, 35, Rank.REJECTED, Rank.CLOSED]),
    st.integers(0, 1).map(lambda minutes: NOON + timedelta(minutes=minutes)),
)
STATES = st.sampled_from(list(State))


@given(st.lists(WORDS, max_size=8), STATES, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_changes_the_state(
    heard: list[Word], before: State, chance: random.Random
) -> None:
    again = heard + chance.choices(heard, k=5) if heard else []
    chance.shuffle(again)
    assert fold(again, before) is fold(heard, before)


@given(st.lists(WORDS, max_size=8), WORDS, STATES)
def test_the_highest_rank_decides(heard: list[Word], last: Word, before: State) -> None:
    """Whatever was heard, a word that carries further is what stands; one that carries less changes nothing."""
    telling = [word.rank for word in heard if word.state is not None and word.rank > Rank.REMARK]
    if last.state is not None and last.rank > max([*telling, Rank.REMARK]):
        assert fold([*heard, last], before) == last.state
    if last.state is None or last.rank == Rank.REMARK or last.rank < max(telling, default=0):
        assert fold([*heard, last], before) is fold(heard, before)


@given(st.lists(WORDS.map(lambda word: word._replace(rank=Rank.REMARK))), STATES)
def test_remarks_leave_the_state_as_it_was(heard: list[Word], before: State) -> None:
    assert fold(heard, before) is before


@pytest.mark.parametrize(
    ("heard", "state"),
    [
        ([("accepted", Rank.ACCEPTED), ("sent", Rank.FORWARDED)], State.ACCEPTED),
        ([("held", Rank.HELD), ("accepted", Rank.ACCEPTED)], State.HELD),
        ([("rejected", Rank.REJECTED), ("held", Rank.HELD), ("accepted", Rank.ACCEPTED)], State.REJECTED),
        ([("accepted", Rank.GRANTED), ("rejected", Rank.REJECTED)], State.ACCEPTED),
        ([("done", Rank.CLOSED), ("accepted", Rank.GRANTED), ("rejected", Rank.REJECTED)], State.DONE),
        ([("done", Rank.CLOSED), ("cancelled", Rank.CANCELLED)], State.CANCELLED),
    ],
)
def test_what_outranks_what(heard: list[tuple[str, int]], state: State) -> None:
    assert fold([Word(*word) for word in heard], State.SENT) is state
    assert fold([Word(*word) for word in reversed(heard)], State.SENT) is state


def test_among_equals_the_later_happening_counts() -> None:
    inspected = Word("held", Rank.ACCEPTED, NOON + timedelta(minutes=1))
    assert fold([inspected, Word("accepted", Rank.ACCEPTED)], State.SENT) is State.HELD
    assert fold([Word("rejected", Rank.ACCEPTED), inspected], State.SENT) is State.HELD


def test_an_unknown_code_needs_a_person_and_brings_nothing_about() -> None:
    ruling = Codes({("customs.order", "120"): Ruling(State.DONE, Rank.CLOSED, "入库", "Stored")}).rule(
        "customs.order", "?"
    )
    assert ruling.attention
    assert ruling.milestone is None
    assert ruling.words("zh") != ruling.words("en")
    assert ruling.way_out("zh")
    assert ruling.way_out("en")
    assert fold([Word(ruling.state, ruling.rank)], State.SENT) is State.SENT


def test_a_code_of_the_kind_comes_before_one_of_every_kind() -> None:
    everywhere, here = Ruling(State.ACCEPTED, 40, "入库", "Stored"), Ruling(State.DONE, 90, "入库", "Stored")
    codes = Codes({("*", "120"): everywhere, ("customs.order", "120"): here})
    assert codes.rule("customs.order", "120") is here
    assert codes.rule("customs.inventory", "120") is everywhere


FOUND = find_connectors()[0]


@pytest.mark.parametrize("connector", FOUND)
def test_the_codes_of_every_connector_rank_as_the_fold_needs_it(connector: str) -> None:
    """Taken outranks sent, done outranks all of it, and a code brings about only what papers may wait for."""
    rulings = list(FOUND[connector].codes.table.values())

    def ranks(state: State) -> list[int]:
        return [ruling.rank for ruling in rulings if ruling.state is state]

    below_done = [rank for state in State if state not in (State.DONE, State.CANCELLED) for rank in ranks(state)]
    assert max(ranks(State.SENT), default=0) < min(ranks(State.ACCEPTED), default=Rank.ACCEPTED)
    assert min(ranks(State.DONE)) > max(below_done, default=0)
    assert max(ranks(State.REJECTED)) < Rank.GRANTED
    assert {ruling.milestone for ruling in rulings if ruling.milestone} <= MILESTONES
    ours = {State.PLANNED, State.READY}  # never an authority's to say
    assert not [ruling for ruling in rulings if ruling.state in ours]
    assert not [ruling for ruling in rulings if ruling.state is None and ruling.rank > Rank.REMARK]
    assert all(ruling.zh and ruling.en for ruling in rulings)
