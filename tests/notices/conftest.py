"""A world whose hub lets notices go to this machine, where the tests' receivers are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from hub.app import build
from tests.support.notices.telling import Office, Receiver
from tests.support.world import World, settings_for


def open_office(world: World, folder: Path) -> Office:
    url = world.settings.database_url
    world.hub.close()
    world.settings = settings_for(folder, url, world.addresses, YUHUB_WEBHOOK_PRIVATE_ADDRESSES="true")
    world.hub = build(
        world.settings, now=world.clock, sleep=lambda seconds: world.clock.forward(timedelta(seconds=seconds))
    )
    world.street.doors["hub"].app = world.hub.web()
    return Office(world)


@pytest.fixture
def office(world: World, tmp_path: Path) -> Iterator[Office]:
    """On both kinds of database."""
    opened = open_office(world, tmp_path)
    with closing(opened.notifier):
        yield opened


@pytest.fixture
def small_office(small_world: World, tmp_path: Path) -> Iterator[Office]:
    """On SQLite alone."""
    opened = open_office(small_world, tmp_path)
    with closing(opened.notifier):
        yield opened


@pytest.fixture
def receiver(httpserver: HTTPServer) -> Receiver:
    return Receiver(httpserver)
