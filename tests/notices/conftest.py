"""A world whose hub lets notices go to this machine, where the tests' receivers are."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.support.notices.opening import open_office
from tests.support.notices.telling import Office, Receiver
from tests.support.world import World


@pytest.fixture
def office(world: World, tmp_path: Path) -> Office:
    """On both kinds of database."""
    return open_office(world, tmp_path)


@pytest.fixture
def small_office(small_world: World, tmp_path: Path) -> Office:
    """On SQLite alone."""
    return open_office(small_world, tmp_path)


@pytest.fixture
def receiver(httpserver: HTTPServer) -> Receiver:
    return Receiver(httpserver)
