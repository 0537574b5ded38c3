"""What customs' codes mean: every one of them ruled, and the fold over all that was heard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.customs.connector import Customs
from connectors.customs.messages import MESSAGES
from connectors.sdk import State
from connectors.sdk.states import HAVING_IT, UNKNOWN, Ruling, fold
from mocks.customs.kinds import KINDS
from mocks.customs.scripts import DECLARATION_TEXTS, REJECTED, SCRIPTS
from tests.support.connectors.ceb_codes import NEGATIVE, Heard
from tests.support.connectors.ceb_responses import AT
from tests.support.together import together

CODES = Customs.codes

S, A, H, R, D, C = State.SENT, State.ACCEPTED, State.HELD, State.REJECTED, State.DONE, State.CANCELLED
PORT: Mapping[str, State | None] = {"1": S, "2": S, "3": S, "4": S, "100": R}
SEEN: Mapping[str, Mapping[str, State | None]] = {
    "customs.order": {**PORT, "120": D},
    "customs.receipt": {**PORT, "120": D},
    "customs.waybill": {**PORT, "120": A, "399": D},
    "customs.inventory": {**PORT, "120": A, "300": H, "500": H, "399": A, "800": A, "899": D},
    "customs.waybill_list": {**PORT, "120": D},
    "customs.departure": {**PORT, "120": A, "399": D},
    "customs.summary": {**PORT, "399": A},
    "customs.sumNo": {"792": A, "792.entry": D},
    "customs.cancellation": {"1": None, "2": None, "3": None, "4": None, "100": None, "120": None, "399": C},
    "customs.declaration": {
        "received": S, "DUPLICATE": S, "INVALID": R, "STATE": None, "accepted": A, "inspected": H, "returned": R,
        "released": A, "closed": D, "cancelled": C, "cancel.INVALID": None, "cancel.DUPLICATE": None,
    },
    "message": {"900": R},
}  # fmt: skip
"""The statuses that the specification lists for the response of each paper; 120 on 506 and 510 as practice reports."""
BRINGS_ABOUT = {
    ("customs.inventory", "800"): "released",
    ("customs.inventory", "899"): "released",
    ("customs.sumNo", "792.entry"): "entry_id",
    ("customs.declaration", "accepted"): "entry_id",
    ("customs.declaration", "released"): "released",
    ("customs.declaration", "closed"): "released",
}
FOR_A_PERSON = {
    ("customs.cancellation", "100"), ("customs.declaration", "STATE"), ("customs.declaration", "cancel.INVALID"),
}  # fmt: skip
"""What was asked of customs was refused: the paper stays as it is, and a person looks."""


@together(
    ("kind", "code", "state"), [(kind, code, state) for kind, codes in SEEN.items() for code, state in codes.items()]
)
def test_every_status_of_our_papers_is_ruled(kind: str, code: str, state: State | None) -> None:
    ruling = CODES.rule(kind, code)
    assert ruling.state is state
    assert ruling.milestone == BRINGS_ABOUT.get((kind, code))
    assert ruling.attention == ((kind, code) in FOR_A_PERSON or code == "4")


THERE_ALREADY = {
    "-301010", "-401007", "-504012", "-504015", "-505012", "-621004", "-623009", "-625033", "-800003",
}  # fmt: skip
"""Whose text says that it exists or was declared before."""
OLDER = {"-301014", "-401012", "-505016", "-800005"}


ITS_OWN = {
    "customs.order": {"-301010"},
    "customs.receipt": {"-401007"},
    "customs.waybill": {"-504012", "-504015"},
    "customs.inventory": {"-621004"},
    "customs.waybill_list": {"-621004"},
    "customs.departure": {"-621004"},
    "customs.summary": {"-621004"},
}
"""Which of them speak of the paper itself; 607, 509 and 701 have no codes of their own."""


@pytest.mark.parametrize("kind", ITS_OWN)
def test_every_negative_code_is_ruled_with_a_way_out(kind: str) -> None:
    for code in NEGATIVE:
        ruling = CODES.rule(kind, code)
        assert ruling is not UNKNOWN, code
        assert ruling.way_out_zh, code
        assert ruling.way_out_en, code
        assert ruling.milestone is None, code
        if code in OLDER:  # nothing was done with it: the state stays, a person looks
            assert (ruling.state, ruling.attention) == (None, True), code
        elif code in ITS_OWN[kind]:
            assert ruling.state is State.ACCEPTED, code
        elif code in THERE_ALREADY:  # another paper is there, which says nothing of this one
            assert (ruling.state, ruling.attention) == (None, True), code
        else:
            assert ruling.state is State.REJECTED, code


def test_an_answer_to_a_cancellation_never_rules_the_inventory() -> None:
    for code in [*NEGATIVE, "1", "2", "3", "4", "100", "120", "300", "500", "800", "899", "-999"]:
        ruling = CODES.rule("customs.cancellation", code)
        assert (ruling.state, ruling.milestone) == (None, None), code
        expected = code not in ("1", "2", "3", "120", "-623009")  # on its way, or there already
        assert ruling.attention is expected, code
        assert bool(ruling.way_out_zh and ruling.way_out_en) or not expected, code
    ruled = {code for (kind, code), one in CODES.table.items() if kind == "customs.cancellation" and one.state}
    assert ruled == {"399"}
    assert CODES.rule("customs.cancellation", "399").state is State.CANCELLED


@pytest.mark.parametrize("kind", ["customs.sumNo", "customs.declaration", "message"])
def test_a_status_of_a_response_says_nothing_where_there_is_no_response(kind: str) -> None:
    for code in [*NEGATIVE, "1", "2", "3", "4", "100", "120", "399"]:
        assert CODES.rule(kind, code) is UNKNOWN, code


@pytest.mark.parametrize("code", ["-621027", "-625022"])
def test_of_two_meanings_of_a_code_the_graver_counts(code: str) -> None:
    """Table 7-2 has both twice: rows with one number, or a fault of theirs; a wrong state, or a duplicate."""
    ruling = CODES.rule("customs.inventory", code)
    assert ruling.state is State.REJECTED
    assert not ruling.attention  # a person mends it; it is no fault of theirs that passes by itself


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("customs.order", "7"),
        ("customs.order", "-999999"),
        ("customs.inventory", "2600"),
        ("customs.inventory", ""),
        ("customs.order", "800"),  # nobody releases an order
        ("customs.summary", "792.entry"),
        ("customs.declaration", "已审结"),
        ("customs.cancellation", "800"),
    ],
)
def test_a_code_that_is_not_in_the_table_is_never_a_success(kind: str, code: str) -> None:
    ruling = CODES.rule(kind, code)
    assert ruling is UNKNOWN
    assert ruling.attention
    assert ruling.state not in HAVING_IT
    assert ruling.milestone is None


def test_what_the_stand_in_can_say_is_ruled() -> None:
    kinds = {ceb.message.removesuffix("Message"): ceb.kind for ceb in MESSAGES} | {"CEB605": "customs.cancellation"}
    said = {(kinds[name], step.status) for name, script in SCRIPTS.items() if name in kinds for step in script}
    said |= {(kind, REJECTED) for kind in kinds.values()}
    for name, kind in kinds.items():
        codes = KINDS[name]
        refusals = (codes.duplicate, codes.settled, codes.unknown, codes.wrong, codes.rows)
        said |= {(kind, refusal.status) for refusal in refusals}
    said |= {("customs.declaration", status) for status in DECLARATION_TEXTS}
    assert len(said) > 60
    assert {one for one in said if CODES.rule(*one) is UNKNOWN} == set()


# The fold


def heard(ruling: Ruling, minutes: int = 0) -> Heard:
    return Heard(ruling.state, ruling.rank, AT + timedelta(minutes=minutes))


MOMENTS = st.integers(0, 2).map(lambda minutes: AT + timedelta(minutes=minutes))
RULED = st.builds(heard, st.sampled_from([*CODES.table.values(), UNKNOWN]), st.integers(0, 2))
ANYTHING = st.builds(Heard, st.sampled_from([*State, None]), st.sampled_from([0, 40, 70]), MOMENTS)
"""Customs' own codes never tie; another authority's may, and then time and name decide."""
RECEIVED = st.lists(RULED | ANYTHING, max_size=8)


@given(once=RECEIVED, before=st.sampled_from(State), data=st.data())
def test_order_and_repetition_never_matter(once: list[Heard], before: State, data: st.DataObject) -> None:
    repeated = data.draw(st.lists(st.sampled_from(once), max_size=4)) if once else []
    again = data.draw(st.permutations(once + repeated))
    assert fold(again, before) == fold(once, before)


@together(
    ("kind", "codes", "state"),
    [
        ("customs.inventory", ("2", "3", "120"), State.ACCEPTED),
        ("customs.inventory", ("120", "300", "500"), State.HELD),
        ("customs.inventory", ("120", "500", "399", "800"), State.ACCEPTED),
        ("customs.inventory", ("399", "800", "899"), State.DONE),
        ("customs.inventory", ("3", "120", "300", "100"), State.REJECTED),
        (
            "customs.inventory",
            ("-621004", "3"),
            State.ACCEPTED,
        ),  # it is there already: our second sending counts as taken
        ("customs.inventory", ("-621001", "2"), State.REJECTED),
        ("customs.inventory", ("-621001", "120"), State.ACCEPTED),  # refused by the port once, stored by customs since
        ("customs.inventory", ("2", "7"), State.SENT),
        ("customs.declaration", ("received", "accepted", "inspected"), State.HELD),
        ("customs.declaration", ("received", "accepted", "inspected", "released"), State.ACCEPTED),
        ("customs.declaration", ("accepted", "released", "closed"), State.DONE),
        ("customs.declaration", ("received", "DUPLICATE", "returned"), State.REJECTED),
        ("customs.declaration", ("received", "accepted", "cancelled"), State.CANCELLED),
        ("customs.declaration", ("accepted", "STATE"), State.ACCEPTED),
        ("customs.cancellation", ("2", "3", "399"), State.CANCELLED),
        ("customs.cancellation", ("-623009", "399"), State.CANCELLED),
        ("customs.cancellation", ("2", "3", "100"), State.SENT),
    ],
)
def test_in_whatever_order_responses_come_one_state_follows(kind: str, codes: tuple[str, ...], state: State) -> None:
    told = [heard(CODES.rule(kind, code), minutes) for minutes, code in enumerate(codes)]
    assert {fold(order, State.SENT) for order in permutations(told)} == {state}
