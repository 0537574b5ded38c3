"""The airport tells us of its events; asking it now and then is the safety net."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from hub.model import TrackingEvent
from mocks.airport.jsonld import MEDIA_TYPE
from mocks.airport.notices import notification
from mocks.push import Subscriber
from sync.engine import PUSHED
from sync.pushed import jobs_with_pushes
from tests.support.databases import ON_SQLITE
from tests.support.flow.story import Story
from tests.support.world import NOTIFY_TOKEN, World


class Airport:
    """The airport's side of the agreement: it notifies the hub, and counts who asks it for what."""

    def __init__(self, world: World) -> None:
        self.world, self.asked = world, list[str]()
        self.door, self.app = world.street.doors["airport"], world.apps["airport"]
        self.door.app = self
        self.hub = Subscriber(f"{world.address}/hooks/airport/notifications", NOTIFY_TOKEN)
        agreed = {"endpoint": self.hub.endpoint, "token": self.hub.token}
        answer = requests.post(f"{world.addresses['airport']}/_control/subscribers", json=agreed, timeout=10)
        assert answer.status_code == 201

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.asked.append(environ["PATH_INFO"])
        return self.app(environ, start_response)

    def notifies(self) -> int:
        """Tells its subscribers what is new; how many notifications were taken."""
        told: int = self.app.extensions["notices"].tell()
        return told

    def notifies_of(self, path: str) -> bool:
        """Tells the hub again of an object that it was told of."""
        body = json.dumps(notification(f"{self.world.addresses['airport']}{path}")).encode()
        return self.hub.tell(body, MEDIA_TYPE)


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def actual(story: Story, number: str) -> list[str]:
    shipment = story.sees(number)["shipment"]
    tracking = shipment["tracking"] if shipment else []
    return [event["code"] for event in tracking if event["timeKind"] == "actual"]


def read(world: World) -> dict[str, str | None]:
    return {job: world.do(job, PUSHED) for job in jobs_with_pushes(world.hub.services)}


def test_an_event_that_is_pushed_is_in_the_tracking_at_once_and_only_once(story: Story) -> None:
    world = story.world
    airport = Airport(world)
    number = story.enters("xuchang-wigs-to-chicago")
    world.until(lambda: story.states(number)["airport.waybill"] == "accepted")
    airport.notifies()
    read(world)
    before = actual(story, number)
    assert before == ["BKD"]

    # Something happens at the airport: nobody asks, the airport tells, and only this waybill is asked about.
    while not airport.notifies():
        world.clock.forward(timedelta(minutes=1))
    airport.asked.clear()
    assert read(world) == {"airport.events": "ok"}
    after = actual(story, number)
    assert after[: len(before)] == before
    assert len(after) > len(before)
    (asked,) = airport.asked
    assert asked.endswith("/logistics-events")

    # The same again, pushed and then asked for: nothing moves.
    rows = events(world)
    assert airport.notifies_of(asked.removesuffix("/logistics-events"))
    assert read(world) == {"airport.events": "ok"}
    assert world.do("airport.events") == "ok"
    assert (actual(story, number), events(world)) == (after, rows)


@ON_SQLITE
def test_what_the_airport_never_told_is_found_by_asking(story: Story) -> None:
    world = story.world
    number = story.enters("xuchang-wigs-to-chicago")
    world.until(lambda: "DEP" in actual(story, number))
    assert story.states(number)["airport.waybill"] == "accepted"


@ON_SQLITE
def test_what_was_over_before_the_waybill_was_looked_at_is_still_asked_about(story: Story) -> None:
    """The hub was down for days: it hears of the delivery first, and lacks the flight that the waybill names."""
    world = story.world
    number = story.enters("xuchang-wigs-to-chicago")
    world.until(lambda: story.states(number)["airport.waybill"] == "sent", by=timedelta(minutes=1))
    world.clock.forward(timedelta(days=10))
    world.run("airport.events")
    assert story.states(number)["airport.waybill"] == "done"

    world.until(lambda: story.states(number)["customs.summary"] == "done")
    (leg,) = story.sees(number)["shipment"]["legs"]
    assert leg["transportDocument"]

    airport = Airport(world)
    airport.asked.clear()
    world.run("airport.waybills", "airport.events")
    assert airport.asked == [], "once after the end is enough"


def events(world: World) -> int:
    with world.hub.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(TrackingEvent)) or 0
