"""What every authority's table of codes owes its reader: both languages, a way out, and never a success by mistake."""

from __future__ import annotations

import pytest

from connectors.sdk import State
from connectors.sdk.states import HAVING_IT, MILESTONES, UNKNOWN, Ruling
from tests.connectors.parts import CONNECTORS, connector


@pytest.mark.parametrize("code", CONNECTORS)
def test_every_code_is_said_in_both_languages(code: str) -> None:
    table = connector(code).codes.table
    assert {said for said, ruling in table.items() if not ruling.zh or ruling.zh.isascii()} == set()
    assert {said for said, ruling in table.items() if not ruling.en or not ruling.en.isascii()} == set()


@pytest.mark.parametrize("code", CONNECTORS)
def test_whoever_is_asked_for_is_told_what_to_do(code: str) -> None:
    for said, ruling in connector(code).codes.table.items():
        both = (bool(ruling.way_out_zh), bool(ruling.way_out_en))
        assert both[0] == both[1], said
        assert all(both) or not needs_a_person(ruling), said
        assert not (all(both) and ruling.way_out_zh == ruling.way_out_en), said


def needs_a_person(ruling: Ruling) -> bool:
    return ruling.attention or ruling.state in (State.REJECTED, State.HELD)


@pytest.mark.parametrize("code", CONNECTORS)
def test_only_what_an_authority_has_taken_brings_anything_about(code: str) -> None:
    for said, ruling in connector(code).codes.table.items():
        if ruling.milestone:
            assert ruling.milestone in MILESTONES, said
            assert ruling.state in HAVING_IT, said


@pytest.mark.parametrize("code", CONNECTORS)
def test_a_code_that_is_in_no_table_asks_for_a_person(code: str) -> None:
    source = connector(code)
    for kind in source.documents:
        assert source.codes.rule(kind, "never heard of") is UNKNOWN
    assert (UNKNOWN.state, UNKNOWN.milestone, UNKNOWN.attention) == (None, None, True)


@pytest.mark.parametrize("code", CONNECTORS)
def test_every_kind_of_paper_can_be_taken_refused_and_finished(code: str) -> None:
    """Without such a ruling a paper would stay where it is for ever, or count as taken whatever was said."""
    codes = connector(code).codes
    for kind in connector(code).documents:
        states = {
            ruling.state for (about, _), ruling in codes.table.items() if about in (kind, "*", *LATER.get(kind, ()))
        }
        assert {State.REJECTED, State.DONE} <= states, kind


LATER = {"customs.summary": ("customs.sumNo",)}
"""Under which other name an authority goes on about a paper."""
