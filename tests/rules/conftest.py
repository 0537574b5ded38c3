"""Where an exporter asks what the rules say."""

from __future__ import annotations

import pytest

from tests.support.files.terminal import Terminal
from tests.support.world import World


@pytest.fixture
def terminal(small_world: World) -> Terminal:
    return Terminal(small_world)
