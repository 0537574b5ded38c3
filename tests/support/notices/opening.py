"""A world whose hub lets notices go to this machine."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hub.app import build
from tests.support.notices.telling import Office
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
