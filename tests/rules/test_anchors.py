"""The day that a law counts from: of what has happened alone, by the calendar of Beijing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from connectors.sdk.states import State
from hub.dossiers.anchors import Anchor
from tests.support.deciding import AT, INVENTORY, ORDER, desk, paper, said, trade

ENTERED = {Anchor.ENTERED: date(2026, 1, 9)}


def test_a_trade_that_was_entered_has_no_other_day_yet() -> None:
    assert desk().anchors(trade(paper(INVENTORY, State.READY), paper(ORDER))) == ENTERED


def test_a_day_begins_at_midnight_in_beijing() -> None:
    late = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    assert desk().anchors(trade(milestones={"released": late}))[Anchor.RELEASED] == date(2026, 1, 1)


def test_a_declaration_is_declared_when_it_goes_out_and_accepted_when_customs_has_it() -> None:
    sent = paper(INVENTORY, State.SENT)
    assert desk().anchors(trade(sent)) == ENTERED | {Anchor.DECLARED: date(2026, 1, 9)}
    taken = paper(INVENTORY, State.ACCEPTED, said("120", minute=24 * 60))
    days = desk().anchors(trade(taken))
    assert (days[Anchor.DECLARED], days[Anchor.ACCEPTED]) == (date(2026, 1, 9), date(2026, 1, 10))


def test_what_customs_refused_was_not_declared() -> None:
    refused = paper(INVENTORY, State.REJECTED, said("120"), said("100", minute=5))
    assert desk().anchors(trade(refused)) == ENTERED


def test_an_amended_declaration_keeps_its_first_day() -> None:
    again = paper(INVENTORY, State.SENT, said("120"), version=2, sent_at=AT + timedelta(days=3))
    assert desk().anchors(trade(again))[Anchor.DECLARED] == date(2026, 1, 9)


def test_export_and_departure_are_one_event() -> None:
    gone = {"departed": AT + timedelta(days=4), "arrived": AT + timedelta(days=6)}
    days = desk().anchors(trade(milestones=gone))
    assert days[Anchor.EXPORTED] == days[Anchor.DEPARTED] == date(2026, 1, 13)
    assert days[Anchor.RECEIVED] == date(2026, 1, 15)
