"""What follows from a dossier, word by word: states, milestones, who is asked, what is taken back. No database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.sdk.papers import Action
from connectors.sdk.states import State, accepted
from hub.dossiers.dossier import Consolidated
from hub.dossiers.rows import RemittanceRow
from hub.model import Remittance
from hub.model.row_states import ConsolidationState, TradeState
from hub.progress.decide import decide
from tests.support.deciding import (
    AT,
    INVENTORY,
    ORDER,
    RECEIPT,
    WAYBILL,
    decided,
    desk,
    heard,
    paper,
    said,
    standing,
    trade,
)

FAILED = said("4")  # sending on to customs failed: a person is asked


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        ([], True),
        ([said("120", 1)], False),
        ([said("120", -1)], True),  # it was said before
        ([said("1", 1)], True),  # it carries less far
        ([said("120", 1, state=None)], True),  # it moves nothing on
    ],
    ids=["nothing", "stored by customs", "stored earlier", "a lower rank", "a remark"],
)
def test_a_person_is_asked_until_something_that_moves_the_paper_on_is_said_later(later: list[Any], asked: bool) -> None:
    file = heard(FAILED, *later)
    assert bool(file.attention) == asked


def test_of_two_questions_the_later_is_shown() -> None:
    file = heard(FAILED, said("987", 1, words="what nobody knows"))
    assert file.attention
    assert (file.attention["code"], file.attention["authorityCode"]) == ("AUTHORITY_UNCLEAR", "987")


def test_the_refusal_that_carries_furthest_is_shown() -> None:
    file = heard(said("700", 1, words="退运", rank=71), said("100", 2, words="商品编码[1]"))
    assert file.state is State.REJECTED
    assert file.attention
    assert file.attention["words"] == "退运"


def test_a_delivery_that_was_given_up_asks_only_while_the_paper_waits_to_go() -> None:
    given_up = {"code": "DELIVERY_GIVEN_UP"}
    waiting = paper(INVENTORY, State.READY, sent_at=None, attention=given_up)
    arrived = paper(INVENTORY, State.READY, said("2"), sent_at=None, attention=given_up)
    decided(waiting)
    decided(arrived)
    assert (waiting.attention, waiting.state) == (given_up, State.READY)
    assert (arrived.attention, arrived.state) == (None, State.SENT)


def test_a_paper_that_was_heard_of_was_sent_before_the_first_word() -> None:
    file = paper(INVENTORY, State.READY, said("3", 2), said("2", 1), sent_at=None)
    decision = decided(file)
    assert file.sent_at == AT + timedelta(minutes=1)
    assert file.key in decision.changed


@pytest.mark.parametrize(
    ("event", "state", "attention"),
    [
        (said("120", kind=ORDER, guid="G"), State.CANCELLED, None),
        (said("120", kind=ORDER), State.DONE, {"code": "CANCELLED_TOO_LATE"}),  # of the paper, not of our request
    ],
    ids=["of our request", "of the paper"],
)
def test_done_with_the_guid_of_a_withdrawal_means_taken_back(event: Any, state: State, attention: Any) -> None:
    file = paper(ORDER, State.SENT, event, action=Action.WITHDRAW)
    decided(file)
    assert (file.state, file.attention) == (state, attention)


def test_a_milestone_is_reached_when_it_first_happened() -> None:
    released = said("899", 9), said("800", 5), said("800", 7)
    decision = decided(paper(INVENTORY, State.SENT, *released), milestones={})
    assert decision.milestones["released"] == AT + timedelta(minutes=5)
    assert decision.milestones[accepted(INVENTORY)] == AT + timedelta(minutes=5)
    earlier = decided(paper(INVENTORY, State.SENT, *released), milestones={"released": AT})
    assert "released" not in earlier.milestones, "what is known to be earlier stays"


def test_what_a_paper_that_is_taken_back_heard_brings_nothing_about() -> None:
    assert decided(paper(INVENTORY, State.SENT, said("800"), action=Action.WITHDRAW)).milestones == {}


def test_a_paper_that_was_returned_does_not_count_as_accepted() -> None:
    decision = decided(paper(INVENTORY, State.SENT, said("120"), said("100", 1)))
    assert accepted(INVENTORY) not in decision.milestones


def test_money_that_was_matched_is_a_milestone() -> None:
    remittance = RemittanceRow(Remittance(matched_at=AT, as_of=AT))
    assert decided(paper(INVENTORY), remittances=[remittance]).milestones == {"remittance_matched": AT}


def test_a_paper_of_a_source_that_is_gone_waits_for_it_and_goes_to_no_other() -> None:
    file = paper(ORDER, State.PLANNED, authority="customs@gone")
    assert ORDER not in decided(file).papers
    assert file.authority == "customs@gone"


def test_a_paper_is_derived_once_all_that_it_waits_for_has_happened() -> None:
    """The inventory waits for order, receipt and waybill; it lacks the tariff here, and asks only then."""
    files = {kind: paper(kind, State.SENT, said("120", kind=kind)) for kind in (ORDER, RECEIPT, WAYBILL)}
    for left in files:
        some = trade(*(file for kind, file in files.items() if kind != left), paper(left))
        decide(some, desk())
        assert some.documents[INVENTORY].attention is None, left
    whole = trade(*files.values())
    decide(whole, desk())
    asked = whole.documents[INVENTORY].attention
    assert asked
    assert asked["fields"] == ["tariff:6704110000", "tariff:6704200000"]


def test_the_first_papers_are_ready_at_once() -> None:
    decision = decided()
    assert set(decision.papers) == set(decision.moved) == {ORDER, RECEIPT, WAYBILL}
    assert {one.paper.action for one in decision.papers.values()} == {"new"}
    again = decided(paper(ORDER, State.PLANNED, taken=True))
    assert again.papers[ORDER].paper.action == "change"


# Cancelling.


def test_papers_are_taken_back_one_after_the_other_the_last_first() -> None:
    order, inventory = standing(ORDER, State.DONE), standing(INVENTORY, State.ACCEPTED)
    decision = decided(order, inventory, cancelling=True)
    assert decision.withdrawn == {INVENTORY}
    assert decision.state == TradeState.RUNNING
    inventory.state = State.CANCELLED
    assert decided(order, inventory, cancelling=True).withdrawn == {ORDER}


@pytest.mark.parametrize(
    "waits",
    [
        {"action": Action.WITHDRAW, "state": State.READY},
        {"state": State.SENT},
        {"state": State.READY, "in_flight": True},
    ],
    ids=["being taken back", "an answer is awaited", "in flight"],
)
def test_what_came_before_waits_while_a_paper_is_on_its_way(waits: dict[str, Any]) -> None:
    order = standing(ORDER, State.DONE)
    decision = decided(order, paper(INVENTORY, **waits), cancelling=True)
    assert (decision.withdrawn, order.state) == (set(), State.DONE)


def test_what_nobody_has_is_simply_cancelled_and_the_trade_with_it() -> None:
    files = [paper(ORDER, State.READY), standing(INVENTORY, State.REJECTED)]
    decision = decided(*files, cancelling=True)
    assert [file.state for file in files] == [State.CANCELLED, State.CANCELLED]
    assert decision.withdrawn == set()
    assert decision.state == TradeState.CANCELLED


# The trade.


def done(mode: str, **changes: Any) -> str:
    """The state of a trade whose papers are all done."""
    some = trade(mode=mode, **changes)
    for row in desk().asked(some):
        some.documents[row.kind] = standing(row.kind, State.DONE)
    return decide(some, desk()).state


def test_a_trade_is_finished_when_its_papers_are_done_and_what_its_mode_ends_with_has_happened() -> None:
    assert done("9610") == TradeState.FINISHED
    assert done("9810") == TradeState.RUNNING
    assert done("9810", milestones={"stocked": AT}) == TradeState.FINISHED


@pytest.mark.parametrize(
    ("state", "trade_is"),
    [
        (ConsolidationState.OPEN, TradeState.RUNNING),
        (ConsolidationState.CLOSED, TradeState.RUNNING),
        (ConsolidationState.MOVED, TradeState.FINISHED),
        (ConsolidationState.DONE, TradeState.FINISHED),
    ],
)
def test_a_trade_is_not_finished_before_the_papers_of_its_consolidation_are_out(
    state: ConsolidationState, trade_is: TradeState
) -> None:
    assert done("9610", aboard=[Consolidated(7, "refund_batch", "refund_batch", state)]) == trade_is


def test_a_trade_waits_for_a_person_where_one_of_its_papers_does() -> None:
    assert decided(paper(INVENTORY, State.SENT, FAILED)).state == TradeState.ATTENTION
    assert decided(paper(INVENTORY, State.SENT, said("2"))).state == TradeState.RUNNING
