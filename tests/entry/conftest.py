"""Offices where trades are handed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.entry.office import Office
from tests.support.world import Street, World, a_world


@pytest.fixture(scope="module")
def office(street: Street, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One for a whole module: whoever uses it may not leave anything behind."""
    folder = tmp_path_factory.mktemp("office")
    with a_world(street, folder, f"sqlite:///{folder / 'hub.db'}") as world:
        yield Office(world)


@pytest.fixture
def new_office(small_world: World) -> Office:
    """One where trades may be entered."""
    return Office(small_world)


@pytest.fixture
def each_office(world: World) -> Office:
    """The same on both kinds of database."""
    return Office(world)
