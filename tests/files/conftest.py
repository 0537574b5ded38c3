"""An exporter at a terminal, with a hub that runs elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.files.terminal import Terminal
from tests.support.world import Street, a_world


@pytest.fixture(scope="module")
def terminal(street: Street, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """One for a whole module: each test has order numbers of its own."""
    folder = tmp_path_factory.mktemp("terminal")
    with a_world(street, folder, f"sqlite:///{folder / 'hub.db'}") as world:
        yield Terminal(world)
