"""A code that an authority made up since: never a success by mistake. What tables of codes owe stands in the SDK."""

from __future__ import annotations

import pytest

from connectors.sdk.states import UNKNOWN
from tests.support.connectors.parts import CONNECTORS, connector


@pytest.mark.parametrize("code", CONNECTORS)
def test_a_code_that_is_in_no_table_asks_for_a_person(code: str) -> None:
    source = connector(code)
    for kind in source.submissions:
        assert source.codes.rule(kind, "never heard of") is UNKNOWN
    assert (UNKNOWN.state, UNKNOWN.milestone, UNKNOWN.attention) == (None, None, True)
